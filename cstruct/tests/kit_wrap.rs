//! Every form of a declaration, with its words in any order.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a call of C and the adoption of its result are one step")]

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{CloseError, Foreign, InPlace, Keeper, Null, Owned, Released, Shared};
use cstruct::wrap;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

/// A small C library: one kind of object, under many names.
#[allow(clippy::undocumented_unsafe_blocks, reason = "a stand-in for C, which says no more")]
mod c {
    use std::cell::Cell;

    pub struct Object {
        pub count: u32,
    }

    thread_local! {
        pub static FREED: Cell<u32> = const { Cell::new(0) };
    }

    pub(crate) unsafe extern "C" fn new() -> *mut Object {
        Box::into_raw(Box::new(Object { count: 1 }))
    }

    pub(crate) unsafe extern "C" fn init(object: *mut Object) {
        unsafe { (*object).count = 1 };
    }

    pub(crate) unsafe extern "C" fn reference(object: *mut Object) -> *mut Object {
        unsafe { (*object).count += 1 };
        object
    }

    pub(crate) unsafe extern "C" fn free(object: *mut Object) {
        unsafe { (*object).count -= 1 };
        if unsafe { (*object).count } == 0 {
            FREED.set(FREED.get() + 1);
            drop(unsafe { Box::from_raw(object) });
        }
    }

    /// Answers 4: it is gone, and something went wrong.
    pub(crate) unsafe extern "C" fn close(object: *mut Object) -> i32 {
        unsafe { free(object) };
        4
    }

    pub(crate) unsafe extern "C" fn end(_object: *mut Object) {
        FREED.set(FREED.get() + 1);
    }
}

wrap! {
    /// A parent, which its library owns.
    pub struct ParentRef(c::Object);

    unsafe { sync = "shared.h: only read"; send = "shared.h: only read"; }
}

wrap! {
    /// Only ever borrowed, and nothing is said of it.
    #[derive(Debug)]
    pub struct QuietRef(c::Object);
}

wrap! {
    /// An owner.
    #[derive(Debug)]
    pub(crate) struct Plain = Owned<PlainRef>;

    /// Its borrowed type.
    #[derive(Debug)]
    pub(crate) struct PlainRef(c::Object);

    unsafe {
        send = "plain.h";
        close = c::close, |status| if status == 0 { Released::Gone } else { Released::GoneWith(status) } => i32;
    }
}

wrap! {
    struct Child<K> = Owned<ChildRef, K>;
    struct ChildRef(c::Object);
    unsafe { release = c::free; }
}

wrap! {
    /// Its parent is always held in one way.
    struct Fixed = Owned<FixedRef, Arc<String>>;
    struct FixedRef(c::Object);
    unsafe { movable = "fixed.h"; release = c::free; }
}

wrap! {
    /// A list whose elements have a type.
    struct List<T> = Owned<ListRef<T>>;
    struct ListRef<T>(c::Object);
    unsafe { release = c::free; send = "list.h"; sync = "list.h"; }
}

wrap! {
    /// The same, leaning on something, and counted.
    struct Counted<T, K> = Shared<CountedRef<T>, K>;
    struct CountedRef<T>(c::Object);
    unsafe {
        clone = "counted.h: an integer of 64 bits";
        release = c::free;
        unique = |object: *mut c::Object| (*object).count, |count| count == 1;
        retain = c::reference, |_same| Ok(()) => Infallible;
    }
}

wrap! {
    struct Here<T, K> = InPlace<HereRef<T>, K>;
    struct HereRef<T>(c::Object);
    unsafe { clear = c::end; }
}

fn freed() -> u32 {
    c::FREED.get()
}

#[test]
fn an_owner_passes_on_what_close_says() -> Result<(), Null> {
    // SAFETY: a new object that is ours.
    let plain = unsafe { Plain::from_raw(c::new()) }?;
    let Err(CloseError::Gone(4)) = plain.close() else { panic!("4") };
    assert_eq!(freed(), 1);
    // SAFETY: NULL is allowed.
    let error = unsafe { Plain::from_raw(std::ptr::null_mut()) }.expect_err("NULL");
    assert_eq!(error.location().file(), file!());
    // SAFETY: a new object that is ours.
    let raw = Plain::into_raw(unsafe { Plain::from_raw(c::new()) }?);
    assert_eq!(freed(), 1);
    // SAFETY: it was given up, and is taken back.
    let mut owner: Owned<PlainRef> = unsafe { Plain::from_raw(raw) }?.into();
    owner.pin_mut();
    let Err(CloseError::Gone(4)) = owner.close() else { panic!("4") };
    assert_eq!(freed(), 2);
    Ok(())
}

#[test]
fn a_child_leans_on_any_keeper() -> Result<(), Null> {
    fn child<K: Keeper<ParentRef>>(parent: K) -> Result<Child<K>, Null> {
        // SAFETY: a new object that is ours, and leans on the parent.
        unsafe { Child::from_raw(c::new(), parent) }
    }
    let mut object = c::Object { count: 1 };
    // SAFETY: it lives until the end of this function and is only read.
    let parent = unsafe { ParentRef::from_ptr(&raw mut object) }?;
    let borrowed = child(parent)?;
    let counted = child(Rc::new(parent))?;
    assert_eq!(Child::keeper(&counted).parent().as_ptr(), parent.as_ptr());
    // SAFETY: the keeper is kept until both are put together again.
    let (raw, keeper) = unsafe { Child::into_parts(counted) };
    // SAFETY: the parts of one child.
    drop(unsafe { Child::from_raw(raw, keeper) }?);
    drop(borrowed);
    assert_eq!(freed(), 2);
    Ok(())
}

