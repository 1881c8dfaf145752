//! The C library raw, with every allocation refused in turn: what failed gives back all it took, and the caller's objects are as they were.
#![cfg(all(feature = "testing", feature = "store"))]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::{dangling_mut, null, null_mut};

use ::cstruct::testing::{Hook, Torture, fallible, refused};
use cstruct_sys::{cstruct as Record, cstruct_status as Status, *};

static HOOK: Hook = Hook::new();
const OK: Status = Status::CSTRUCT_OK;

/// Does one unsafe thing: calls one C function, or goes through one pointer that came from C.
macro_rules! c {
    ($what:expr) => {{
        // SAFETY: each scenario passes live objects of its own, and releases them once.
        unsafe { $what }
    }};
}

/// The status as a result. After a refusal it says that there was no memory, and nothing else.
fn check(status: Status) -> Result<(), String> {
    if status == OK {
        return Ok(());
    }
    assert!(refused(), "{status:?} although nothing was refused");
    assert_eq!(status, Status::CSTRUCT_NO_MEMORY);
    Err(format!("{status:?}"))
}

/// An object with its release, so that a scenario may end at any line.
struct Of<T>(*mut T, unsafe extern "C" fn(*mut T));

impl<T> Of<T> {
    fn made(release: unsafe extern "C" fn(*mut T), make: impl FnOnce(*mut *mut T) -> Status) -> Result<Of<T>, String> {
        let mut out = dangling_mut();
        let status = make(&raw mut out);
        assert_eq!(out.is_null(), status != OK, "the out-parameter is valid on success, and NULL else");
        check(status)?;
        Ok(Of(out, release))
    }

    /// Hands it to C, which has taken it if it says so.
    fn give(self, take: impl FnOnce(*mut T) -> Status) -> Result<(), String> {
        let status = take(self.0);
        if status == OK {
            std::mem::forget(self);
        }
        check(status)
    }
}

impl<T> Drop for Of<T> {
    fn drop(&mut self) {
        c!((self.1)(self.0));
    }
}

fn record(n: i32, name: &CStr) -> Result<Of<Record>, String> {
    let made = Of::made(cstruct_free, |out| c!(cstruct_new(n, name.as_ptr(), out)))?;
    let samples = [f64::from(n), 0.5, f64::NAN];
    let status = c!(cstruct_append(made.0, samples.as_ptr(), samples.len()));
    if status != OK {
        let mut len = 7;
        c!(cstruct_samples(made.0, &raw mut len));
        assert_eq!(len, 0, "a failed call changes nothing");
    }
    check(status)?;
    Ok(made)
}

/// The same in one call.
fn whole(n: i32, name: &CStr) -> Result<Of<Record>, String> {
    let (name, samples) = (name.to_bytes(), [f64::from(n), 0.5, f64::NAN]);
    Of::made(cstruct_free, |out| {
        c!(cstruct_new_with(n, name.as_ptr().cast(), name.len(), samples.as_ptr(), samples.len(), out))
    })
}

fn name(n: i32) -> CString {
    CString::new(format!("record {n}")).expect("no NUL")
}

fn list(len: i32) -> Result<Of<Record>, String> {
    let mut first = record(0, &name(0))?;
    for n in 1..len {
        let make = if n % 2 == 0 { record } else { whole };
        let before = make(n, &name(n % 5))?;
        let status = c!(cstruct_link(before.0, first.0));
        assert_eq!(status, OK, "it asks for no memory");
        std::mem::forget(std::mem::replace(&mut first, before));
    }
    Ok(first)
}

fn records() -> Result<(), String> {
    let list = list(300)?;
    let copy = Of::made(cstruct_free, |out| c!(cstruct_dup(list.0, out)))?;
    let renamed = c!(cstruct_set_name(copy.0, c"a longer name than the one that was there".as_ptr()));
    if renamed != OK {
        assert_eq!(c!(CStr::from_ptr(cstruct_name(copy.0))), c!(CStr::from_ptr(cstruct_name(list.0))));
    }
    check(renamed)?;
    check(c!(cstruct_reserve(copy.0, 10_000)))?;
    Ok(())
}

