//! Interfaces of a C library that Rust implements: a table of functions, and a Rust value behind it.
//!
//! ```text
//!   C's pointer ──►  ┌────────────────────────────────┬──────────────┐
//!                    │ V: version, read, close, …     │ T: your type │   one allocation, `#[repr(C)]`
//!                    └────────────────────────────────┴──────────────┘
//!                     C reads it, and writes fields       C never sees it
//!                     of its own there                    functions get Pin<&T> or Pin<&mut T>
//! ```
//!
//! Where C's struct has a user pointer of its own and is used during one call only, no allocation is needed: that is
//! [`Callback::with`](super::Callback::with), with the struct on the stack.

use alloc::sync::Arc;
use core::convert::Infallible;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::RangeInclusive;
use core::pin::Pin;
use core::ptr::NonNull;

use super::block::Block;
use super::entry::Access;
use super::{Callbacks, CloseError, Consumed, Released, tracked};

/// A table of functions `V` that C calls, with the Rust value `T` that implements them.
///
/// Write a trait for what the interface does, and for each function of the table a generic `extern "C"` function that
/// is one line round [`call`](Interface::call) or [`call_mut`](Interface::call_mut).
///
/// It is freed once: by dropping this value, when C has let go of it; or, after [`hand_over`](Interface::hand_over), by the table's own free
/// function, which calls [`free`](Interface::free). If C frees it from inside one of its functions, it ends when that function leaves.
///
/// # Invariants
///
/// `block` lives, and this value alone asks for its end. The value in it does not move before it is dropped.
///
/// ```
/// use cstruct::kit::{Callbacks, Interface, check_version};
/// use core::ffi::c_int;
/// use std::sync::Arc;
///
/// #[repr(C)]
/// struct device { version: u32, measure: unsafe extern "C" fn(this: *mut device, channel: c_int) -> c_int }
/// # unsafe extern "C" fn device_poll(device: *mut device) -> c_int { unsafe { ((*device).measure)(device, 2) } }
///
/// trait Device: Send {
///     fn measure(&mut self, channel: i32) -> i32;
/// }
///
/// fn table<T: Device + Unpin + 'static>() -> device {
///     unsafe extern "C" fn measure<T: Device + Unpin>(this: *mut device, channel: c_int) -> c_int {
///         // SAFETY: C passes the pointer of the interface that this table is in.
///         unsafe { Interface::<device, T>::call_mut(this, |device| device.get_mut().measure(channel), -1) }
///     }
///     device { version: 1, measure: measure::<T> }
/// }
///
/// struct Doubler(i32);
/// impl Device for Doubler {
///     fn measure(&mut self, channel: i32) -> i32 { self.0 += 1; channel * 2 }
/// }
///
/// let callbacks = Arc::new(Callbacks::new());
/// let table = table::<Doubler>();
/// check_version(table.version, 1..=2)?; // what the library at hand understands
/// let device = Interface::new(table, Doubler(0), &callbacks);
/// // SAFETY: the device lives until after the call.
/// assert_eq!(unsafe { device_poll(device.as_ptr()) }, 4);
/// callbacks.resume();
/// # Ok::<(), cstruct::kit::WrongVersion>(())
/// ```
#[must_use = "dropping it frees what C was to call"]
pub struct Interface<V, T> {
    block: NonNull<Block<V, T>>,
}

/// Making one.
impl<V: 'static, T: 'static> Interface<V, T> {
    /// Puts the value behind the table, for functions that C may call, or objects that may be sent, on another thread.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(table: V, value: T, callbacks: &Arc<Callbacks>) -> Self
    where
        T: Send,
    {
        Interface::local(table, value, callbacks)
    }

    /// The same where C calls and frees it on this thread only.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn local(table: V, value: T, callbacks: &Arc<Callbacks>) -> Self {
        let block = Block::new(table, value, Arc::clone(callbacks));
        tracked::registered::<Self, _>(block, callbacks);
        Interface { block }
    }
}

