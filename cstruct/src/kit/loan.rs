//! Memory of ours that C goes on using after the call.
//!
//! ```text
//!   Owned<MeterRef, Loan<Box<[Reading]>>>
//!   ┌────────┬──────┐
//!   │ handle │ loan ├──► [ Reading, Reading, … ] ◄── C writes here, at any moment
//!   └────────┴──────┘    on the heap, at one address, untouched by Rust until C's end
//! ```
//!
//! Two C objects that use one piece of memory (one is a duplicate of the other) share the loan: `Arc<Loan<B>>`, or a
//! [`ReadLoan`] of something that is shared itself, which is `Clone`.

use core::fmt;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::Deref;
use core::ptr::NonNull;
use core::slice;

use super::{SharedAddress, SharedKeeper, StableAddress, StableAddressMut};

/// Memory that C may read and write until it is ended.
///
/// Rust has neither `&` nor `&mut` to it meanwhile: there is no accessor but [`as_mut_ptr`](Loan::as_mut_ptr), for C. Forgetting the
/// loan leaks the memory, so C may go on.
///
/// Where to hold it:
///
/// | C's use ends | hold it |
/// |---|---|
/// | when the object is released | in the object's keeper: it is dropped after the release |
/// | when another is set, or none (rebind, reset) | in a [`Slot`](super::Slot), which gives it back |
/// | at a named function | beside the handle; that wrapper returns [`end`](Loan::end) |
///
/// # Invariants
///
/// `buffer` is initialised, and is neither moved out nor touched before C's use has ended. It is kept as
/// [`MaybeUninit`], so that moving the loan asserts nothing about the memory. `region` is its memory.
///
/// ```
/// use cstruct::kit::Loan;
///
/// // lend(ring, len): C writes there until take_back() returns
/// # static mut LENT: (*mut u32, usize) = (core::ptr::null_mut(), 0);
/// # unsafe extern "C" fn lend(ring: *mut u32, len: usize) { unsafe { LENT = (ring, len) } }
/// # unsafe extern "C" fn take_back() { unsafe { LENT.0.add(LENT.1 - 1).write(7) } }
/// // SAFETY: C's use ends with take_back below, and a `u32` may hold what it writes.
/// let ring = unsafe { Loan::new(vec![0_u32; 4]) };
/// // SAFETY: the memory is lent, with its length.
/// unsafe { lend(ring.as_mut_ptr(), ring.len()) };
/// // SAFETY: it was lent.
/// unsafe { take_back() };
/// assert_eq!(ring.end(), [0, 0, 0, 7]);
/// ```
#[must_use = "dropping it frees the memory that C is to use"]
pub struct Loan<B: StableAddressMut> {
    buffer: MaybeUninit<B>,
    region: NonNull<[B::Item]>,
}

/// Making one.
impl<B: StableAddressMut> Loan<B> {
    /// Sets memory aside for C.
    ///
    /// # Safety
    ///
    /// C's use of the memory ends before this value is ended or dropped, and what C leaves there is valid for `B::Item`. In the
    /// keeper of an object that is so if the object's release ends the use; in a [`Slot`](super::Slot) if C has been given another.
    pub unsafe fn new(buffer: B) -> Self {
        let mut buffer = MaybeUninit::new(buffer);
        // SAFETY: it was initialised in the line above.
        let region = unsafe { buffer.assume_init_mut() }.region_mut();
        Loan { buffer, region }
    }
}

/// Using it.
impl<B: StableAddressMut> Loan<B> {
    /// The pointer for C.
    #[inline]
    pub fn as_mut_ptr(&self) -> *mut B::Item {
        self.region.as_ptr().cast()
    }

