//! Opening, closing, and which thread may do it.

use core::cell::RefCell;
use std::rc::Rc;

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{CloseError, Foreign};
use cstruct_strangers::sqlite::{Code, Connection, ConnectionRef, Error, OpenFlags, Parked, Statement, version};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_impl_all!(Connection: Send);
assert_not_impl_any!(Connection: Sync);
assert_impl_all!(Statement<Connection>: Send);
assert_not_impl_any!(Statement<Connection>: Sync);
assert_not_impl_any!(Statement<&ConnectionRef>: Send);
assert_not_impl_any!(Statement<Rc<Connection>>: Send);
assert_impl_all!(Parked: Send);

std::thread_local! {
    static EVENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What destructors had to tell on this thread since the last call.
fn events() -> Vec<String> {
    static TELL: Hook = Hook(|event: &Event<'_>| EVENTS.with_borrow_mut(|events| events.push(event.to_string())));
    set_hook(&TELL);
    EVENTS.take()
}

fn still_open(result: Result<(), CloseError<Connection, Error>>) -> (Connection, Error) {
    match result {
        Err(CloseError::StillOpen { handle, error }) => (handle, error),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_failure_to_open_has_the_message_of_the_handle_that_came_with_it() {
    let nowhere = tempfile::tempdir().expect("a directory").path().join("missing").join("file");
    let error = Connection::open(&nowhere).expect_err("there is no such directory");
    assert_eq!(error.code().map(Code::primary), Some(Code(14)), "SQLITE_CANTOPEN");
    assert_eq!(error.to_string(), "sqlite: unable to open database file");
    let error = Connection::open_with(&nowhere, OpenFlags::READ_ONLY).expect_err("it is not made");
    assert_eq!(error.to_string(), "sqlite: unable to open database file");
    // Neither to read nor to write: refused before there is a handle.
    let error = Connection::open_with(&nowhere, OpenFlags::CREATE).expect_err("no such flags");
    assert_eq!(error.code(), Some(Code::MISUSE));
    assert!(matches!(Connection::open("a\0b"), Err(Error::InteriorNul(_))));
    assert!(version().to_bytes().starts_with(b"3."));
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("places");
    let connection = Connection::open(&path).expect("it is made");
    connection.execute_batch("create table place (name text); insert into place values ('indoor')").expect("empty");
    assert_eq!((connection.last_insert_rowid(), connection.changes()), (1, 1));
    connection.close().expect("nothing is open");
    let connection = Connection::open_with(&path, OpenFlags::READ_ONLY).expect("it is there");
    let error = connection.execute("delete from place").expect_err("it is read only");
    assert_eq!(error.to_string(), "sqlite: attempt to write a readonly database");
    assert_eq!(connection.execute("select * from place"), Ok(0));
}

#[test]
fn a_close_is_refused_while_a_statement_is_parked_and_then_it_is_not() {
    let connection = Connection::open_in_memory().expect("memory");
    let (parked, _) = connection.prepare("select 1").expect("SQL").park();
    let (connection, error) = still_open(connection.close());
    assert_eq!(error.code(), Some(Code::BUSY));
    assert_eq!(error.to_string(), "sqlite: unable to close due to unfinalized statements or unfinished backups");

    // It is as open as before.
    let mut statement = parked.unpark(&*connection).expect("it is its connection");
    assert_eq!(statement.step().expect("SQL").expect("a row").integer(0), Ok(Some(1)));
    let (parked, _) = statement.park();
    let (connection, _) = still_open(connection.close());
    drop(parked);
    connection.close().expect("nothing is open");
    assert_eq!(events(), [""; 0]);
}

#[test]
fn a_close_is_refused_while_a_statement_is_forgotten() {
    let connection = Connection::open_in_memory().expect("memory");
    let statement = connection.prepare("select 1").expect("SQL");
    let raw = statement.as_ptr();
    core::mem::forget(statement);
    let (connection, error) = still_open(connection.close());
    assert_eq!(error.code(), Some(Code::BUSY));
    // SAFETY: it was forgotten, so it is nobody's.
    assert_eq!(unsafe { libsqlite3_sys::sqlite3_finalize(raw) }, 0);
    connection.close().expect("nothing is open");
}

#[test]
fn a_connection_that_is_dropped_before_its_statement_is_leaked_and_told() {
    let connection = Connection::open_in_memory().expect("memory");
    let (parked, _) = connection.prepare("select 1").expect("SQL").park();
    let raw = connection.as_ptr();
    assert_eq!(events(), [""; 0]);
    drop(connection);
    let told = events();
    assert!(told.len() == 1 && told[0].contains("ConnectionRef") && told[0].contains("unfinalized"), "{told:?}");

    // The statement lives on a connection that is nobody's.
    // SAFETY: it was leaked, and had no handlers.
    let connection = unsafe { Connection::from_raw(raw) }.expect("it is there");
    assert!(parked.unpark(&*connection).expect("it is its connection").step().expect("SQL").is_some());
    connection.close().expect("nothing is open");
}

#[test]
fn a_statement_goes_back_to_its_own_connection_only() {
    let one = Connection::open_in_memory().expect("memory");
    let other = Connection::open_in_memory().expect("memory");
    let (parked, _) = one.prepare("select 1").expect("SQL").park();
    let refused = parked.unpark(&*other).expect_err("it is another connection");
    assert!(refused.to_string().contains("another connection"));
    assert!(refused.parked.unpark(&*one).is_ok());
}

#[test]
fn a_connection_and_its_statements_may_end_on_different_threads() {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch("create table t (a); insert into t values (1), (2)").expect("SQL");
    let parked: Vec<Parked> = (0..50).map(|_| connection.prepare("select a from t").expect("SQL").park().0).collect();
    let finisher = std::thread::spawn(move || drop(parked));
    for _ in 0..50 {
        assert!(connection.execute("no SQL").expect_err("it is none").to_string().contains("syntax error"));
    }
    finisher.join().expect("no panic");
    let mut statement = Statement::new(connection, "select a from t").expect("SQL");
    statement.step().expect("SQL").expect("a row");
    let mut statement = std::thread::spawn(move || {
        assert_eq!(statement.step().expect("SQL").expect("a row").integer(0), Ok(Some(2)));
        statement
    })
    .join()
    .expect("no panic");
    assert!(statement.step().expect("SQL").is_none());
    let (parked, connection) = statement.park();
    drop(parked);
    connection.close().expect("nothing is open");
}

#[test]
fn a_failed_step_is_not_told_again_when_its_statement_is_dropped() {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch("create table t (a unique); insert into t values (1)").expect("SQL");
    events();
    let error = connection.execute("insert into t values (1)").expect_err("it is not unique");
    assert_eq!(error.code(), Some(Code(2067)), "SQLITE_CONSTRAINT_UNIQUE, extended");
    assert_eq!(error.to_string(), "sqlite: UNIQUE constraint failed: t.a");
    assert_eq!(events(), [""; 0]);
}

#[test]
fn batches_have_a_message_of_their_own() {
    let connection = Connection::open_in_memory().expect("memory");
    let error = connection.execute_batch("create table t (a); insert into u values (1)").expect_err("no such table");
    assert_eq!(error.to_string(), "sqlite: no such table: u");
    assert_eq!(connection.execute("insert into t values (1), (2)"), Ok(2), "the first statement has run");
    assert!(matches!(connection.execute_batch("select 1\0"), Err(Error::InteriorNul(_))));
    assert!(matches!(connection.prepare(" -- nothing\n"), Err(Error::NoStatement)));
    assert!(matches!(connection.prepare("select 1; select 2"), Err(Error::Trailing)));
    assert!(matches!(connection.prepare("select 1\0"), Err(Error::Trailing)));
    assert!(connection.prepare("select 1; \n").is_ok());
    connection.close().expect("nothing is open");
}
