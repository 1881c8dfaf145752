//! A function of ours for C functions that have no user-data argument.

use core::fmt;
use core::ptr::NonNull;

use super::Callbacks;

/// A function that is its type: nothing has to be carried to it.
///
/// Where C gives no room for a pointer of ours, only a function without captures can be called: one of size 0. Anything else does
/// not compile. It is good for the whole process; its panics wait in a `static` [`Callbacks`].
///
/// # Invariants
///
/// `F` has size 0, and a value of it was made and is never dropped.
///
/// ```
/// use cstruct::kit::{Callbacks, Stateless};
/// use core::ffi::c_int;
///
/// // sort: sorts numbers with a comparison function, and nothing besides
/// # unsafe extern "C" fn sort(base: *mut c_int, n: usize, f: unsafe extern "C" fn(c_int, c_int) -> c_int) {
/// #     unsafe { core::slice::from_raw_parts_mut(base, n) }.sort_by(|a, b| unsafe { f(*a, *b) }.cmp(&0))
/// # }
///
/// static CALLBACKS: Callbacks = Callbacks::new();
///
/// fn sort_by<F>(numbers: &mut [c_int], compare: F)
/// where
///     F: Fn(c_int, c_int) -> c_int + Copy + Send + Sync + 'static,
/// {
///     unsafe extern "C" fn trampoline<F>(a: c_int, b: c_int) -> c_int
///     where
///         F: Fn(c_int, c_int) -> c_int + Copy + Send + Sync + 'static,
///     {
///         // SAFETY: `sort_by`, which alone passes this function on, has made a `Stateless<F>`.
///         unsafe { Stateless::<F>::call(&CALLBACKS, |f| f(a, b), 0) }
///     }
///     let _made = Stateless::new(compare);
///     // SAFETY: the numbers and their count are from one slice.
///     unsafe { sort(numbers.as_mut_ptr(), numbers.len(), trampoline::<F>) };
///     CALLBACKS.resume();
/// }
///
/// let mut numbers = [1, 3, 2];
/// sort_by(&mut numbers, |a, b| b - a);
/// assert_eq!(numbers, [3, 2, 1]);
/// ```
#[derive(Clone, Copy)]
pub struct Stateless<F: 'static>(F);

impl<F: Copy + Send + Sync + 'static> Stateless<F> {
    /// Vouches that there is such a function. A function that captures something does not compile.
    #[inline]
    pub fn new(function: F) -> Self {
        const {
            assert!(size_of::<F>() == 0, "C has no argument for what this function captures: pass one without captures")
        };
        Stateless(function)
    }

    /// For the `extern "C"` function: runs the function, or answers `default`: when it panics, and after a panic that was
    /// not resumed.
    ///
    /// # Safety
    ///
    /// [`new`](Stateless::new) was called with an `F` in this process.
    #[inline]
    pub unsafe fn call<R>(callbacks: &Callbacks, run: impl FnOnce(&F) -> R, default: R) -> R {
        const { assert!(size_of::<F>() == 0, "not a function without captures") };
        // SAFETY: a value of size 0 is read from any aligned address. One exists, as the caller says, and being `Copy` there may be
        // any number of it; being `Send + Sync + 'static` it may be used here and now.
        let function = unsafe { NonNull::<F>::dangling().read() };
        callbacks.run(|| run(&function), default)
    }
}

impl<F> fmt::Debug for Stateless<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stateless")
    }
}
