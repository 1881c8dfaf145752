//! Memory of SQLite's allocator.

use core::ffi::c_char;
use core::ptr::{self, NonNull};

use cstruct::kit::{Alloc, Dealloc, FreeAnywhere};
use libsqlite3_sys as sys;

/// Releases with `sqlite3_free` what SQLite made with `sqlite3_malloc`, such as the texts of `sqlite3_mprintf`.
///
/// ```
/// use cstruct::kit::CText;
/// use cstruct_strangers::sqlite::SqliteFree;
///
/// let text: CText<SqliteFree> = CText::copy_of("for SQLite to release")?;
/// assert_eq!(text.to_str(), Ok("for SQLite to release"));
/// # Ok::<(), cstruct::kit::TextError>(())
/// ```
#[derive(Debug)]
#[doc(alias = "sqlite3_free")]
pub enum SqliteFree {}

// SAFETY: sqlite3_free releases what sqlite3_malloc gave; it looks at no element and does not unwind.
unsafe impl Dealloc<c_char> for SqliteFree {
    unsafe fn dealloc(block: NonNull<c_char>, _len: usize) {
        // SAFETY: the caller owns the block and gives it up.
        unsafe { sys::sqlite3_free(block.as_ptr().cast()) }
    }
}

// SAFETY: a block of that many bytes, or NULL; SQLite releases it with sqlite3_free where it is told to.
unsafe impl Alloc<c_char> for SqliteFree {
    fn alloc(len: usize) -> *mut c_char {
        match u64::try_from(len) {
            // SAFETY: any size may be asked for.
            Ok(len) if is_thread_safe() => unsafe { sys::sqlite3_malloc64(len) }.cast(),
            _ => ptr::null_mut(),
        }
    }
}

// SAFETY: sqlite3.h, of sqlite3_threadsafe: "mutexes are enabled and SQLite is threadsafe". In a library that was not built so there is
// no block: nothing is given above, and no connection opens.
unsafe impl FreeAnywhere for SqliteFree {}

/// Whether SQLite was built with its mutexes.
#[doc(alias = "sqlite3_threadsafe")]
pub(super) fn is_thread_safe() -> bool {
    // SAFETY: a function without arguments, which answers with a constant.
    unsafe { sys::sqlite3_threadsafe() != 0 }
}
