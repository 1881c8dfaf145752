//! `Cursor`: an object in our room, on the heap and in a stack frame; it keeps its list, and does not work elsewhere.
#![cfg(feature = "store")]

mod balanced;

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use balanced::balanced;
use cstruct::kit::{Foreign, InPlace};
use cstruct::{CStruct, CStructRef, Cursor, CursorPlace, CursorRef, Error, Status, live};
use static_assertions::{assert_eq_size, assert_not_impl_any};

assert_not_impl_any!(CursorRef: Send, Sync, Unpin);
assert_not_impl_any!(Cursor<Arc<CStruct>>: Send, Sync, Clone);
assert_not_impl_any!(CursorPlace<&'static CStructRef>: Send, Sync, Unpin);
assert_eq_size!(Cursor<&CStructRef>, Option<Cursor<&CStructRef>>, [usize; 2]);

fn list(len: i32) -> CStruct {
    CStruct::from_records((0..len).map(|value| CStruct::new(value).expect("memory"))).expect("one at least")
}

fn values<'c>(walk: impl Iterator<Item = Result<&'c CStructRef, Error>>) -> Vec<i32> {
    walk.map(|record| record.expect("it was not moved").value()).collect()
}

#[test]
fn it_walks_to_the_end_and_stays_there() {
    balanced(|| {
        let list = list(3);
        let mut cursor = Cursor::new(&*list).expect("it is possible");
        assert_eq!(cursor.step().expect("it is possible").map(CStructRef::value), Some(0));
        assert_eq!(cursor.index(), 1);
        assert_eq!(values(cursor.walk()), [1, 2]);
        for _ in 0..3 {
            assert!(cursor.step().expect("it is possible").is_none());
        }
        assert_eq!(format!("{cursor:?}"), "Cursor { index: 3 }");
    });
}

#[test]
fn records_of_one_walk_may_be_held_together() {
    balanced(|| {
        let list = list(100);
        let mut cursor = Cursor::new(&*list).expect("it is possible");
        let held: Vec<&CStructRef> = cursor.walk().map(Result::unwrap).collect();
        assert_eq!(held.iter().map(|record| record.value()).sum::<i32>(), 4950);
        let mut walk = cursor.walk();
        assert!(walk.next().is_none() && walk.next().is_none());
    });
}

#[test]
fn the_handle_moves_and_the_cursor_stays() {
    balanced(|| {
        let list = list(2);
        let mut cursors = Vec::new();
        for _ in 0..64 {
            cursors.push(Cursor::new(&*list).expect("it is possible")); // the Vec grows: handles move
        }
        let before: Vec<_> = cursors.iter().map(|cursor| cursor.as_ptr()).collect();
        cursors.reverse();
        assert!(cursors.iter().rev().map(|cursor| cursor.as_ptr()).eq(before));
        assert!(cursors.iter_mut().all(|cursor| values(cursor.walk()) == [0, 1]));
    });
}

#[test]
fn any_keeper_keeps_the_list() {
    balanced(|| {
        let (counted, shared) = (Rc::new(list(2)), Arc::new(list(3)));
        let mut of_rc = Cursor::new(Rc::clone(&counted)).expect("it is possible");
        let mut of_arc = Cursor::new(shared).expect("it is possible");
        let mut of_own = Cursor::new(list(4)).expect("it is possible");
        let lens = [values(of_rc.walk()).len(), values(of_arc.walk()).len(), values(of_own.walk()).len()];
        assert_eq!(lens, [2, 3, 4]);
        assert_eq!((Rc::strong_count(&counted), Cursor::keeper(&of_own).value()), (2, 0));
        of_rc.close().expect("it is possible");
        assert_eq!(Rc::strong_count(&counted), 1);
    });
}

#[test]
fn a_pinned_place_ends_its_cursor_with_the_scope() {
    balanced(|| {
        let list = list(2);
        let before = live().objects;
        {
            let mut place = pin!(CursorPlace::new());
            assert!(place.object().is_none());
            let mut cursor = CursorRef::start_in(place.as_mut(), &*list).expect("it is possible");
            assert_eq!(cursor.as_mut().step().expect("it is possible").map(CStructRef::value), Some(0));
            assert_eq!(values(cursor.walk()), [1]);
            assert_eq!(live().objects, before + 1);

            // Another one in the same place: the first one is ended.
            let again = CursorRef::start_in(place.as_mut(), &*list).expect("it is possible");
            assert_eq!(values(again.walk()), [0, 1]);
            assert_eq!(live().objects, before + 1);
        }
        assert_eq!(live().objects, before);
    });
}

#[test]
fn a_panic_ends_it_too() {
    balanced(|| {
        let list = list(1);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let mut place = pin!(CursorPlace::new());
            let _here = CursorRef::start_in(place.as_mut(), &*list).expect("it is possible");
            let _there = Cursor::new(&*list).expect("it is possible");
            panic!("between begin and end");
        }));
        assert!(panicked.is_err());
    });
}

#[test]
fn one_that_was_moved_is_refused_where_it_is_now() {
    balanced(|| {
        let list = list(2);
        let cursor = InPlace::from(Cursor::new(&*list).expect("it is possible"));
        // SAFETY: the list lives until the cursor is cleared below.
        let (room, list) = unsafe { InPlace::into_parts(cursor) };
        let mut elsewhere = MaybeUninit::<cstruct_sys::cstruct_cursor>::uninit();
        // SAFETY: one C struct is as large as another; safe code has no way to do this.
        unsafe { ptr::copy_nonoverlapping(room.as_ptr(), elsewhere.as_mut_ptr(), 1) };
        // SAFETY: bytes of a cursor, ours alone; C finds out by itself that it is not one.
        let copy = unsafe { CursorRef::from_ptr_mut(elsewhere.as_mut_ptr()) }.expect("it is possible");
        assert_eq!(copy.step().unwrap_err(), Error::Refused(Status::Moved));
        // SAFETY: as above.
        let copy = unsafe { CursorRef::from_ptr_mut(elsewhere.as_mut_ptr()) }.expect("it is possible");
        let mut walk = copy.walk();
        assert_eq!(walk.next().map(|record| record.map(CStructRef::value)), Some(Err(Error::Refused(Status::Moved))));
        assert!(walk.next().is_none(), "a walk ends with its first error");

        // SAFETY: the parts of one cursor, which is where it was made.
        let mut cursor = Cursor::from(unsafe { InPlace::from_parts(room, list) });
        assert_eq!(values(cursor.walk()), [0, 1]);
        cursor.close().expect("it is possible");
    });
}
