//! A Rust value in memory that C provides.
//!
//! ```text
//!   C: aggregate_context(ctx, n) ──►  ┌───────┬─────────┐ C's memory, n bytes
//!                                     │ state │ value   │
//!                                     └───────┴─────────┘
//!   step:  InTheirs::call_or_build    0: empty   live   running   ended: dropped, exactly once
//!   final: InTheirs::end
//! ```

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::mem::{MaybeUninit, forget};
use core::ptr::{self, NonNull};

use super::Callbacks;

/// A Rust value that is built in C's memory, used by C's callbacks, and dropped by the one that ends it.
///
/// It is never held: C has it, and hands its address to the functions below, which the author calls from `extern "C"` functions.
/// Ask C for [`SIZE`](InTheirs::SIZE) bytes, which is a little more than the value: the state is kept beside it. Size and alignment of what C
/// gave are checked, with an error by name.
///
/// # Invariants
///
/// The state is 0 where C zeroed the memory; `value` is initialised when it is live or running, and accessed by the one who set it
/// to running.
///
/// ```
/// use cstruct::kit::{Callbacks, InTheirs};
/// use core::ffi::c_void;
///
/// // context(size): zeroed memory the first time, the same later; context(0): what there is, or NULL
/// # static mut ROOM: [u64; 8] = [0; 8];
/// # unsafe extern "C" fn context(_size: usize) -> *mut c_void { (&raw mut ROOM).cast() }
/// static CALLBACKS: Callbacks = Callbacks::new();
/// type Texts = InTheirs<Vec<String>>;
///
/// unsafe extern "C" fn step(number: i32) {
///     // SAFETY: C gives zeroed memory of this size, or what was built there before.
///     let room = unsafe { context(Texts::SIZE) };
///     // SAFETY: as above.
///     let pushed = unsafe {
///         Texts::call_or_build(room, Texts::SIZE, &CALLBACKS, Vec::new, |texts| texts.push(number.to_string()), ())
///     };
///     pushed.expect("C's memory is large enough");
/// }
///
/// unsafe extern "C" fn last() -> usize {
///     // SAFETY: what was built in step, or NULL.
///     let texts = unsafe { Texts::end(context(0)) };
///     texts.map_or(0, |texts| texts.concat().len())
/// }
///
/// # unsafe {
/// step(12);
/// step(345);
/// assert_eq!(last(), 5);
/// assert_eq!(last(), 0); // it is gone, once
/// # }
/// ```
#[repr(C)]
pub struct InTheirs<T> {
    state: Cell<usize>,
    value: UnsafeCell<MaybeUninit<T>>,
}

const EMPTY: usize = 0;
// Not small numbers: memory that nobody zeroed is unlikely to hold them.
const LIVE: usize = 0x4c49_5645;
const RUNNING: usize = 0x5255_4e21;
const ENDED: usize = 0x454e_4445;

/// Making one.
impl<T> InTheirs<T> {
    /// How many bytes to ask C for.
    pub const SIZE: usize = size_of::<Self>();

    /// How the memory must be aligned.
    pub const ALIGN: usize = align_of::<Self>();

    /// The value in zeroed memory, built at the first call; runs `run` on it, or answers `default`: when it is running already or
    /// ended, after a panic, and when it panics, in `make` too.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit`]: NULL, too small, or not aligned. Nothing was built.
    ///
    /// # Safety
    ///
    /// `room` is NULL, or points to `size` bytes, which are zero or what this made of them, for this very `T`. They stay
    /// where they are until [`end`](InTheirs::end) was called, and nobody else uses them. All this happens on one thread, or `T: Send` and
    /// never on two at once.
    #[inline]
    pub unsafe fn call_or_build<R>(
        room: *mut c_void,
        size: usize,
        callbacks: &Callbacks,
        make: impl FnOnce() -> T,
        run: impl FnOnce(&mut T) -> R,
        default: R,
    ) -> Result<R, DoesNotFit> {
        let this = fit::<Self>(room, size)?;
        // SAFETY: it is aligned and large enough; zero is a valid state and an uninitialised value.
        let this = unsafe { this.as_ref() };
        let state = this.state.get();
        if state != EMPTY && state != LIVE {
            return Ok(default);
        }
        let run = || {
            // Running while it is made, too: `make` may come back here.
            let mut leave = Leave { state: &this.state, to: state };
            this.state.set(RUNNING);
            if state == EMPTY {
                let value = make();
                // SAFETY: the state is running, so nobody else accesses it (invariant).
                unsafe { &mut *this.value.get() }.write(value);
                leave.to = LIVE;
            }
            // SAFETY: as above.
            let value = unsafe { &mut *this.value.get() };
            // SAFETY: it was live, or has just been written.
            run(unsafe { value.assume_init_mut() })
        };
        Ok(callbacks.run(run, default))
    }
}

