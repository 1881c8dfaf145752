//! Which bucket of a table is an address's home.

/// The hash of a table with so many homes: a power of two.
///
/// What an allocator gives for objects of one size lies at equal distances. The multiples of such a distance by one
/// number, as hashes have it, are for many distances a row with gaps: half the homes stay empty, and the others are full. So neighbours
/// stay neighbours here, 64 bytes a home, and each stretch of memory that is as large as the table fills it evenly. Where in the table a
/// stretch begins, its number says, multiplied.
///
/// # Invariants
///
/// `mask` is one less than the number of homes, and `shift` leaves as many of a number's highest bits as `mask` has.
#[derive(Clone, Copy)]
pub(super) struct Homes {
    mask: usize,
    shift: u32,
}

impl Homes {
    pub(super) fn new(homes: usize) -> Homes {
        assert!(homes > 1 && homes.is_power_of_two());
        // INVARIANT: by the assertion; there is a bit to leave.
        Homes { mask: homes - 1, shift: u64::BITS - homes.trailing_zeros() }
    }

    /// Less than the number of homes.
    #[inline(always)]
    pub(super) fn of(&self, address: usize) -> usize {
        let line = address >> 6;
        let within = line & self.mask;
        let stretch = (line ^ within) as u64;
        // The golden ratio. The highest bits of a product depend on all bits of both.
        let start = stretch.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (self.shift & 63);
        // Neither has a bit that `mask` has not (invariant).
        within ^ start as usize
    }
}
