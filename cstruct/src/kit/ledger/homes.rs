//! Which bucket of a table is an address's home.

/// Bits of an address within a home: 64 bytes.
const WITHIN: u32 = 6;

/// Of four thousand numbers at random, and of those that hashes have, the one with which the worst distance in `tests/ledger_homes.rs` is best.
const FACTOR: u64 = 0x12C6_A64D;

/// The hash of a table with so many homes: a power of two.
///
/// What an allocator gives for objects of one size lies at equal distances. The multiples of such a distance by one
/// number, as hashes have it, are for many distances a row with gaps: half the homes stay empty, and the others are full. So neighbours
/// stay neighbours here, 64 bytes a home, and each stretch of memory that is as large as the table fills it evenly. Where in the table a
/// stretch begins, its number says, multiplied.
///
/// # Invariants
///
/// `places` is one less than the number of homes, times 64, and `stretch` all bits above.
#[derive(Clone, Copy)]
pub(super) struct Homes {
    places: usize,
    stretch: u64,
}

impl Homes {
    pub(super) fn new(homes: usize) -> Homes {
        assert!(homes > 1 && homes.is_power_of_two());
        // INVARIANT: as it says.
        let places = (homes - 1) << WITHIN;
        Homes { places, stretch: !(places as u64 | ((1 << WITHIN) - 1)) }
    }

    /// The home's number times 64: less than 64 times the number of homes.
    #[inline(always)]
    pub(super) fn offset(&self, address: usize) -> usize {
        // Of a stretch's number, times the factor, the highest of the lower 32 bits depend on all of its bits below; the stretch's
        // bits stand above the table's places, so that they come to lie there.
        let start = (address as u64 & self.stretch).wrapping_mul(FACTOR) >> 32;
        (address ^ start as usize) & self.places
    }

    /// The home's number: less than the number of homes.
    #[inline(always)]
    pub(super) fn of(&self, address: usize) -> usize {
        self.offset(address) >> WITHIN
    }

    /// How far from its home an address goes that finds no room there: an odd number of homes, and another one for its neighbours.
    pub(super) fn away(&self, address: usize) -> usize {
        ((address as u64).wrapping_mul(FACTOR) >> 16) as usize | 1
    }
}