#[test]
fn a_keeper_may_be_a_type_of_its_own() -> Result<(), Null> {
    let parent = Arc::new(String::from("parent"));
    // SAFETY: a new object that is ours.
    let mut fixed = unsafe { Fixed::from_raw(c::new(), parent.clone()) }?;
    fixed.pin_mut();
    assert_eq!(Arc::strong_count(Fixed::keeper(&fixed)), 2);
    drop(fixed);
    assert_eq!((Arc::strong_count(&parent), freed()), (1, 1));
    Ok(())
}

#[test]
fn a_handle_may_have_the_type_of_its_elements() -> Result<(), Null> {
    // SAFETY: a new object that is ours.
    let list: List<String> = unsafe { List::from_raw(c::new()) }?;
    let by_reference: &ListRef<String> = &list;
    assert!(!by_reference.as_ptr().is_null());
    let Ok(()) = list.close();

    // SAFETY: a new count that is ours.
    let mut counted: Counted<u8, Rc<()>> = unsafe { Counted::adopt(c::new(), Rc::new(())) }?;
    assert!(counted.unique_mut().is_some());
    let clone = counted.clone();
    assert!(counted.unique_mut().is_none() && Counted::ptr_eq(&counted, &clone));
    // SAFETY: live, as `clone` shows.
    let third = unsafe { Counted::<u8, ()>::retain(clone.as_ptr(), ()) }.expect("never refused");
    drop((counted, clone, third));
    assert_eq!(freed(), 2);

    let init = |object| -> Result<(), Infallible> {
        // SAFETY: the room.
        unsafe { c::init(object) };
        Ok(())
    };
    // SAFETY: init cannot fail, and the object leans on nothing.
    let Ok(mut here) = unsafe { Here::<u8, _>::init(cstruct::kit::Initial::Untouched, "kept", init) };
    here.pin_mut();
    assert_eq!(*Here::keeper(&here), "kept");
    drop(here);
    assert_eq!(freed(), 3);
    Ok(())
}

assert_eq_size!(Plain, Option<Plain>, Child<()>, List<String>, *mut u8);
assert_impl_all!(ParentRef: Send, Sync);
assert_not_impl_any!(QuietRef: Send, Sync, Unpin);
assert_impl_all!(Plain: Send, Keeper<PlainRef>);
assert_not_impl_any!(Plain: Sync, Clone, std::ops::DerefMut);
assert_impl_all!(Owned<FixedRef>: std::ops::DerefMut);
assert_impl_all!(List<String>: Send, Sync);
assert_not_impl_any!(List<Rc<()>>: Send, Sync);
assert_not_impl_any!(List<std::cell::Cell<u8>>: Sync);
assert_impl_all!(Shared<CountedRef<u8>, Rc<()>>: Clone);
assert_impl_all!(Counted<u8, Rc<()>>: Clone);
assert_not_impl_any!(InPlace<HereRef<u8>>: Send, Sync, Clone);

#[cfg(feature = "std")]
#[test]
fn a_newtype_may_be_released_later() -> Result<(), Box<dyn std::error::Error>> {
    use cstruct::kit::{Bounds, Deferred, ReleaseQueue};

    let queue = ReleaseQueue::new(Bounds::count(8));
    // SAFETY: a new object that is ours.
    let plain = unsafe { Plain::from_raw(c::new()) }?.defer(&queue);
    assert!(!plain.as_ptr().is_null());
    // SAFETY: a new object that is ours, and leans on nothing.
    let child: Child<Rc<str>> = unsafe { Child::from_raw(c::new(), Rc::from("kept")) }?;
    let counted: Counted<u8, ()> = {
        // SAFETY: a new count that is ours.
        unsafe { Counted::adopt(c::new(), ()) }?
    };
    let init = |object| -> Result<(), Infallible> {
        // SAFETY: the room.
        unsafe { c::init(object) };
        Ok(())
    };
    // SAFETY: `init` makes the object, which leans on nothing.
    let here: Here<u8, ()> = unsafe { Here::init(cstruct::kit::Initial::Untouched, (), init) }?;
    drop((plain, child.defer(&queue), counted.defer(&queue), here.defer(&queue)));
    assert_eq!((queue.stats().backlog, freed()), (4, 0));
    assert_eq!((queue.flush(), freed()), (4, 4));

    // What is declared `send` may be deferred from anywhere, and taken back.
    // SAFETY: a new object that is ours.
    let sent = unsafe { Plain::from_raw(c::new()) }?.defer(queue.handle());
    let Err(CloseError::Gone(4)) = Deferred::into_inner(sent).close() else { panic!("4") };
    assert_eq!((queue.stats().backlog, freed()), (0, 5));
    Ok(())
}