/// Turning it into something else.
impl<V, T> Interface<V, T> {
    /// Hands it to C, which ends it through its table: by a function that calls [`free`](Interface::free).
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with this value when C handed it back; [`CloseError::Gone`] when C refused and has freed it.
    ///
    /// # Safety
    ///
    /// `call` does not unwind and tells the truth: C frees it exactly once after `Taken`, has freed it after `Lost`, and will not
    /// after `HandedBack`; it begins no call on it afterwards. If it was made by [`local`](Interface::local), all this happens on this thread.
    pub unsafe fn hand_over<R, E>(self, call: impl FnOnce(*mut V) -> Consumed<R, E>) -> Result<R, CloseError<Self, E>> {
        let this = ManuallyDrop::new(self);
        match call(this.as_ptr()) {
            Consumed::Taken(result) => Ok(result),
            Consumed::Lost(error) => Err(CloseError::Gone(error)),
            Consumed::HandedBack(error) => {
                // INVARIANT: C has not kept it, so the right to end it is ours again.
                Err(CloseError::StillOpen { handle: ManuallyDrop::into_inner(this), error })
            }
        }
    }
}

/// Using it.
impl<V, T> Interface<V, T> {
    /// The pointer for C. C must have let go of it before this value is dropped.
    #[inline]
    pub fn as_ptr(&self) -> *mut V {
        Block::prefix(self.block).as_ptr()
    }

    /// Whether C is inside one of its functions now.
    pub fn is_running(&self) -> bool {
        // SAFETY: it lives (invariant).
        unsafe { Block::is_running(self.block) }
    }

    /// For a function of the table that may be entered again: runs it on the value, or answers `default`: inside
    /// [`call_mut`](Interface::call_mut), when it panics, and after a panic that was not resumed.
    ///
    /// # Safety
    ///
    /// `this` is the pointer of an `Interface<V, T>` with this very `V` and `T`, which was neither dropped nor freed before this call
    /// began. If it was made by [`local`](Interface::local), this is its thread. If C may call it on several threads at once, `T: Sync`.
    #[inline]
    pub unsafe fn call<R>(this: *mut V, run: impl FnOnce(Pin<&T>) -> R, default: R) -> R {
        // SAFETY: an interface's pointer is never NULL.
        let block = unsafe { NonNull::new_unchecked(this.cast::<Block<V, T>>()) };
        let run = |value: *mut T| {
            // SAFETY: shared access was asked for and granted.
            let value = unsafe { &*value };
            // SAFETY: the value does not move before it is dropped (invariant).
            run(unsafe { Pin::new_unchecked(value) })
        };
        // SAFETY: it lives, as the caller says, who vouches for `Sync` where it matters.
        unsafe { Block::run(block, Access::Shared, run, default) }
    }

    /// For a function of the table that changes the value: as [`call`](Interface::call), and entered again it answers `default`.
    ///
    /// # Safety
    ///
    /// As for [`call`](Interface::call); `Sync` is not needed.
    #[inline]
    pub unsafe fn call_mut<R>(this: *mut V, run: impl FnOnce(Pin<&mut T>) -> R, default: R) -> R {
        // SAFETY: an interface's pointer is never NULL.
        let block = unsafe { NonNull::new_unchecked(this.cast::<Block<V, T>>()) };
        let run = |value: *mut T| {
            // SAFETY: exclusive access was asked for and granted.
            let value = unsafe { &mut *value };
            // SAFETY: the value does not move before it is dropped (invariant).
            run(unsafe { Pin::new_unchecked(value) })
        };
        // SAFETY: it lives, as the caller says.
        unsafe { Block::run(block, Access::Exclusive, run, default) }
    }
}

