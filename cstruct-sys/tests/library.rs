//! The library itself: version, texts, counters, and an allocator that fails at every point in turn.
//!
//! The allocator and the counters belong to the process, so all of this is one test.

mod owners;

use core::ffi::{CStr, c_void};
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use cstruct_sys::*;
use owners::{OK, empty_text, read};
use std::alloc::Layout;

#[test]
fn the_library() {
    versions_and_texts();
    counted_use();
    every_failing_allocation();
    a_short_line_asks_for_little();
    switching_while_others_make_objects();
}

fn live() -> (u64, u64) {
    // SAFETY: legal on any thread at any time.
    let usage = unsafe { cstruct_live() };
    (usage.objects, usage.bytes)
}

fn init(allocator: Option<&cstruct_allocator>) -> cstruct_status {
    // SAFETY: the functions in the table live as long as the process.
    unsafe { cstruct_init(allocator.map_or(ptr::null(), ptr::from_ref)) }
}

fn shutdown() -> cstruct_status {
    // SAFETY: legal on any thread at any time.
    unsafe { cstruct_shutdown() }
}

fn versions_and_texts() {
    // SAFETY: legal on any thread at any time.
    assert_eq!(unsafe { cstruct_version_number() }, CSTRUCT_VERSION_NUMBER);
    // SAFETY: as above.
    let version = unsafe { cstruct_version() };
    // SAFETY: a static text that ends with a NUL.
    assert_eq!(unsafe { CStr::from_ptr(version) }, CSTRUCT_VERSION_TEXT);
    let text = |status| {
        // SAFETY: any value is legal.
        let text = unsafe { cstruct_status_text(cstruct_status(status)) };
        // SAFETY: a static text that ends with a NUL.
        unsafe { CStr::from_ptr(text) }.to_str().expect("ASCII")
    };
    let mut all: Vec<_> = (0..=16).map(text).collect();
    assert!(all.iter().all(|text| !text.is_empty() && *text != "unknown status"));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 17);
    assert_eq!((text(17), text(u32::MAX)), ("unknown status", "unknown status"));
}

static CALLS: AtomicU64 = AtomicU64::new(0);
static FAIL_AT: AtomicU64 = AtomicU64::new(0);
static STICKY: AtomicBool = AtomicBool::new(false);
static WRONG: AtomicU64 = AtomicU64::new(0);

static LARGEST: AtomicUsize = AtomicUsize::new(0);

fn refused() -> bool {
    let (call, at) = (CALLS.fetch_add(1, Relaxed) + 1, FAIL_AT.load(Relaxed));
    at != 0 && if STICKY.load(Relaxed) { call >= at } else { call == at }
}

/// In front of each block: whose it is and how large.
type Tag = (*mut c_void, usize);
const FRONT: usize = size_of::<Tag>();

/// Aligned for any C type, with the tag in front.
fn layout(size: usize) -> Layout {
    Layout::from_size_align(size + FRONT, 16).expect("a size the library checked")
}

unsafe extern "C" fn alloc(user: *mut c_void, size: usize) -> *mut c_void {
    LARGEST.fetch_max(size, Relaxed);
    if refused() {
        return ptr::null_mut();
    }
    // SAFETY: the layout is never empty, because of the tag.
    let block = unsafe { std::alloc::alloc(layout(size)) }.cast::<Tag>();
    assert!(!block.is_null());
    // SAFETY: the block is aligned for the tag and has room for it.
    unsafe { block.write((user, size)) };
    // SAFETY: one tag behind is inside the block or its end.
    unsafe { block.add(1) }.cast()
}

unsafe extern "C" fn resize(user: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: as the library's contract says, which `alloc` needs too.
    let moved = unsafe { alloc(user, new) };
    if !moved.is_null() {
        // SAFETY: both have at least so many bytes, and they are two blocks.
        unsafe { ptr::copy_nonoverlapping(block.cast::<u8>(), moved.cast::<u8>(), old.min(new)) };
        // SAFETY: the library gives the block up when the resize succeeds.
        unsafe { release(user, block, old) };
    }
    moved
}

