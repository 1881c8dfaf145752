//! Panics of functions that C calls back on the thread that called it.
//!
//! A HarfBuzz font is used by many threads at once, and a `z_stream` may go from thread to thread. What panicked inside a call must
//! come out of that very call, so the place where panics wait belongs to the thread and not to the object.

use cstruct::kit::Callbacks;

std::thread_local! {
    static CALLBACKS: Callbacks = const { Callbacks::new() };
}

/// For a trampoline: runs what C called. C gets `default` if it panics, and until that panic was resumed.
///
/// It also does at the very end of the thread, when there is no place for a panic any more.
pub(crate) fn run<R: Copy>(run: impl FnOnce() -> R, default: R) -> R {
    CALLBACKS.try_with(|callbacks| callbacks.run(run, default)).unwrap_or(default)
}

/// Round a call into C that may call back: goes on with the panic of what C called.
pub(crate) fn resuming<R>(call: impl FnOnce() -> R) -> R {
    let result = call();
    // No place means that nothing of ours has run.
    let _ = CALLBACKS.try_with(Callbacks::resume);
    result
}

/// A value that C destroys, or that is destroyed in front of C: a panic of its destructor waits as the others do.
pub(crate) struct Carried<T>(Option<T>);

impl<T> Carried<T> {
    pub(crate) fn new(value: T) -> Carried<T> {
        Carried(Some(value))
    }

    /// The value: there is one until the end.
    pub(crate) fn value(&mut self) -> Option<&mut T> {
        self.0.as_mut()
    }
}

impl<T> Drop for Carried<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        run(|| drop(value), ());
    }
}
