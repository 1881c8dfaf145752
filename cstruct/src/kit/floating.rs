//! A counted object whose first count belongs to nobody yet.
//!
//! ```text
//!   Floating<T> ──sink──────────► Shared<T>       the first count is ours
//!        │   └────into_raw──────► a container     which sinks it: the first count is C's
//!        └────────drop──────────► sunk and released
//! ```

use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::NonNull;

use super::{Null, RefCounted, Shared, tracked};

/// A counted object that is made *floating*: somebody has yet to claim its first count.
///
/// # Safety
///
/// [`sink`](Sink::sink) makes the floating count the caller's, and does not unwind. No safe function of the wrapper has C sink an object that it
/// is given as `&Self`: one that sinks takes a [`Floating`], or a [`Shared`].
#[diagnostic::on_unimplemented(
    message = "nothing says how C claims the floating count of `{Self}`",
    note = "write `sink = the_c_function;` in its `wrap!`"
)]
pub unsafe trait Sink: RefCounted {
    /// Claims the floating count.
    ///
    /// # Safety
    ///
    /// `object` is live and floating, and nobody else claims it.
    unsafe fn sink(object: NonNull<Self::Raw>);
}

/// A new object with a floating count, to be [sunk](Floating::sink), or given to a C function that sinks it.
///
/// Taken for a count of one's own, a floating count is released once too often as soon as a container claims it. This type
/// keeps the two apart; dropping it sinks the object and releases it.
///
/// # Invariants
///
/// The object is live and floating. Its count is this value's to claim: `unsunk` holds it as if it had been claimed, and is
/// never dropped or handed out before it was.
///
/// ```
/// use cstruct::kit::{Floating, Shared};
/// # use cstruct::kit::{Foreign, Opaque, RefCounted, Release, Released, Sink};
/// # use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_label { count: u32, floating: bool }
/// # unsafe extern "C" fn label_new() -> *mut c_label { Box::into_raw(Box::new(c_label { count: 1, floating: true })) }
/// # #[repr(transparent)] pub struct LabelRef(Opaque<c_label>);
/// # unsafe impl Foreign for LabelRef { type Raw = c_label; }
/// # unsafe impl Release for LabelRef {
/// #     type Handle = NonNull<c_label>; type Error = Infallible;
/// #     unsafe fn release(label: NonNull<c_label>) -> Released<Infallible> {
/// #         let label = label.as_ptr();
/// #         unsafe { assert!(!(*label).floating); (*label).count -= 1; if (*label).count == 0 { drop(Box::from_raw(label)) } }
/// #         Released::Gone
/// #     }
/// # }
/// # unsafe impl RefCounted for LabelRef {
/// #     type RetainError = Infallible;
/// #     unsafe fn retain(label: NonNull<c_label>) -> Result<(), Infallible> { unsafe { (*label.as_ptr()).count += 1 }; Ok(()) }
/// # }
/// # unsafe extern "C" fn label_ref_sink(label: *mut c_label) { unsafe { (*label).floating = false } }
/// // SAFETY: "label_ref_sink: claims the floating count".
/// unsafe impl Sink for LabelRef {
///     unsafe fn sink(label: NonNull<c_label>) {
///         // SAFETY: the caller says that it is live and floating.
///         unsafe { label_ref_sink(label.as_ptr()) }
///     }
/// }
///
/// // SAFETY: label_new gives a floating label, or NULL.
/// let label: Floating<LabelRef> = unsafe { Floating::from_raw(label_new()) }?;
/// let label: Shared<LabelRef> = label.sink();
/// # drop(label);
/// # drop(unsafe { Floating::<LabelRef>::from_raw(label_new()) }?);
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[repr(transparent)]
#[must_use = "dropping it sinks and releases the object at once"]
pub struct Floating<T: Sink> {
    unsunk: ManuallyDrop<Shared<T>>,
}

/// Making one.
impl<T: Sink> Floating<T> {
    /// Takes over a pointer to a floating object.
    ///
    /// # Errors
    ///
    /// [`Null`] when it is NULL.
    ///
    /// # Safety
    ///
    /// If not NULL, `raw` points to a live object that leans on nothing, is floating, and is claimed by nobody but through
    /// this value.
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw(raw: *mut T::Raw) -> Result<Self, Null> {
        // SAFETY: the floating count is this value's to claim, and keeps the object live. It is claimed before `unsunk` is
        // released or handed out.
        let shared = unsafe { Shared::adopt(raw) }?;
        Ok(Floating { unsunk: ManuallyDrop::new(shared) })
    }
}

/// Turning it into something else.
impl<T: Sink> Floating<T> {
    /// Claims the floating count.
    #[inline]
    pub fn sink(self) -> Shared<T> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: live and floating, and only this value claims it (invariant), which ends here.
        unsafe { T::sink(Shared::object(&this.unsunk)) };
        // SAFETY: `this` is neither used nor dropped after this.
        unsafe { ManuallyDrop::take(&mut this.unsunk) }
    }

    /// Gives the handle up and leaves the object floating: for a C function that sinks it.
    #[inline]
    pub fn into_raw(this: Self) -> *mut T::Raw {
        let this = ManuallyDrop::new(this);
        tracked::given_up::<T>(Shared::object(&this.unsunk));
        Shared::object(&this.unsunk).as_ptr()
    }
}

/// Using it. There is no exclusive access: C may have handed the object out while it floats.
impl<T: Sink> Deref for Floating<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.unsunk
    }
}

impl<T: Sink + fmt::Debug> fmt::Debug for Floating<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go.
impl<T: Sink> Drop for Floating<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: live and floating, and only this value claims it (invariant).
        unsafe { T::sink(Shared::object(&self.unsunk)) };
        // SAFETY: a value is dropped once and unused afterwards.
        unsafe { ManuallyDrop::drop(&mut self.unsunk) };
    }
}

// Auto-traits: those of the `Shared` inside.
