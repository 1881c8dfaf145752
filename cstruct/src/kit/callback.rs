//! A function of ours that C calls during one call, and then never again.
//!
//! ```text
//!   Callback::with(closure, |callback| c_each(list, trampoline::<F>, callback.user()))
//!                     │                                  │            │
//!   our stack: ┌──────▼──────────────────────┐           │            │
//!              │ closure │ idle? │ its panic │ ◄─────────┼────────────┘
//!              └─────────────────────────────┘           │
//!   trampoline(user, item): Callback::call(user, |f| f(item), default)
//! ```

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::fmt;

use super::panic::{Panic, catch};

/// A value of ours, mostly a closure, that C works with during one call.
///
/// It lives on the stack and may borrow from there. A panic in it does not cross C: C gets the default, from then on always without
/// running it again, and the panic goes on in the Rust caller when the C call has returned. Entered again while it runs, it is not
/// run either: there is no second `&mut`.
///
/// The author of a wrapper writes the `extern "C"` function, since only he knows its signature; it is one line round
/// [`call`](Callback::call). Arguments get their Rust types inside, so the closure is `for<'a> FnMut(&'a …)` and cannot keep them.
///
/// The value need not be a closure. For a C struct with a user pointer and several functions that is used during one call only,
/// it is the Rust object that they work on, such as a reader.
///
/// # Invariants
///
/// `value` is accessed only by the one who set `state` to running, and by the owner when C has returned.
///
/// ```
/// use cstruct::kit::Callback;
/// use core::ffi::{c_int, c_void};
///
/// // each_digit: calls fn(user, digit) for every digit; another answer than 0 stops it and is returned.
/// # unsafe extern "C" fn each_digit(
/// #     n: u32, f: unsafe extern "C" fn(*mut c_void, u32) -> c_int, user: *mut c_void,
/// # ) -> c_int {
/// #     n.to_string().bytes().map(|b| unsafe { f(user, u32::from(b - b'0')) }).find(|&s| s != 0).unwrap_or(0)
/// # }
///
/// fn for_each_digit<F: FnMut(u32)>(n: u32, f: F) {
///     unsafe extern "C" fn trampoline<F: FnMut(u32)>(user: *mut c_void, digit: u32) -> c_int {
///         // SAFETY: each_digit hands back what it was given below, during the call, on its thread.
///         unsafe { Callback::<F>::call(user, |f| { f(digit); 0 }, -1) }
///     }
///     // SAFETY: "calls fn during the call only"; function and user belong together.
///     Callback::with(f, |callback| unsafe { each_digit(n, trampoline::<F>, callback.user()) });
/// }
///
/// let mut sum = 0;
/// for_each_digit(1234, |digit| sum += digit);
/// assert_eq!(sum, 10);
/// ```
pub struct Callback<F> {
    value: UnsafeCell<F>,
    state: Cell<State>,
    panic: Cell<Option<Panic>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Running,
    Panicked,
}

/// Making one.
impl<F> Callback<F> {
    /// Makes one for the time of `call`, which calls C and returns what C answered.
    ///
    /// # Panics
    ///
    /// With what the value panicked with when C called it. What `call` returned is dropped then, so let it adopt what
    /// C made.
    #[inline]
    pub fn with<R>(value: F, call: impl FnOnce(&Callback<F>) -> R) -> R {
        let callback =
            Callback { value: UnsafeCell::new(value), state: Cell::new(State::Idle), panic: Cell::new(None) };
        let result = call(&callback);
        if let Some(panic) = callback.panic.take() {
            drop(result);
            panic.resume();
        }
        result
    }
}

/// Using it.
impl<F> Callback<F> {
    /// The pointer for C, to be passed beside the function.
    #[inline]
    pub fn user(&self) -> *mut c_void {
        (&raw const *self).cast_mut().cast()
    }

    /// For the `extern "C"` function: runs the value, or answers `default`: after a panic, and when it is running already.
    ///
    /// # Safety
    ///
    /// `user` is what [`user`](Callback::user) of a `Callback<F>` with this very `F` gave, whose [`with`](Callback::with) has not
    /// returned, and this is the thread that runs it.
    #[inline]
    pub unsafe fn call<R>(user: *mut c_void, run: impl FnOnce(&mut F) -> R, default: R) -> R {
        // SAFETY: the caller vouches that it points to a live callback, on whose thread this is.
        let callback = unsafe { &*user.cast::<Callback<F>>().cast_const() };
        if callback.state.get() != State::Idle {
            return default;
        }
        callback.state.set(State::Running);
        // SAFETY: the state was idle and is running, so nobody else accesses the value (invariant).
        let value = unsafe { &mut *callback.value.get() };
        match catch(|| run(value)) {
            Ok(result) => {
                callback.state.set(State::Idle);
                result
            }
            Err(panic) => {
                callback.state.set(State::Panicked);
                callback.panic.set(Some(panic));
                default
            }
        }
    }
}

impl<F> fmt::Debug for Callback<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}

// Auto-traits: never `Sync`, by its cells: C calls it on the thread that called C.
