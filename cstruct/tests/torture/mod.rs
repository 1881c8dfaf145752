//! What the tortures of the worked example share: the library on the hook of a torture, and scenarios of its safe layer.
//!
//! Every scenario asserts that an error is that of memory that was refused, and never another.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::ffi::{CString, c_void};
use std::ops::ControlFlow;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::Once;

use cstruct::kit::CloseError;
use cstruct::testing::{FaultSource, Hook, Torture, exempt, refused};
use cstruct::{
    Arena, Blob, CStruct, CStructData, CStructRef, Context, Cursor, Error, OpenOptions, Status, Table, Text, Writer,
    with_digits,
};
use cstruct_sys::{cstruct_allocator, cstruct_init, cstruct_status};

pub(crate) static HOOK: Hook = Hook::new();

unsafe extern "C" fn alloc(_user: *mut c_void, size: usize) -> *mut c_void {
    HOOK.alloc(size)
}

unsafe extern "C" fn resize(_user: *mut c_void, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
    // SAFETY: the library hands back a block of this table's that it has not released.
    unsafe { HOOK.resize(block, old_size, new_size) }
}

unsafe extern "C" fn release(_user: *mut c_void, block: *mut c_void, size: usize) {
    // SAFETY: as in `resize`, and the library does not use it afterwards.
    unsafe { HOOK.release(block, size) }
}

/// Makes the library take its memory from the hook, for the rest of the program.
pub(crate) fn on_the_hook() -> &'static Hook {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let table =
            cstruct_allocator { user: null_mut(), alloc: Some(alloc), resize: Some(resize), release: Some(release) };
        // SAFETY: the table is copied, and its functions do what the header asks of an allocator.
        assert_eq!(unsafe { cstruct_init(&raw const table) }, cstruct_status::CSTRUCT_OK);
    });
    &HOOK
}

/// Tortures one scenario to the last point, and prints the figures.
pub(crate) fn every_point(name: &str, source: &dyn FaultSource, scenario: impl Fn() -> Result<(), Error>) {
    let torture = Torture::new(name, source).balances("live objects", || cstruct::live().objects);
    let report = torture.run(|| scenario().inspect_err(|error| assert!(refused() && is_of_memory(error), "{error}")));
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}

fn is_of_memory(error: &Error) -> bool {
    match error {
        Error::Refused(Status::NoMemory) | Error::Read { status: Status::NoMemory, .. } => true,
        // `fopen` has no memory for its FILE.
        Error::Read { status: Status::Io, message, .. } => message.contains("Cannot allocate memory"),
        Error::Io(error) => error.kind() == std::io::ErrorKind::OutOfMemory,
        _ => false,
    }
}

/// A file for a scenario, removed at the end.
pub(crate) struct File(std::path::PathBuf);

