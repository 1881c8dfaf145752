//! What a thread does at its very end, for values of its own that nobody dropped.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;

type Watched = (usize, Box<dyn FnOnce()>);

/// Runs what is in it when the thread ends.
struct AtEnd(RefCell<Vec<Watched>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        // One at a time, and none of them borrowed meanwhile: what runs may drop others.
        while let Some((_, run)) = { self.0.borrow_mut().pop() } {
            run();
        }
    }
}

std::thread_local! {
    static AT_END: AtEnd = const { AtEnd(RefCell::new(Vec::new())) };
}

/// Has `run` called when the current thread ends, on it, unless `key` is unwatched before. It must not panic.
///
/// A thread that is ending already, and the main thread where the process ends with it, may not call it.
pub(super) fn watch(key: usize, run: Box<dyn FnOnce()>) {
    // No place means that the thread is past its end.
    let _ = AT_END.try_with(|at_end| at_end.0.borrow_mut().push((key, run)));
}

/// Takes it back.
pub(super) fn unwatch(key: usize) {
    let run = AT_END.try_with(|at_end| {
        let mut watched = at_end.0.borrow_mut();
        let index = watched.iter().position(|(other, _)| *other == key)?;
        Some(watched.swap_remove(index))
    });
    // Dropped when nothing is borrowed any more.
    drop(run);
}
