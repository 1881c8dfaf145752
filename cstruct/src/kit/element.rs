//! Elements of an array of pointers, each of which says who owns it.

use core::ffi::{CStr, c_char};
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::array::CArray;
use super::dealloc::{Dealloc, FreeAnywhere};
use super::{Foreign, Owned, Release};

/// An element that is a pointer, or NULL.
///
/// # Safety
///
/// The type has the layout of a C pointer, and [`is_null`](Nullable::is_null) says whether it is NULL. A NULL element owns nothing.
pub unsafe trait Nullable {
    /// Whether there is nothing in it.
    fn is_null(&self) -> bool;
}

/// A borrowed element: `Option<&'a ThingRef>` is a C pointer.
// SAFETY: "Option<&T> where T: Sized" has the layout of a pointer and `None` is NULL (core::option, "Representation").
unsafe impl<T: Foreign> Nullable for Option<&T> {
    #[inline]
    fn is_null(&self) -> bool {
        self.is_none()
    }
}

/// An element that is an object of ours, or NULL: dropped, it releases the object with the object's own function.
///
/// # Invariants
///
/// The pointer is `None`, or points to a live object that stands alone, that only this value releases.
///
/// ```
/// use cstruct::kit::{CArray, Dealloc, OwnedElement};
/// # use cstruct::kit::{Foreign, Opaque, Release, Released, SliceError};
/// # use core::ptr::NonNull;
/// # pub struct c_thing(u8);
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = core::convert::Infallible;
/// #     unsafe fn release(h: NonNull<c_thing>) -> Released<Self::Error> {
/// #         drop(unsafe { Box::from_raw(h.as_ptr()) }); Released::Gone
/// #     }
/// # }
/// # unsafe extern "C" fn things() -> *mut *mut c_thing {
/// #     Box::leak(Box::new([Box::into_raw(Box::new(c_thing(1))), core::ptr::null_mut()])).as_mut_ptr()
/// # }
/// # pub struct ArrayFree;
/// # unsafe impl<T> Dealloc<T> for ArrayFree {
/// #     unsafe fn dealloc(b: NonNull<T>, len: usize) {
/// #         drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(b.as_ptr().cast::<usize>(), len)) });
/// #     }
/// # }
/// type Things = CArray<OwnedElement<ThingRef>, ArrayFree>;
///
/// // SAFETY: "things: two pointers, any of which may be NULL; free each thing, then the array".
/// let mut things: Things = unsafe { CArray::from_raw(things().cast(), 2) }?;
/// assert!(things[1].is_empty());
/// let first = CArray::take(&mut things, 0); // out of the array: released with its owner
/// assert!(first.is_some() && things[0].is_empty());
/// # Ok::<(), SliceError>(())
/// ```
#[repr(transparent)]
pub struct OwnedElement<T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    object: Option<NonNull<T::Raw>>,
    owns: PhantomData<T>,
}

impl<T> OwnedElement<T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// The object, if there is one.
    #[inline]
    pub fn object(&self) -> Option<&T> {
        // SAFETY: live while `self` is (invariant); `T` is transparent over its bytes (`Foreign`).
        self.object.map(|object| unsafe { object.cast::<T>().as_ref() })
    }

    /// Whether it is NULL.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.object.is_none()
    }

    /// Takes the object out and leaves NULL.
    #[inline]
    pub(super) fn take(&mut self) -> Option<Owned<T>> {
        // SAFETY: live and ours alone (invariant), and NULL here from now on; it leans on nothing.
        self.object.take().map(|object| unsafe { Owned::from_handle(object, ()) })
    }
}

// SAFETY: transparent over an `Option<NonNull<_>>`, which has the layout of a pointer and is NULL for `None`.
unsafe impl<T> Nullable for OwnedElement<T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    #[inline]
    fn is_null(&self) -> bool {
        self.is_empty()
    }
}

impl<T> fmt::Debug for OwnedElement<T>
where
    T: fmt::Debug + Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object().fmt(f)
    }
}

impl<T> Drop for OwnedElement<T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    #[inline]
    fn drop(&mut self) {
        drop(self.take());
    }
}

// SAFETY: as for `Owned<T>`.
unsafe impl<T> Send for OwnedElement<T> where T: Send + Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>> {}

// SAFETY: a shared element gives `&T` and nothing else.
unsafe impl<T> Sync for OwnedElement<T> where T: Sync + Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>> {}

/// A text in an array, or NULL; `F` says how it ends: with the array, or before it with a deallocator of its own.
///
/// It is only ever seen by reference: its owner is the array.
///
/// # Invariants
///
/// The pointer is `None`, or points to a text that ends with NUL, and lives and does not change as long as the array. With
/// [`Each`] it is this element's alone.
#[repr(transparent)]
pub struct TextElement<F: EndText = WithArray> {
    text: Option<NonNull<c_char>>,
    end: PhantomData<F>,
}