struct Leave<'s> {
    state: &'s Cell<usize>,
    to: usize,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.state.set(self.to);
    }
}

/// Using it.
impl<T> InTheirs<T> {
    /// Runs `run` on a value that was built before, or answers `default`, also where there is none.
    ///
    /// # Safety
    ///
    /// As for [`call_or_build`](InTheirs::call_or_build), with a room that is NULL or of at least [`SIZE`](InTheirs::SIZE) bytes.
    #[inline]
    pub unsafe fn call<R>(room: *mut c_void, callbacks: &Callbacks, run: impl FnOnce(&mut T) -> R, default: R) -> R {
        let Ok(this) = fit::<Self>(room, Self::SIZE) else { return default };
        // SAFETY: it is aligned and large enough; zero is a valid state and an uninitialised value.
        let this = unsafe { this.as_ref() };
        if this.state.get() != LIVE {
            return default;
        }
        let run = || {
            let _leave = Leave { state: &this.state, to: LIVE };
            this.state.set(RUNNING);
            // SAFETY: the state is running, so nobody else accesses it (invariant).
            let value = unsafe { &mut *this.value.get() };
            // SAFETY: it was live.
            run(unsafe { value.assume_init_mut() })
        };
        callbacks.run(run, default)
    }
}

/// Letting go.
impl<T> InTheirs<T> {
    /// Takes the value out, for the callback that ends it. `None` when the room is NULL or nothing was built there, and from the second
    /// call on.
    ///
    /// Drop the result, or make C's answer from it, inside [`Callbacks::run`] if that may panic.
    ///
    /// # Safety
    ///
    /// As for [`call`](InTheirs::call); no call on this room is running, or it is leaked and must stay.
    pub unsafe fn end(room: *mut c_void) -> Option<T> {
        let this = fit::<Self>(room, Self::SIZE).ok()?;
        // SAFETY: it is aligned and large enough; zero is a valid state and an uninitialised value.
        let this = unsafe { this.as_ref() };
        if this.state.get() != LIVE {
            return None;
        }
        this.state.set(ENDED);
        // SAFETY: the state says that nobody uses it, and that nobody will (invariant).
        let value = unsafe { &*this.value.get() };
        // SAFETY: it was live, and is never accessed again.
        Some(unsafe { value.assume_init_read() })
    }
}

fn fit<T>(room: *mut c_void, size: usize) -> Result<NonNull<T>, DoesNotFit> {
    let room = NonNull::new(room.cast::<T>()).ok_or(DoesNotFit::Null)?;
    if size < size_of::<T>() {
        return Err(DoesNotFit::TooSmall { needed: size_of::<T>(), size });
    }
    if !room.is_aligned() {
        return Err(DoesNotFit::Misaligned { needed: align_of::<T>() });
    }
    Ok(room)
}

/// Memory that C wants filled. It ends only by being filled.
///
/// What makes it filled returns a [`RoomFilled`], which nothing else makes, and which is of this very room. A room that
/// was not filled, because of an error or a panic, is zeroed: C never reads what was there before.
///
/// ```
/// use cstruct::kit::{DoesNotFit, Room};
/// # let mut theirs = [0xff_u8; 8];
/// # let (start, size) = ((&raw mut theirs).cast(), theirs.len());
///
/// // SAFETY: C gave `size` bytes at `start`, for the time of its call.
/// unsafe { Room::lend(start, size, |room| room.copy_from(b"text")) }?;
/// assert_eq!(&theirs, b"text\0\0\0\0");
/// # Ok::<(), DoesNotFit>(())
/// ```
#[must_use = "the room must be filled"]
pub struct Room<'r> {
    start: NonNull<u8>,
    size: usize,
    // Invariant in 'r, so that a `RoomFilled` belongs to one room.
    brand: PhantomData<fn(&'r ()) -> &'r ()>,
}

/// Says that a room was filled.
#[derive(Debug)]
#[must_use = "it is what `Room::lend` asks for"]
pub struct RoomFilled<'r>(PhantomData<fn(&'r ()) -> &'r ()>);

