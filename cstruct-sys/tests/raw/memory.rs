//! An allocator that fails where it is told to, and that compares every size it is handed back.
use std::alloc::{Layout, alloc, dealloc};
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::{OK, c, cstruct_allocator, cstruct_init, cstruct_shutdown, live};

/// What one run does with requests: the one with this number fails, and those after it too if it is sticky.
#[derive(Default)]
struct Plan {
    fail_at: u64,
    sticky: bool,
    asked: AtomicU64,
}

impl Plan {
    fn refuses(&self) -> bool {
        let now = self.asked.fetch_add(1, SeqCst);
        now == self.fail_at || (self.sticky && now > self.fail_at)
    }
}

/// Room in front of each block, in which its size is kept; as large as the alignment of any C type.
const FRONT: usize = 16;

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size + FRONT, FRONT).expect("the library asks for no more than fits")
}

unsafe extern "C" fn get(user: *mut c_void, size: usize) -> *mut c_void {
    assert_ne!(size, 0, "an empty block was asked for");
    let plan = c!(&*user.cast::<Plan>());
    if plan.refuses() {
        return null_mut();
    }
    let front = c!(alloc(layout(size)));
    c!(front.cast::<usize>().write(size));
    let block = c!(front.add(FRONT));
    c!(block.write_bytes(0xA5, size)); // nobody may count on zeroes
    block.cast()
}

unsafe extern "C" fn put(_user: *mut c_void, block: *mut c_void, size: usize) {
    let front = c!(block.cast::<u8>().sub(FRONT));
    assert_eq!(c!(front.cast::<usize>().read()), size, "a block came back with another size");
    c!(block.cast::<u8>().write_bytes(0x5A, size));
    c!(dealloc(front, layout(size)));
}

unsafe extern "C" fn resize(user: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    let moved = c!(get(user, new)).cast::<u8>();
    if !moved.is_null() {
        c!(moved.copy_from_nonoverlapping(block.cast(), old.min(new)));
        c!(put(user, block, old));
    }
    moved.cast()
}

/// Runs `work` again and again: with the first request for memory refused, with the second, and so on until none was
/// refused; each once alone and once with all that follow. Nothing may be left after any run.
pub(crate) fn every_failure(mut work: impl FnMut()) -> u64 {
    for sticky in [false, true] {
        for fail_at in 0.. {
            let plan = Plan { fail_at, sticky, ..Plan::default() };
            let user = (&raw const plan).cast_mut().cast();
            let table = cstruct_allocator { user, alloc: Some(get), resize: Some(resize), release: Some(put) };
            assert_eq!(c!(cstruct_init(&raw const table)), OK);
            work();
            assert_eq!(live(), (0, 0), "left over after request {fail_at} was refused (sticky: {sticky})");
            assert_eq!(c!(cstruct_shutdown()), OK);
            let asked = plan.asked.load(SeqCst);
            if asked <= fail_at {
                assert!(fail_at > 0, "no memory was asked for at all");
                if sticky {
                    return asked;
                }
                break;
            }
        }
    }
    unreachable!("the loop with `sticky` returns")
}
