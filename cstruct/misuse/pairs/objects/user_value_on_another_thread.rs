//! A value that may not leave its thread is put into an object of C that may.
//! rows: 25, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use core::ffi::c_void;
use core::pin::Pin;
use core::ptr;
use cstruct::kit::{DestroyFn, HasUserSlot, UserSlot};
use cstruct::wrap;

pub struct thing {
    user: *mut c_void,
    destroy: Option<DestroyFn>,
}

unsafe extern "C" fn thing_free(thing: *mut thing) {
    // SAFETY: it is from `new`, and is given up.
    let thing = unsafe { Box::from_raw(thing) };
    if let Some(destroy) = thing.destroy {
        // SAFETY: it was set together with the pointer.
        unsafe { destroy(thing.user) }
    }
}

wrap! {
    pub struct Thing = Owned<ThingRef>;
    pub struct ThingRef(thing);
    unsafe { release = thing_free; }
}

impl Thing {
    fn new() -> Thing {
        let raw = Box::into_raw(Box::new(thing { user: ptr::null_mut(), destroy: None }));
        // SAFETY: it is ours, and thing_free releases it.
        unsafe { Thing::from_raw(raw) }.unwrap()
    }
}

// SAFETY: the pair before is destroyed once, when another takes its place or the thing ends.
unsafe impl HasUserSlot for ThingRef {
    type Error = Infallible;
    const DESTROYS: bool = true;

    unsafe fn set(object: *mut thing, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Infallible> {
        // SAFETY: the thing is live, and the caller's alone.
        let old = unsafe { ptr::replace(object, thing { user, destroy }) };
        if let Some(destroy) = old.destroy {
            // SAFETY: it was set together with the pointer.
            unsafe { destroy(old.user) }
        }
        Ok(())
    }

    unsafe fn user(object: *mut thing) -> *mut c_void {
        // SAFETY: the thing is live.
        unsafe { (*object).user }
    }
}

fn set<T: Send + Sync + 'static>(thing: Pin<&mut ThingRef>, value: T) {
    let Ok(()) = UserSlot::set(thing, value) else { unreachable!() };
}

#[cfg(wrong)]
use std::rc::Rc as Counted;
#[cfg(right)]
use std::sync::Arc as Counted;

fn main() {
    let mut thing = Thing::new();
    set(thing.pin_mut(), Counted::new(7)); //~[wrong] E0277
    assert!(UserSlot::<u32>::get(&*thing).is_err());
}