impl File {
    pub(crate) fn new(name: &str, text: &str) -> File {
        let path = std::env::temp_dir().join(format!("cstruct-torture-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).expect("the folder for temporary files can be written to");
        File(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A CSV text with so many lines of three samples.
pub(crate) fn csv(lines: usize) -> String {
    let line = |n: usize| format!("series {n},{n},{n}.5,,{}\n", n * 3);
    std::iter::once("name,value,a,b,c\n".to_owned()).chain((0..lines).map(line)).collect()
}

fn name(n: i32) -> CString {
    CString::new(format!("record {n}")).expect("no NUL")
}

fn list(len: i32) -> Result<CStruct, Error> {
    let record = |n| {
        let mut record = CStruct::named(n, &name(n % 7))?;
        record.pin_mut().append(&[f64::from(n), 0.5])?;
        Ok(record)
    };
    CStruct::from_records((0..len).map(record).collect::<Result<Vec<_>, Error>>()?)
}

pub(crate) fn records(len: i32) -> Result<(), Error> {
    let mut first = list(len)?;
    first.pin_mut().set_name(Some(c"another name, longer than the one before"))?;
    first.pin_mut().set_name(None)?;
    first.pin_mut().reserve(100)?;
    first.pin_mut().append(&[1.0; 1000])?;
    let copy = first.try_clone()?;
    assert_eq!(copy, first);
    let rest = first.pin_mut().unlink().expect("there is more than one");
    first.pin_mut().link(rest)?;
    assert_eq!(first.records().count(), copy.records().count());
    Ok(())
}

pub(crate) fn copies_out_and_in(len: i32) -> Result<(), Error> {
    let list = list(len)?;
    let data: Vec<CStructData> = (&*list).try_into()?;
    let back = CStruct::try_from(&data[..])?;
    assert_eq!(back, list);
    Ok(())
}

pub(crate) fn load_text(text: &str, lines: usize) -> Result<(), Error> {
    let mut context = Context::from_csv(text.as_bytes())?;
    assert_eq!(context.count(), lines);
    let list = context.pin_mut().take()?.expect("there are some");
    assert_eq!(list.records().count(), lines);
    Ok(())
}

pub(crate) fn load_reader(text: &str, lines: usize) -> Result<(), Error> {
    let missing = exempt(|| CString::new("none").expect("no NUL"));
    let options = OpenOptions::new()?.missing(&missing);
    assert_eq!(Context::from_reader_with(text.as_bytes(), &options)?.count(), lines);
    Ok(())
}

pub(crate) fn load_file(path: &Path, lines: usize) -> Result<(), Error> {
    assert_eq!(Context::open(path)?.count(), lines);
    Ok(())
}

/// A file that is refused leaves a handle with a message, or says that there was no memory for one.
pub(crate) fn load_faulty(text: &str) -> Result<(), Error> {
    match Context::from_csv(text.as_bytes()) {
        Err(Error::Read { status: Status::Parse, at: Some(at), .. }) => {
            assert_eq!(at.line, text.lines().count() as u64);
            Ok(())
        }
        Err(error) => Err(error),
        Ok(_) => panic!("the last line is not CSV"),
    }
}

pub(crate) fn queries(text: &str, lines: usize) -> Result<(), Error> {
    let context = Context::from_csv(text.as_bytes())?;
    for prefix in [c"", c"series 1", c"nothing", c"series 12"] {
        let mut query = context.query(prefix)?;
        let mut seen = 0;
        while query.step()?.is_some() {
            seen += 1;
        }
        assert_eq!(seen == lines, prefix.is_empty());
        query.rewind();
        assert_eq!(query.step()?.is_some(), seen > 0);
    }
    Ok(())
}

pub(crate) fn texts(len: i32) -> Result<(), Error> {
    let list = list(len)?;
    let mut text = Text::of(&list)?;
    text.write(&list)?;
    let again = Context::from_text(&text)?;
    assert_eq!(again.count(), len as usize);
    for record in list.records() {
        let line = record.format()?;
        let mut room = Vec::new();
        assert_eq!(record.format_into(&mut room)?, &*line);
        assert_eq!(&*record.copy_samples()?, record.samples());
        assert!(!with_digits(3, || record.format())??.is_empty());
    }
    Ok(())
}

pub(crate) fn tables(len: i32) -> Result<(), Error> {
    let mut table = Table::new()?;
    for n in 0..len {
        table.push(CStruct::named(n, &name(n))?)?;
    }
    assert_eq!(table.find(&name(3)).map(CStructRef::value), Some(3));
    let taken = table.take(&name(3))?.expect("it is there");
    table.push_or_free(taken)?;
    let mut seen = 0;
    let all = table.each(|_| {
        seen += 1;
        ControlFlow::<()>::Continue(())
    })?;
    assert_eq!((all, seen), (ControlFlow::Continue(()), len));
    let section = table.read_section()?;
    assert!(section.sorted().map(|record| record.name().expect("each has one")).is_sorted());
    section.end()?;
    Ok(table.close()?)
}

pub(crate) fn batches(len: i32) -> Result<(), Error> {
    let mut table = Table::new()?;
    for start in [0, len] {
        let mut batch = table.batch()?;
        for n in start..start + len {
            batch.push(CStruct::named(n, &name(n))?)?;
        }
        let committed = match batch.commit() {
            Ok(()) => Ok(()),
            Err(CloseError::StillOpen { handle, error }) => {
                handle.rollback();
                Err(error)
            }
            Err(CloseError::Gone(error)) => panic!("the batch is still there: {error}"),
        };
        if committed.is_err() {
            assert_eq!(table.len(), start as usize, "all or nothing");
        }
        committed?;
        assert_eq!(table.len(), (start + len) as usize);
    }
    let mut batch = table.batch()?;
    batch.push(CStruct::named(1, c"rolled back")?)?;
    batch.rollback();
    assert!(table.find(c"rolled back").is_none());
    Ok(table.close()?)
}

pub(crate) fn watched_tables(len: i32) -> Result<(), Error> {
    let told = std::sync::Arc::new(std::sync::atomic::AtomicI32::new(0));
    let mut table = Table::new()?;
    let counter = std::sync::Arc::clone(&told);
    table.watch(move |_change, _record: &CStructRef| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    })?;
    table.attach(String::from("ours")).map_err(|refused| refused.error)?;
    for n in 0..len {
        table.push(CStruct::named(n, &name(n))?)?;
        assert_eq!(told.load(std::sync::atomic::Ordering::Relaxed), n + 1);
    }
    table.unwatch()?;
    table.detach()?;
    Ok(table.close()?)
}

pub(crate) fn blobs(len: u8) -> Result<(), Error> {
    let blobs = (0..len).map(|n| Blob::new(&vec![n; usize::from(n)])).collect::<Result<Vec<_>, _>>()?;
    for blob in &blobs {
        let share = blob.share()?;
        assert_eq!(share.bytes(), blob.bytes());
    }
    Ok(())
}

pub(crate) fn cursors(len: i32) -> Result<(), Error> {
    let list = list(len)?;
    let mut cursor = Cursor::new(&*list)?;
    assert_eq!(cursor.walk().count(), len as usize);
    Ok(())
}

pub(crate) fn arenas(len: usize) -> Result<(), Error> {
    let arena = Arena::new()?;
    let record = list(1)?;
    for n in 0..len {
        arena.alloc(n * 100)?.fill(1);
        assert_eq!(arena.copy(&record)?, &*record);
    }
    Ok(())
}

pub(crate) fn written(path: &Path, len: i32) -> Result<(), Error> {
    let list = list(len)?;
    let mut writer = Writer::open(path)?;
    writer.write_list(&list)?;
    writer.close()?;
    let mut writer = Writer::open(path)?.with_buffer(vec![0_u8; 100])?;
    writer.write_list(&list)?;
    writer.close()?;
    Ok(())
}

pub(crate) fn folds(len: i32) -> Result<(), Error> {
    let list = list(len)?;
    let sums = list.fold_by_name(|_first| 0_i64, |sum, record| *sum += i64::from(record.value()), |_first, sum| sum)?;
    assert_eq!(sums.into_iter().sum::<i64>(), (0..i64::from(len)).sum::<i64>());
    Ok(())
}
