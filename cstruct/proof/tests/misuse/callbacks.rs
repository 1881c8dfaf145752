//! Panics in each kind of function that C calls, and in destructors.

use core::ops::ControlFlow;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cstruct::{CStruct, Context, Table};

use super::{Case, OK, PANIC, case, tell_live};

pub(super) const CASES: &[Case] = &[
    case("panic_in_a_walk", in_a_walk, PANIC, "panicked in the walk"),
    case("panic_in_a_watcher", in_a_watcher, PANIC, "panicked in the watcher"),
    case("panic_in_a_fold", in_a_fold, PANIC, "panicked in the fold"),
    case("panic_in_a_reader", in_a_reader, PANIC, "panicked in the reader"),
    case("panic_in_a_value_that_is_attached", in_a_value, OK, "panicked in the destructor"),
    case("panic_in_a_watcher_that_is_replaced", in_a_closure, PANIC, "panicked in the destructor"),
    case("the_table_works_after_a_panic", works_afterwards, OK, "0 objects live"),
    case("panic_in_the_middle_of_a_container", in_a_container, OK, "0 objects live"),
    case("panic_while_unwinding_frees_the_rest", while_unwinding, OK, "0 objects live"),
    case("a_reader_that_fails", failing_reader, OK, "error: the reader says no"),
];

fn table() -> Table {
    let mut table = Table::new().expect("there is memory");
    for name in [c"a", c"b", c"c"] {
        table.push(CStruct::named(1, name).expect("there is memory")).expect("there is room");
    }
    table
}

fn in_a_walk() {
    let _all = table().each(|_| -> ControlFlow<()> { panic!("panicked in the walk") });
}

fn in_a_watcher() {
    let mut table = table();
    table.watch(|_, _| panic!("panicked in the watcher")).expect("C is not busy");
    let _taken = table.take(c"a");
}

fn in_a_fold() {
    let record = CStruct::named(1, c"a").expect("there is memory");
    let _sums = record.fold_by_name(|_| 0, |_, _| panic!("panicked in the fold"), |_, sum: i32| sum);
}

struct Panics;

impl Read for Panics {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("panicked in the reader")
    }
}

fn in_a_reader() {
    let _context = Context::from_reader(Panics);
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("panicked in the destructor");
    }
}

fn in_a_value() {
    let mut table = table();
    table.attach(Bomb).expect("C is not busy");
    table.detach().expect("the panic ended before C");
    table.close().expect("nothing uses it");
    assert_eq!(cstruct::live().objects, 0);
}

fn in_a_closure() {
    let (mut table, bomb) = (table(), Bomb);
    let watch = move |_, _: &cstruct::CStructRef| {
        let _captured = &bomb;
    };
    table.watch(watch).expect("C is not busy");
    let _replaced = table.watch(|_, _| ());
}

fn works_afterwards() {
    let mut table = table();
    let panicked = catch_unwind(AssertUnwindSafe(|| table.each(|_| -> ControlFlow<()> { panic!("on purpose") })));
    assert!(panicked.is_err());
    assert_eq!((table.len(), table.take(c"b").expect("C is not busy").map(|record| record.value())), (3, Some(1)));
    table.close().expect("nothing uses it");
    tell_live();
}

fn record() -> CStruct {
    CStruct::named(1, c"a").expect("there is memory")
}

/// The third of six panics; the others are released all the same.
fn in_a_container() {
    let all: Vec<(CStruct, Option<Bomb>)> = (0..6).map(|index| (record(), (index == 2).then(|| Bomb))).collect();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(all))).is_err());
    tell_live();
}

fn while_unwinding() {
    let panicked = catch_unwind(|| {
        let _all = [record(), record()];
        let _table = table();
        let _context = Context::from_csv(b"name,value\na,1\n").expect("it is good CSV");
        panic!("between the making and the end");
    });
    assert!(panicked.is_err());
    tell_live();
}

struct Fails;

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the reader says no"))
    }
}

fn failing_reader() {
    super::told(Context::from_reader(Fails));
    assert_eq!(cstruct::live().objects, 0);
}
