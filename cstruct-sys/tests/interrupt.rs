//! Interrupting a query: one step of it, from any thread, without losing its place.
mod raw;

use raw::*;
use std::fmt::Write;
use std::ptr::{dangling, null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

fn open(csv: &str) -> *mut cstruct_ctx {
    let text = cstruct_text { data: csv.as_ptr().cast_mut().cast(), len: csv.len(), cap: 0 };
    let mut out = null_mut();
    assert_eq!(c!(cstruct_open_text(&raw const text, null(), &raw mut out)), OK);
    out
}

fn query(ctx: *mut cstruct_ctx, prefix: &str) -> *mut cstruct_query {
    let prefix = text(prefix);
    let mut out = null_mut();
    assert_eq!(c!(cstruct_query_new(ctx, prefix.as_ptr(), &raw mut out)), OK);
    out
}

fn step(query: *mut cstruct_query) -> Result<i32, Status> {
    let mut record = dangling();
    match c!(cstruct_query_step(query, &raw mut record)) {
        OK => Ok(c!(cstruct_value(record))),
        other => {
            assert!(record.is_null());
            Err(other)
        }
    }
}

fn end(ctx: *mut cstruct_ctx, query: *mut cstruct_query) {
    c!(cstruct_query_end(query));
    assert_eq!(c!(cstruct_close(ctx)), OK);
}

#[test]
fn one_step_stops_and_the_next_goes_on_where_it_was() {
    let _alone = alone();
    let ctx = open("n,v\na,1\nb,2\na,3\n");
    let query = query(ctx, "a");
    assert_eq!(step(query), Ok(1));
    c!(cstruct_interrupt(ctx));
    c!(cstruct_interrupt(ctx));
    assert_eq!(step(query), Err(STOPPED));
    assert_eq!(step(query), Ok(3), "asking twice stops one step");
    end(ctx, query);
}

#[test]
fn what_has_nothing_to_look_at_is_not_stopped_but_the_next_is() {
    let _alone = alone();
    let ctx = open("n,v\na,1\n");
    let first = query(ctx, "");
    assert_eq!(step(first), Ok(1));
    c!(cstruct_interrupt(ctx));
    assert_eq!(step(first), Err(DONE));
    let other = query(ctx, "");
    assert_eq!(step(other), Err(STOPPED), "any query of the context");
    assert_eq!(step(other), Ok(1));
    c!(cstruct_query_end(other));
    end(ctx, first);
    c!(cstruct_interrupt(null()));
}

#[test]
fn another_thread_stops_a_long_search() {
    let _alone = alone();
    let mut csv = String::from("n,v\n");
    for i in 0..200_000 {
        writeln!(csv, "a{i},{i}").unwrap();
    }
    csv += "z,-1\n";
    let ctx = open(&csv);
    let query = query(ctx, "z");
    let address = ctx.expose_provenance();
    let seen = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let ctx: *const cstruct_ctx = std::ptr::with_exposed_provenance(address);
            while !seen.load(Ordering::Relaxed) {
                c!(cstruct_interrupt(ctx));
            }
        });
        // It may find the last record before the other thread runs; then it searches again.
        let mut stops = 0;
        while stops < 3 {
            match step(query) {
                Err(STOPPED) => stops += 1,
                found => {
                    assert!(found == Ok(-1) || found == Err(DONE), "{found:?}");
                    c!(cstruct_query_rewind(query));
                }
            }
        }
        seen.store(true, Ordering::Relaxed);
    });
    let left = step(query);
    assert!(matches!(left, Ok(-1) | Err(STOPPED | DONE)), "{left:?}");
    end(ctx, query);
}