/// An array of texts that `A` releases; with `CStrArray<A, Each<F>>` each text is released with `F` before.
///
/// ```
/// use cstruct::kit::{CArray, CStrArray, Dealloc, TextElement};
/// # use core::{ffi::c_char, ptr::NonNull};
/// # unsafe extern "C" fn names(len: *mut i32) -> *mut *mut c_char {
/// #     unsafe { *len = 2 };
/// #     Box::leak(Box::new([c"ada".as_ptr().cast_mut(), core::ptr::null_mut()])).as_mut_ptr()
/// # }
/// # unsafe extern "C" fn names_free(names: *mut *mut c_char) { drop(unsafe { Box::from_raw(names.cast::<[usize; 2]>()) }) }
///
/// pub struct NamesFree;
/// // SAFETY: "names_free: releases the array and its texts".
/// unsafe impl Dealloc<TextElement> for NamesFree {
///     unsafe fn dealloc(names: NonNull<TextElement>, _len: usize) {
///         // SAFETY: the caller owns the array and gives it up; a `TextElement` is a `char *`.
///         unsafe { names_free(names.as_ptr().cast()) }
///     }
/// }
///
/// let mut len = 0;
/// // SAFETY: room for the length.
/// let names = unsafe { names(&raw mut len) };
/// // SAFETY: "`*len` names, any of which may be NULL, released with names_free".
/// let names: CStrArray<NamesFree> = unsafe { CArray::from_raw(names.cast(), len) }?;
/// let texts: Vec<_> = names.iter().map(TextElement::text).collect();
/// assert_eq!(texts, [Some(c"ada"), None]);
/// # Ok::<(), cstruct::kit::SliceError>(())
/// ```
pub type CStrArray<A, F = WithArray> = CArray<TextElement<F>, A>;

/// How a text in an array ends.
///
/// # Safety
///
/// [`end`](EndText::end) releases the text and nothing else, or does nothing, and does not unwind.
pub unsafe trait EndText {
    /// Ends a text.
    ///
    /// # Safety
    ///
    /// It is the caller's as far as `Self` says, ends with NUL, and is not used afterwards.
    unsafe fn end(text: NonNull<c_char>);
}

/// The texts belong to the array's block, or to somebody who outlives it: nothing to do for each.
#[derive(Clone, Copy, Debug)]
pub struct WithArray;

// SAFETY: does nothing.
unsafe impl EndText for WithArray {
    #[inline]
    unsafe fn end(_text: NonNull<c_char>) {}
}

/// Each text is released with `A`, which is told its length with the NUL.
#[derive(Clone, Copy, Debug)]
pub struct Each<A>(PhantomData<A>);

// SAFETY: releases the text by `A`'s contract, after it was measured.
unsafe impl<A: Dealloc<c_char>> EndText for Each<A> {
    #[inline]
    unsafe fn end(text: NonNull<c_char>) {
        // SAFETY: the caller vouches for the NUL.
        let len = unsafe { CStr::from_ptr(text.as_ptr()) }.count_bytes();
        // SAFETY: the text is the caller's and `A`'s, and is given up.
        unsafe { A::dealloc(text, len + 1) };
    }
}

impl<F: EndText> TextElement<F> {
    /// The text, if there is one.
    #[inline]
    pub fn text(&self) -> Option<&CStr> {
        // SAFETY: it ends with NUL and does not change while `self`, which is in its array, lives (invariant).
        self.text.map(|text| unsafe { CStr::from_ptr(text.as_ptr()) })
    }
}

// SAFETY: transparent over an `Option<NonNull<_>>`, which has the layout of a pointer and is NULL for `None`.
unsafe impl<F: EndText> Nullable for TextElement<F> {
    #[inline]
    fn is_null(&self) -> bool {
        self.text.is_none()
    }
}

impl<F: EndText> fmt::Debug for TextElement<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl<F: EndText> Drop for TextElement<F> {
    #[inline]
    fn drop(&mut self) {
        if let Some(text) = self.text {
            // SAFETY: ours as far as `F` says (invariant), and dropped once.
            unsafe { F::end(text) };
        }
    }
}

// SAFETY: the text is plain bytes that nobody changes, and ends with its array, whose own bounds decide where that may happen.
unsafe impl Send for TextElement<WithArray> {}

// SAFETY: as above; a shared element can only be read.
unsafe impl Sync for TextElement<WithArray> {}

// SAFETY: plain bytes of our own, and `A` says that they may be released anywhere.
unsafe impl<A: Dealloc<c_char> + FreeAnywhere> Send for TextElement<Each<A>> {}

// SAFETY: a shared element can only be read.
unsafe impl<A: Dealloc<c_char> + FreeAnywhere> Sync for TextElement<Each<A>> {}
