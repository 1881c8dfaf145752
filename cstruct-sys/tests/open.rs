//! Opening, querying, taking and closing; files and sources that fail or misbehave.

mod owners;

use core::ffi::{CStr, c_void};
use core::ptr;
use cstruct_sys::*;
use owners::*;

const CSV: &[u8] = b"n,v,s\nab,1,1.5\nb,2,\n,3,4\nabc,4,0\n";

struct Query(*mut cstruct_query);

impl Query {
    fn new(ctx: &Ctx, prefix: Option<&CStr>) -> Self {
        let mut out = ptr::null_mut();
        // SAFETY: the context is alive, the prefix ends with a NUL or is NULL, and `out` is writable.
        let status = unsafe { cstruct_query_new(ctx.raw(), prefix.map_or(ptr::null(), CStr::as_ptr), &raw mut out) };
        assert_eq!(status, OK);
        Self(out)
    }

    fn values(&self) -> Vec<i32> {
        core::iter::from_fn(|| {
            let mut record = ptr::dangling();
            // SAFETY: the query is alive and `record` is writable.
            let status = unsafe { cstruct_query_step(self.0, &raw mut record) };
            if status == OK {
                // SAFETY: with that status it is a record of the context.
                return Some(unsafe { cstruct_value(record) });
            }
            assert_eq!(status, cstruct_status::CSTRUCT_DONE);
            assert!(record.is_null());
            None
        })
        .collect()
    }
}

impl Drop for Query {
    fn drop(&mut self) {
        // SAFETY: the query is this value's own.
        unsafe { cstruct_query_end(self.0) }
    }
}

#[test]
fn a_query_walks_the_names_that_begin_alike() {
    let (_, ctx) = read(CSV, 100, None);
    let ctx = ctx.unwrap();
    assert_eq!(Query::new(&ctx, None).values(), [1, 2, 3, 4]);
    assert_eq!(Query::new(&ctx, Some(c"")).values(), [1, 2, 3, 4]);
    let query = Query::new(&ctx, Some(c"ab"));
    assert_eq!(query.values(), [1, 4]);
    assert_eq!(query.values(), []);
    // SAFETY: the query is alive.
    unsafe { cstruct_query_rewind(query.0) };
    assert_eq!(query.values(), [1, 4]);
    assert_eq!(Query::new(&ctx, Some(c"abcd")).values(), []);
}

#[test]
fn neither_closing_nor_taking_while_queries_live() {
    let (_, ctx) = read(CSV, 100, None);
    let ctx = ctx.unwrap();
    let (one, two) = (Query::new(&ctx, None), Query::new(&ctx, None));
    // SAFETY: it is refused, so the context stays alive.
    assert_eq!(unsafe { cstruct_close(ctx.raw()) }, cstruct_status::CSTRUCT_BUSY);
    assert_eq!(ctx.message(), "2 queries are still open; end them first");
    drop(one);
    assert_eq!(ctx.take().err(), Some(cstruct_status::CSTRUCT_BUSY));
    assert_eq!(ctx.message(), "1 query is still open; end it first");
    assert_eq!(two.values().len(), 4);
    drop(two);
    assert!(ctx.take().is_ok());
    assert_eq!(ctx.count(), 0);
    assert_eq!(ctx.take().err(), Some(cstruct_status::CSTRUCT_NOT_FOUND));
}

#[test]
fn a_file_that_cannot_be_read_says_why_on_a_handle() {
    let (status, ctx) = open(c"/nonexistent/\x1b[31m.csv");
    let ctx = ctx.unwrap();
    assert_eq!(status, cstruct_status::CSTRUCT_IO);
    assert_eq!(ctx.message(), "cannot open `/nonexistent/\\x1b[31m.csv`: No such file or directory");
    assert_eq!((ctx.at(), ctx.count()), ((0, 0), 0));
    let (status, ctx) = open(c"/");
    assert_eq!(status, cstruct_status::CSTRUCT_IO);
    assert_eq!(ctx.unwrap().message(), "cannot read `/`: Is a directory");
}

#[test]
fn a_file_is_read_to_its_end() {
    let path = path("open.csv");
    std::fs::write(path.to_str().unwrap(), CSV).unwrap();
    let (status, ctx) = open(&path);
    let ctx = ctx.unwrap();
    assert_eq!((status, ctx.count()), (OK, 4));
    let list = ctx.take().unwrap();
    drop(ctx);
    assert_eq!(list.csv(), b"name,value,s1\nab,1,1.5\nb,2,\n,3,4\nabc,4,0\n");
    std::fs::remove_file(path.to_str().unwrap()).unwrap();
}

