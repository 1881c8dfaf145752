//! A value attached to a table is found by its type, replaced and dropped exactly once.
#![cfg(feature = "store")]

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cstruct::{CStruct, Table};

mod balanced;
use balanced::balanced;

/// Counts its end.
struct Counted(Arc<AtomicU32>, &'static str);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        assert_ne!(self.1, "explosive");
    }
}

fn counted() -> (impl Fn(&'static str) -> Counted, impl Fn() -> u32) {
    let drops = Arc::<AtomicU32>::default();
    let theirs = Arc::clone(&drops);
    (move |name| Counted(Arc::clone(&theirs), name), move || drops.load(Ordering::Relaxed))
}

#[test]
fn it_is_found_changed_replaced_and_dropped_with_the_table() {
    balanced(|| {
        let (make, drops) = counted();
        let mut table = Table::new().expect("it is possible");
        assert!(table.attached::<Counted>().expect("it is possible").is_none());
        table.attach(make("first")).expect("it is possible");
        table.attached_mut::<Counted>().expect("it is possible").expect("it is possible").1 = "changed";
        assert_eq!(table.attached::<Counted>().expect("it is possible").expect("it is possible").1, "changed");
        table.attach(make("second")).expect("it is possible");
        assert_eq!(
            (drops(), table.attached::<Counted>().expect("it is possible").expect("it is possible").1),
            (1, "second")
        );
        table.detach().expect("it is possible");
        table.detach().expect("it is possible");
        assert_eq!((drops(), table.attached::<Counted>().expect("it is possible").is_none()), (2, true));
        table.attach(make("third")).expect("it is possible");
        assert!(table.close().is_ok());
        assert_eq!(drops(), 3);
    });
}

#[test]
fn another_type_is_an_error_by_name() {
    balanced(|| {
        let mut table = Table::new().expect("it is possible");
        table.attach(7_u32).expect("it is possible");
        let error = table.attached::<i32>().unwrap_err().to_string();
        assert!(error.contains("`u32`") && error.contains("`i32`"), "{error}");
        assert!(table.attached_mut::<String>().is_err());
        table.attach(String::from("text")).expect("it is possible");
        assert_eq!(table.attached::<String>().expect("it is possible").map(String::as_str), Some("text"));
    });
}

#[test]
fn it_goes_where_the_table_goes() {
    balanced(|| {
        let (make, drops) = counted();
        let mut table = Table::new().expect("it is possible");
        table.attach(make("sent")).expect("it is possible");
        std::thread::spawn(move || drop(table)).join().expect("it is possible");
        assert_eq!(drops(), 1);
    });
}

#[test]
fn a_walk_and_a_watcher_leave_it_alone() {
    balanced(|| {
        let (make, drops) = counted();
        let mut table = Table::new().expect("it is possible");
        table.attach(make("kept")).expect("it is possible");
        table.watch(|_, _| {}).expect("it is possible");
        table.push(CStruct::named(1, c"a").expect("it is possible")).expect("it is possible");
        let walked = table.each(|_| ControlFlow::<()>::Continue(())).expect("it is possible");
        assert_eq!((walked, drops()), (ControlFlow::Continue(()), 0));
        assert_eq!(table.attached::<Counted>().expect("it is possible").expect("it is possible").1, "kept");
    });
}

#[test]
fn a_panic_in_its_destructor_does_not_cross_c() {
    balanced(|| {
        let (make, drops) = counted();
        let mut table = Table::new().expect("it is possible");
        table.attach(make("explosive")).expect("it is possible");
        table.attach(make("next")).expect("it is possible");
        assert_eq!(
            (drops(), table.attached::<Counted>().expect("it is possible").expect("it is possible").1),
            (1, "next")
        );
        table.attach(make("explosive")).expect("it is possible");
        drop(table);
        assert_eq!(drops(), 3);
    });
}
