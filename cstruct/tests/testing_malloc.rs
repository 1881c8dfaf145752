//! Faults in `malloc` itself: what the C library allocates is counted and refused, what Rust allocates is not.
#![cfg(all(feature = "testing", target_os = "linux", target_env = "gnu"))]

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::null_mut;

use cstruct::testing::{Block, Cause, FaultSource, Malloc, Mode, Point, Torture, exempt, interpose_malloc};

interpose_malloc!();

// SAFETY: these are the declarations of the C library's own headers.
unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn calloc(count: usize, size: usize) -> *mut c_void;
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn aligned_alloc(align: usize, size: usize) -> *mut c_void;
    fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> c_int;
    fn free(block: *mut c_void);
    fn strdup(text: *const c_char) -> *mut c_char;
    fn fopen(path: *const c_char, mode: *const c_char) -> *mut c_void;
    fn fclose(file: *mut c_void) -> c_int;
    fn malloc_usable_size(block: *mut c_void) -> usize;
}

fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// A block of C's, freed with `free`.
#[derive(Debug)]
struct Mine(*mut c_void);

impl Mine {
    fn new(block: *mut c_void) -> Result<Mine, &'static str> {
        if !block.is_null() {
            return Ok(Mine(block));
        }
        assert_eq!(errno(), 12, "ENOMEM");
        Err("no memory")
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        // SAFETY: a block of C's, which nobody uses any more.
        unsafe { free(self.0) };
    }
}

#[test]
fn every_way_of_allocating_is_refused_and_rusts_own_is_not() {
    let report = Torture::new("every way", &Malloc).must_surface().run(|| {
        let mut rust: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        // SAFETY: any size; so below.
        let one = Mine::new(unsafe { malloc(10) })?;
        // SAFETY: as above.
        let two = Mine::new(unsafe { calloc(3, 5) })?;
        // SAFETY: fifteen bytes.
        assert_eq!(unsafe { two.0.cast::<[u8; 15]>().read() }, [0; 15]);
        // SAFETY: a power of two.
        let three = Mine::new(unsafe { aligned_alloc(256, 512) })?;
        assert!(three.0.addr().is_multiple_of(256));
        let mut out = null_mut();
        // SAFETY: `out` may be written.
        match unsafe { posix_memalign(&raw mut out, 64, 1) } {
            0 => {}
            status => {
                assert_eq!((status, out), (12, null_mut()));
                return Err("no aligned memory");
            }
        }
        let four = Mine::new(out)?;
        assert!(four.0.addr().is_multiple_of(64));
        // SAFETY: a text with a NUL.
        let five = Mine::new(unsafe { strdup(c"made inside of libc".as_ptr()) }.cast())?;
        rust.push(String::from("and more of Rust's"));
        let map: HashMap<String, usize> = rust.into_iter().zip(0..).collect();
        drop([one, two, three, four, five]);
        assert_eq!(map.len(), 101);
        Ok(())
    });
    assert_eq!((report.requests, report.points()), (5, 10));
}

#[test]
fn realloc_leaves_the_block_when_it_is_refused() {
    let report = Torture::new("realloc", &Malloc).must_surface().run(|| {
        // SAFETY: NULL makes a block.
        let mut block = Mine::new(unsafe { realloc(null_mut(), 3) })?;
        // SAFETY: three bytes.
        unsafe { block.0.cast::<u8>().write_bytes(9, 3) };
        // SAFETY: a live block.
        let grown = unsafe { realloc(block.0, 100_000) };
        if grown.is_null() {
            // SAFETY: as it was.
            assert_eq!(unsafe { block.0.cast::<[u8; 3]>().read() }, [9; 3]);
            return Err("no memory");
        }
        block.0 = grown;
        // SAFETY: a live block; a size of 0 frees it in glibc.
        assert!(unsafe { realloc(grown, 0) }.is_null());
        block.0 = null_mut();
        Ok(())
    });
    assert_eq!((report.requests, report.failed), (2, 4));
}

#[test]
fn what_libc_allocates_for_a_file_is_refused_too() {
    let path = CString::new(file!()).expect("no NUL");
    let path = if std::path::Path::new(file!()).exists() { path } else { c"/proc/self/statm".to_owned() };
    let report = Torture::new("file", &Malloc).must_surface().run(|| {
        // SAFETY: two texts with a NUL.
        let file = unsafe { fopen(path.as_ptr(), c"r".as_ptr()) };
        if file.is_null() {
            return Err("no file");
        }
        // SAFETY: open, and not used again.
        assert_eq!(unsafe { fclose(file) }, 0);
        Ok(())
    });
    assert!(report.requests >= 1 && report.is_exhaustive(), "{report}");
}

#[test]
fn a_leak_is_named_with_its_size() {
    let lost = std::cell::RefCell::new(Vec::new());
    let failure = Torture::new("leaks", &Malloc)
        .try_run(|| {
            // SAFETY: any size.
            let first = Mine::new(unsafe { malloc(77) })?;
            // SAFETY: any size.
            let second = Mine::new(unsafe { malloc(1) });
            if second.is_err() {
                exempt(|| lost.borrow_mut().push(first));
            }
            second.map(drop)
        })
        .expect_err("the first is leaked");
    assert_eq!(failure.point, Some(Point { number: 2, mode: Mode::Once }));
    assert_eq!(failure.cause, Cause::Leaked(vec![Block { request: 1, size: 77 }]));
}

#[test]
fn other_threads_go_on() {
    let other = std::thread::spawn(|| {
        for size in 1..10_000 {
            // SAFETY: any size.
            assert!(Mine::new(unsafe { malloc(size) }).is_ok(), "another thread is never refused");
        }
    });
    // Only `fopen` and the like in this thread; the other one runs meanwhile.
    Torture::new("copies", &Malloc).run(|| {
        let mut copies = Vec::new();
        for _ in 0..50 {
            // SAFETY: a text with a NUL.
            let copy = unsafe { strdup(c"copy".as_ptr()) };
            if copy.is_null() {
                break;
            }
            // SAFETY: a text of strdup's, with a NUL.
            assert_eq!(unsafe { CStr::from_ptr(copy) }, c"copy");
            copies.push(Mine(copy.cast()));
        }
        (copies.len() == 50).then_some(())
    });
    other.join().expect("no panic");
}

#[test]
fn the_blocks_are_those_of_glibc() {
    // SAFETY: any size.
    let block = Mine::new(unsafe { malloc(100) }).expect("outside of a torture");
    // SAFETY: a live block.
    assert!(unsafe { malloc_usable_size(block.0) } >= 100);
    assert!(Malloc.ready().is_ok());
    let mut out = null_mut();
    for align in [0, 3, 4] {
        // SAFETY: `out` may be written.
        assert_eq!(unsafe { posix_memalign(&raw mut out, align, 8) }, 22, "EINVAL");
    }
}
