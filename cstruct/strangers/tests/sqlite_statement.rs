//! Statements as children of their connection, and rows that are lent until the next step.

use std::collections::HashMap;
use std::rc::Rc;

use cstruct::kit::{CText, CopyOut, SameParent};
use cstruct_strangers::sqlite::{
    Code, Connection, ConnectionRef, Error, Row, SqliteFree, Statement, Type, Value, ValueRef,
};

fn open() -> Connection {
    Connection::open_in_memory().expect("memory")
}

/// The first row of a statement.
fn first<K>(statement: &mut Statement<K>) -> Row<'_> {
    statement.step().expect("SQL").expect("a row")
}

/// A struct without a lifetime.
struct Store {
    statements: HashMap<&'static str, Statement<Rc<Connection>>>,
}

#[test]
fn a_stored_statement_keeps_its_connection() {
    let connection = Rc::new(open());
    connection.execute_batch("create table t (a); insert into t values (1), (2)").expect("SQL");
    let mut store = Store { statements: HashMap::new() };
    for (name, sql) in [("up", "select a from t order by a"), ("down", "select a from t order by a desc")] {
        store.statements.insert(name, Statement::new(Rc::clone(&connection), sql).expect("SQL"));
    }
    let weak = Rc::downgrade(&connection);
    drop(connection);
    assert_eq!(weak.strong_count(), 2);
    let down = store.statements.get_mut("down").expect("it was put there");
    assert_eq!(first(down).integer(0), Ok(Some(2)));
    drop(store);
    assert_eq!(weak.strong_count(), 0, "the last statement has closed it");
}

#[test]
fn one_constructor_serves_every_keeper() {
    fn sum<K: cstruct::kit::Keeper<ConnectionRef>>(connection: K) -> Option<i64> {
        let mut statement = Statement::new(connection, "select 40 + 2").expect("SQL");
        first(&mut statement).integer(0).expect("an integer")
    }
    let connection = open();
    assert_eq!(sum(&*connection), Some(42));
    let one = connection.prepare("select 1").expect("SQL");
    let two = connection.prepare("select 2").expect("SQL");
    assert!(SameParent::check(&Statement::keeper(&one).0, &Statement::keeper(&two).0).is_ok());
    drop((one, two));
    assert_eq!(sum(Rc::new(Box::new(connection))), Some(42));
    assert_eq!(sum(open()), Some(42), "it has the connection to itself");
}

#[test]
fn values_are_what_they_are() {
    let connection = open();
    let mut statement = connection.prepare("select 7 as number, 2.5, 'text', x'00ff', null, '', x''").expect("SQL");
    assert_eq!((statement.column_count(), statement.column_name(0)), (7, Some(c"number")));
    assert_eq!(statement.column_name(7), None);
    let row = first(&mut statement);
    let values: Vec<ValueRef<'_>> = (0..row.count()).map(|index| row.value(index).expect("a value")).collect();
    let expected = [
        ValueRef::Integer(7),
        ValueRef::Real(2.5),
        ValueRef::Text("text"),
        ValueRef::Blob(&[0, 255]),
        ValueRef::Null,
        ValueRef::Text(""),
        ValueRef::Blob(&[]),
    ];
    assert_eq!(values, expected);
    assert_eq!((row.text(4), row.blob(4), row.integer(4)), (Ok(None), Ok(None), Ok(None)), "NULL is nothing");
    assert_eq!((row.text(5), row.blob(6)), (Ok(Some("")), Ok(Some(&[][..]))), "empty is not NULL");
    assert_eq!(row.text(0), Err(Error::WrongType { found: Type::Integer, expected: Type::Text }));
    assert_eq!(row.bytes(1), Err(Error::WrongType { found: Type::Real, expected: Type::Blob }));
    assert_eq!(row.value(7), Err(Error::NoColumn { index: 7, count: 7 }));
    assert_eq!(row.value(usize::MAX), Err(Error::NoColumn { index: usize::MAX, count: 7 }));
    let Ok(copied) = values[2].copy_out();
    assert!(statement.step().expect("SQL").is_none());
    assert_eq!(copied, Value::Text("text".into()), "the copy outlives the row");
}

