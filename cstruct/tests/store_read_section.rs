//! In a read section a table stands still and has an order; forgotten, it stands still for good.
#![cfg(feature = "store")]

use cstruct::kit::{CloseError, Foreign};
use cstruct::{CStruct, Error, ReadSection, Status, Table};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert_eq};

mod balanced;
use balanced::balanced;

assert_impl_all!(ReadSection<'static>: Send);
assert_not_impl_any!(ReadSection<'static>: Sync, Clone);
const_assert_eq!(size_of::<Option<ReadSection<'static>>>(), size_of::<usize>());

fn table(names: &[&core::ffi::CStr]) -> Table {
    let mut table = Table::new().expect("it is possible");
    for (value, name) in (0..).zip(names) {
        table.push(CStruct::named(value, name).expect("it is possible")).expect("it is possible");
    }
    table
}

fn values(section: &ReadSection<'_>) -> Vec<i32> {
    section.sorted().map(|record| record.value()).collect()
}

#[test]
fn records_come_in_the_order_of_their_names() {
    balanced(|| {
        let mut table = table(&[c"d", c"b", c"", c"a", c"c"]);
        let section = table.read_section().expect("it is possible");
        assert_eq!(values(&section), [2, 3, 1, 4, 0]);
        let first_and_last =
            (section.sorted_at(0).expect("it is possible"), section.sorted_at(4).expect("it is possible"));
        assert_eq!((first_and_last.0.name(), first_and_last.1.name()), (Some(c""), Some(c"d")));
        assert!(section.sorted_at(5).is_none() && section.sorted_at(usize::MAX).is_none());
        assert_eq!(section.sorted().next_back().expect("it is possible").value(), 0);
        assert!(section.end().is_ok());
        table.push(CStruct::named(9, c"_").expect("it is possible")).expect("it is possible");
        assert_eq!(values(&table.read_section().expect("it is possible")), [2, 9, 3, 1, 4, 0]);
    });
}

#[test]
fn sections_nest_and_an_empty_table_has_one_too() {
    balanced(|| {
        let mut table = table(&[c"b", c"a"]);
        let mut outer = table.read_section().expect("it is possible");
        let mut inner = outer.nested().expect("it is possible");
        assert_eq!(values(&inner.nested().expect("it is possible")), [1, 0]);
        assert!(inner.end().is_ok());
        assert_eq!((values(&outer), outer.table().len()), (vec![1, 0], 2));
        drop(outer);
        table.take(c"a").expect("it is possible");
        table.take(c"b").expect("it is possible");
        assert!(values(&table.read_section().expect("it is possible")).is_empty());
    });
}

#[test]
fn it_may_end_on_another_thread() {
    balanced(|| {
        let mut table = table(&[c"a"]);
        let section = table.read_section().expect("it is possible");
        std::thread::scope(|scope| scope.spawn(|| drop(section)).join().expect("it is possible"));
        assert!(table.take(c"a").expect("it is possible").is_some());
    });
}

#[test]
fn forgotten_it_makes_changes_an_error_and_the_end_of_the_table_ends_it() {
    balanced(|| {
        let mut table = table(&[c"a"]);
        std::mem::forget(table.read_section().expect("it is possible"));
        let refused = table.push(CStruct::named(1, c"b").expect("it is possible"));
        assert!(matches!(refused, Err(CloseError::StillOpen { error: Error::Refused(Status::Busy), .. })));
        assert_eq!(table.take(c"a").unwrap_err(), Error::Refused(Status::Busy));
        let mut batch = table.batch().expect("it is possible");
        batch.push(CStruct::named(2, c"c").expect("it is possible")).expect("it is possible");
        assert!(matches!(batch.commit(), Err(CloseError::StillOpen { .. })));
        assert_eq!(table.find(c"a").expect("it is possible").value(), 0);
        assert!(!table.as_ptr().is_null());
        table.attach(1_u8).expect("it is possible");
        assert!(table.close().is_ok());
    });
}

#[test]
fn it_ends_on_the_way_out_of_a_panic() {
    balanced(|| {
        let mut table = table(&[c"a"]);
        let inside = std::panic::AssertUnwindSafe(|| {
            let _section = table.read_section().expect("it is possible");
            panic!("inside");
        });
        assert!(std::panic::catch_unwind(inside).is_err());
        assert!(table.take(c"a").expect("it is possible").is_some());
    });
}
