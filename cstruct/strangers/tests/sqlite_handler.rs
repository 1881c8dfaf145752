//! The busy and the progress handler, and what interrupts from another thread.

use core::cell::RefCell;
use core::num::NonZero;
use core::ops::ControlFlow::{Break, Continue};
use core::panic::AssertUnwindSafe;
use core::time::Duration;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{Closed, Foreign};
use cstruct_strangers::sqlite::{Code, Connection, Error, FunctionFlags, Interrupter, Statement};
use static_assertions::assert_impl_all;

assert_impl_all!(Interrupter: Send, Sync, Clone);

const EACH: NonZero<u32> = NonZero::<u32>::MIN;
const LONG: &str = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c";

fn open() -> Connection {
    Connection::open_in_memory().expect("memory")
}

fn code<T: core::fmt::Debug>(result: Result<T, Error>) -> Option<Code> {
    result.expect_err("it fails").code().map(Code::primary)
}

/// Two connections to one file: the first has the lock, the second wants it.
struct Contention {
    holder: Connection,
    waiter: Connection,
    _directory: tempfile::TempDir,
}

impl Contention {
    fn new() -> Contention {
        let directory = tempfile::tempdir().expect("a directory");
        let open = || Connection::open(directory.path().join("file")).expect("a file");
        let (holder, waiter) = (open(), open());
        holder.execute_batch("create table t (a); begin immediate").expect("nobody else is there");
        Contention { holder, waiter, _directory: directory }
    }
}

#[test]
fn a_busy_handler_is_asked_until_it_breaks() {
    let contention = Contention::new();
    let waiter = &contention.waiter;
    assert_eq!(code(waiter.execute("insert into t values (1)")), Some(Code::BUSY), "it does not wait by itself");
    let (say, heard) = mpsc::channel();
    waiter
        .busy_handler(move |count| {
            say.send(count).expect("heard lives");
            if count < 3 { Continue(()) } else { Break(()) }
        })
        .expect("a handler");
    assert_eq!(code(waiter.execute("insert into t values (1)")), Some(Code::BUSY));
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    contention.holder.execute("rollback").expect("it holds the lock");
    assert_eq!(waiter.execute("insert into t values (1)"), Ok(1));
    assert_eq!(heard.try_iter().count(), 0);
}

#[test]
fn a_busy_handler_may_free_the_lock_that_it_waits_for() {
    let Contention { holder, waiter, _directory } = Contention::new();
    // Another connection is free to be used: it is not the one that waits.
    waiter
        .busy_handler(move |_count| {
            holder.execute("commit").expect("it holds the lock");
            Continue(())
        })
        .expect("a handler");
    assert_eq!(waiter.execute("insert into t values (1)"), Ok(1));
}

#[test]
fn there_is_one_busy_handler_and_everything_that_replaces_it_drops_it() {
    let contention = Contention::new();
    let waiter = &contention.waiter;
    let captured = Arc::new(());
    let set = |answer: i64| {
        let kept = Arc::clone(&captured);
        let wait = move |count| {
            let _kept = &kept;
            if i64::from(count) < answer { Continue(()) } else { Break(()) }
        };
        waiter.busy_handler(wait).expect("a handler");
    };
    set(1);
    set(2);
    assert_eq!(Arc::strong_count(&captured), 2, "the second replaced the first");
    waiter.busy_timeout(Duration::ZERO).expect("a timeout");
    assert_eq!(Arc::strong_count(&captured), 1);
    assert_eq!(code(waiter.execute("insert into t values (1)")), Some(Code::BUSY));
    set(3);
    // SQL replaces it behind our back: then more is kept than SQLite has, never less.
    waiter.execute("pragma busy_timeout = 0").expect("SQL");
    assert_eq!(code(waiter.execute("insert into t values (1)")), Some(Code::BUSY));
    assert_eq!(Arc::strong_count(&captured), 2);
    drop(contention);
    assert_eq!(Arc::strong_count(&captured), 1, "it ends with its connection");
}

#[test]
fn a_panic_in_a_busy_handler_comes_out_of_the_call_that_waits() {
    let contention = Contention::new();
    contention.waiter.busy_handler(|count| panic!("waited {count} times")).expect("a handler");
    let waited = catch_unwind(AssertUnwindSafe(|| contention.waiter.execute("insert into t values (1)")));
    let panic = waited.expect_err("it panics");
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("waited 0 times"));
    contention.waiter.busy_timeout(Duration::ZERO).expect("a timeout");
    assert_eq!(code(contention.waiter.execute("insert into t values (1)")), Some(Code::BUSY));
}