/// Letting go.
impl<V, T> Interface<V, T> {
    /// For the free function of the table: frees table and value. NULL is nothing.
    ///
    /// # Safety
    ///
    /// `this` is NULL, or an `Interface<V, T>` that was [handed over](Interface::hand_over), and this is called once for it.
    pub unsafe extern "C" fn free(this: *mut V) {
        if let Some(block) = NonNull::new(this.cast::<Block<V, T>>()) {
            // SAFETY: it lives, and its end is asked for once, as the caller says.
            unsafe { Block::doom(block) };
        }
    }
}

impl<V, T> Drop for Interface<V, T> {
    fn drop(&mut self) {
        // SAFETY: it lives, and only this value asks for its end (invariant).
        unsafe { Block::doom(self.block) };
    }
}

/// Releases an object through a function pointer that is in the object, as `object->release(object)`.
///
/// For the body of a [`Release`](super::Release) impl. `function` reads the pointer out of the object; `None` there means that it was
/// released before, or moved from, and nothing happens.
///
/// ```
/// use cstruct::kit::{Release, Released, release_through};
/// use core::{convert::Infallible, ptr::NonNull};
///
/// #[repr(C)]
/// struct stream { release: Option<unsafe extern "C" fn(*mut stream)> }
/// # unsafe extern "C" fn end(this: *mut stream) { unsafe { (*this).release = None } }
///
/// struct Stream;
/// // SAFETY: "release: called once by the consumer; sets itself to NULL".
/// unsafe impl Release for Stream {
///     type Handle = NonNull<stream>;
///     type Error = Infallible;
///     unsafe fn release(stream: NonNull<stream>) -> Released<Infallible> {
///         // SAFETY: the caller owns the stream and gives it up.
///         unsafe { release_through(stream, |stream| (*stream.as_ptr()).release) }
///     }
/// }
///
/// let mut raw = stream { release: Some(end) };
/// // SAFETY: the stream is ours, and not used as one afterwards.
/// assert_eq!(unsafe { Stream::release(NonNull::from(&mut raw)) }, Released::Gone);
/// assert!(raw.release.is_none());
/// ```
///
/// # Safety
///
/// `object` is live and owned by the caller, who gives it up; the function that `function` returns releases it, and does not unwind.
#[inline]
pub unsafe fn release_through<Raw>(
    object: NonNull<Raw>,
    function: impl FnOnce(NonNull<Raw>) -> Option<unsafe extern "C" fn(*mut Raw)>,
) -> Released<Infallible> {
    if let Some(release) = function(object) {
        // SAFETY: the caller says that this is the object's release function, and that the object is his.
        unsafe { release(object.as_ptr()) };
    }
    Released::Gone
}

/// Checks the version field of a table against the versions that the library at hand understands.
///
/// # Errors
///
/// [`WrongVersion`]: the library would call through a table that it takes for another.
pub fn check_version(found: u32, accepted: RangeInclusive<u32>) -> Result<(), WrongVersion> {
    if accepted.contains(&found) { Ok(()) } else { Err(WrongVersion { found, accepted }) }
}

/// A table of a version that the library does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongVersion {
    found: u32,
    accepted: RangeInclusive<u32>,
}

impl fmt::Display for WrongVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, first, last) = (self.found, self.accepted.start(), self.accepted.end());
        write!(
            f,
            "the table is of version {found}, and the library understands {first} to {last}; build against the library that is linked"
        )
    }
}

impl core::error::Error for WrongVersion {}

impl<V, T> fmt::Debug for Interface<V, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interface").field("running", &self.is_running()).finish_non_exhaustive()
    }
}

// Auto-traits.

// SAFETY: it owns a table and a `T`; the table is C's, and is looked at by Rust only before C has it. The rest of the block is atomic, or
// an `Arc<Callbacks>`, which is `Send + Sync`.
unsafe impl<V: Send, T: Send> Send for Interface<V, T> {}

// The value is elsewhere.
impl<V, T> Unpin for Interface<V, T> {}
