//! Copied, lent, handed over: who holds the bytes of a parameter, and until when.

use core::mem::ManuallyDrop;
use std::sync::Arc;

use cstruct::kit::CText;
use cstruct_strangers::sqlite::{Code, Connection, Error, FunctionFlags, SqliteFree, Statement, ValueRef};

/// A connection that can tell where the bytes of an argument are.
fn open() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    connection
        .create_function("address", 1, FunctionFlags::NONE, |call| {
            let bytes = call.bytes(0)?.expect("bytes");
            Ok::<_, Error>(i64::try_from(bytes.as_ptr().addr()).expect("an address"))
        })
        .expect("a function");
    connection
}

fn address<K>(statement: &mut Statement<K>) -> usize {
    let address = statement.step().expect("SQL").expect("a row").integer(0).expect("an integer");
    statement.reset().expect("nothing was written");
    usize::try_from(address.expect("not NULL")).expect("an address")
}

fn shared(text: &str) -> Arc<[u8]> {
    text.as_bytes().into()
}

#[test]
fn transient_is_a_copy_of_now() {
    let connection = open();
    let mut where_is = connection.prepare("select address(?1), ?1").expect("SQL");
    let mut bytes = *b"before";
    where_is.bind_blob(1, &bytes).expect("a parameter");
    bytes.fill(b'x');
    assert_ne!(address(&mut where_is), bytes.as_ptr().addr());
    assert_eq!(where_is.step().expect("SQL").expect("a row").blob(1), Ok(Some(&b"before"[..])));
    assert_eq!(Statement::keeper(&where_is).1.lent(), 0);
}

#[test]
fn static_is_read_where_it_is() {
    let connection = open();
    let mut where_is = connection.prepare("select address(?1)").expect("SQL");
    let bytes = shared("in place");
    where_is.bind_blob_static(1, Arc::clone(&bytes)).expect("a parameter");
    assert_eq!(address(&mut where_is), bytes.as_ptr().addr());
    where_is.bind_blob_static(1, bytes.to_vec()).expect("a parameter");
    assert_eq!(Arc::strong_count(&bytes), 1);
    assert_ne!(address(&mut where_is), bytes.as_ptr().addr(), "other bytes");
    // Who asks for a text gets one with a NUL, which is a copy: the address tells nothing.
    let text: Arc<str> = "shared".into();
    where_is.bind_text_static(1, Arc::clone(&text)).expect("a parameter");
    assert_ne!(address(&mut where_is), 0);
    assert_eq!(Arc::strong_count(&text), 2);
    drop(where_is);
    assert_eq!(Arc::strong_count(&text), 1);
}

#[test]
fn whatever_binds_a_parameter_anew_ends_its_loan() {
    type Bind = fn(&mut Statement<Connection>) -> Result<(), Error>;
    let again: [Bind; 9] = [
        |s| s.bind_null(1),
        |s| s.bind_integer(1, 1),
        |s| s.bind_real(1, 1.0),
        |s| s.bind_text(1, "text"),
        |s| s.bind_blob(1, b"blob"),
        |s| s.bind_zeroblob(1, 9),
        |s| s.bind_text_static(1, "static"),
        |s| s.bind_text_owned(1, CText::copy_of("owned").expect("memory")),
        |s| s.clear_bindings(),
    ];
    for bind in again {
        let bytes = shared("lent");
        let mut statement = Statement::new(open(), "select ?1, ?2").expect("SQL");
        statement.bind_blob_static(1, Arc::clone(&bytes)).expect("a parameter");
        statement.bind_blob_static(2, Arc::clone(&bytes)).expect("a parameter");
        statement.execute().expect("SQL");
        assert_eq!(Arc::strong_count(&bytes), 3);
        bind(&mut statement).expect("a parameter");
        assert!(Arc::strong_count(&bytes) < 3);
        statement.execute().expect("SQL");
        drop(statement);
        assert_eq!(Arc::strong_count(&bytes), 1);
    }
}