#[test]
fn a_progress_handler_interrupts() {
    let connection = open();
    let mut left = 1000;
    let watch = move || {
        left -= 1;
        if left == 0 { Break(()) } else { Continue(()) }
    };
    connection.progress_handler(EACH, watch).expect("a handler");
    assert_eq!(code(connection.execute(LONG)), Some(Code::INTERRUPT));

    let captured = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&captured);
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Continue(())
    };
    connection.progress_handler(EACH, count).expect("in place of the first");
    connection.execute("select 1").expect("SQL");
    let so_far = captured.load(Ordering::Relaxed);
    assert!(so_far > 0);
    connection.remove_progress_handler().expect("nothing runs");
    assert_eq!(Arc::strong_count(&captured), 1);
    connection.execute("select 1").expect("SQL");
    assert_eq!(captured.load(Ordering::Relaxed), so_far);
}

#[test]
fn a_panic_in_a_progress_handler_comes_out_and_nothing_is_lost() {
    let connection = open();
    connection.execute_batch("create table t (a); insert into t values (1)").expect("SQL");
    connection.progress_handler(EACH, || panic!("no progress")).expect("a handler");
    let no_progress = |result: std::thread::Result<()>| {
        assert_eq!(result.expect_err("it panics").downcast_ref::<&str>(), Some(&"no progress"));
    };
    no_progress(catch_unwind(AssertUnwindSafe(|| drop(connection.execute("insert into t values (2)")))));
    no_progress(catch_unwind(AssertUnwindSafe(|| drop(connection.execute_batch(LONG)))));
    connection.remove_progress_handler().expect("nothing runs");
    let mut sum = connection.prepare("select sum(a) from t").expect("SQL");
    assert_eq!(sum.step().expect("SQL").expect("a row").integer(0), Ok(Some(1)), "what panicked was rolled back");
    drop(sum);
    connection.close().expect("nothing is open");
}

#[test]
fn a_handler_inside_prepare() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("file");
    let connection = Connection::open(&path).expect("a file");
    connection
        .execute_batch("create table t (a); create view v as select * from t; create index i on t (a)")
        .expect("SQL");
    connection.close().expect("nothing is open");

    // The first prepare reads the schema.
    let connection = Rc::new(Connection::open(&path).expect("a file"));
    MINE.set(Some(Rc::clone(&connection)));
    let refused = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&refused);
    let meddle = move || {
        let mine = MINE.with_borrow(|mine| mine.clone().expect("it is there"));
        assert_eq!(mine.prepare("select 2").err(), Some(Error::InHandler));
        counted.fetch_add(1, Ordering::Relaxed);
        Continue(())
    };
    connection.progress_handler(EACH, meddle).expect("a handler");
    let statement = connection.prepare("select * from v").expect("SQL");
    assert!(refused.load(Ordering::Relaxed) > 0);
    drop(statement);

    connection.remove_progress_handler().expect("nothing runs");
    drop(MINE.take());
    let connection = Connection::open(&path).expect("a file");
    connection.progress_handler(EACH, || panic!("while it is prepared")).expect("a handler");
    let prepared = catch_unwind(AssertUnwindSafe(|| drop(connection.prepare("select * from v"))));
    assert_eq!(prepared.expect_err("it panics").downcast_ref::<&str>(), Some(&"while it is prepared"));
    connection.remove_progress_handler().expect("nothing runs");
    assert!(connection.prepare("select * from v").is_ok());
    connection.close().expect("nothing is open");
}

