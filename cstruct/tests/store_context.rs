//! A context and its queries: what opening answers, who outlives whom, and what a refused close leaves behind.
#![cfg(feature = "store")]

use std::io::Write;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard};

use cstruct::kit::CloseError;
use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::{Context, Error, Live, Position, Query, Status, live};

const CSV: &[u8] = b"name,value,s1,s2\nin,1,20,21\nout,2,5,\nin the cellar,3,12,12.5\n";

static ONE: Mutex<()> = Mutex::new(());
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn one_at_a_time() -> (MutexGuard<'static, ()>, Live) {
    let guard = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = live();
    (guard, before)
}

fn values<K>(query: &mut Query<K>) -> Result<Vec<i32>, Error> {
    let mut values = Vec::new();
    while let Some(record) = query.step()? {
        values.push(record.value());
    }
    Ok(values)
}

#[test]
fn queries_walk_by_prefix_and_again() -> Result<(), Error> {
    let (_guard, before) = one_at_a_time();
    let context = Context::from_csv(CSV)?;
    let mut inside = context.query(c"in")?;
    let mut all = context.query(c"")?;
    assert_eq!(values(&mut inside)?, [1, 3]);
    assert!(inside.step()?.is_none(), "the end stays the end");
    inside.rewind();
    assert_eq!(inside.step()?.and_then(|record| record.name()), Some(c"in"));
    assert_eq!(values(&mut all)?, [1, 2, 3]);
    assert_eq!(values(&mut context.query(c"nothing")?)?, []);
    drop((inside, all));
    context.close().map_err(CloseError::into_error)?;
    assert_eq!(live(), before);
    Ok(())
}

#[test]
fn a_child_outlives_its_parents_name() -> Result<(), Error> {
    let (_guard, before) = one_at_a_time();
    let mut query = {
        let context = Rc::new(Context::from_csv(CSV)?);
        Query::new(context, c"out")?
    };
    assert_eq!(values(&mut query)?, [2]);
    let mut second = Query::new(Rc::clone(Query::keeper(&query)), c"")?;
    drop(query);
    assert_eq!(values(&mut second)?, [1, 2, 3]);
    drop(second);
    assert_eq!(live(), before);
    Ok(())
}

#[test]
fn a_context_can_be_its_querys_own() -> Result<(), Error> {
    let (_guard, before) = one_at_a_time();
    let query = Query::new(Context::from_csv(CSV)?, c"")?;
    let count = std::thread::spawn(move || {
        let mut query = query;
        values(&mut query).map(|values| values.len())
    });
    assert_eq!(count.join().expect("the thread does not panic")?, 3);
    assert_eq!(live(), before);
    Ok(())
}

#[test]
fn a_refused_close_hands_the_context_back() -> Result<(), Error> {
    let (_guard, before) = one_at_a_time();
    let context = Context::from_csv(CSV)?;
    let query = context.query(c"")?;
    // A query that safe code has lost sight of, as after `mem::forget`: C still counts it.
    // SAFETY: the context, which is borrowed here, lives longer.
    let (raw, _) = unsafe { Query::into_parts(query) };
    let refused = context.close().expect_err("a query is open");
    assert_eq!(refused.error(), &Error::Refused(Status::Busy));
    let mut context = refused.into_handle().expect("it is still open");
    assert_eq!(context.count(), 3, "and works");

    let error = context.pin_mut().take().map(drop).expect_err("a query is open");
    assert!(matches!(&error, Error::Read { status: Status::Busy, message, .. } if !message.is_empty()), "{error:?}");

    // SAFETY: the pointer that was given up above; its context lives longer.
    drop(unsafe { Query::from_raw(raw, &*context) }?);
    context.close().map_err(CloseError::into_error)?;
    assert_eq!(live(), before);
    Ok(())
}

#[test]
fn a_refused_drop_is_told_and_leaks_parent_and_keeper() -> Result<(), Error> {
    let (_guard, _) = one_at_a_time();
    fn note(event: &Event<'_>) {
        TOLD.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(event.to_string());
    }
    static NOTE: Hook = Hook(note);
    set_hook(&NOTE);

    let before = live();
    let context = Context::from_csv(CSV)?;
    let raw = {
        let query = context.query(c"")?;
        // SAFETY: the context refuses to end before it.
        let (raw, _) = unsafe { Query::into_parts(query) };
        raw
    };
    let address = Context::into_raw(context);
    // SAFETY: the pointer that was just given up.
    drop(unsafe { Context::from_raw(address) }?);
    let told = std::mem::take(&mut *TOLD.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("ContextRef") && told[0].contains("leaked"), "{told:?}");
    assert!(live().objects > before.objects, "nothing was freed under the query");

    // What was leaked can be found again only by who kept the pointers, as this test did.
    // SAFETY: both are live: C refused to release the context.
    let context = unsafe { Context::from_raw(address) }?;
    // SAFETY: as above, and its context is kept.
    drop(unsafe { Query::from_raw(raw, &*context) }?);
    context.close().map_err(CloseError::into_error)?;
    assert_eq!(live(), before);
    Ok(())
}

#[test]
fn a_failed_opening_says_where_and_leaks_nothing() {
    let (_guard, before) = one_at_a_time();
    let error = Context::from_csv(b"name,value,s1\nfine,1,2\nbad,1,12x\n").map(drop).expect_err("12x is no number");
    let Error::Read { status: Status::Parse, message, at: Some(Position { line: 3, column: 7 }) } = &error else {
        panic!("{error:?}")
    };
    assert!(message.contains("line 3") && message.contains("12x"), "{message}");
    assert_eq!(error.to_string(), *message);

    let missing = Context::open("/nonexistent/file.csv").map(drop).expect_err("there is no such file");
    assert!(matches!(&missing, Error::Read { status: Status::Io, at: None, .. }), "{missing:?}");
    assert!(missing.to_string().contains("/nonexistent/file.csv"), "{missing}");
    assert_eq!(Context::open("a\0b").map(drop), Err(Error::InteriorNul { position: 1 }));
    assert_eq!(live(), before);
}

#[test]
fn a_file_is_read_and_its_records_are_taken() -> Result<(), Box<dyn std::error::Error>> {
    let (_guard, before) = one_at_a_time();
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(CSV)?;
    file.flush()?;
    let mut context = Context::open(file.path())?;
    let list = context.pin_mut().take()?.ok_or("there are records")?;
    assert_eq!(context.count(), 0);
    assert!(context.pin_mut().take()?.is_none());
    context.close()?;
    assert_eq!(list.records().count(), 3);
    drop(list);
    assert_eq!(live(), before);
    Ok(())
}