#[test]
fn what_was_borrowed_from_a_row_stays_whatever_else_is_asked_of_it() {
    let connection = open();
    let mut statement = connection.prepare("select 'a text', x'0708', zeroblob(3), 12").expect("SQL");
    let row = first(&mut statement);
    let (text, blob, zeros) = (row.text(0), row.blob(1), row.blob(2));
    for index in 0..row.count() {
        // In C each of these would convert the value in place, and end what was borrowed.
        let _ = (row.integer(index), row.real(index), row.text(index), row.blob(index), row.bytes(index));
    }
    assert_eq!((text, blob, zeros), (Ok(Some("a text")), Ok(Some(&[7, 8][..])), Ok(Some(&[0; 3][..]))));
}

#[test]
fn a_text_of_utf_16_is_converted_once() {
    let connection = open();
    connection
        .execute_batch("pragma encoding = 'UTF-16'; create table t (a); insert into t values ('gr\u{fc}n')")
        .expect("SQL");
    let mut statement = connection.prepare("select a from t").expect("SQL");
    let row = first(&mut statement);
    let before = row.text(0);
    assert_eq!((row.bytes(0), row.text(0)), (Ok(Some("gr\u{fc}n".as_bytes())), before.clone()));
    assert_eq!(before, Ok(Some("gr\u{fc}n")));
}

#[test]
fn a_text_that_is_not_utf_8_is_an_error_and_has_bytes() {
    let connection = open();
    let mut statement = connection.prepare("select cast(x'61ff62' as text), cast(x'610062' as text)").expect("SQL");
    let row = first(&mut statement);
    assert!(matches!(row.text(0), Err(Error::Utf8(_))));
    assert_eq!(row.bytes(0), Ok(Some(&b"a\xFFb"[..])));
    assert_eq!(row.text(1), Ok(Some("a\0b")), "its length is told, not measured");
}

#[test]
fn a_statement_ends_ready_to_run_anew() {
    let connection = open();
    connection.execute_batch("create table t (a unique)").expect("SQL");
    let mut insert = connection.prepare("insert into t values (?1)").expect("SQL");
    insert.bind_integer(1, 1).expect("it is ready");
    assert_eq!(insert.execute(), Ok(1));
    let error = insert.execute().expect_err("it is there already");
    assert_eq!(error.code().map(Code::primary), Some(Code(19)), "SQLITE_CONSTRAINT");
    insert.bind_integer(1, 2).expect("it is ready again");
    assert_eq!(insert.execute(), Ok(1));

    let mut all = connection.prepare("select a from t order by a").expect("SQL");
    for _ in 0..2 {
        let mut found = Vec::new();
        while let Some(row) = all.step().expect("SQL") {
            found.extend(row.integer(0).expect("an integer"));
        }
        assert_eq!(found, [1, 2]);
    }
    first(&mut all);
    assert!(all.is_busy());
    all.reset().expect("nothing was written");
    assert!(!all.is_busy());
    assert_eq!(first(&mut all).integer(0), Ok(Some(1)));
}

#[test]
fn the_sql_and_what_is_bound_in_it() {
    let connection = open();
    let mut statement = connection.prepare("select ?1, :name, :name").expect("SQL");
    assert_eq!((statement.parameter_index(c":name"), statement.parameter_index(c"name")), (Some(2), None));
    statement.bind_text(1, "it's").expect("a parameter");
    statement.bind_real(2, 0.5).expect("a parameter");
    assert_eq!(statement.sql(), c"select ?1, :name, :name");
    let expanded: CText<SqliteFree> = statement.expanded_sql().expect("memory");
    drop(statement);
    assert_eq!(expanded.to_str(), Ok("select 'it''s', 0.5, 0.5"), "it is ours");
    std::thread::spawn(move || drop(expanded)).join().expect("no panic");
}

#[test]
fn a_schema_that_changes_under_a_statement() {
    let connection = open();
    connection.execute_batch("create table t (a); insert into t values (1)").expect("SQL");
    let mut all = connection.prepare("select * from t").expect("SQL");
    assert_eq!(first(&mut all).count(), 1);
    all.reset().expect("nothing was written");
    connection.execute("alter table t add column b default 'new'").expect("SQL");
    let row = first(&mut all);
    assert_eq!((row.count(), row.name(1), row.text(1)), (2, Some(c"b"), Ok(Some("new"))));
}
