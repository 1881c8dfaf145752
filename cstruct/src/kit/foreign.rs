//! Types that stand for a C struct and are only ever seen through a reference.

use core::any::type_name;
use core::fmt;
use core::panic::Location;
use core::pin::Pin;
use core::ptr::NonNull;

use super::Opaque;

/// A borrowed type: `&Self` is a C pointer that has a lifetime and is not NULL.
///
/// [`wrap!`](crate::wrap) writes the type and this impl; by hand it is two lines:
///
/// ```
/// use cstruct::kit::{Foreign, Opaque};
/// # #[allow(non_camel_case_types)] pub struct c_thing { answer: i32 }
///
/// #[repr(transparent)]
/// pub struct ThingRef(Opaque<c_thing>);
///
/// // SAFETY: `ThingRef` is transparent over `Opaque<c_thing>`.
/// unsafe impl Foreign for ThingRef { type Raw = c_thing; }
///
/// let mut thing = c_thing { answer: 42 };
/// // SAFETY: `thing` lives, and is not touched otherwise, until the last use of the reference.
/// let borrowed = unsafe { ThingRef::from_ptr(&raw const thing) }?;
/// assert_eq!(borrowed.as_ptr().cast_const(), &raw const thing);
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
///
/// # Safety
///
/// `Self` is `#[repr(transparent)]` over [`Opaque<Self::Raw>`], and no safe code can make a value of it.
pub unsafe trait Foreign: Sized {
    /// The C struct.
    type Raw;

    /// Borrows what a C pointer points to.
    ///
    /// # Errors
    ///
    /// [`Null`], naming this type and the caller's line, when the pointer is NULL. Where the C documentation allows NULL,
    /// that is `.ok()`.
    ///
    /// # Safety
    ///
    /// If not NULL, `ptr` points to a live, aligned `Raw`; for the whole of `'a` nobody releases it, and what changes it
    /// does so as the C library allows while it is read through this reference.
    #[inline]
    #[track_caller]
    unsafe fn from_ptr<'a>(ptr: *const Self::Raw) -> Result<&'a Self, Null>
    where
        Self: 'a,
    {
        let Some(ptr) = NonNull::new(ptr.cast_mut()) else {
            return Err(Null::of::<Self>());
        };
        // SAFETY: the caller vouches for a live, aligned `Raw` throughout 'a; `Self` is transparent over it (this trait's
        // contract) and assumes nothing about its bytes (`Opaque`).
        Ok(unsafe { ptr.cast::<Self>().as_ref() })
    }

    /// Borrows what a C pointer points to, to change it.
    ///
    /// # Errors
    ///
    /// [`Null`] when the pointer is NULL.
    ///
    /// # Safety
    ///
    /// As for [`from_ptr`](Foreign::from_ptr), and nothing else reads or changes the object during `'a`; it stays at its
    /// address until it is released.
    #[inline]
    #[track_caller]
    unsafe fn from_ptr_mut<'a>(ptr: *mut Self::Raw) -> Result<Pin<&'a mut Self>, Null>
    where
        Self: 'a,
    {
        let Some(ptr) = NonNull::new(ptr) else {
            return Err(Null::of::<Self>());
        };
        // SAFETY: as in `from_ptr`, and the caller vouches that the access is exclusive throughout 'a.
        let exclusive = unsafe { ptr.cast::<Self>().as_mut() };
        // SAFETY: the caller vouches that the object stays where it is until its end, which is what pinning asks; the
        // reference is never handed out unpinned.
        Ok(unsafe { Pin::new_unchecked(exclusive) })
    }

    /// The pointer to hand to C.
    #[inline]
    fn as_ptr(&self) -> *mut Self::Raw {
        // SAFETY: `Self` is transparent over `Opaque<Raw>`, so a reference to one is a valid reference to the other for
        // the same lifetime.
        let opaque = unsafe { &*(&raw const *self).cast::<Opaque<Self::Raw>>() };
        opaque.as_ptr()
    }
}

/// C gave NULL where an object was expected.
///
/// Carries the type and the line that asked, so that the message alone finds the place:
///
/// ```
/// # use cstruct::kit::{Foreign, Opaque};
/// # pub struct Thing;
/// # #[repr(transparent)] pub struct ThingRef(Opaque<Thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = Thing; }
/// // SAFETY: NULL is allowed, and answered with an error.
/// let error = unsafe { ThingRef::from_ptr(core::ptr::null()) }.err().expect("NULL is refused");
/// assert!(error.to_string().contains("ThingRef"));
/// assert!(error.to_string().contains(file!()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Null {
    expected: &'static str,
    at: &'static Location<'static>,
}

impl Null {
    /// The error for a `T` that was asked for by the caller.
    #[cold]
    #[track_caller]
    pub fn of<T>() -> Null {
        Null { expected: type_name::<T>(), at: Location::caller() }
    }

    /// The name of the Rust type that was expected.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Where in the source the pointer was adopted.
    pub fn location(&self) -> &'static Location<'static> {
        self.at
    }
}

impl fmt::Display for Null {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Null { expected, at } = self;
        write!(f, "C gave NULL where a `{expected}` was expected, at {at}; check the status of the call before")
    }
}

impl core::error::Error for Null {}
