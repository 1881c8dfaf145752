//! What zlib refuses, its texts, and allocators that refuse or panic.

use core::ffi::{CStr, c_uint, c_void};
use core::ptr::{self, NonNull};
use cstruct::kit::FillError;
use cstruct_strangers::zlib::{
    Allocator, Deflate, Flush, Format, Inflate, Level, Metered, Status, adler32, compress, decompress,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

#[test]
fn damage_has_a_message_that_outlives_the_stream() {
    let mut packed = compress(b"some text, some text", Level::BEST).expect("memory");
    packed[0] = 0xFF;
    let mut inflate = Inflate::new(Format::Zlib).expect("memory");
    let error = inflate.pin_mut().decompress(&packed, &mut [0; 64]).expect_err("a wrong header");
    drop(inflate);
    let error = *error.zlib().expect("zlib says so");
    let message: &'static CStr = error.message().expect("it says what");
    assert_eq!((error.text(), message), (c"data error", c"incorrect header check"));
    assert_eq!(error.to_string(), "zlib: data error: incorrect header check");
    assert_eq!(error.status(), -3);
}

#[test]
fn a_level_that_there_is_not_is_refused_and_leaves_nothing() {
    let memory = Arc::new(Metered::up_to(1 << 20));
    let error = Deflate::with_allocator(Level(10), Format::Zlib, Arc::clone(&memory)).expect_err("0 to 9");
    assert_eq!(error.text(), c"stream error");
    assert_eq!((memory.allocations(), Arc::strong_count(&memory)), (0, 1));
}

#[test]
fn an_allocator_that_has_too_little_is_an_error_at_every_point() {
    // Each limit lets one allocation more succeed than the one before; what succeeded is freed again.
    let mut seen = Vec::new();
    for limit in (0..300_000).step_by(10_000) {
        let memory = Arc::new(Metered::up_to(limit));
        match Deflate::with_allocator(Level::BEST, Format::Zlib, Arc::clone(&memory)) {
            Ok(_whole) => seen.push(u64::MAX),
            Err(error) => {
                assert_eq!(error.text(), c"insufficient memory");
                seen.push(memory.allocations());
            }
        }
        assert_eq!((memory.live_blocks(), Arc::strong_count(&memory)), (0, 1));
    }
    seen.dedup();
    // zlib asks for the others although one was refused, so the counts need not be in order.
    assert!(seen.len() > 3 && seen[0] == 0 && seen.last() == Some(&u64::MAX), "{seen:?}");
}

#[test]
fn a_copy_without_memory_leaves_the_original() {
    let memory = Arc::new(Metered::up_to(300_000));
    let mut deflate = Deflate::with_allocator(Level::BEST, Format::Zlib, Arc::clone(&memory)).expect("enough for one");
    let (live, error) = (memory.live_bytes(), deflate.try_clone().expect_err("not enough for two"));
    assert_eq!(error.text(), c"insufficient memory");
    assert_eq!(memory.live_bytes(), live);
    let mut room = [0; 64];
    let done = deflate.pin_mut().compress(b"still here", &mut room, Flush::Finish).expect("live");
    assert_eq!(decompress(&room[..done.produced], 10).expect("whole"), b"still here");
}

/// Passes on to another, until it is told to panic.
struct Panics {
    inner: Metered,
    now: AtomicBool,
    calls: AtomicU32,
}

// SAFETY: as for `Metered`; a panic gives nothing.
unsafe impl Allocator for Panics {
    fn allocate(&self, items: c_uint, size: c_uint) -> *mut c_void {
        self.calls.fetch_add(1, Ordering::Relaxed);
        assert!(!self.now.load(Ordering::Relaxed), "out of cheese");
        self.inner.allocate(items, size)
    }

    unsafe fn free(&self, block: NonNull<c_void>) {
        // SAFETY: the caller's promise is the same.
        unsafe { self.inner.free(block) }
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().unwrap_or("another payload")
}

#[test]
fn a_panic_of_the_allocator_comes_out_of_the_call_that_asked() {
    let memory =
        Arc::new(Panics { inner: Metered::up_to(1 << 20), now: AtomicBool::new(true), calls: AtomicU32::new(0) });
    let panic = catch_unwind(AssertUnwindSafe(|| {
        Deflate::with_allocator(Level::BEST, Format::Zlib, Arc::clone(&memory)).is_ok()
    }))
    .expect_err("it comes out of the init");
    assert_eq!(message(&*panic), "out of cheese");
    assert_eq!(Arc::strong_count(&memory), 1, "no stream was made");

    // inflate asks for its window in the middle of the work.
    memory.now.store(false, Ordering::Relaxed);
    let packed = compress(&[7; 100_000], Level::BEST).expect("memory");
    let mut inflate = Inflate::with_allocator(Format::Zlib, Arc::clone(&memory)).expect("memory");
    memory.now.store(true, Ordering::Relaxed);
    let before = memory.calls.load(Ordering::Relaxed);
    let mut room = [0; 512];
    let panic = catch_unwind(AssertUnwindSafe(|| inflate.pin_mut().decompress(&packed, &mut room).is_ok()))
        .expect_err("it comes out of the step");
    assert_eq!(message(&*panic), "out of cheese");
    assert_eq!(memory.calls.load(Ordering::Relaxed), before + 1);

    // The stream is as zlib left it, and can be ended or begun anew.
    memory.now.store(false, Ordering::Relaxed);
    inflate.pin_mut().reset().expect("live");
    let done = inflate.pin_mut().decompress(&packed, &mut room).expect("memory again");
    assert_eq!((done.produced, done.status), (512, Status::Ok));
    inflate.close().expect("live");
    assert_eq!(memory.inner.live_blocks(), 0);
}

#[test]
fn a_missing_block_is_null_for_zlib() {
    struct Nothing;
    // SAFETY: it gives NULL only.
    unsafe impl Allocator for Nothing {
        fn allocate(&self, _items: c_uint, _size: c_uint) -> *mut c_void {
            ptr::null_mut()
        }
        unsafe fn free(&self, _block: NonNull<c_void>) {
            unreachable!("nothing was given");
        }
    }
    let error = Inflate::with_allocator(Format::Raw, Nothing).expect_err("no memory");
    assert_eq!(error.to_string(), "zlib: insufficient memory");
}

#[test]
fn whole_buffers_and_their_room() {
    let data: Vec<u8> = (0..10_000_u32).flat_map(|n| (n % 100).to_le_bytes()).collect();
    let packed = compress(&data, Level::default()).expect("memory");
    assert!(packed.len() < data.len() / 10);
    assert_eq!(decompress(&packed, data.len()), Ok(data.clone()));
    assert_eq!(decompress(&packed, data.len() / 3), Ok(data.clone()), "twice as much, and again");
    assert_eq!(decompress(&packed, 1), Err(FillError::KeepsGrowing { tries: 3 }), "but not for ever");
    let Err(FillError::Failed(error)) = decompress(&packed[..20], data.len()) else { panic!("it is not complete") };
    assert_eq!(error.text(), c"data error");
    let Err(FillError::Failed(error)) = compress(&data, Level(77)) else { panic!("0 to 9") };
    assert_eq!(error.text(), c"stream error");
    assert_eq!(decompress(&compress(b"", Level::NONE).expect("memory"), 0), Ok(Vec::new()));
}

#[test]
fn checksums_of_nothing_are_where_they_began() {
    assert_eq!((adler32(1, b""), adler32(7, b"")), (Ok(1), Ok(7)));
    assert_eq!(adler32(1, b"Wikipedia"), Ok(0x11E6_0398));
}

#[test]
fn no_room_and_no_input_is_no_progress() {
    let mut inflate = Inflate::new(Format::Zlib).expect("memory");
    let done = inflate.pin_mut().decompress(&[], &mut []).expect("no failure");
    assert_eq!((done.consumed, done.produced, done.status), (0, 0, Status::NoProgress));
}
