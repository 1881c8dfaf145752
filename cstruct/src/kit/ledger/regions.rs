//! Which thread alone adopts in a region of memory, so that nobody else's book need be asked about an address there.
//!
//! Allocators give each thread memory of its own, so an address that is adopted twice is nearly always adopted by one
//! thread, whose own book shows it. Only where two threads adopt in one region must each ask the other's. A region goes
//! from nobody's to one book's to everybody's, and never back.

use core::sync::atomic::{AtomicU16, Ordering};

/// Bits of an address within a region: 64 KiB.
const REGION_BITS: u32 = 16;
const REGIONS: usize = 1 << 16;
const NOBODY: u16 = 0;
const EVERYBODY: u16 = u16::MAX;
/// Of a book that came when all marks were given: no region is ever its own.
pub(super) const NO_MARK: u16 = u16::MAX - 1;

static OWNERS: [AtomicU16; REGIONS] = [const { AtomicU16::new(NOBODY) }; REGIONS];

/// Whether a book other than that of this mark may have adopted in the address's region.
#[inline(always)]
pub(super) fn is_common(address: usize, mark: u16) -> bool {
    // Also true for a region that is nobody's yet: the slow way makes it somebody's.
    owner(address).load(Ordering::Relaxed) != mark
}

/// Notes that the book of this mark adopts at this address. False: no other book ever has in its region.
pub(super) fn adopt(address: usize, mark: u16) -> bool {
    let owner = owner(address);
    let now = owner.load(Ordering::Acquire);
    now != mark && (now == EVERYBODY || becomes_common(owner, mark))
}

fn becomes_common(owner: &AtomicU16, mark: u16) -> bool {
    if mark != NO_MARK && owner.compare_exchange(NOBODY, mark, Ordering::AcqRel, Ordering::Acquire).is_ok() {
        return false;
    }
    owner.store(EVERYBODY, Ordering::Release);
    true
}

/// Whose the address's region is. Whatever the regions are, one address is in one of them.
#[inline(always)]
fn owner(address: usize) -> &'static AtomicU16 {
    &OWNERS[(address >> REGION_BITS) % REGIONS]
}

#[cfg(test)]
mod tests {
    use super::{NO_MARK, adopt, is_common};

    /// The first address of a region, far from those that are adopted.
    const REGION: usize = 0x1234 << 16;
    const NEXT: usize = 0x1235 << 16;
    const LAST: usize = 0x1236 << 16;

    #[test]
    fn a_region_is_of_the_first_book_until_another_adopts_there() {
        assert!(is_common(REGION, 7), "the slow way makes it somebody's");
        assert!(!adopt(REGION, 7) && !is_common(REGION, 7) && !adopt(REGION + 0xFFFF, 7));
        assert!(is_common(REGION, 8), "it is another's");
        assert!(!adopt(NEXT, 8) && !is_common(NEXT, 8), "each region by itself");
        assert!(adopt(REGION, 8) && adopt(REGION, 7), "now it is everybody's");
        assert!(is_common(REGION, 7) && is_common(REGION, 8) && adopt(REGION, 8));
    }

    #[test]
    fn a_book_without_a_mark_has_no_region_for_itself() {
        assert!(adopt(LAST, NO_MARK) && adopt(LAST, NO_MARK));
        assert!(is_common(LAST, NO_MARK));
    }
}