std::thread_local! {
    static MINE: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
    static IDLE: RefCell<Option<Statement<Rc<Connection>>>> = const { RefCell::new(None) };
    static EVENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn a_handler_that_uses_the_connection_that_is_calling_it_is_refused() {
    static TELL: Hook = Hook(|event: &Event<'_>| EVENTS.with_borrow_mut(|events| events.push(event.to_string())));
    set_hook(&TELL);
    let connection = Rc::new(open());
    MINE.set(Some(Rc::clone(&connection)));
    let idle = Statement::new(Rc::clone(&connection), "select 1").expect("SQL");
    let raw = idle.as_ptr();
    IDLE.set(Some(idle));
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let meddle = move || {
        let mine = MINE.with_borrow(|mine| mine.clone().expect("it is there"));
        assert_eq!(mine.execute("select 2"), Err(Error::InHandler));
        assert_eq!(mine.execute_batch("select 2"), Err(Error::InHandler));
        assert_eq!(mine.progress_handler(EACH, || Break(())), Err(Error::InHandler));
        assert_eq!(mine.remove_progress_handler(), Err(Error::InHandler));
        assert_eq!(mine.busy_handler(|_| Break(())), Err(Error::InHandler));
        assert_eq!(mine.busy_timeout(Duration::ZERO), Err(Error::InHandler));
        let gone = mine.remove_function("f", 0);
        assert_eq!(gone, Err(Error::InHandler));
        let made = mine.create_function("f", 0, FunctionFlags::NONE, |_call| Ok::<_, Error>(()));
        assert_eq!(made, Err(Error::InHandler));
        if let Some(mut idle) = IDLE.take() {
            assert_eq!(idle.bind_integer(1, 1), Err(Error::InHandler));
            assert_eq!(idle.step().map(|_| ()), Err(Error::InHandler));
            assert_eq!(idle.reset(), Err(Error::InHandler));
            assert_eq!(idle.clear_bindings(), Err(Error::InHandler));
            drop(idle); // cannot end here
        }
        counted.fetch_add(1, Ordering::Relaxed);
        Continue(())
    };
    connection.progress_handler(EACH, meddle).expect("a handler");
    connection.execute("select 1").expect("SQL");
    assert!(runs.load(Ordering::Relaxed) > 0);
    let told = EVENTS.take();
    assert!(told.len() == 1 && told[0].contains("StatementRef"), "{told:?}");
    MINE.take();

    // The statement was leaked, and with it a count of its connection. Both are taken back here.
    // SAFETY: the statement is nobody's.
    assert_eq!(unsafe { libsqlite3_sys::sqlite3_finalize(raw) }, 0);
    let leaked = Rc::into_raw(connection);
    // SAFETY: the count of the statement that was leaked; the pointer is from `into_raw`.
    unsafe { Rc::decrement_strong_count(leaked) };
    // SAFETY: the pointer is from `into_raw`, and this is its own count.
    let connection = unsafe { Rc::from_raw(leaked) };
    Rc::into_inner(connection).expect("the only one").close().expect("nothing is open");
}

#[test]
fn a_function_may_exchange_the_handlers_of_its_connection() {
    let connection = Rc::new(open());
    MINE.set(Some(Rc::clone(&connection)));
    let captured = Arc::new(());
    let kept = Arc::clone(&captured);
    let exchange = move |_call: cstruct_strangers::sqlite::Call<'_>| {
        let mine = MINE.with_borrow(|mine| mine.clone().expect("it is there"));
        let kept = Arc::clone(&kept);
        mine.progress_handler(EACH, move || {
            let _kept = &kept;
            Continue(())
        })?;
        Ok::<_, Error>(1)
    };
    connection.create_function("exchange", 0, FunctionFlags::NONE, exchange).expect("a function");
    connection.execute("select exchange() + exchange() + exchange()").expect("SQL");
    assert_eq!(Arc::strong_count(&captured), 3, "the function's, and one handler's");
    MINE.take();
    drop(connection);
    assert_eq!(Arc::strong_count(&captured), 1);
}

#[test]
fn another_thread_interrupts_what_runs() {
    let connection = open();
    let (started, has_started) = mpsc::channel();
    let started = move |call: cstruct_strangers::sqlite::Call<'_>| {
        let _nobody_waits_any_more = started.send(());
        call.integer(0)
    };
    connection.create_function("started", 1, FunctionFlags::NONE, started).expect("a function");
    let stop = connection.interrupter();
    let other = std::thread::spawn(move || {
        has_started.recv().expect("it starts");
        stop.call()
    });
    let endless =
        "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c where started(x)";
    assert_eq!(code(connection.execute(endless)), Some(Code::INTERRUPT));
    assert_eq!(other.join().expect("no panic"), Ok(()));
    assert_eq!(connection.execute("select 1"), Ok(0), "what begins afterwards runs");
}

#[test]
fn no_interrupter_reaches_a_closed_connection() {
    for _ in 0..50 {
        let connection = open();
        let (parked, _) = connection.prepare("select 1").expect("SQL").park();
        let stop = connection.interrupter();
        let other = std::thread::spawn({
            let stop = stop.clone();
            // Until it is closed: an interrupt more would be a use after free.
            move || while stop.call() == Ok(()) {}
        });
        let connection = connection.close().expect_err("a statement lives").into_handle().expect("it is open");
        drop(parked);
        connection.close().expect("nothing is open");
        assert_eq!(stop.call(), Err(Closed));
        other.join().expect("no panic");
    }
}

#[test]
fn an_interrupter_reaches_a_connection_whose_close_was_refused() {
    let connection = open();
    let stop = connection.interrupter();
    let (parked, _) = connection.prepare("select 1").expect("SQL").park();
    let connection = connection.close().expect_err("a statement lives").into_handle().expect("it is open");
    assert_eq!(stop.call(), Ok(()));
    drop(parked);
    drop(connection);
    assert_eq!(stop.call(), Err(Closed));
}
