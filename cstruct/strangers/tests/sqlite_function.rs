//! SQL functions that are closures: when they are dropped, how they fail, and what they may touch.

use core::cell::RefCell;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cstruct_strangers::sqlite::{Call, Code, Connection, Error, FunctionFlags, Parked, Statement, Value, ValueRef};

const NONE: FunctionFlags = FunctionFlags::NONE;

fn open() -> Connection {
    Connection::open_in_memory().expect("memory")
}

fn integer(connection: &Connection, sql: &str) -> Result<Option<i64>, Error> {
    connection.prepare(sql)?.step()?.expect("a row").integer(0)
}

/// Tells how often it was dropped.
struct Captured(Arc<AtomicU32>);

impl Captured {
    fn new() -> (Captured, Arc<AtomicU32>) {
        let drops = Arc::default();
        (Captured(Arc::clone(&drops)), drops)
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Makes a function that captures what it is given.
fn give<T: Send + 'static>(connection: &Connection, name: &str, captured: T) -> Result<(), Error> {
    connection.create_function(name, 0, NONE, move |_call| {
        let _captured = &captured;
        Ok::<_, Error>(1)
    })
}

fn times(drops: &AtomicU32) -> u32 {
    drops.load(Ordering::Relaxed)
}

#[test]
fn a_function_sees_what_it_is_given_and_gives_what_it_likes() {
    let connection = open();
    connection
        .create_function("describe", -1, FunctionFlags::DETERMINISTIC | FunctionFlags::DIRECT_ONLY, |call| {
            assert_eq!(call.value(call.count()), Err(Error::NoColumn { index: call.count(), count: call.count() }));
            Ok::<_, Error>(format!("{call:?}"))
        })
        .expect("a function");
    connection
        .create_function("give", 1, NONE, |call| {
            let values = [
                Value::Null,
                Value::Integer(i64::MIN),
                Value::Real(-0.5),
                Value::Text(String::new()),
                Value::Text("text".into()),
                Value::Blob(Vec::new()),
                Value::Blob(vec![0, 255]),
            ];
            let index = call.integer(0)?.expect("not NULL");
            Ok::<_, Error>(values[usize::try_from(index).expect("an index")].clone())
        })
        .expect("a function");
    let mut statement = connection.prepare("select describe(), describe(1, 2.5, 'a', x'07', null)").expect("SQL");
    let row = statement.step().expect("SQL").expect("a row");
    assert_eq!(row.text(0), Ok(Some("[]")));
    let described = "[Ok(Integer(1)), Ok(Real(2.5)), Ok(Text(\"a\")), Ok(Blob([7])), Ok(Null)]";
    assert_eq!(row.text(1), Ok(Some(described)));

    let mut statement =
        connection.prepare("select give(0), give(1), give(2), give(3), give(4), give(5), give(6)").expect("SQL");
    let row = statement.step().expect("SQL").expect("a row");
    let given: Vec<ValueRef<'_>> = (0..row.count()).map(|index| row.value(index).expect("a value")).collect();
    let expected = [
        ValueRef::Null,
        ValueRef::Integer(i64::MIN),
        ValueRef::Real(-0.5),
        ValueRef::Text(""),
        ValueRef::Text("text"),
        ValueRef::Blob(&[]),
        ValueRef::Blob(&[0, 255]),
    ];
    assert_eq!(given, expected);
}

#[test]
fn an_error_becomes_the_message_of_the_statement() {
    let connection = open();
    connection.create_function("fail", 0, NONE, |_call| Err::<(), _>("no such luck")).expect("a function");
    connection.create_function("whole", 1, NONE, |call| call.integer(0)).expect("a function");
    assert_eq!(connection.execute("select fail()").expect_err("it fails").to_string(), "sqlite: no such luck");
    let error = connection.execute("select whole('7')").expect_err("it is a text");
    assert!(error.to_string().contains("a text, not an integer"), "{error}");
}

#[test]
fn a_closure_is_dropped_exactly_once() {
    let connection = open();
    let (first, first_drops) = Captured::new();
    let (second, second_drops) = Captured::new();
    let (third, third_drops) = Captured::new();
    give(&connection, "f", first).expect("a function");
    assert_eq!(integer(&connection, "select f()"), Ok(Some(1)));
    give(&connection, "f", second).expect("in place of the first");
    assert_eq!((times(&first_drops), times(&second_drops)), (1, 0));
    connection.remove_function("f", 0).expect("nothing runs");
    assert_eq!(times(&second_drops), 1);
    assert!(integer(&connection, "select f()").expect_err("it is gone").to_string().contains("no such function"));
    connection.remove_function("f", 0).expect("there is none, which is no error");
    give(&connection, "f", third).expect("a function");
    let connection = std::thread::spawn(move || {
        assert_eq!(integer(&connection, "select f()"), Ok(Some(1)), "it goes where the connection goes");
        connection
    })
    .join()
    .expect("no panic");
    assert_eq!(times(&third_drops), 0);
    connection.close().expect("nothing is open");
    assert_eq!((times(&first_drops), times(&second_drops), times(&third_drops)), (1, 1, 1));
}

#[test]
fn a_closure_that_is_refused_is_dropped_already() {
    let connection = open();
    let (long, long_drops) = Captured::new();
    let error = give(&connection, &"f".repeat(300), long).expect_err("the name is too long");
    assert_eq!((error.code(), times(&long_drops)), (Some(Code::MISUSE), 1));

    let (nul, nul_drops) = Captured::new();
    assert!(matches!(give(&connection, "a\0b", nul), Err(Error::InteriorNul(_))));
    assert_eq!(times(&nul_drops), 1);

    let (old, old_drops) = Captured::new();
    give(&connection, "f", old).expect("a function");
    let mut running = connection.prepare("select f() from (select 1 union all select 2)").expect("SQL");
    running.step().expect("SQL").expect("a row");
    let (new, new_drops) = Captured::new();
    assert_eq!(give(&connection, "f", new).expect_err("it is running").code(), Some(Code::BUSY));
    assert_eq!(connection.remove_function("f", 0).expect_err("it is running").code(), Some(Code::BUSY));
    assert_eq!((times(&old_drops), times(&new_drops)), (0, 1));
    assert_eq!(running.step().expect("SQL").expect("a row").integer(0), Ok(Some(1)));
    drop(running);
    drop(connection);
    assert_eq!((times(&long_drops), times(&nul_drops), times(&old_drops), times(&new_drops)), (1, 1, 1, 1));
}

#[test]
fn a_panic_comes_out_of_the_step() {
    let connection = open();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    connection
        .create_function("odd", 1, NONE, move |call| {
            counted.fetch_add(1, Ordering::Relaxed);
            let number = call.integer(0)?.unwrap_or_default();
            assert!(number % 2 == 1, "{number} is even");
            Ok::<_, Error>(number)
        })
        .expect("a function");
    let mut statement =
        connection.prepare("select odd(value) from (select 1 as value union all select 2)").expect("SQL");
    assert_eq!(statement.step().expect("SQL").expect("a row").integer(0), Ok(Some(1)));
    let panic = catch_unwind(AssertUnwindSafe(|| statement.step().map(|_| ()))).expect_err("2 is even");
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("2 is even"));
    assert_eq!(calls.load(Ordering::Relaxed), 2);

