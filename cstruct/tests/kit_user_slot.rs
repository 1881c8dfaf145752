//! A pointer of ours in an object of theirs: typed, replaced and destroyed exactly once.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in this file, and each call keeps the rule that it states; a test fails by panicking"
)]

use core::convert::Infallible;
use core::ffi::{c_int, c_void};
use core::ptr::{self, NonNull};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{DestroyFn, Foreign, HasUserSlot, NotSet, Opaque, Owned, Release, Released, UserSlot};

/// The C library: objects with a user pointer. `full` calls destroy itself; `bare` only keeps the pointer.
#[derive(Default)]
struct Thing {
    user: Option<NonNull<c_void>>,
    destroy: Option<DestroyFn>,
    refuse: bool,
    half_dead: bool,
}

unsafe fn thing_set(thing: *mut Thing, user: *mut c_void, destroy: Option<DestroyFn>) -> c_int {
    assert!(!unsafe { (*thing).half_dead }, "the destroy function reaches into its object");
    if unsafe { (*thing).refuse } {
        return -1;
    }
    let (old, end) = unsafe { ((*thing).user, (*thing).destroy) };
    unsafe {
        (*thing).user = NonNull::new(user);
        (*thing).destroy = destroy;
    }
    if let (Some(old), Some(end)) = (old, end) {
        unsafe { end(old.as_ptr()) };
    }
    0
}

unsafe fn thing_free(thing: *mut Thing) {
    unsafe { (*thing).half_dead = true };
    if let (Some(old), Some(end)) = unsafe { ((*thing).user, (*thing).destroy) } {
        unsafe { end(old.as_ptr()) };
    }
    drop(unsafe { Box::from_raw(thing) });
}

macro_rules! thing {
    ($Ref:ident, destroys: $destroys:literal) => {
        #[repr(transparent)]
        struct $Ref(Opaque<Thing>);
        unsafe impl Foreign for $Ref {
            type Raw = Thing;
        }
        unsafe impl Release for $Ref {
            type Handle = NonNull<Thing>;
            type Error = Infallible;
            unsafe fn release(thing: NonNull<Thing>) -> Released<Infallible> {
                let user = unsafe { Self::user(thing.as_ptr()) };
                unsafe { thing_free(thing.as_ptr()) };
                if !$destroys {
                    unsafe { UserSlot::destroy(user) };
                }
                Released::Gone
            }
        }
        unsafe impl HasUserSlot for $Ref {
            type Error = c_int;
            const DESTROYS: bool = $destroys;
            unsafe fn set(thing: *mut Thing, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), c_int> {
                assert_eq!(destroy.is_some(), $destroys && !user.is_null());
                match unsafe { thing_set(thing, user, destroy) } {
                    0 => Ok(()),
                    status => Err(status),
                }
            }
            unsafe fn user(thing: *mut Thing) -> *mut c_void {
                unsafe { (*thing).user }.map_or(ptr::null_mut(), NonNull::as_ptr)
            }
        }
    };
}
thing!(FullRef, destroys: true);
thing!(BareRef, destroys: false);

fn make<T: Foreign<Raw = Thing> + Release<Handle = NonNull<Thing>>>() -> Owned<T> {
    unsafe { Owned::from_raw(Box::into_raw(Box::default())) }.unwrap()
}

fn replaced_and_destroyed_once<T>()
where
    T: HasUserSlot<Raw = Thing, Error = c_int> + Release<Handle = NonNull<Thing>, Error = Infallible>,
{
    let token = Arc::new(7);
    let mut thing = make::<T>();
    assert_eq!(UserSlot::<Arc<i32>>::get(&*thing), Ok(None));
    UserSlot::set(thing.pin_mut(), Arc::clone(&token)).unwrap();
    assert_eq!(UserSlot::<Arc<i32>>::get(&*thing), Ok(Some(&token)));
    UserSlot::set(thing.pin_mut(), Arc::clone(&token)).unwrap();
    assert_eq!(Arc::strong_count(&token), 2, "the one before is destroyed");
    UserSlot::<()>::clear(thing.pin_mut()).unwrap();
    assert_eq!((Arc::strong_count(&token), UserSlot::<u8>::get(&*thing)), (1, Ok(None)));
    UserSlot::set(thing.pin_mut(), (Arc::clone(&token), 1_u8)).unwrap();
    UserSlot::<(Arc<i32>, u8)>::get_mut(thing.pin_mut()).unwrap().unwrap().1 += 1;
    assert_eq!(UserSlot::<(Arc<i32>, u8)>::get(&*thing).unwrap().unwrap().1, 2);
    let Ok(()) = thing.close();
    assert_eq!(Arc::strong_count(&token), 1, "the last one goes with the object");
}

#[test]
fn c_destroys() {
    replaced_and_destroyed_once::<FullRef>();
}

#[test]
fn rust_destroys_where_c_does_not() {
    replaced_and_destroyed_once::<BareRef>();
}

#[test]
fn a_refused_value_comes_back() {
    let mut thing = make::<FullRef>();
    UserSlot::set(thing.pin_mut(), 1_u8).unwrap();
    unsafe { (*thing.as_ptr()).refuse = true };
    let NotSet { value, error } = UserSlot::set(thing.pin_mut(), String::from("mine")).unwrap_err();
    assert_eq!((&value[..], error), ("mine", -1));
    assert_eq!(UserSlot::<u8>::clear(thing.pin_mut()), Err(-1));
    assert_eq!(UserSlot::<u8>::get(&*thing), Ok(Some(&1)));
}

#[test]
fn another_type_is_refused_by_name() {
    let mut thing = make::<BareRef>();
    UserSlot::set(thing.pin_mut(), 1_u8).unwrap();
    let error = UserSlot::<u16>::get(&*thing).unwrap_err();
    assert_eq!(error.to_string(), "the user slot holds a `u8` where a `u16` was expected; use one type for one slot");
    assert!(UserSlot::<i8>::get_mut(thing.pin_mut()).is_err());
}

#[test]
fn a_forgotten_object_leaks_its_value() {
    let token = Arc::new(());
    let mut thing = make::<FullRef>();
    UserSlot::set(thing.pin_mut(), Arc::clone(&token)).unwrap();
    let thing = core::mem::ManuallyDrop::new(thing);
    assert_eq!(Arc::strong_count(&token), 2);
    drop(core::mem::ManuallyDrop::into_inner(thing));
    assert_eq!(Arc::strong_count(&token), 1);
}

#[test]
fn a_local_value_stays_on_its_thread_by_contract() {
    let mut thing = make::<FullRef>();
    let value = Rc::new(Cell::new(3));
    unsafe { UserSlot::set_local(thing.pin_mut(), Rc::clone(&value)) }.unwrap();
    UserSlot::<Rc<Cell<i32>>>::get(&*thing).unwrap().unwrap().set(4);
    drop(thing);
    assert_eq!((value.get(), Rc::strong_count(&value)), (4, 1));
}

#[cfg(feature = "std")]
#[test]
fn a_destructor_that_panics_ends_in_front_of_c() {
    struct Grenade;
    impl Drop for Grenade {
        fn drop(&mut self) {
            std::panic::panic_any(Grenade);
        }
    }
    let mut thing: Owned<FullRef> = make();
    UserSlot::set(thing.pin_mut(), Grenade).unwrap();
    UserSlot::set(thing.pin_mut(), 5_u8).unwrap();
    assert_eq!(UserSlot::<u8>::get(&*thing), Ok(Some(&5)));
}