#[test]
fn a_refusal_keeps_what_was_bound_and_drops_what_was_not() {
    let connection = open();
    let mut statement =
        connection.prepare("select ?1, value from (select 1 as value union all select 2)").expect("SQL");
    let (old, new) = (shared("old"), shared("new"));
    statement.bind_blob_static(1, Arc::clone(&old)).expect("a parameter");
    statement.step().expect("SQL").expect("a row");

    // There are rows to come, which SQLite reads from the old one.
    let error = statement.bind_blob_static(1, Arc::clone(&new)).expect_err("it is busy");
    assert_eq!(error.code(), Some(Code::MISUSE));
    let text = CText::<SqliteFree>::copy_of("released by SQLite").expect("memory");
    assert_eq!(statement.bind_text_owned(1, text).expect_err("it is busy").code(), Some(Code::MISUSE));
    assert_eq!((Arc::strong_count(&old), Arc::strong_count(&new)), (2, 1));
    assert_eq!(statement.step().expect("SQL").expect("a row").blob(0), Ok(Some(&b"old"[..])));

    statement.reset().expect("nothing was written");
    for index in [0, 2, 1 << 20, usize::MAX] {
        let error = statement.bind_blob_static(index, Arc::clone(&new)).expect_err("no such parameter");
        assert!(matches!(error, Error::Length(_)) || error.code() == Some(Code::RANGE), "{error:?}");
        let text = CText::<SqliteFree>::copy_of("released by SQLite").expect("memory");
        assert!(statement.bind_text_owned(index, text).is_err());
    }
    assert_eq!((Arc::strong_count(&old), Arc::strong_count(&new)), (2, 1));
    statement.bind_blob_static(1, Arc::clone(&new)).expect("it is ready");
    assert_eq!((Arc::strong_count(&old), Arc::strong_count(&new)), (1, 2));
}

#[test]
fn clearing_ends_the_rows_before_it_ends_the_loans() {
    let connection = open();
    connection.execute_batch("create table t (a); insert into t values (1), (2)").expect("SQL");
    // The inner select is run once, and leaves the address of the parameter's bytes for every row.
    let mut statement = connection.prepare("select (select ?1), a from t order by rowid").expect("SQL");
    statement.bind_text_static(1, String::from("read in place by every row")).expect("a parameter");
    statement.step().expect("SQL").expect("a row");
    statement.clear_bindings().expect("nothing was written");
    assert!(!statement.is_busy());
    for number in [1, 2] {
        let row = statement.step().expect("SQL").expect("a row");
        assert_eq!((row.value(0), row.integer(1)), (Ok(ValueRef::Null), Ok(Some(number))));
    }
}

#[test]
fn a_statement_that_is_forgotten_forgets_its_loans() {
    let bytes = shared("still there");
    let connection = open();
    let mut statement = connection.prepare("select ?1").expect("SQL");
    statement.bind_blob_static(1, Arc::clone(&bytes)).expect("a parameter");
    let mut forgotten = ManuallyDrop::new(statement);
    assert_eq!(Arc::strong_count(&bytes), 2, "SQLite may still read it");
    // SAFETY: it is taken back once.
    drop(unsafe { ManuallyDrop::take(&mut forgotten) });
    assert_eq!(Arc::strong_count(&bytes), 1);
}

#[test]
fn a_parked_statement_keeps_its_loans() {
    let connection = open();
    let mut statement = connection.prepare("select ?1").expect("SQL");
    statement.bind_text_static(1, String::from("lent")).expect("a parameter");
    let (parked, _) = statement.park();
    let mut statement = parked.unpark(connection).expect("its connection");
    assert_eq!(statement.step().expect("SQL").expect("a row").text(0), Ok(Some("lent")));
}

#[test]
fn too_long_is_refused_and_nothing_is_bound() {
    let connection = open();
    let mut statement = connection.prepare("select ?1").expect("SQL");
    statement.bind_text_static(1, String::from("before")).expect("a parameter");
    let error = statement.bind_zeroblob(1, 1 << 40).expect_err("it is longer than a blob can be");
    assert_eq!(error.to_string(), "sqlite: string or blob too big");
    statement.execute().expect("SQL");
    statement.bind_zeroblob(1, 4).expect("a parameter");
    assert_eq!(statement.step().expect("SQL").expect("a row").blob(0), Ok(Some(&[0; 4][..])));
}

#[test]
fn empty_is_not_null() {
    let connection = open();
    let mut statement = connection.prepare("select ?1, ?2, ?3, ?4, ?5").expect("SQL");
    statement.bind_text(1, "").expect("a parameter");
    statement.bind_blob(2, &[]).expect("a parameter");
    statement.bind_text_static(3, String::new()).expect("a parameter");
    statement.bind_blob_static(4, Vec::new()).expect("a parameter");
    let row = statement.step().expect("SQL").expect("a row");
    let values = [0, 1, 2, 3, 4].map(|index| row.value(index).expect("a value"));
    let (text, blob) = (ValueRef::Text(""), ValueRef::Blob(&[]));
    assert_eq!(values, [text, blob, text, blob, ValueRef::Null]);
}