impl Room<'_> {
    /// Gives C's memory to `fill`.
    ///
    /// # Errors
    ///
    /// What `fill` says, or [`DoesNotFit::Null`]. The memory is zeroed then.
    ///
    /// # Safety
    ///
    /// `start` is NULL, or points to `size` bytes that are ours to write until this returns.
    pub unsafe fn lend<E: From<DoesNotFit>>(
        start: *mut c_void,
        size: usize,
        fill: impl for<'r> FnOnce(Room<'r>) -> Result<RoomFilled<'r>, E>,
    ) -> Result<(), E> {
        let start = NonNull::new(start.cast::<u8>()).ok_or(DoesNotFit::Null)?;
        let zero = Zero { start, size };
        let _filled: RoomFilled<'_> = fill(Room { start, size, brand: PhantomData })?;
        forget(zero);
        Ok(())
    }
}

struct Zero {
    start: NonNull<u8>,
    size: usize,
}

impl Drop for Zero {
    fn drop(&mut self) {
        // SAFETY: the memory is ours to write (contract of `lend`), and no room borrows it any more.
        unsafe { ptr::write_bytes(self.start.as_ptr(), 0, self.size) };
    }
}

impl<'r> Room<'r> {
    /// How many bytes there are.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The bytes, about which nothing is known.
    pub fn as_uninit(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: the memory is ours to write while the room lives (contract of `lend`), and may hold anything.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr().cast(), self.size) }
    }

    /// Fills it with these bytes, and zero behind them.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::TooSmall`].
    pub fn copy_from(mut self, bytes: &[u8]) -> Result<RoomFilled<'r>, DoesNotFit> {
        if bytes.len() > self.size {
            return Err(DoesNotFit::TooSmall { needed: bytes.len(), size: self.size });
        }
        let (head, tail) = self.as_uninit().split_at_mut(bytes.len());
        for (to, from) in head.iter_mut().zip(bytes) {
            to.write(*from);
        }
        tail.fill(MaybeUninit::zeroed());
        Ok(RoomFilled(PhantomData))
    }

    /// Builds a value that C, or a function that C calls, ends later. Bytes behind it are zeroed.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit`]: too small, or not aligned; the value is dropped.
    pub fn build<T: 'static>(mut self, value: T) -> Result<RoomFilled<'r>, DoesNotFit> {
        let place = fit::<T>(self.start.as_ptr().cast(), self.size)?;
        self.as_uninit()[size_of::<T>()..].fill(MaybeUninit::zeroed());
        // SAFETY: it is aligned and large enough, and ours to write.
        unsafe { place.write(value) };
        Ok(RoomFilled(PhantomData))
    }

    /// Builds an [`InTheirs`], whose functions C's callbacks call later.
    ///
    /// # Errors
    ///
    /// As for [`build`](Room::build).
    pub fn build_in_theirs<T: 'static>(self, value: T) -> Result<RoomFilled<'r>, DoesNotFit> {
        // Before it goes where it would not be dropped.
        fit::<InTheirs<T>>(self.start.as_ptr().cast(), self.size)?;
        let value = UnsafeCell::new(MaybeUninit::new(value));
        self.build(InTheirs { state: Cell::new(LIVE), value })
    }

    /// Says that it was filled, through [`as_uninit`](Room::as_uninit) or by a C function.
    ///
    /// # Safety
    ///
    /// Every byte that C will read was written.
    pub unsafe fn assume_filled(self) -> RoomFilled<'r> {
        RoomFilled(PhantomData)
    }
}

/// C's memory cannot hold the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoesNotFit {
    /// There is none: C has no memory.
    Null,
    /// It is too small.
    TooSmall {
        /// How many bytes the value takes.
        needed: usize,
        /// How many there are.
        size: usize,
    },
    /// It begins at an address where the value must not be.
    Misaligned {
        /// What the address must be a multiple of.
        needed: usize,
    },
}

impl fmt::Display for DoesNotFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DoesNotFit::Null => f.write_str("C gave no memory; answer C that there is none"),
            DoesNotFit::TooSmall { needed, size } => {
                write!(f, "C gave {size} bytes, and the value takes {needed}; ask for as many")
            }
            DoesNotFit::Misaligned { needed } => {
                write!(f, "C's memory is not aligned to {needed} bytes; put the value into a `Box` there")
            }
        }
    }
}

impl core::error::Error for DoesNotFit {}

impl<T> fmt::Debug for InTheirs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InTheirs").field("live", &(self.state.get() == LIVE)).finish_non_exhaustive()
    }
}

impl fmt::Debug for Room<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("size", &self.size).finish_non_exhaustive()
    }
}

// Auto-traits: `Room` never leaves its call, by its pointer. `InTheirs` is never held.