unsafe extern "C" fn release(user: *mut c_void, block: *mut c_void, size: usize) {
    // SAFETY: every block has a tag in front of it.
    let front = unsafe { block.cast::<Tag>().sub(1) };
    // SAFETY: `alloc` wrote it.
    if unsafe { front.read() } != (user, size) {
        WRONG.fetch_add(1, Relaxed);
        return; // leaked: its layout is not known
    }
    // SAFETY: so many bytes were asked for; what is used after this shows.
    unsafe { block.write_bytes(0xdd, size) };
    // SAFETY: `front` came from the same allocator, and the size was compared.
    unsafe { std::alloc::dealloc(front.cast(), layout(size)) };
}

fn allocator(user: usize) -> cstruct_allocator {
    cstruct_allocator {
        user: ptr::without_provenance_mut(user),
        alloc: Some(alloc),
        resize: Some(resize),
        release: Some(release),
    }
}

fn counted_use() {
    let busy = cstruct_status::CSTRUCT_BUSY;
    assert_eq!(shutdown(), cstruct_status::CSTRUCT_INVALID);
    let mut half = allocator(1);
    half.resize = None;
    assert_eq!(init(Some(&half)), cstruct_status::CSTRUCT_INVALID);

    let record = owners::Record::new(1, Some(c"a"), &[]);
    assert_eq!(live().0, 1);
    assert_eq!((init(None), init(Some(&allocator(1)))), (busy, busy));
    drop(record);
    assert_eq!(live(), (0, 0));

    assert_eq!(init(Some(&allocator(1))), OK);
    assert_eq!((init(Some(&allocator(2))), init(None)), (busy, OK));
    let before = CALLS.load(Relaxed);
    let record = owners::Record::new(1, Some(c"a"), &[]);
    assert_eq!(CALLS.load(Relaxed), before + 2);
    assert_eq!(shutdown(), OK, "not the last one");
    assert_eq!(shutdown(), busy);
    drop(record);
    assert_eq!(shutdown(), OK);
    assert_eq!(shutdown(), cstruct_status::CSTRUCT_INVALID);
}

const CSV: &[u8] = b"name,value,s1\n\"a \"\"q\"\",\nx\",1,1.5\nbb,-2,nan\n\nc,7,\"5\"\n";

/// Goes through everything that allocates, and says how many steps succeeded.
fn scenario() -> u32 {
    let mut good = 0;
    let mut step = |status: cstruct_status| {
        assert!(status == OK || status == cstruct_status::CSTRUCT_NO_MEMORY, "{status:?}");
        good += u32::from(status == OK);
        status == OK
    };
    let (status, ctx) = read(CSV, 10, None);
    assert_eq!(step(status), ctx.is_some());
    for wrong in [&b"n,v,s\n\"a\"\"\",1,2\nb,\"2\",x\n"[..], b"n,v,s\na,1,2\nb,2,3x\n"] {
        let (status, ctx) = read(wrong, 100, None);
        assert_eq!(ctx.is_some(), status == cstruct_status::CSTRUCT_PARSE);
        step(if ctx.is_some() { OK } else { status });
    }
    let Some(ctx) = ctx else { return good };
    let mut query = ptr::null_mut();
    // SAFETY: the context is alive, the prefix ends with a NUL, `query` is writable.
    if !step(unsafe { cstruct_query_new(ctx.raw(), c"b".as_ptr(), &raw mut query) }) {
        assert_eq!(ctx.message(), "there is no memory for a query");
    }
    // SAFETY: it is a query or NULL.
    unsafe { cstruct_query_end(query) };
    let list = ctx.take().expect("records");
    let mut copy = ptr::null_mut();
    // SAFETY: the list is alive, here and below, and the out-parameters are writable.
    step(unsafe { cstruct_dup(list.raw(), &raw mut copy) });
    // SAFETY: it is a list of ours or NULL.
    unsafe { cstruct_free(copy) };
    let mut string = ptr::null_mut();
    // SAFETY: as above.
    step(unsafe { cstruct_format(list.raw(), &raw mut string) });
    // SAFETY: it is a string of ours or NULL.
    unsafe { cstruct_string_free(string) };
    let (mut samples, mut len) = (ptr::null_mut(), 0);
    // SAFETY: as above.
    step(unsafe { cstruct_samples_copy(list.raw(), &raw mut samples, &raw mut len) });
    // SAFETY: it is a copy of ours or NULL.
    unsafe { cstruct_samples_free(samples, len) };
    let mut text = empty_text();
    for _ in 0..2 {
        // SAFETY: as above; the text is empty or was filled by the library.
        let filled = step(unsafe { cstruct_text_fill(list.raw(), &raw mut text) });
        assert_eq!(filled, !text.data.is_null());
    }
    // SAFETY: as above.
    unsafe { cstruct_text_dispose(&raw mut text) };
    let mut writer = ptr::null_mut();
    // SAFETY: the path ends with a NUL and `writer` is writable.
    if step(unsafe { cstruct_writer_open(c"/dev/null".as_ptr(), &raw mut writer) }) {
        // SAFETY: both are alive.
        step(unsafe { cstruct_writer_write(writer, list.raw()) });
    }
    // SAFETY: it is a writer of ours or NULL.
    assert_eq!(unsafe { cstruct_writer_close(writer) }, OK);
    // SAFETY: the list is alive and the name ends with a NUL.
    if !step(unsafe { cstruct_set_name(list.raw(), c"other".as_ptr()) }) {
        assert_eq!(list.name(), Some(c"a \"q\",\nx"), "a failed call changes nothing");
    }
    let grown = step(list.append(&[1.0; 9]));
    assert_eq!(list.samples().len(), if grown { 10 } else { 1 });
    good
}

