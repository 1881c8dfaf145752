//! A C struct of ours that C fills, and whose contents we have C dispose of.
//!
//! ```text
//!   Filled<TextRef>                        View<'a, TextRef>
//!   ┌──────────────────┐                   ┌──────────────────┐
//!   │ data ── len ── … │ moves freely      │ data ── len ── … │ the same struct as input
//!   └──┬───────────────┘                   └──┬───────────────┘
//!      └──► C's memory, disposed of           └──► the caller's memory, never disposed of
//! ```

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, MaybeUninit};
use core::ops::{Deref, DerefMut};
use core::pin::Pin;
use core::ptr::NonNull;

use super::Movable;

/// How C disposes of the contents of a struct that it filled, and what the struct is when it holds nothing.
///
/// [`wrap!`](crate::wrap) writes the impl from `dispose = …;`.
///
/// # Safety
///
/// [`empty`](Dispose::empty) gives an empty struct, which C's functions accept as such. After [`dispose`](Dispose::dispose) the
/// contents are gone and the bytes mean nothing. An empty struct may be disposed of as well. `dispose` does not unwind.
#[diagnostic::on_unimplemented(
    message = "nothing says how C disposes of the contents of `{Self}`",
    label = "no function that disposes of them",
    note = "write `dispose = the_c_function;` in its `wrap!`"
)]
pub unsafe trait Dispose: Movable {
    /// The struct when it holds nothing: all zero, unless this says otherwise.
    #[inline]
    fn empty() -> MaybeUninit<Self::Raw> {
        MaybeUninit::zeroed()
    }

    /// Calls C's function, which cannot fail.
    ///
    /// # Safety
    ///
    /// `object` is a struct that C filled or that is empty, owned by the caller.
    unsafe fn dispose(object: NonNull<Self::Raw>);
}

/// A C struct by value, with contents that C made and that are disposed of when it is dropped.
///
/// It is as large as the struct and may be moved. It begins empty.
///
/// # Invariants
///
/// `bytes` is empty or filled by C, and this value alone disposes of the contents.
///
/// ```
/// use cstruct::kit::{Dispose, Filled, Foreign, Movable, Opaque};
/// use core::ptr::{self, NonNull};
/// # pub struct c_text { data: *mut u64 }
/// # unsafe extern "C" fn text_fill(text: *mut c_text) -> i32 { unsafe { (*text).data = Box::into_raw(Box::new(7)) }; 0 }
/// # unsafe extern "C" fn text_dispose(text: *mut c_text) {
/// #     let data = unsafe { ptr::replace(&raw mut (*text).data, ptr::null_mut()) };
/// #     if !data.is_null() { drop(unsafe { Box::from_raw(data) }) }
/// # }
///
/// #[repr(transparent)]
/// pub struct TextRef(Opaque<c_text>);
/// // SAFETY: transparent over `Opaque<c_text>`.
/// unsafe impl Foreign for TextRef { type Raw = c_text; }
/// // SAFETY: "it may be moved".
/// unsafe impl Movable for TextRef {}
/// // SAFETY: "text_dispose: disposes of the contents; zero all of it: that is an empty text".
/// unsafe impl Dispose for TextRef {
///     unsafe fn dispose(text: NonNull<c_text>) {
///         // SAFETY: the caller owns the contents and gives them up.
///         unsafe { text_dispose(text.as_ptr()) }
///     }
/// }
///
/// let status = |status| if status == 0 { Ok(()) } else { Err(status) };
/// let mut text = Filled::<TextRef>::new();
/// // SAFETY: text_fill makes new contents, or fails and leaves it empty.
/// unsafe { text.fill(|text| status(text_fill(text))) }?;
/// // SAFETY: as above; the first contents were disposed of before.
/// unsafe { text.fill(|text| status(text_fill(text))) }?;
/// # Ok::<(), i32>(())
/// ```
#[repr(transparent)]
pub struct Filled<T: Dispose> {
    bytes: UnsafeCell<MaybeUninit<T::Raw>>,
    owns: PhantomData<(T, *mut ())>,
}

/// Making one.
impl<T: Dispose> Filled<T> {
    /// An empty one.
    #[inline]
    pub fn new() -> Self {
        // SAFETY: an empty struct holds nothing that anybody else could dispose of.
        unsafe { Filled::from_raw(T::empty()) }
    }

    /// Takes over a struct, and with it the contents.
    ///
    /// # Safety
    ///
    /// It is empty or filled by C; only this value disposes of the contents from now on.
    #[inline]
    pub unsafe fn from_raw(raw: MaybeUninit<T::Raw>) -> Self {
        // INVARIANT: the caller hands over the only right to dispose of them.
        Filled { bytes: UnsafeCell::new(raw), owns: PhantomData }
    }
}

impl<T: Dispose> Default for Filled<T> {
    fn default() -> Self {
        Filled::new()
    }
}

/// Turning it into something else.
impl<T: Dispose> Filled<T> {
    /// The struct, with contents that are the caller's to dispose of.
    #[inline]
    pub fn into_raw(this: Self) -> MaybeUninit<T::Raw> {
        let mut this = ManuallyDrop::new(this);
        mem::replace(this.bytes.get_mut(), MaybeUninit::uninit())
    }

    /// The contents, in a value of their own; this one is empty afterwards.
    #[inline]
    pub fn take(&mut self) -> Self {
        mem::take(self)
    }
}

