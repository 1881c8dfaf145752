//! A pointer and a length from C, as a slice.

use core::any::type_name;
use core::fmt;
use core::panic::Location;
use core::ptr::NonNull;
use core::slice;

/// The integer types in which C says lengths.
pub trait Length: Copy + sealed::Sealed {
    /// As a Rust length, if it is one.
    #[doc(hidden)]
    fn to_len(self) -> Result<usize, SliceFault>;
    /// As C's length, if it fits.
    #[doc(hidden)]
    fn from_len(len: usize) -> Option<Self>;
    /// The greatest length that C can say.
    #[doc(hidden)]
    const LONGEST: Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! lengths {
    ($($Int:ty),+) => {$(
        impl sealed::Sealed for $Int {}

        impl Length for $Int {
            #[inline]
            #[allow(unused_comparisons, reason = "half of these types have no negative values")]
            fn to_len(self) -> Result<usize, SliceFault> {
                if self < 0 {
                    return Err(SliceFault::Negative);
                }
                usize::try_from(self).map_err(|_| SliceFault::TooLong)
            }

            #[inline]
            fn from_len(len: usize) -> Option<Self> {
                Self::try_from(len).ok()
            }

            const LONGEST: Self = Self::MAX;
        }
    )+};
}

lengths!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// Borrows `len` elements that C gave.
///
/// `slice::from_raw_parts` is undefined for five things that C does every day. Each is checked here:
///
/// | C gives | here |
/// |---|---|
/// | NULL and 0 | an empty slice |
/// | NULL and more | [`SliceFault::Null`] |
/// | −1 | [`SliceFault::Negative`] |
/// | more than `isize::MAX` bytes | [`SliceFault::TooLong`] |
/// | an address that is not aligned | [`SliceFault::Misaligned`] |
///
/// The length is of whatever integer type C uses. For `&self` methods the lifetime comes from the signature of the wrapper:
///
/// ```
/// use cstruct::kit::{Foreign, Opaque, SliceError, slice_from_c};
/// # pub struct c_series { samples: *const f64, len: i32 }
/// # unsafe extern "C" fn series_samples(s: *const c_series, len: *mut i32) -> *const f64 {
/// #     unsafe { *len = (*s).len; (*s).samples }
/// # }
/// # #[repr(transparent)] pub struct SeriesRef(Opaque<c_series>);
/// # unsafe impl Foreign for SeriesRef { type Raw = c_series; }
///
/// impl SeriesRef {
///     pub fn samples(&self) -> Result<&[f64], SliceError> {
///         let mut len = 0;
///         // SAFETY: a live series (`&self`), and room for the length.
///         let samples = unsafe { series_samples(self.as_ptr(), &raw mut len) };
///         // SAFETY: "the samples, *len of them, good until the series is changed", and `&self` excludes changes.
///         unsafe { slice_from_c(samples, len) }
///     }
/// }
/// # let raw = c_series { samples: [1.0, 2.0].as_ptr(), len: 2 };
/// # let series = unsafe { SeriesRef::from_ptr(&raw const raw) }.expect("not NULL");
/// # assert_eq!(series.samples(), Ok(&[1.0, 2.0][..]));
/// # let raw = c_series { samples: core::ptr::null(), len: 0 };
/// # let series = unsafe { SeriesRef::from_ptr(&raw const raw) }.expect("not NULL");
/// # assert_eq!(series.samples(), Ok(&[][..]));
/// ```
///
/// # Errors
///
/// [`SliceError`] says which of the four faults.
///
/// # Safety
///
/// If `ptr` is not NULL and `len` not negative, it points to `len` initialised, valid `T`s in one allocation, which live and
/// do not change during `'a`.
#[inline]
#[track_caller]
pub unsafe fn slice_from_c<'a, T>(ptr: *const T, len: impl Length) -> Result<&'a [T], SliceError> {
    match checked(ptr.cast_mut(), len)? {
        // SAFETY: aligned, not too long (`checked`), live and unchanging (the caller).
        (Some(first), len) => Ok(unsafe { slice::from_raw_parts(first.as_ptr(), len) }),
        (None, _) => Ok(&[]),
    }
}

/// Borrows `len` elements that C gave, to change them.
///
/// # Errors
///
/// As for [`slice_from_c`].
///
/// # Safety
///
/// As for [`slice_from_c`], and nobody else reads or writes them during `'a`.
#[inline]
#[track_caller]
pub unsafe fn slice_from_c_mut<'a, T>(ptr: *mut T, len: impl Length) -> Result<&'a mut [T], SliceError> {
    match checked(ptr, len)? {
        // SAFETY: aligned, not too long (`checked`), live and ours alone (the caller).
        (Some(first), len) => Ok(unsafe { slice::from_raw_parts_mut(first.as_ptr(), len) }),
        (None, _) => Ok(&mut []),
    }
}

/// A pointer that may be the start of a slice of that length; `None` is NULL, with 0.
#[track_caller]
pub(super) fn checked<T>(ptr: *mut T, len: impl Length) -> Result<(Option<NonNull<T>>, usize), SliceError> {
    let fault = match (NonNull::new(ptr), len.to_len()) {
        (_, Err(fault)) => fault,
        (None, Ok(0)) => return Ok((None, 0)),
        (None, Ok(_)) => SliceFault::Null,
        (Some(first), Ok(_)) if !first.is_aligned() => SliceFault::Misaligned,
        (Some(first), Ok(len)) => match len.checked_mul(size_of::<T>()) {
            Some(bytes) if bytes <= isize::MAX.unsigned_abs() => return Ok((Some(first), len)),
            _ => SliceFault::TooLong,
        },
    };
    Err(SliceError::new::<T>(fault))
}

/// Why a pointer and a length are no slice; carries the element type and the line that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceError {
    fault: SliceFault,
    element: &'static str,
    at: &'static Location<'static>,
}

impl SliceError {
    #[cold]
    #[track_caller]
    pub(super) fn new<T>(fault: SliceFault) -> Self {
        SliceError { fault, element: type_name::<T>(), at: Location::caller() }
    }

    /// What is wrong.
    pub fn fault(&self) -> SliceFault {
        self.fault
    }

    /// Where in the source the slice was made.
    pub fn location(&self) -> &'static Location<'static> {
        self.at
    }
}

/// What is wrong with a pointer and a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SliceFault {
    /// NULL, and a length that is not 0.
    Null,
    /// The length is below 0.
    Negative,
    /// More bytes than an allocation can have.
    TooLong,
    /// The address is not a multiple of the alignment of the element.
    Misaligned,
    /// No end within the bound.
    Unterminated,
}

impl fmt::Display for SliceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            SliceFault::Null => "NULL with a length that is not 0; check the status of the call before",
            SliceFault::Negative => "a negative length; check whether it is C's way to say that the call failed",
            SliceFault::TooLong => {
                "a length that no allocation has; check that the length is counted in elements and was initialised"
            }
            SliceFault::Misaligned => "an address that is not aligned for the element; read it as bytes and copy",
            SliceFault::Unterminated => {
                "a list without an end in the stated bound; raise the bound or ask C for the count"
            }
        };
        write!(f, "C gave a slice of `{}` with {what}, at {}", self.element, self.at)
    }
}

impl core::error::Error for SliceError {}
