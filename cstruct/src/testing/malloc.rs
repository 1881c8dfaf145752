//! Faults in `malloc` itself, for libraries that have no hook: glibc only.
//!
//! ```text
//!   C library ─┐                               ┌─► Refused: NULL, and errno is ENOMEM
//!   libc      ─┼─► malloc of the test program ─┤
//!   Rust's std ┘   (exempt: Rust's own)        └─► __libc_malloc, and what a run got is in the books
//! ```
//!
//! # Safety
//!
//! The functions here do what those of the C library do that have the same name, by those of glibc that do the work: blocks are glibc's, so
//! that what was allocated through one way may be released through the other. What is added keeps books by address only, and never looks into a block.

use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr;
use std::boxed::Box;

use super::{Block, Books, FaultSource, Request, plan};

// SAFETY: the names and types are those of glibc, which exports them as long as there is a GLIBC_2.2.5 (x86-64) or its like elsewhere.
unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
    fn __libc_free(block: *mut c_void);
    safe fn __errno_location() -> *mut c_int;
    // What the program calls by these names: those below, if they were interposed.
    #[link_name = "malloc"]
    fn linked_malloc(size: usize) -> *mut c_void;
    #[link_name = "free"]
    fn linked_free(block: *mut c_void);
}

const ENOMEM: c_int = 12;
const EINVAL: c_int = 22;

static BOOKS: Books = Books::new();

/// The source of faults of a test program with [`interpose_malloc!`](super::interpose_malloc).
///
/// Every allocation of an armed thread counts that goes through `malloc`, `calloc`, `realloc`, `aligned_alloc` or `posix_memalign` and is not
/// Rust's own: those of the library, and those of the C library that it calls (`fopen`, `strdup`). Starting a thread allocates too, and glibc
/// keeps the memory of threads that have ended: a scenario whose C starts threads is better tortured through a [`Hook`](super::Hook).
///
/// Not to be combined with a sanitizer or valgrind, which interpose the same functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Malloc;

impl FaultSource for Malloc {
    fn books(&self) -> &Books {
        &BOOKS
    }

    fn ready(&self) -> Result<(), &'static str> {
        const PROBE: usize = 24;
        SEEN.set(false);
        // SAFETY: `malloc` may be called at any time.
        let block = core::hint::black_box(unsafe { linked_malloc(PROBE) });
        // SAFETY: from `malloc`, and not used again.
        unsafe { linked_free(block) };
        if !SEEN.get() {
            return Err(
                "malloc is not interposed in this program; write `cstruct::testing::interpose_malloc!();` at its top level",
            );
        }
        SEEN.set(false);
        drop(core::hint::black_box(Box::new([0_u8; PROBE])));
        if SEEN.get() {
            return Err(
                "Rust's own allocations are not exempt; make `cstruct::testing::RustAlloc` the global allocator",
            );
        }
        Ok(())
    }
}

std::thread_local! {
    /// Whether a request came on this thread that was not exempt: what `ready` looks for.
    static SEEN: Cell<bool> = const { Cell::new(false) };
}

fn asks() -> Request {
    if plan::is_rusts_own() {
        return Request::Exempt;
    }
    SEEN.set(true);
    BOOKS.asks()
}

fn refuse() -> *mut c_void {
    // SAFETY: errno of this thread.
    unsafe { __errno_location().write(ENOMEM) };
    ptr::null_mut()
}

/// Runs what keeps books without a trace in errno, which a successful call must leave alone.
fn quietly<R>(keep: impl FnOnce() -> R) -> R {
    let errno = __errno_location();
    // SAFETY: errno of this thread.
    let before = unsafe { errno.read() };
    let result = keep();
    // SAFETY: as above.
    unsafe { errno.write(before) };
    result
}

/// Asks, and writes down what `make` gives.
fn allocate(size: usize, make: impl FnOnce() -> *mut c_void) -> *mut c_void {
    let request = asks();
    if request == Request::Refused {
        return refuse();
    }
    let block = make();
    if !block.is_null() && request != Request::Exempt {
        quietly(|| BOOKS.made(request, block.addr(), size));
    }
    block
}

/// Strikes a block out that is about to go. Rust's own are not looked for, which also keeps the books from waiting for themselves: their map allocates.
fn struck_out(block: *mut c_void) -> Option<Block> {
    if plan::is_rusts_own() || BOOKS.live() == 0 { None } else { quietly(|| BOOKS.gone(block.addr())) }
}

/// `malloc`.
#[doc(hidden)]
pub fn malloc(size: usize) -> *mut c_void {
    // SAFETY: any size is legal.
    allocate(size, || unsafe { __libc_malloc(size) })
}

/// `calloc`.
#[doc(hidden)]
pub fn calloc(count: usize, size: usize) -> *mut c_void {
    // SAFETY: any numbers are legal; glibc checks their product.
    allocate(count.saturating_mul(size), || unsafe { __libc_calloc(count, size) })
}

