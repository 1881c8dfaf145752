//! What the release queue needs beside the atomics: a checked cell, and a cheap name for the current thread.

use core::cell::UnsafeCell;
pub(in crate::kit) use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering;

/// A cell whose accesses loom checks, when it is loom's.
pub(in crate::kit) struct Cell<T>(UnsafeCell<T>);

impl<T> Cell<T> {
    pub(in crate::kit) fn new(value: T) -> Self {
        Cell(UnsafeCell::new(value))
    }

    /// The pointer is valid while the cell is; who may use it is the caller's to say.
    #[inline]
    pub(in crate::kit) fn with_mut<R>(&self, run: impl FnOnce(*mut T) -> R) -> R {
        run(self.0.get())
    }
}

/// A thread; never given to a second one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::kit) struct Here(u64);

/// The current thread.
///
/// Not `std::thread::current`, which a destructor must not call: it may allocate, and it panics at the very end of a thread. A thread-local
/// without a destructor is there to the end.
#[inline]
pub(in crate::kit) fn here() -> Here {
    std::thread_local! {
        static HERE: core::cell::Cell<u64> = const { core::cell::Cell::new(0) };
    }
    #[cold]
    fn first() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let name = NEXT.fetch_add(1, Ordering::Relaxed);
        HERE.with(|here| here.set(name));
        name
    }
    match HERE.with(core::cell::Cell::get) {
        0 => Here(first()),
        name => Here(name),
    }
}
