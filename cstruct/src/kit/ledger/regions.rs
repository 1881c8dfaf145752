//! Which threads' books have adopted in a region of memory, so that no other need be asked about an address there.
//!
//! Allocators give each thread memory of its own, so an address that is adopted twice is nearly always adopted by one
//! thread, whose own book shows it. Only where two threads adopt in one region must each ask the other's. A book is known there until
//! its thread has ended and nothing of it is live in the region any more.
//!
//! ```text
//!     63      48      32      16       0
//!     ┌───────┬───────┬───────┬────────┐
//!     │ …     │ …     │ second│ first  │  marks of the books that have adopted there, or all bits for more than four
//!     └───────┴───────┴───────┴────────┘
//! ```

use core::sync::atomic::{AtomicU64, Ordering};

/// Bits of an address within a region: 64 KiB.
const REGION_BITS: u32 = 16;
const REGIONS: usize = 1 << u16::BITS;
const MARK_BITS: usize = u16::BITS as usize;
const MARKS: usize = 4;
const NOBODY: u16 = 0;
const EVERYBODY: u64 = u64::MAX;
/// Of a book that came when all marks were given: where it adopts, everybody has.
pub(super) const NO_MARK: u16 = u16::MAX;

static ADOPTERS: [AtomicU64; REGIONS] = [const { AtomicU64::new(0) }; REGIONS];

/// Whether a book other than that of this mark may have adopted in the address's region.
#[inline(always)]
pub(super) fn is_common(address: usize, mark: u64) -> bool {
    // Also true for a region that is nobody's yet: the slow way makes it somebody's.
    adopters(address).load(Ordering::Relaxed) != mark
}

/// Whether no book but that of this mark may have adopted in the address's region.
pub(super) fn is_at_most(address: usize, mark: u64) -> bool {
    let marks = adopters(address).load(Ordering::Acquire);
    marks == 0 || marks == mark
}

/// Notes that the book of this mark adopts at this address. The address's region, if that is new.
pub(super) fn adopt(address: usize, mark: u16) -> Option<Region> {
    // Acquire and release: who sees a mark sees the book, and what it had written down before.
    adopters(address).fetch_update(Ordering::AcqRel, Ordering::Acquire, |marks| with(marks, mark)).ok()?;
    Some(Region::of(address))
}

/// The book of this mark has nothing there any more.
pub(super) fn forget(region: Region, mark: u16) {
    // Acquire and release: as above; and where more than four have adopted, that stays so.
    let _forgotten = ADOPTERS[usize::from(region.0)]
        .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |marks| (marks != EVERYBODY).then(|| without(marks, mark)));
}

/// The marks of the books that may have adopted in the address's region; none if that may be any.
pub(super) fn marks(address: usize) -> Option<impl Iterator<Item = u16>> {
    let marks = adopters(address).load(Ordering::Acquire);
    (marks != EVERYBODY).then(|| each(marks).filter(|mark| *mark != NOBODY))
}

/// One mark more, unless it is among them.
fn with(marks: u64, mark: u16) -> Option<u64> {
    if marks == EVERYBODY || each(marks).any(|there| there == mark) {
        return None;
    }
    let free = each(marks).position(|there| there == NOBODY).filter(|_| mark != NO_MARK);
    Some(free.map_or(EVERYBODY, |at| marks | u64::from(mark) << (at * MARK_BITS)))
}

fn without(marks: u64, mark: u16) -> u64 {
    let others = each(marks).filter(|there| *there != mark && *there != NOBODY);
    others.enumerate().fold(0, |marks, (at, other)| marks | u64::from(other) << (at * MARK_BITS))
}

fn each(marks: u64) -> impl Iterator<Item = u16> {
    (0..MARKS).map(move |at| (marks >> (at * MARK_BITS)) as u16)
}

/// Who has adopted in the address's region.
#[inline(always)]
fn adopters(address: usize) -> &'static AtomicU64 {
    &ADOPTERS[usize::from(Region::of(address).0)]
}

/// A region's number. Several regions, far from each other, have the same; one address has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Region(u16);

impl Region {
    #[inline(always)]
    pub(super) fn of(address: usize) -> Region {
        Region((address >> REGION_BITS) as u16)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{NO_MARK, Region, adopt, forget, is_at_most, is_common, marks};

    /// The first address of a region, far from those that are adopted.
    const REGION: usize = 0x1234 << 16;
    const NEXT: usize = 0x1235 << 16;
    const OTHER: usize = 0x1237 << 16;
    const LAST: usize = 0x1236 << 16;

    fn all(address: usize) -> Option<Vec<u16>> {
        marks(address).map(Iterator::collect)
    }

    #[test]
    fn a_region_is_of_the_first_book_until_another_adopts_there() {
        assert!(is_common(REGION, 7) && is_at_most(REGION, 7), "the slow way makes it somebody's");
        assert!(adopt(REGION, 7) == Some(Region::of(REGION)) && adopt(REGION + 0xFFFF, 7).is_none());
        assert!(!is_common(REGION, 7) && all(REGION).as_deref() == Some(&[7]));
        assert!(is_common(REGION, 8) && is_at_most(REGION, 7) && !is_at_most(REGION, 8), "it is another's");
        adopt(NEXT, 8);
        assert!(!is_common(NEXT, 8) && all(NEXT).as_deref() == Some(&[8]), "each region by itself");
        for mark in [8, 9, 10, 7] {
            adopt(REGION, mark);
            assert!(is_common(REGION, 7) && is_common(REGION, mark.into()));
        }
        assert_eq!(all(REGION).as_deref(), Some(&[7, 8, 9, 10][..]));
        adopt(REGION, 11);
        assert_eq!(all(REGION), None, "more than four");
        adopt(REGION, 7);
        assert_eq!(all(REGION), None);
    }

    #[test]
    fn who_is_forgotten_leaves_the_region_to_the_others() {
        for mark in [7, 8, 9] {
            adopt(OTHER, mark);
        }
        for (gone, left) in [(8, &[7, 9][..]), (8, &[7, 9]), (7, &[9]), (9, &[])] {
            forget(Region::of(OTHER), gone);
            assert_eq!(all(OTHER).as_deref(), Some(left));
            assert!(left.len() != 1 || !is_common(OTHER, 9), "it is the last one's alone");
        }
    }

    #[test]
    fn where_a_book_without_a_mark_adopts_everybody_does() {
        adopt(LAST, NO_MARK);
        assert_eq!(all(LAST), None);
        assert!(is_common(LAST, NO_MARK.into()));
        adopt(LAST, NO_MARK);
        forget(Region::of(LAST), NO_MARK);
        assert_eq!(all(LAST), None);
    }
}