fn close_ctx(ctx: *mut cstruct_ctx) -> Status {
    c!(cstruct_close(ctx))
}

unsafe extern "C" fn end_ctx(ctx: *mut cstruct_ctx) {
    assert_eq!(close_ctx(ctx), OK);
}

unsafe extern "C" fn end_table(table: *mut cstruct_table) {
    assert_eq!(c!(cstruct_table_free(table)), OK);
}

unsafe extern "C" fn end_arena(arena: *mut cstruct_arena) {
    assert_eq!(c!(cstruct_arena_release(arena)), OK);
}

unsafe extern "C" fn end_writer(writer: *mut cstruct_writer) {
    assert_eq!(c!(cstruct_writer_close(writer)), OK);
}

/// Opens a text. A handle that comes with a failure is closed; without memory there is none.
fn open(text: &str) -> Result<Of<cstruct_ctx>, String> {
    let text = cstruct_text { data: text.as_ptr().cast_mut().cast(), len: text.len(), cap: text.len() };
    Of::made(end_ctx, |out| c!(cstruct_open_text(&raw const text, null(), out)))
}

fn csv(lines: usize) -> String {
    let line = |n: usize| format!("\"series \"\"{n}\"\"\",{n},{n}.5,,{}\n", n * 3);
    std::iter::once("name,value,a,b,c\n".to_owned()).chain((0..lines).map(line)).collect()
}

fn load(text: &str, lines: usize) -> Result<(), String> {
    let ctx = open(text)?;
    assert_eq!(c!(cstruct_count(ctx.0)), lines);
    let taken = Of::made(cstruct_free, |out| c!(cstruct_take(ctx.0, out)))?;
    assert_eq!(c!(cstruct_count(ctx.0)), 0);
    drop(ctx);
    drop(taken);
    Ok(())
}

/// A source that fails in its turn, as a disk does.
struct Source<'t>(&'t [u8]);