    // Everything is as usable as before.
    assert_eq!(statement.step().expect("SQL").expect("the first row again").integer(0), Ok(Some(1)));
    statement.reset().expect("nothing was written");
    assert_eq!(integer(&connection, "select odd(3)"), Ok(Some(3)));
    let batch = catch_unwind(AssertUnwindSafe(|| connection.execute_batch("select odd(4)"))).expect_err("4 is even");
    assert_eq!(batch.downcast_ref::<String>().map(String::as_str), Some("4 is even"));
    drop(statement);
    connection.close().expect("nothing is open");
}

#[test]
fn a_panic_of_a_destructor_comes_out_of_the_call_that_drops_it() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    fn payload(result: std::thread::Result<()>) -> &'static str {
        result.expect_err("it panics").downcast_ref::<&str>().copied().expect("a message")
    }
    let connection = open();
    give(&connection, "f", Bomb).expect("a function");
    let replaced = catch_unwind(AssertUnwindSafe(|| give(&connection, "f", Bomb).expect("it is set first")));
    assert_eq!(payload(replaced), "dropped");
    assert_eq!(integer(&connection, "select f()"), Ok(Some(1)), "the new one is in place");
    let refused = catch_unwind(AssertUnwindSafe(|| give(&connection, &"f".repeat(300), Bomb).expect("no name")));
    assert_eq!(payload(refused), "dropped");
    let closed = catch_unwind(AssertUnwindSafe(|| connection.close().expect("nothing is open")));
    assert_eq!(payload(closed), "dropped");
}

