//! A fake C library, a bell that calls one function and ends its user data, and the wrapper's `extern "C"` functions.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::missing_safety_doc,
    clippy::unwrap_used,
    reason = "each call keeps the rule that the fake library states; a test fails by panicking"
)]

use core::cell::Cell;
use core::convert::Infallible;
use core::ffi::{c_int, c_void};
use core::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{Callback, Callbacks, CloseError, Consumed, Hook, NotReplaced, Registered, Release, Released, Slot};

// ---- The C library: an object that calls one function, and ends its user data ----------------------------------------

pub(crate) type Fire = unsafe extern "C" fn(*mut c_void, c_int) -> c_int;
pub(crate) type Destroy = unsafe extern "C" fn(*mut c_void);

pub(crate) struct Bell {
    pub(crate) function: Option<Fire>,
    pub(crate) user: *mut c_void,
    pub(crate) destroy: Option<Destroy>,
    pub(crate) refuse: c_int,
    pub(crate) freed: Rc<Cell<u32>>,
}

impl Bell {
    pub(crate) fn make(freed: &Rc<Cell<u32>>) -> NonNull<Bell> {
        let freed = Rc::clone(freed);
        let bell = Bell { function: None, user: ptr::null_mut(), destroy: None, refuse: 0, freed };
        NonNull::from(Box::leak(Box::new(bell)))
    }
}

/// -1: refused, nothing taken. -2: refused, and destroyed.
pub(crate) unsafe extern "C" fn bell_set(
    bell: *mut Bell,
    function: Option<Fire>,
    user: *mut c_void,
    destroy: Option<Destroy>,
) -> c_int {
    assert_eq!(function.is_some(), !user.is_null(), "function and data are set together");
    match unsafe { (*bell).refuse } {
        0 => {}
        -2 => {
            unsafe { destroy.unwrap()(user) };
            return -2;
        }
        refused => return refused,
    }
    let (old, end) = unsafe { ((*bell).user, (*bell).destroy) };
    unsafe {
        (*bell).function = function;
        (*bell).user = user;
        (*bell).destroy = destroy;
    }
    if let Some(end) = end {
        unsafe { end(old) };
    }
    0
}

pub(crate) unsafe extern "C" fn bell_fire(bell: *mut Bell, with: c_int) -> c_int {
    let (function, user) = unsafe { ((*bell).function, (*bell).user) };
    function.map_or(0, |function| unsafe { function(user, with) })
}

/// Calls the function once more, with -1, and ends it.
pub(crate) unsafe extern "C" fn bell_free(bell: *mut Bell) {
    unsafe { bell_fire(bell, -1) };
    let bell = unsafe { Box::from_raw(bell) };
    if let Some(end) = bell.destroy {
        unsafe { end(bell.user) };
    }
    bell.freed.set(bell.freed.get() + 1);
}

pub(crate) struct BellRef;
unsafe impl Release for BellRef {
    type Handle = NonNull<Bell>;
    type Error = Infallible;
    unsafe fn release(bell: NonNull<Bell>) -> Released<Infallible> {
        unsafe { bell_free(bell.as_ptr()) };
        Released::Gone
    }
}

pub(crate) unsafe extern "C" fn count_to(
    n: c_int,
    function: unsafe extern "C" fn(*mut c_void, c_int) -> c_int,
    user: *mut c_void,
) -> c_int {
    (0..n).map(|i| unsafe { function(user, i) }).find(|status| *status != 0).unwrap_or(0)
}

// ---- The wrapper -------------------------------------------------------------------------------------------------------

pub(crate) unsafe extern "C" fn called<F: FnMut(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Callback::<F>::call(user, |f| f(with), -7) }
}

pub(crate) fn count<F: FnMut(i32) -> i32>(n: i32, f: F) -> i32 {
    Callback::with(f, |callback| unsafe { count_to(n, called::<F>, callback.user()) })
}

pub(crate) unsafe extern "C" fn fired<F: FnMut(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Registered::<F>::call(user, |f| f(with), -7) }
}

pub(crate) unsafe extern "C" fn fired_shared<F: Fn(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Registered::<F>::call_shared(user, |f| f(with), -7) }
}

pub(crate) fn hand_over<F: FnMut(i32) -> i32 + 'static>(
    bell: NonNull<Bell>,
    f: F,
    callbacks: &Arc<Callbacks>,
) -> Result<(), CloseError<Registered<F>, c_int>> {
    let registered = Registered::local(f, callbacks);
    let set = |hook: Hook<Fire>| match unsafe { bell_set(bell.as_ptr(), hook.function(), hook.user(), hook.destroy()) }
    {
        0 => Consumed::Taken(()),
        -2 => Consumed::Lost(-2),
        status => Consumed::HandedBack(status),
    };
    unsafe { registered.hand_over(fired::<F> as Fire, set) }
}

pub(crate) fn fire(bell: NonNull<Bell>, with: i32) -> i32 {
    unsafe { bell_fire(bell.as_ptr(), with) }
}

pub(crate) type Function = Box<dyn FnMut(i32) -> i32>;

pub(crate) fn replace(
    slot: &Slot<Registered<Function>>,
    bell: NonNull<Bell>,
    f: Option<Function>,
    callbacks: &Arc<Callbacks>,
) -> Result<Option<Registered<Function>>, NotReplaced<Registered<Function>, c_int>> {
    let set = |new: Option<&Registered<Function>>| {
        let hook = new.map_or(Hook::none(), |new| new.hook(fired::<Function> as Fire));
        match unsafe { bell_set(bell.as_ptr(), hook.function(), hook.user(), hook.destroy()) } {
            0 => Ok(()),
            status => Err(status),
        }
    };
    unsafe { slot.replace(f.map(|f| Registered::local(f, callbacks)), set) }
}

/// Counts the closures that hold a clone of it.
pub(crate) fn holders(token: &Rc<()>) -> usize {
    Rc::strong_count(token) - 1
}