unsafe extern "C" fn read(user: *mut c_void, room: *mut c_void, len: usize, got: *mut usize) -> Status {
    if fallible("read") {
        return Status::CSTRUCT_NO_MEMORY;
    }
    let source = c!(&mut *user.cast::<Source<'_>>());
    let (now, later) = source.0.split_at(len.min(source.0.len()).min(100));
    c!(room.cast::<u8>().copy_from_nonoverlapping(now.as_ptr(), now.len()));
    c!(got.write(now.len()));
    source.0 = later;
    OK
}

fn load_source(text: &str, lines: usize) -> Result<(), String> {
    let mut source = Source(text.as_bytes());
    let source = cstruct_source { version: CSTRUCT_SOURCE_VERSION, user: (&raw mut source).cast(), read: Some(read) };
    let mut out = dangling_mut();
    let status = c!(cstruct_open_source(&raw const source, null(), &raw mut out));
    let ctx = Of(out, end_ctx); // NULL is nothing to close
    if status == OK {
        assert_eq!(c!(cstruct_count(ctx.0)), lines);
    } else {
        assert_eq!(c!(cstruct_count(ctx.0)), 0, "a handle of a failed opening has no records");
    }
    check(status)
}

fn queries(text: &str) -> Result<(), String> {
    let ctx = open(text)?;
    for prefix in [c"", c"series", c"nothing"] {
        let query = Of::made(cstruct_query_end, |out| c!(cstruct_query_new(ctx.0, prefix.as_ptr(), out)))?;
        assert_eq!(close_ctx(ctx.0), Status::CSTRUCT_BUSY);
        let mut at = null();
        while c!(cstruct_query_step(query.0, &raw mut at)) == OK {}
        assert!(at.is_null());
    }
    Ok(())
}

fn tables() -> Result<(), String> {
    let table = Of::made(end_table, |out| c!(cstruct_table_new(0, out)))?;
    for n in 0..500 {
        let record = record(n, &name(n))?;
        let len = c!(cstruct_table_len(table.0));
        record.give(|raw| c!(cstruct_table_push(table.0, raw))).inspect_err(|_| {
            assert_eq!(c!(cstruct_table_len(table.0)), len);
        })?;
    }
    let taken = Of::made(cstruct_free, |out| c!(cstruct_table_take(table.0, name(7).as_ptr(), out)))?;
    let raw = taken.0;
    std::mem::forget(taken);
    check(c!(cstruct_table_push_or_free(table.0, raw)))?;
    check(c!(cstruct_table_read_begin(table.0)))?;
    assert!(!c!(cstruct_table_sorted_at(table.0, 499)).is_null());
    check(c!(cstruct_table_read_end(table.0)))
}

fn batches() -> Result<(), String> {
    let table = Of::made(end_table, |out| c!(cstruct_table_new(0, out)))?;
    for start in [0, 200] {
        let batch = Of::made(cstruct_batch_rollback, |out| c!(cstruct_batch_begin(table.0, out)))?;
        for n in start..start + 200 {
            record(n, &name(n))?.give(|raw| c!(cstruct_batch_push(batch.0, raw)))?;
        }
        batch.give(|raw| c!(cstruct_batch_commit(raw))).inspect_err(|_| {
            assert_eq!(c!(cstruct_table_len(table.0)), start as usize, "all or nothing");
        })?;
    }
    Ok(())
}

fn blobs() -> Result<(), String> {
    let bytes = [7_u8; 200];
    let mut blobs = Vec::new();
    for len in 0..bytes.len() {
        let blob = Of::made(cstruct_blob_release, |out| c!(cstruct_blob_new(bytes.as_ptr().cast(), len, out)))?;
        check(c!(cstruct_blob_retain(blob.0)))?;
        c!(cstruct_blob_release(blob.0));
        blobs.push(blob);
    }
    Ok(())
}

fn arenas() -> Result<(), String> {
    let record = record(1, c"in an arena")?;
    let arena = Of::made(end_arena, |out| c!(cstruct_arena_new(out)))?;
    for n in 0..400 {
        let (mut bytes, mut copy) = (dangling_mut::<c_void>(), std::ptr::dangling());
        let status = c!(cstruct_arena_alloc(arena.0, n * 100, &raw mut bytes));
        assert_eq!(bytes.is_null(), status != OK);
        check(status)?;
        let status = c!(cstruct_arena_copy(arena.0, record.0, &raw mut copy));
        assert_eq!(copy.is_null(), status != OK);
        check(status)?;
    }
    Ok(())
}

unsafe extern "C" fn dispose(text: *mut cstruct_text) {
    c!(cstruct_text_dispose(text));
}

fn texts() -> Result<(), String> {
    let list = list(200)?;
    let mut text = cstruct_text { data: null_mut(), len: 0, cap: 0 };
    let text = Of(&raw mut text, dispose);
    for _ in 0..2 {
        let status = c!(cstruct_text_fill(list.0, text.0));
        assert_eq!(c!((*text.0).data).is_null(), status != OK, "after a failure it is empty");
        check(status)?;
    }
    let mut at = list.0.cast_const();
    while !at.is_null() {
        drop(Of::<c_char>::made(cstruct_string_free, |out| c!(cstruct_format(at, out)))?);
        let (mut copy, mut len) = (dangling_mut(), 7);
        let status = c!(cstruct_samples_copy(at, &raw mut copy, &raw mut len));
        assert_eq!((copy.is_null(), len), (status != OK, if status == OK { 3 } else { 0 }));
        check(status)?;
        c!(cstruct_samples_free(copy, len));
        at = c!(cstruct_next(at));
    }
    Ok(())
}

fn written(path: &CStr) -> Result<(), String> {
    let list = list(150)?;
    let writer = Of::made(end_writer, |out| c!(cstruct_writer_open(path.as_ptr(), out)))?;
    let mut at = list.0.cast_const();
    while !at.is_null() {
        check(c!(cstruct_writer_write(writer.0, at)))?;
        at = c!(cstruct_next(at));
    }
    Ok(())
}

/// The states that were made, and not finished.
unsafe extern "C" fn begin(user: *mut c_void, room: *mut c_void, size: usize, _first: *const Record) -> c_int {
    if fallible("init") {
        return 1;
    }
    assert!(c!(std::slice::from_raw_parts(room.cast::<u8>(), size)).iter().all(|byte| *byte == 0));
    *c!(&mut *user.cast::<i64>()) += 1;
    0
}

unsafe extern "C" fn step(_user: *mut c_void, room: *mut c_void, _size: usize, record: *const Record) -> c_int {
    if fallible("step") {
        return 1;
    }
    *c!(&mut *room.cast::<i64>()) += i64::from(c!(cstruct_value(record)));
    0
}

unsafe extern "C" fn finish(user: *mut c_void, _room: *mut c_void, _size: usize, _first: *const Record, _: Status) {
    *c!(&mut *user.cast::<i64>()) -= 1;
}

fn folds() -> Result<(), String> {
    let list = list(150)?;
    let mut open = 0_i64;
    let user = (&raw mut open).cast();
    let status = c!(cstruct_fold(list.0, 8, 8, Some(begin), Some(step), Some(finish), user));
    assert_eq!(open, 0, "each state is finished once");
    // The functions' own refusal has a status of its own.
    if status == Status::CSTRUCT_STOPPED && refused() { Err("stopped".to_owned()) } else { check(status) }
}

fn meters() -> Result<(), String> {
    let mut ring = [cstruct_reading { at_us: 0, bytes: 0 }; 4];
    drop(Of::made(cstruct_meter_stop, |out| c!(cstruct_meter_start(ring.as_mut_ptr(), 4, u64::MAX, out)))?);
    Ok(())
}

unsafe extern "C" fn alloc(_user: *mut c_void, size: usize) -> *mut c_void {
    assert_ne!(size, 0, "an empty block was asked for");
    HOOK.alloc(size)
}

unsafe extern "C" fn resize(_user: *mut c_void, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
    c!(HOOK.resize(block, old_size, new_size))
}

unsafe extern "C" fn release(_user: *mut c_void, block: *mut c_void, size: usize) {
    c!(HOOK.release(block, size));
}

/// One test, so that nothing else uses the library meanwhile: its hook and its counts are the process's.
#[test]
fn every_allocation_of_the_c_library() {
    let table =
        cstruct_allocator { user: null_mut(), alloc: Some(alloc), resize: Some(resize), release: Some(release) };
    assert_eq!(c!(cstruct_init(&raw const table)), OK);
    let every_point = |name: &str, scenario: &dyn Fn() -> Result<(), String>| {
        let objects = || c!(cstruct_live()).objects;
        let report = Torture::new(name, &HOOK).balances("live objects", objects).must_surface().run(scenario);
        assert!(report.is_exhaustive(), "{report}");
        println!("torture: {report}");
    };

    let (small, large) = (csv(150), csv(900));
    let file = tempfile::NamedTempFile::new().expect("the folder for temporary files can be written to");
    let path = CString::new(file.path().as_os_str().as_encoded_bytes()).expect("no NUL");
    every_point("raw: records", &records);
    every_point("raw: csv from memory", &|| load(&large, 900));
    every_point("raw: csv from a source that fails too", &|| load_source(&large, 900));
    every_point("raw: queries", &|| queries(&small));
    every_point("raw: tables", &tables);
    every_point("raw: batches", &batches);
    every_point("raw: blobs", &blobs);
    every_point("raw: arenas", &arenas);
    every_point("raw: texts", &texts);
    every_point("raw: written files", &|| written(&path));
    every_point("raw: folds", &folds);
    every_point("raw: meters", &meters);
    assert_eq!(c!(cstruct_shutdown()), OK, "nothing lives");
}