#[test]
fn a_function_may_use_its_connection_but_is_not_run_inside_itself() {
    let connection = open();
    connection.execute_batch("create table log (entry)").expect("SQL");
    connection
        .create_function("logged", 1, NONE, |call| {
            let mut insert = call.connection().prepare("insert into log values (?1)")?;
            insert.bind_integer(1, call.integer(0)?.unwrap_or_default())?;
            insert.execute()?;
            Ok::<_, Error>(call.connection().last_insert_rowid())
        })
        .expect("a function");
    assert_eq!(integer(&connection, "select logged(7) + logged(8)"), Ok(Some(3)));
    assert_eq!(integer(&connection, "select sum(entry) from log"), Ok(Some(15)));

    connection
        .create_function("down", 1, NONE, |call| match call.integer(0)?.unwrap_or_default() {
            0 => Ok::<_, Error>(0),
            n => {
                let mut inner = call.connection().prepare("select down(?1)")?;
                inner.bind_integer(1, n - 1)?;
                Ok(inner.step()?.expect("a row").integer(0)?.unwrap_or_default())
            }
        })
        .expect("a function");
    assert_eq!(integer(&connection, "select down(0)"), Ok(Some(0)));
    let error = integer(&connection, "select down(1)").expect_err("it calls itself");
    assert!(error.to_string().ends_with("a function was called while it was running"), "{error}");

    // A function that removes itself cannot: a statement is running.
    connection
        .create_function("goodbye", 0, NONE, |call| call.connection().remove_function("goodbye", 0).map(|()| "gone"))
        .expect("a function");
    assert!(
        connection.execute("select goodbye()").expect_err("it is running").to_string().contains("active statements")
    );
    connection.close().expect("nothing is open");
}

#[test]
fn a_deterministic_function_does_not_reach_into_the_planning_that_calls_it() {
    let connection = open();
    let many = "create table t (a, b); create index of_a on t (a); create index of_b on t (b);
        with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000)
        insert into t select x % 50, x % 70 from n; analyze";
    connection.execute_batch(many).expect("SQL");
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    connection
        .create_function("seven", 0, FunctionFlags::DETERMINISTIC, move |call| {
            counted.fetch_add(1, Ordering::Relaxed);
            // SQLite is looking at the samples of these: if they went it would read what was freed.
            assert_eq!(call.connection().execute_batch("drop index of_a; drop index of_b"), Err(Error::InHandler));
            assert_eq!(call.connection().prepare("select 1").err(), Some(Error::InHandler));
            Ok::<_, Error>(7)
        })
        .expect("a function");
    let mut statement = connection.prepare("select count(*) from t where a > seven() and b < seven()").expect("SQL");
    assert!(times(&calls) > 0, "it is called while the statement is prepared");
    assert!(statement.step().expect("SQL").expect("a row").integer(0).expect("a number") > Some(0));
}