    /// How many elements there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.region.len()
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Letting go.
impl<B: StableAddressMut> Loan<B> {
    /// The memory again, with what C wrote, after C's use has ended.
    pub fn end(self) -> B {
        let this = ManuallyDrop::new(self);
        // SAFETY: it is initialised (invariant), C has ended its use (contract of `new`), and `this` is not used or dropped again.
        unsafe { this.buffer.assume_init_read() }
    }
}

impl<B: StableAddressMut> Drop for Loan<B> {
    fn drop(&mut self) {
        // SAFETY: it is initialised (invariant), and C has ended its use (contract of `new`).
        unsafe { self.buffer.assume_init_drop() };
    }
}

impl<B: StableAddressMut> fmt::Debug for Loan<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loan").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Memory that C goes on reading, and Rust may read too.
///
/// # Invariants
///
/// As for [`Loan`]; nobody writes to the memory.
///
/// ```
/// use cstruct::kit::ReadLoan;
/// use std::sync::Arc;
///
/// // SAFETY: C only reads it, until the clone below, which stands for a keeper, is dropped.
/// let text = unsafe { ReadLoan::new(Arc::<[u8]>::from(*b"bound")) };
/// let shared = text.clone(); // for a duplicate of the C object
/// assert_eq!(shared.as_ptr(), text.as_ptr());
/// assert_eq!(&*text, b"bound");
/// ```
#[must_use = "dropping it frees the memory that C is to read"]
pub struct ReadLoan<B: StableAddress> {
    buffer: MaybeUninit<B>,
    region: NonNull<[B::Item]>,
}

/// Making one.
impl<B: StableAddress> ReadLoan<B> {
    /// Sets memory aside for C to read.
    ///
    /// # Safety
    ///
    /// C only reads the memory, and its use ends before this value, and every clone of it, is ended or dropped; as for [`Loan::new`]. Nor does
    /// Rust write there meanwhile: the items have no cells in them, or C is content with what cells do.
    pub unsafe fn new(buffer: B) -> Self {
        let buffer = MaybeUninit::new(buffer);
        // SAFETY: it was initialised in the line above.
        let region = unsafe { buffer.assume_init_ref() }.region();
        ReadLoan { buffer, region }
    }
}

/// Using it.
impl<B: StableAddress> ReadLoan<B> {
    /// The pointer for C.
    #[inline]
    pub fn as_ptr(&self) -> *const B::Item {
        self.region.as_ptr().cast_const().cast()
    }
}

impl<B: StableAddress> Deref for ReadLoan<B> {
    type Target = [B::Item];

    #[inline]
    fn deref(&self) -> &[B::Item] {
        // SAFETY: the region is live and initialised (`StableAddress`), and C only reads it (contract of `new`).
        unsafe { slice::from_raw_parts(self.as_ptr(), self.region.len()) }
    }
}

impl<B: SharedAddress> Clone for ReadLoan<B> {
    fn clone(&self) -> Self {
        // SAFETY: it is initialised (invariant); cloning a shared owner only reads it.
        let buffer = unsafe { self.buffer.assume_init_ref() }.clone();
        ReadLoan { buffer: MaybeUninit::new(buffer), region: self.region }
    }
}

// SAFETY: the memory of a clone is that of the original, which lives as long as one of them does (`SharedAddress`).
unsafe impl<B: SharedAddress> SharedKeeper for ReadLoan<B> {}

/// Letting go.
impl<B: StableAddress> ReadLoan<B> {
    /// The memory again, after C's use has ended.
    pub fn end(self) -> B {
        let this = ManuallyDrop::new(self);
        // SAFETY: it is initialised (invariant), C has ended its use (contract of `new`), and `this` is not used or dropped again.
        unsafe { this.buffer.assume_init_read() }
    }
}

impl<B: StableAddress> Drop for ReadLoan<B> {
    fn drop(&mut self) {
        // SAFETY: it is initialised (invariant), and C has ended its use (contract of `new`).
        unsafe { self.buffer.assume_init_drop() };
    }
}

impl<B: StableAddress> fmt::Debug for ReadLoan<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadLoan").field("len", &self.region.len()).finish_non_exhaustive()
    }
}

// Auto-traits.

// SAFETY: it owns a `B`; the region is that memory.
unsafe impl<B: StableAddressMut + Send> Send for Loan<B> {}

// SAFETY: a shared one shows only an address.
unsafe impl<B: StableAddressMut> Sync for Loan<B> {}

// SAFETY: it owns a `B`; the region is that memory.
unsafe impl<B: StableAddress + Send> Send for ReadLoan<B> {}

// SAFETY: a shared one gives `&[B::Item]`, which `&B` is good for (`StableAddress`), and clones of `B`.
unsafe impl<B: StableAddress + Sync> Sync for ReadLoan<B> where B::Item: Sync {}

// The memory is elsewhere.
impl<B: StableAddressMut> Unpin for Loan<B> {}
impl<B: StableAddress> Unpin for ReadLoan<B> {}
