//! Folding: the states are in C's memory, and each ends exactly once, whatever panics.
#![cfg(feature = "store")]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cstruct::{CStruct, CStructRef};

mod balanced;
use balanced::balanced;

fn list() -> CStruct {
    let names = [Some(c"a"), None, Some(c"b"), Some(c"a"), None, Some(c"")];
    let records = (1..).zip(names).map(|(value, name)| match name {
        Some(name) => CStruct::named(value, name).expect("it is possible"),
        None => CStruct::new(value).expect("it is possible"),
    });
    CStruct::from_records(records).expect("it is possible")
}

thread_local! {
    static LIVE: Cell<i32> = const { Cell::new(0) };
}

/// A state that is counted, that knows where it is, and whose destructor may panic.
struct State {
    me: Cell<*const State>,
    values: Vec<i32>,
    explosive: bool,
}

impl State {
    fn new(first: &CStructRef) -> State {
        LIVE.set(LIVE.get() + 1);
        State { me: Cell::new(std::ptr::null()), values: vec![-first.value()], explosive: false }
    }

    fn push(&mut self, record: &CStructRef) {
        if self.me.get().is_null() {
            self.me.set(self);
        }
        assert!(std::ptr::eq(self.me.get(), self), "it moved");
        self.values.push(record.value());
    }
}

impl Drop for State {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
        assert!(!self.explosive, "drop");
    }
}

/// What a fold panics with, with no state left behind.
fn panic_of<R>(fold: impl FnOnce() -> R) -> &'static str {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(fold()))).expect_err("it panics");
    assert_eq!(LIVE.get(), 0, "a state was leaked, or dropped twice");
    panic.downcast_ref::<&str>().copied().expect("it is possible")
}

#[test]
fn every_name_has_a_state_and_no_name_is_one() {
    balanced(|| {
        let groups = list().fold_by_name(State::new, State::push, |first, state| (first.value(), state.values.clone()));
        let expected = [(1, vec![-1, 1, 4]), (2, vec![-2, 2, 5]), (3, vec![-3, 3]), (6, vec![-6, 6])];
        assert_eq!(groups.expect("it is possible"), expected);
        assert_eq!(LIVE.get(), 0);
    });
}

#[test]
fn states_of_any_size_and_alignment() {
    #[repr(align(256))]
    struct Aligned(u8);
    balanced(|| {
        let aligned = list().fold_by_name(
            |_| Aligned(0),
            |state, _| {
                assert!((&raw const *state).is_aligned());
                state.0 += 1;
            },
            |_, state| state.0,
        );
        assert_eq!(aligned.expect("it is possible"), [2, 2, 1, 1]);
        assert_eq!(
            list().fold_by_name(|_| (), |(), _| {}, |first, ()| first.value()).expect("it is possible"),
            [1, 2, 3, 6]
        );
        let large = list().fold_by_name(|_| [0_u8; 100_000], |state, _| state[99_999] += 1, |_, state| state[99_999]);
        assert_eq!(large.expect("it is possible"), [2, 2, 1, 1]);
    });
}

#[test]
fn a_panic_in_each_function_ends_what_was_made() {
    balanced(|| {
        let list = list();
        let finished = RefCell::new(0);
        let finish = |_: &CStructRef, state: State| {
            *finished.borrow_mut() += 1;
            drop(state);
        };
        let init = |first: &CStructRef| if first.value() == 3 { panic!("init") } else { State::new(first) };
        assert_eq!(panic_of(|| list.fold_by_name(init, State::push, finish)), "init");
        let step = |state: &mut State, record: &CStructRef| {
            if record.value() == 4 { panic!("step") } else { state.push(record) }
        };
        assert_eq!(panic_of(|| list.fold_by_name(State::new, step, finish)), "step");
        assert_eq!(*finished.borrow(), 0, "nothing is finished of what failed");
        let finish = |first: &CStructRef, _: State| {
            if first.value() == 2 {
                panic!("finish")
            }
        };
        assert_eq!(panic_of(|| list.fold_by_name(State::new, State::push, finish)), "finish");
    });
}

#[test]
fn a_state_whose_destructor_panics_does_not_keep_the_others() {
    balanced(|| {
        let list = list();
        let init = |first: &CStructRef| {
            let mut state = State::new(first);
            state.explosive = true;
            state
        };
        let step = |_: &mut State, record: &CStructRef| {
            if record.value() == 4 {
                panic!("step")
            }
        };
        assert_eq!(panic_of(|| list.fold_by_name(init, step, |_, _| ())), "step", "the first is carried");
        let finish = |_: &CStructRef, state: State| drop(state);
        assert_eq!(panic_of(|| list.fold_by_name(init, State::push, finish)), "drop");
    });
}

#[test]
fn a_fold_may_be_within_a_fold() {
    balanced(|| {
        let list = list();
        let step = |count: &mut usize, _: &CStructRef| {
            *count += list.fold_by_name(|_| 0, |n, _| *n += 1, |_, n: usize| n).expect("it is possible").len();
        };
        assert_eq!(list.fold_by_name(|_| 0, step, |_, count| count).expect("it is possible"), [8, 8, 4, 4]);
    });
}
