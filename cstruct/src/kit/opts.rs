//! A struct of options, made by C's own init function and passed by pointer.

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Options of the C type `T`, which may hold pointers to things that live for `'a`.
///
/// Only C's init function makes one: it knows the defaults and the version. A wrapper puts its newtype round it, and a
/// setter for each field; one that stores a pointer takes a `&'a`, so that what it points to outlives the options.
///
/// # Invariants
///
/// `raw` was filled by C's init function, and every pointer stored in it since is good for `'a`.
///
/// ```
/// use cstruct::kit::Opts;
/// use core::ffi::{CStr, c_char};
/// # pub struct x_options { version: u32, level: u32, missing: *const c_char }
/// # unsafe extern "C" fn x_options_init(options: *mut x_options, version: u32) -> i32 {
/// #     if version != 1 { return 16 }
/// #     unsafe { options.write(x_options { version, level: 6, missing: core::ptr::null() }) }; 0
/// # }
/// # unsafe extern "C" fn x_open(options: *const x_options) -> u32 { unsafe { (*options).level } }
///
/// pub struct Options<'a>(Opts<'a, x_options>);
///
/// impl<'a> Options<'a> {
///     pub fn new() -> Result<Self, i32> {
///         // SAFETY: "x_options_init: fills `options`, or returns a status that is not 0". It may be moved.
///         unsafe { Opts::init(|options| match x_options_init(options, 1) { 0 => Ok(()), e => Err(e) }) }.map(Options)
///     }
///     pub fn missing(mut self, text: &'a CStr) -> Self {
///         // SAFETY: the text lives for 'a.
///         unsafe { self.0.raw_mut() }.missing = text.as_ptr();
///         self
///     }
/// }
/// let options = Options::new()?.missing(c"NA");
/// // SAFETY: "x_open: `options` is only looked at".
/// assert_eq!(unsafe { x_open(options.0.as_ptr()) }, 6);
/// # Ok::<(), i32>(())
/// ```
#[must_use]
pub struct Opts<'a, T> {
    // A cell, so that the pointer to it may become a borrowed type, about which the compiler assumes nothing.
    raw: UnsafeCell<T>,
    borrows: PhantomData<&'a ()>,
}

impl<'a, T> Opts<'a, T> {
    /// Lets C fill in its defaults. The bytes are all zero before.
    ///
    /// # Errors
    ///
    /// What `init` answered, such as a version that the library does not know.
    ///
    /// # Safety
    ///
    /// When `init` succeeds, the bytes are a valid `T` that may be moved and needs no release, and what it points to lives for
    /// `'a`.
    #[inline]
    pub unsafe fn init<E>(init: impl FnOnce(*mut T) -> Result<(), E>) -> Result<Self, E> {
        let mut raw = MaybeUninit::zeroed();
        init(raw.as_mut_ptr())?;
        Ok(Opts {
            // SAFETY: the init succeeded, so the caller vouches for the bytes.
            raw: UnsafeCell::new(unsafe { raw.assume_init() }),
            borrows: PhantomData,
        })
    }

    /// The fields, to set them.
    ///
    /// # Safety
    ///
    /// A pointer that is stored is good for `'a`, and the struct remains one that C's init made: fields are set, it
    /// is not replaced as a whole.
    #[inline]
    pub unsafe fn raw_mut(&mut self) -> &mut T {
        self.raw.get_mut()
    }

    /// What C is given, to look at.
    #[inline]
    pub fn as_ptr(&self) -> *const T {
        self.raw.get().cast_const()
    }
}

impl<T> fmt::Debug for Opts<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opts").finish_non_exhaustive()
    }
}

// Auto-traits: those of the C struct.

// SAFETY: shared ones give a pointer to look at what is `Sync`; what changes it needs `&mut`.
unsafe impl<T: Sync> Sync for Opts<'_, T> {}