/// `aligned_alloc`.
#[doc(hidden)]
pub fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    // SAFETY: any numbers are legal; it is what glibc's aligned_alloc does.
    allocate(size, || unsafe { __libc_memalign(align, size) })
}

/// `posix_memalign`.
///
/// # Safety
///
/// `out` may be written.
#[doc(hidden)]
pub unsafe fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> c_int {
    if !align.is_power_of_two() || !align.is_multiple_of(size_of::<*mut c_void>()) {
        return EINVAL;
    }
    let block = quietly(|| aligned_alloc(align, size));
    if block.is_null() {
        return ENOMEM;
    }
    // SAFETY: the caller says that it may be written.
    unsafe { out.write(block) };
    0
}

/// `realloc`.
///
/// # Safety
///
/// `block` is NULL or a live block of glibc's; it is gone when the result is not NULL, or `size` is 0.
#[doc(hidden)]
pub unsafe fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    if block.is_null() {
        return malloc(size);
    }
    if size == 0 {
        struck_out(block);
        // SAFETY: as the caller says; glibc releases it.
        return unsafe { __libc_realloc(block, 0) };
    }
    let request = asks();
    if request == Request::Refused {
        return refuse();
    }
    let old = struck_out(block);
    // SAFETY: as the caller says.
    let moved = unsafe { __libc_realloc(block, size) };
    if let Some(old) = old {
        let number = if let Request::Granted(number) = request { number } else { old.request };
        let (address, block) =
            if moved.is_null() { (block.addr(), old) } else { (moved.addr(), Block { request: number, size }) };
        quietly(|| BOOKS.insert(address, block));
    }
    moved
}

/// `free`.
///
/// # Safety
///
/// `block` is NULL or a live block of glibc's, and is not used afterwards.
#[doc(hidden)]
pub unsafe fn free(block: *mut c_void) {
    struck_out(block);
    // SAFETY: as the caller says.
    unsafe { __libc_free(block) };
}

/// Defines `malloc`, `calloc`, `realloc`, `aligned_alloc`, `posix_memalign` and `free` in a test program, so that [`Malloc`] can refuse them.
///
/// At the top level of the program, once. It also makes [`RustAlloc`](crate::testing::RustAlloc) the global allocator; with
/// `interpose_malloc!(global_allocator = mine);` it does not, and `mine`, a global allocator of the program's, must pass through one.
///
/// ```
/// use cstruct::testing::{Malloc, Torture, interpose_malloc};
/// use core::ffi::{CStr, c_char, c_void};
///
/// interpose_malloc!();
///
/// unsafe extern "C" {
///     fn strdup(text: *const c_char) -> *mut c_char;
///     fn free(block: *mut c_void);
/// }
///
/// fn main() {
///     let report = Torture::new("a copy", &Malloc).run(|| {
///         let _rusts_own = String::from("never refused");
///         // SAFETY: a text that ends with a NUL.
///         let copy = unsafe { strdup(c"text".as_ptr()) };
///         if copy.is_null() {
///             return Err("no memory");
///         }
///         // SAFETY: made by strdup, and not used again.
///         Ok(unsafe { free(copy.cast()) })
///     });
///     assert_eq!((report.requests, report.points()), (1, 2));
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __interpose_malloc {
    () => {
        #[global_allocator]
        static __CSTRUCT_RUST_ALLOC: $crate::testing::RustAlloc = $crate::testing::RustAlloc(::std::alloc::System);
        $crate::__interpose_malloc!(global_allocator = __CSTRUCT_RUST_ALLOC);
    };

    (global_allocator = $allocator:ident) => {
        const _: () = {
            use ::core::ffi::{c_int, c_void};

            // The global allocator is there.
            const _: fn() = || {
                let _ = &$allocator;
            };

            // SAFETY: it does what malloc does (see the module `malloc`); each below likewise for its own name.
            #[unsafe(no_mangle)]
            extern "C" fn malloc(size: usize) -> *mut c_void {
                $crate::testing::malloc::malloc(size)
            }

            // SAFETY: as above.
            #[unsafe(no_mangle)]
            extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
                $crate::testing::malloc::calloc(count, size)
            }

            // SAFETY: as above.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
                // SAFETY: who calls realloc keeps its rules.
                unsafe { $crate::testing::malloc::realloc(block, size) }
            }

            // SAFETY: as above.
            #[unsafe(no_mangle)]
            extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
                $crate::testing::malloc::aligned_alloc(align, size)
            }

            // SAFETY: as above.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> c_int {
                // SAFETY: who calls posix_memalign keeps its rules.
                unsafe { $crate::testing::malloc::posix_memalign(out, align, size) }
            }

            // SAFETY: as above.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn free(block: *mut c_void) {
                // SAFETY: who calls free keeps its rules.
                unsafe { $crate::testing::malloc::free(block) }
            }
        };
    };
}