/// Using it.
impl<T: Dispose> Filled<T> {
    /// Disposes of the contents, and has C fill the empty struct.
    ///
    /// # Errors
    ///
    /// That of `fill`; what it left, if anything, is disposed of with this value.
    ///
    /// # Safety
    ///
    /// Whatever `fill` returns, and if it unwinds, the struct is empty or filled by C.
    #[inline]
    pub unsafe fn fill<R, E>(&mut self, fill: impl FnOnce(*mut T::Raw) -> Result<R, E>) -> Result<R, E> {
        self.clear();
        // SAFETY: the caller's promise is the same.
        unsafe { self.refill(fill) }
    }

    /// Has C change the struct as it is: for a C function that disposes of the old contents itself, or adds to them.
    ///
    /// # Errors
    ///
    /// That of `fill`.
    ///
    /// # Safety
    ///
    /// As for [`fill`](Filled::fill), and `fill` answers for the contents that were there.
    #[inline]
    pub unsafe fn refill<R, E>(&mut self, fill: impl FnOnce(*mut T::Raw) -> Result<R, E>) -> Result<R, E> {
        // INVARIANT: the caller says that C leaves it empty or filled.
        fill(self.bytes.get().cast())
    }

    /// Disposes of the contents now. It may be filled again.
    #[inline]
    pub fn clear(&mut self) {
        // The empty struct is in place before C disposes of the old one, as far as anybody can see.
        drop(self.take());
    }

    /// Borrows the struct to change it.
    #[inline]
    pub fn pin_mut(&mut self) -> Pin<&mut T> {
        // SAFETY: pinning asks that it stays, for the sake of an address that nobody knows (`Movable`).
        unsafe { Pin::new_unchecked(&mut **self) }
    }

    #[inline]
    fn object(&self) -> NonNull<T::Raw> {
        NonNull::from(&self.bytes).cast()
    }
}

impl<T: Dispose> Deref for Filled<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the struct is in `self`, and `T` is transparent over its bytes (`Foreign`).
        unsafe { self.object().cast::<T>().as_ref() }
    }
}

/// What is swapped through it are contents, each of which goes on having one owner ([`Movable`]).
impl<T: Dispose> DerefMut for Filled<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and the borrow is exclusive.
        unsafe { self.object().cast::<T>().as_mut() }
    }
}

impl<T: Dispose + fmt::Debug> fmt::Debug for Filled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go.
impl<T: Dispose> Drop for Filled<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: empty or filled, and ours alone (invariant); a value is dropped once and unused afterwards.
        unsafe { T::dispose(self.object()) }
    }
}

/// The same struct as input: C looks at what it points to, and nobody disposes of it.
///
/// Handing a struct that we made up to a function that expects one of C's is common (a buffer that names our bytes). It must never reach
/// `dispose`, so it is a type of its own, from which there is only `&T`.
///
/// ```
/// use cstruct::kit::View;
/// # use cstruct::kit::{Foreign, Movable, Opaque};
/// # pub struct c_text { data: *const u8, len: usize }
/// # #[repr(transparent)] pub struct TextRef(Opaque<c_text>);
/// # unsafe impl Foreign for TextRef { type Raw = c_text; }
/// # unsafe impl Movable for TextRef {}
/// # unsafe extern "C" fn text_len(text: *const c_text) -> usize { unsafe { (*text).len } }
///
/// fn view(bytes: &[u8]) -> View<'_, TextRef> {
///     let raw = c_text { data: bytes.as_ptr(), len: bytes.len() };
///     // SAFETY: it names bytes that are borrowed for as long as the view, and that C only reads.
///     unsafe { View::new(raw) }
/// }
/// // SAFETY: a text that lives throughout the call, in which it is only read.
/// assert_eq!(unsafe { text_len(view(b"seven!!").as_ptr()) }, 7);
/// ```
#[repr(transparent)]
pub struct View<'a, T: Movable> {
    bytes: UnsafeCell<MaybeUninit<T::Raw>>,
    borrows: PhantomData<(&'a T, *mut ())>,
}

impl<'a, T: Movable> View<'a, T> {
    /// A view of what the struct points to.
    ///
    /// # Safety
    ///
    /// All that `raw` points to lives, and is not changed, for the whole of `'a`; nothing that takes `&T` changes or releases it.
    #[inline]
    pub unsafe fn new(raw: T::Raw) -> Self {
        View { bytes: UnsafeCell::new(MaybeUninit::new(raw)), borrows: PhantomData }
    }
}

impl<T: Movable> Deref for View<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        let object = NonNull::from(&self.bytes).cast::<T>();
        // SAFETY: the struct is in `self`, and `T` is transparent over its bytes (`Foreign`).
        unsafe { object.as_ref() }
    }
}

impl<T: Movable + fmt::Debug> fmt::Debug for View<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

// Auto-traits: as the struct has them.

// SAFETY: it sends the right to use and dispose of the contents, which `T: Send` allows.
unsafe impl<T: Dispose + Send> Send for Filled<T> {}

// SAFETY: a shared one gives `&T` alone.
unsafe impl<T: Dispose + Sync> Sync for Filled<T> {}

// SAFETY: it gives `&T` alone, wherever it is.
unsafe impl<T: Movable + Sync> Send for View<'_, T> {}

// SAFETY: as above.
unsafe impl<T: Movable + Sync> Sync for View<'_, T> {}

// Both may be moved, whatever pins the borrowed type (`Movable`).
impl<T: Dispose> Unpin for Filled<T> {}
impl<T: Movable> Unpin for View<'_, T> {}