#[test]
fn a_panic_inside_a_function_inside_a_function_comes_out_at_the_end() {
    fn inner(_: Call<'_>) -> Result<i64, Error> {
        panic!("deep inside")
    }
    let connection = open();
    connection.create_function("inner", 0, NONE, inner).expect("a function");
    connection
        .create_function("outer", 0, NONE, |call| {
            let error = call.connection().execute("select inner()").expect_err("it panicked");
            assert_eq!(error.to_string(), "sqlite: a function panicked", "there is C behind us still");
            Err::<(), _>(error)
        })
        .expect("a function");
    let panic = catch_unwind(AssertUnwindSafe(|| connection.execute("select outer()"))).expect_err("it comes out");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"deep inside"));
}

#[test]
fn a_function_may_keep_a_prepared_statement() {
    let connection = open();
    connection
        .execute_batch("create table t (a integer primary key, b); insert into t values (1, 'one'), (2, 'two')")
        .expect("SQL");
    let mut parked = Some(connection.prepare("select b from t where a = ?1").expect("SQL").park().0);
    connection
        .create_function("name_of", 1, NONE, move |call| {
            let mut find = parked.take().expect("it was put back").unpark(call.connection()).expect("its connection");
            find.bind_integer(1, call.integer(0)?.unwrap_or_default())?;
            let name = find.step()?.and_then(|row| row.text(0).ok()?.map(String::from));
            find.reset()?;
            parked = Some(find.park().0);
            Ok::<_, Error>(name)
        })
        .expect("a function");
    let mut all = connection.prepare("select name_of(2) || name_of(1) || ifnull(name_of(3), '')").expect("SQL");
    assert_eq!(all.step().expect("SQL").expect("a row").text(0), Ok(Some("twoone")));
    drop(all);
    // It holds up the close, and ends with its function.
    let error = connection.close().expect_err("the function has a statement");
    let connection = error.into_handle().expect("it is still open");
    connection.remove_function("name_of", 1).expect("nothing runs");
    connection.close().expect("nothing is open");
}

std::thread_local! {
    static MINE: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

#[test]
fn a_destructor_that_uses_the_connection_that_is_calling_it_is_refused() {
    /// Uses the connection of its thread when it is dropped, in every way that changes it.
    struct Meddler(Arc<AtomicU32>, Option<Parked>);
    impl Drop for Meddler {
        fn drop(&mut self) {
            let connection = MINE.with_borrow(|mine| mine.clone().expect("it is there"));
            assert_eq!(give(&connection, "f", ()), Err(Error::InHandler));
            assert_eq!(connection.remove_function("f", 0), Err(Error::InHandler));
            assert_eq!(connection.execute("select f()"), Err(Error::InHandler));
            assert_eq!(connection.execute_batch("select f()"), Err(Error::InHandler));
            drop(self.1.take());
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let connection = Rc::new(open());
    MINE.set(Some(Rc::clone(&connection)));
    let drops = Arc::new(AtomicU32::new(0));
    let parked = connection.prepare("select 1").expect("SQL").park().0;
    give(&connection, "f", Meddler(Arc::clone(&drops), Some(parked))).expect("a function");
    give(&connection, "f", Meddler(Arc::clone(&drops), None)).expect("in place of the first");
    assert_eq!(times(&drops), 1);
    connection.remove_function("f", 0).expect("nothing runs");
    assert_eq!(times(&drops), 2);
    MINE.take();
    Rc::into_inner(connection).expect("the only one").close().expect("the parked statement has ended");
}

#[test]
fn a_statement_runs_where_it_was_sent_with_its_connection() {
    let connection = open();
    let (captured, drops) = Captured::new();
    give(&connection, "f", captured).expect("a function");
    let mut statement = Statement::new(connection, "select f()").expect("SQL");
    std::thread::spawn(move || {
        assert_eq!(statement.step().expect("SQL").expect("a row").integer(0), Ok(Some(1)));
    })
    .join()
    .expect("no panic");
    assert_eq!(times(&drops), 1);
}