#[test]
fn text_in_memory_is_only_looked_at() {
    let mut bytes = CSV.to_vec();
    let mut text = empty_text();
    (text.data, text.len) = (bytes.as_mut_ptr().cast(), bytes.len());
    let mut out = ptr::null_mut();
    // SAFETY: the text has `len` bytes and `out` is writable.
    assert_eq!(unsafe { cstruct_open_text(&raw const text, ptr::null(), &raw mut out) }, OK);
    // SAFETY: the context was handed out.
    assert_eq!(unsafe { Ctx::adopt(out) }.unwrap().count(), 4);
    assert_eq!(bytes, CSV);
    (text.data, text.len) = (ptr::null_mut(), 1);
    // SAFETY: NULL with a length is refused before it is looked at.
    let status = unsafe { cstruct_open_text(&raw const text, ptr::null(), &raw mut out) };
    assert_eq!((status, out.is_null()), (cstruct_status::CSTRUCT_INVALID, true));
}

/// Gives one good line, then does what `user` says.
unsafe extern "C" fn misbehave(user: *mut c_void, room: *mut c_void, len: usize, got: *mut usize) -> cstruct_status {
    // SAFETY: `user` is the pair below, which nothing else uses during the call.
    let (calls, answer) = unsafe { &mut *user.cast::<(u32, u32)>() };
    *calls += 1;
    let line = b"n,v\na,1\n";
    let (said, status) = match *calls {
        1 => (line.len(), 0),
        _ if *answer == 0 => (len + 1, 0),
        _ => (3, *answer),
    };
    if *calls == 1 {
        // SAFETY: the library's room is never that small.
        unsafe { ptr::copy_nonoverlapping(line.as_ptr(), room.cast(), line.len()) };
    }
    // SAFETY: the library's `got` is writable.
    unsafe { got.write(said) };
    cstruct_status(status)
}

#[test]
fn a_source_that_fails_or_lies_is_told_from_its_end() {
    for (answer, want, message) in [
        (0, 4, Some("the source says that it gave ")),
        (1, 1, Some("the source failed in or behind line 3: no more")),
        (9, 9, Some("the source failed in or behind line 3: not found")),
        (77, 77, Some("the source failed in or behind line 3: unknown status (status 77)")),
        (2, 2, None),
        (3, 3, None),
    ] {
        let mut state = (0_u32, answer);
        let mut source =
            cstruct_source { version: CSTRUCT_SOURCE_VERSION, user: (&raw mut state).cast(), read: Some(misbehave) };
        let (status, ctx) = open_source(&source, None);
        assert_eq!(status, cstruct_status(want));
        assert_eq!(ctx.is_some(), message.is_some(), "only without memory or with a bad argument there is no handle");
        if let (Some(ctx), Some(message)) = (&ctx, message) {
            assert!(ctx.message().starts_with(message), "{}", ctx.message());
            assert_eq!(ctx.count(), 0);
        }
        source.version = 2;
        let (status, ctx) = open_source(&source, None);
        assert_eq!(status, cstruct_status::CSTRUCT_VERSION);
        assert!(ctx.unwrap().message().contains("version 2"));
        source.read = None;
        assert_eq!(open_source(&source, None).0, cstruct_status::CSTRUCT_INVALID);
    }
}

#[test]
fn null_is_answered_as_the_header_says() {
    let mut out = ptr::dangling_mut();
    // SAFETY: the header states for each of these calls what NULL does.
    let status = unsafe { cstruct_open(ptr::null(), ptr::null(), &raw mut out) };
    assert_eq!((status, out.is_null()), (cstruct_status::CSTRUCT_INVALID, true));
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_close(ptr::null_mut()) }, OK);
    // SAFETY: as above.
    let message = unsafe { cstruct_errmsg(ptr::null()) };
    // SAFETY: a message ends with a NUL.
    assert_eq!(unsafe { CStr::from_ptr(message) }, c"");
    // SAFETY: as above.
    assert_eq!(unsafe { cstruct_count(ptr::null()) }, 0);
    // SAFETY: as above.
    unsafe { cstruct_query_end(ptr::null_mut()) };
    // SAFETY: as above.
    unsafe { cstruct_query_rewind(ptr::null_mut()) };
}
