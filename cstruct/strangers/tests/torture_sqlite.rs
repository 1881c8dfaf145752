//! SQLite and its wrapper with every `malloc` refused in turn.
#![cfg(all(feature = "torture", target_os = "linux", target_env = "gnu"))]

use std::path::Path;
use std::sync::Arc;

use cstruct::kit::NotReady;
use cstruct::testing::{BlocksOf, Malloc, Torture, conformance, exempt, interpose_malloc, refused};
use cstruct_strangers::sqlite::{Connection, Error, FunctionFlags, Table, Value};

interpose_malloc!();

/// `SQLITE_NOMEM`, and `SQLITE_IOERR_NOMEM` where a file is concerned.
const NO_MEMORY: [i32; 2] = [7, 10 | (12 << 8)];

/// Whether an error says that there was no memory, in one of the ways in which SQLite does.
fn is_of_memory(error: &Error) -> bool {
    match error {
        Error::Sqlite(error) => NO_MEMORY.contains(&error.code.0),
        Error::NotReady(NotReady::Init(code)) => NO_MEMORY.contains(&code.0),
        Error::Null(_) | Error::Slice(_) => true,
        _ => false,
    }
}

/// Tortures one scenario to the last point, with a value that a closure of SQLite's captures.
fn every_point(name: &str, scenario: impl Fn(&Arc<()>) -> Result<(), Error>) {
    let captured = Arc::new(());
    let torture = Torture::new(name, &Malloc).balances("captured values", || Arc::strong_count(&captured) as u64);
    let report =
        torture.run(|| scenario(&captured).inspect_err(|error| assert!(refused() && is_of_memory(error), "{error:?}")));
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}

fn fill(connection: &Connection, rows: i64) -> Result<(), Error> {
    connection
        .execute_batch("create table t (a integer primary key, b text, c blob, d real); create index i on t (b)")?;
    let mut insert = connection.prepare("insert into t values (?1, ?2, ?3, ?4)")?;
    for n in 0..rows {
        insert.bind_integer(1, n)?;
        insert.bind_text(2, &format!("row {n}"))?;
        insert.bind_blob_static(3, vec![7_u8; 200])?;
        insert.bind_real(4, 0.5)?;
        assert_eq!(insert.execute()?, 1);
    }
    Ok(())
}

/// Everything that was put there, and nothing else.
fn look(connection: &Connection, rows: i64) -> Result<(), Error> {
    let mut select = connection.prepare("select a, b, c from t order by b desc, a")?;
    let mut seen = 0;
    while let Some(row) = select.step()? {
        let n = row.integer(0)?.expect("it is not NULL");
        assert_eq!(row.text(1)?, Some(&*format!("row {n}")));
        assert_eq!(row.bytes(2)?, Some(&[7_u8; 200][..]));
        seen += 1;
    }
    assert_eq!(seen, rows);
    Ok(())
}

#[test]
fn a_database_in_memory() {
    every_point("sqlite: in memory", |_| {
        let connection = Connection::open_in_memory()?;
        fill(&connection, 20)?;
        look(&connection, 20)?;
        let mut statement = connection.prepare("select ?1 || ?2")?;
        statement.bind_text(1, "some")?;
        statement.bind_text(2, "thing")?;
        assert_eq!(&*statement.expanded_sql().map_err(Error::Null)?, c"select 'some' || 'thing'");
        drop(statement);
        connection.close().map_err(|error| error.into_error())
    });
}

/// A transaction that had no memory is rolled back as a whole, in the file too.
#[test]
fn a_database_in_a_file() {
    let folder = tempfile::tempdir().expect("the folder for temporary files can be written to");
    let path = folder.path().join("torture.db");
    fill(&Connection::open(&path).expect("memory"), 20).expect("memory");
    every_point("sqlite: in a file", |_| {
        let changed = change(&path);
        cstruct::testing::exempt(|| {
            let connection = Connection::open(&path).expect("memory");
            look(&connection, 20).expect("it is as it was");
        });
        changed
    });
}

fn change(path: &Path) -> Result<(), Error> {
    let connection = Connection::open(path)?;
    connection.execute_batch("begin; update t set b = b || '!'; delete from t where a > 10")?;
    connection.execute_batch("rollback")?;
    look(&connection, 20)
}

#[test]
fn functions_that_capture() {
    every_point("sqlite: functions", |captured| {
        let connection = Connection::open_in_memory()?;
        for _ in 0..2 {
            let value = Arc::clone(captured);
            connection.create_function("shout", 1, FunctionFlags::DETERMINISTIC, move |call| {
                let _captured = &value;
                Ok::<_, Error>(call.text(0)?.map(str::to_uppercase))
            })?;
        }
        let mut statement = connection.prepare("select shout('hello') || shout('you')")?;
        assert_eq!(statement.step()?.expect("one row").text(0)?, Some("HELLOYOU"));
        drop(statement);
        connection.remove_function("shout", 1)
    });
}

/// Its walks hold the captured value too.
struct Captures(Arc<()>);

impl Table for Captures {
    type Rows = Box<dyn Iterator<Item = Vec<Value>> + Send>;

    fn columns(&self) -> Vec<String> {
        exempt(|| vec!["n".to_owned()])
    }

    fn rows(&self) -> Self::Rows {
        let value = Arc::clone(&self.0);
        exempt(|| {
            Box::new((1_i64..=3).map(move |n| {
                let _captured = &value;
                exempt(|| vec![n.into()])
            }))
        })
    }
}

#[test]
fn tables_that_capture() {
    every_point("sqlite: tables", |captured| {
        let connection = Connection::open_in_memory()?;
        for _ in 0..2 {
            connection.create_table("numbers", Captures(Arc::clone(captured)))?;
        }
        let mut sum = connection.prepare("select sum(a.n) from numbers a, numbers b")?;
        assert_eq!(sum.step()?.expect("one row").integer(0)?, Some(18));
        drop(sum);
        connection.remove_table("numbers")
    });
}

conformance! {
    mod connection: Connection = || Connection::open_in_memory().expect("memory");
    live = BlocksOf(&Malloc);
    is = child, niche, send, !sync;
}