fn every_failing_allocation() {
    assert_eq!(init(Some(&allocator(1))), OK);
    CALLS.store(0, Relaxed);
    let all = scenario();
    let points = CALLS.load(Relaxed);
    assert!(points > 30, "{points}");
    for sticky in [false, true] {
        STICKY.store(sticky, Relaxed);
        for at in 1..=points {
            FAIL_AT.store(at, Relaxed);
            CALLS.store(0, Relaxed);
            let good = scenario();
            assert!(good < all, "the failure at {at} went unnoticed");
            assert_eq!(live(), (0, 0), "the failure at {at} leaks");
        }
    }
    FAIL_AT.store(0, Relaxed);
    assert_eq!(WRONG.load(Relaxed), 0);
    assert_eq!(shutdown(), OK);
}

/// A header of many columns must not make the short line behind it ask for their memory.
fn a_short_line_asks_for_little() {
    assert_eq!(init(Some(&allocator(1))), OK);
    LARGEST.store(0, Relaxed);
    let wide = format!("{}\na,1\n", ",".repeat(1_000_000));
    let (status, ctx) = read(wide.as_bytes(), usize::MAX, None);
    assert_eq!((status, ctx.is_some()), (cstruct_status::CSTRUCT_PARSE, true));
    drop(ctx);
    assert!(LARGEST.load(Relaxed) <= 2 * 1024 * 1024 + 1, "{}", LARGEST.load(Relaxed));
    assert_eq!(shutdown(), OK);
}

fn switching_while_others_make_objects() {
    let switched = AtomicU64::new(0);
    let end = std::time::Instant::now() + std::time::Duration::from_millis(400);
    let running = || std::time::Instant::now() < end;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while running() {
                drop(owners::Record::new(1, Some(c"abc"), &[1.0]));
                std::thread::sleep(std::time::Duration::from_micros(100));
            }
        });
        for user in 2..4 {
            let switched = &switched;
            scope.spawn(move || {
                while running() {
                    if init(Some(&allocator(user))) == OK {
                        switched.fetch_add(1, Relaxed);
                        while shutdown() != OK {
                            std::thread::sleep(std::time::Duration::from_micros(100));
                        }
                    }
                }
            });
        }
    });
    assert!(switched.load(Relaxed) > 10);
    assert_eq!(WRONG.load(Relaxed), 0, "a block went back to another allocator");
    assert_eq!(live(), (0, 0));
}
