//! Tables whose rows Rust makes: what SQLite sees, when they are dropped, and what they may touch.

use core::cell::RefCell;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cstruct_strangers::sqlite::{Connection, Error, Table, Value};

fn open() -> Connection {
    Connection::open_in_memory().expect("memory")
}

fn integer(connection: &Connection, sql: &str) -> Result<Option<i64>, Error> {
    connection.prepare(sql)?.step()?.expect("a row").integer(0)
}

/// The numbers from 1 on, and a text beside each; tells how many of it and of its walks live.
struct Numbers {
    last: i64,
    live: Arc<AtomicU32>,
}

/// One that lives.
struct Live(Arc<AtomicU32>);

impl Live {
    fn one(count: &Arc<AtomicU32>) -> Live {
        count.fetch_add(1, Ordering::Relaxed);
        Live(Arc::clone(count))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Numbers {
    fn to(last: i64) -> (Numbers, Arc<AtomicU32>) {
        let live = Arc::new(AtomicU32::new(1));
        (Numbers { last, live: Arc::clone(&live) }, live)
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Table for Numbers {
    type Rows = Box<dyn Iterator<Item = Vec<Value>> + Send>;

    fn columns(&self) -> Vec<String> {
        vec!["n".into(), "a \"text\"".into()]
    }

    fn rows(&self) -> Self::Rows {
        let walk = Live::one(&self.live);
        Box::new((1..=self.last).map(move |n| {
            let _walk = &walk;
            vec![n.into(), format!("number {n}").into(), "not seen".into()]
        }))
    }
}

fn times(count: &AtomicU32) -> u32 {
    count.load(Ordering::Relaxed)
}

#[test]
fn its_rows_are_read_joined_and_numbered() {
    let connection = open();
    let (numbers, live) = Numbers::to(3);
    connection.create_table("numbers", numbers).expect("a table");
    let mut rows = connection.prepare("select rowid, n, \"a \"\"text\"\"\" from numbers where n > 1").expect("SQL");
    let row = rows.step().expect("SQL").expect("a row");
    assert_eq!((row.integer(0), row.integer(1)), (Ok(Some(2)), Ok(Some(2))));
    assert_eq!(row.text(2), Ok(Some("number 2")));
    assert!(rows.step().expect("SQL").is_some());
    assert!(rows.step().expect("SQL").is_none());
    drop(rows);
    assert_eq!(integer(&connection, "select count(*) from numbers a join numbers b on a.n <= b.n"), Ok(Some(6)));
    assert_eq!(times(&live), 1, "the table lives, and no walk");
    let error = connection.execute("insert into numbers values (1, 2)").expect_err("it is only read");
    assert!(error.to_string().contains("may not be modified"), "{error}");
    connection.close().expect("no statement lives");
    assert_eq!(times(&live), 0);
}

/// A row that is short.
struct Short;

impl Table for Short {
    type Rows = core::iter::Once<Vec<Value>>;

    fn columns(&self) -> Vec<String> {
        vec!["a".into(), "b".into()]
    }

    fn rows(&self) -> Self::Rows {
        core::iter::once(vec![1.into()])
    }
}

#[test]
fn a_short_row_ends_with_nulls() {
    let connection = open();
    connection.create_table("short", Short).expect("a table");
    assert_eq!(integer(&connection, "select b is null and a = 1 from short"), Ok(Some(1)));
}

#[test]
fn it_is_dropped_once_and_after_who_reads_from_it() {
    let connection = open();
    let (first, first_live) = Numbers::to(3);
    let (second, second_live) = Numbers::to(5);
    connection.create_table("numbers", first).expect("a table");
    let mut reading = connection.prepare("select n from numbers").expect("SQL");
    assert!(reading.step().expect("SQL").is_some());
    connection.create_table("numbers", second).expect("another takes its name");
    assert_eq!(times(&first_live), 2, "the table and the walk that is being read");
    assert_eq!(reading.step().expect("SQL").expect("a row").integer(0), Ok(Some(2)));
    drop(reading);
    assert_eq!(integer(&connection, "select max(n) from numbers"), Ok(Some(5)));
    assert_eq!((times(&first_live), times(&second_live)), (0, 1));
    connection.remove_table("numbers").expect("it is there");
    connection.remove_table("numbers").expect("it is no error");
    assert_eq!(integer(&connection, "select 1"), Ok(Some(1)));
    assert_eq!(times(&second_live), 0, "it ended when the next statement was prepared");
    assert!(integer(&connection, "select max(n) from numbers").is_err());
}

#[test]
fn a_name_with_a_nul_is_refused_and_the_table_dropped() {
    let (numbers, live) = Numbers::to(1);
    assert!(matches!(open().create_table("num\0bers", numbers), Err(Error::InteriorNul(_))));
    assert_eq!(times(&live), 0);
}

#[test]
fn it_goes_where_its_connection_goes() {
    let connection = open();
    let (numbers, live) = Numbers::to(3);
    connection.create_table("numbers", numbers).expect("a table");
    let sum = std::thread::spawn(move || integer(&connection, "select sum(n) from numbers")).join().expect("no panic");
    assert_eq!((sum, times(&live)), (Ok(Some(6)), 0));
}

/// Panics where it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PanicsIn {
    Columns,
    Rows,
    Next,
    Drop,
}

struct Panics(PanicsIn);

impl Panics {
    fn panic_in(&self, here: PanicsIn) {
        assert!(self.0 != here, "in {here:?}");
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        self.panic_in(PanicsIn::Drop);
    }
}

impl Table for Panics {
    type Rows = Box<dyn Iterator<Item = Vec<Value>> + Send>;

    fn columns(&self) -> Vec<String> {
        self.panic_in(PanicsIn::Columns);
        vec!["n".into()]
    }

    fn rows(&self) -> Self::Rows {
        self.panic_in(PanicsIn::Rows);
        let panics = self.0 == PanicsIn::Next;
        Box::new((1..=2).map(move |n| {
            assert!(!(panics && n == 2), "in {:?}", PanicsIn::Next);
            vec![n.into()]
        }))
    }
}

#[test]
fn a_panic_in_it_comes_out_of_the_call_that_asked() {
    for place in [PanicsIn::Columns, PanicsIn::Rows, PanicsIn::Next, PanicsIn::Drop] {
        let connection = open();
        connection.create_table("panics", Panics(place)).expect("a table");
        let read = || {
            let result = integer(&connection, "select sum(n) from panics");
            connection.remove_table("panics").expect("it is there");
            result.and(integer(&connection, "select 1"))
        };
        let panic = catch_unwind(AssertUnwindSafe(read)).expect_err("it panics");
        assert_eq!(panic.downcast_ref(), Some(&format!("in {place:?}")));
        assert_eq!(integer(&connection, "select 1"), Ok(Some(1)), "the connection goes on");
        connection.close().expect("no statement lives");
    }
}

std::thread_local! {
    static OWN: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
    static SAID: RefCell<Vec<Result<(), Error>>> = const { RefCell::new(Vec::new()) };
}

/// Uses the connection that it is called for, wherever it can.
struct Reaches;

fn reach() {
    let said = OWN.with_borrow(|own| own.as_ref().map(|own| own.execute_batch("select 1")));
    SAID.with_borrow_mut(|list| list.extend(said));
}

impl Drop for Reaches {
    fn drop(&mut self) {
        reach();
    }
}

impl Table for Reaches {
    type Rows = Box<dyn Iterator<Item = Vec<Value>> + Send>;

    fn columns(&self) -> Vec<String> {
        reach();
        vec!["n".into()]
    }

    fn rows(&self) -> Self::Rows {
        reach();
        let end = Reaches;
        Box::new(core::iter::from_fn(move || {
            let _end = &end;
            reach();
            None
        }))
    }
}

#[test]
fn its_own_connection_is_out_of_its_reach() {
    let connection = Rc::new(open());
    OWN.set(Some(Rc::clone(&connection)));
    connection.create_table("reaches", Reaches).expect("a table");
    assert_eq!(integer(&connection, "select count(*) from reaches"), Ok(Some(0)));
    connection.remove_table("reaches").expect("it is there");
    assert_eq!(integer(&connection, "select 1"), Ok(Some(1)));
    OWN.set(None);
    // The columns, the walk, its first row, the end of the walk, the end of the table.
    assert_eq!(SAID.take(), vec![Err(Error::InHandler); 5]);
}
