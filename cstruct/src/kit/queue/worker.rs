//! A home that is a thread of its own.

use core::fmt;
use core::ops::Deref;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use super::super::panic::{PanicSlot, catch};
use super::handle::sealed::Sealed;
use super::{Bounds, QueueHandle, QueueStats, ReleaseQueue, TakesIn};

/// A thread that releases what is handed over to it.
///
/// Nothing wakes it: it looks by itself, at most one interval after the last thing that it released. So a drop costs no wake-up, and an idle
/// worker costs one look an interval. It takes objects that are `Send`.
///
/// Dropping it releases all that was handed over, and waits for that; a panic of a keeper comes out of [`shutdown`](Worker::shutdown) only.
/// Forgetting it leaves the thread at work. Objects that are dropped after its end are released where they are dropped, or stranded, as
/// their owners [say](super::Full).
///
/// ```
/// use cstruct::kit::{Bounds, Deferred, Worker};
/// use core::time::Duration;
///
/// let worker = Worker::spawn(Bounds::count(1024), Duration::from_millis(1))?;
/// drop(Deferred::new(String::from("any owner that is Send"), &worker));
/// worker.flush(); // it is gone now
/// assert_eq!(worker.shutdown().released, 1);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Worker {
    handle: QueueHandle,
    control: Arc<Control>,
    thread: Option<JoinHandle<()>>,
}

struct Control {
    stop: AtomicBool,
    panics: PanicSlot,
}

/// Between two looks whether it is to stop.
const BUDGET: usize = 256;

/// Making one.
impl Worker {
    /// Starts the thread. It looks for work once an `interval` when there is none.
    ///
    /// # Errors
    ///
    /// When the system has no thread to give, and when the thread cannot make its queue.
    pub fn spawn(bounds: Bounds, interval: Duration) -> io::Result<Worker> {
        let control = Arc::new(Control { stop: AtomicBool::new(false), panics: PanicSlot::new() });
        let (home, made) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name("release queue".into()).spawn({
            let control = Arc::clone(&control);
            move || {
                let queue = ReleaseQueue::new(bounds);
                // The receiver is waiting below.
                let _ = home.send(queue.handle().clone());
                control.work(&queue, interval);
            }
        })?;
        // It fails when the thread could not make its queue.
        let handle = made.recv().map_err(io::Error::other)?;
        Ok(Worker { handle, control, thread: Some(thread) })
    }
}

impl Control {
    fn work(&self, queue: &ReleaseQueue, interval: Duration) {
        while !self.stop.load(Ordering::Acquire) {
            match catch(|| queue.release_some(BUDGET)) {
                Ok(0) => thread::park_timeout(interval),
                Ok(_) => {}
                Err(panic) => self.panics.store(panic),
            }
        }
        // All of it; the queue's own drop finds nothing more to do.
        queue.end(&self.panics);
    }
}

/// Using it.
impl Worker {
    /// The end that other threads get.
    pub fn handle(&self) -> &QueueHandle {
        &self.handle
    }

    /// Waits until all that was handed over before is released. From inside a release, on the worker itself, it releases the rest.
    pub fn flush(&self) {
        if self.handle.is_home() {
            // SAFETY: this is home.
            unsafe { self.handle.shared().flush() };
            return;
        }
        self.handle.shared().wait_done(|| self.wake());
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

/// It is used as its handle is, with more.
impl Deref for Worker {
    type Target = QueueHandle;

    fn deref(&self) -> &QueueHandle {
        &self.handle
    }
}

impl Sealed for Worker {}

impl<O: Send + 'static> TakesIn<O> for Worker {
    fn takes_in(&self) -> &QueueHandle {
        &self.handle
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("stats", &self.handle.stats()).finish_non_exhaustive()
    }
}

/// Letting go.
impl Worker {
    /// Takes nothing any more, waits until all that was handed over is released, and says how it went.
    ///
    /// # Panics
    ///
    /// When keepers panicked as they were dropped, with the first of these panics.
    pub fn shutdown(mut self) -> QueueStats {
        self.stop();
        self.control.panics.resume();
        self.handle.stats()
    }

    fn stop(&mut self) {
        self.control.stop.store(true, Ordering::Release);
        self.wake();
        let Some(thread) = self.thread.take() else { return };
        // The last owner of a worker may be what it releases: it cannot wait for itself, and ends when it has done the rest.
        if !self.handle.is_home() {
            // Whatever panics is caught inside.
            let _ = thread.join();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}
