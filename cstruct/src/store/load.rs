//! `cstruct_load`: a file that a thread of C's reads, while the request is C's.

use alloc::boxed::Box;
use alloc::ffi::CString;
use core::cell::UnsafeCell;
use core::ffi::{c_char, c_void};
use core::fmt;
use core::marker::PhantomPinned;
use core::mem::MaybeUninit;
use core::ptr;
use core::time::Duration;
use std::path::Path;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::check;
use super::{Context, Error, OpenOptions};
use crate::kit::{CancelAnywhere, Foreign, NotStarted, Operation, Pending};

/// A context that is being read in the background.
///
/// The request, the path and the options are C's until its callback has run; they are one allocation, which this shares with C. Dropped, it
/// asks C to stop, does not wait, and whatever C still brings is released.
///
/// ```
/// use cstruct::{Loading, Status};
///
/// # let path = std::env::temp_dir().join(format!("cstruct-loading-{}", std::process::id()));
/// std::fs::write(&path, "name,value\nindoor,1\noutdoor,2\n")?;
/// let one = Loading::start(&path)?;
/// let other = Loading::start("/nowhere")?;
/// assert_eq!(one.wait()?.count(), 2);
/// assert!(other.wait().is_err());
/// drop(Loading::start(&path)?); // nobody waits for it
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it cancels the load"]
#[doc(alias = "cstruct_load")]
pub struct Loading(Pending<Load>);

/// What C uses until its callback has run, and the closure that is called then.
struct Load {
    path: CString,
    options: OpenOptions<'static>,
    then: Option<Box<dyn FnOnce() + Send>>,
}

/// C's request, and behind it what it is started with.
#[repr(C)]
struct Request {
    // C writes to it while the callback runs, too: a cancel may come at any time.
    raw: UnsafeCell<MaybeUninit<sys::cstruct_load>>,
    path: *const c_char,
    options: *const sys::cstruct_open_options,
    pinned: PhantomPinned,
}

// SAFETY: cstruct_load_cancel is "legal until the request's memory is released, also in `done` and after it"; `done` is called exactly
// once for each load that was started.
unsafe impl Operation for Load {
    type Request = Request;
    type Output = Result<Context, Error>;

    fn request(&mut self) -> Request {
        Request {
            raw: UnsafeCell::new(MaybeUninit::uninit()),
            path: self.path.as_ptr(),
            options: self.options.as_ptr(),
            pinned: PhantomPinned,
        }
    }

    unsafe fn cancel(request: *mut Request) {
        // SAFETY: the caller says that its memory lives, and it begins with C's.
        unsafe { sys::cstruct_load_cancel(request.cast()) }
    }
}

// SAFETY: ANY_THREAD.
unsafe impl CancelAnywhere for Load {}

/// Making one.
impl Loading {
    /// Starts to read a CSV file.
    ///
    /// # Errors
    ///
    /// [`Status::Io`](super::Status::Io) when the system has no thread for it. What is wrong with the file is said by [`wait`](Loading::wait).
    #[doc(alias = "cstruct_load_start")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn start(path: impl AsRef<Path>) -> Result<Loading, Error> {
        Loading::start_with(path, OpenOptions::new()?, || {})
    }

    /// The same with options, and with a function that is called on C's thread when the result is about to be there.
    ///
    /// A panic in `then` goes on in whoever [takes](Loading::take) the result, in place of it.
    ///
    /// # Errors
    ///
    /// As for [`start`](Loading::start).
    #[doc(alias = "cstruct_load_start")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn start_with(
        path: impl AsRef<Path>,
        options: OpenOptions<'static>,
        then: impl FnOnce() + Send + 'static,
    ) -> Result<Loading, Error> {
        let path = path.as_ref().as_os_str().as_encoded_bytes();
        let path = CString::new(path).map_err(|error| Error::InteriorNul { position: error.nul_position() })?;
        let load = Load { path, options, then: Some(Box::new(then)) };
        let start = |request: *mut Request| {
            // SAFETY: the request was filled in, and C does not have it yet.
            let path = unsafe { (*request).path };
            // SAFETY: as above.
            let options = unsafe { (*request).options };
            // SAFETY: PENDING(done): request, path and options live in the operation's block until `done` is called.
            check(unsafe { sys::cstruct_load_start(request.cast(), path, options, Some(done), ptr::null_mut()) })
        };
        // SAFETY: with CSTRUCT_OK `done` is called exactly once, and it calls `complete`; after a failure it is not called, and
        // nothing is C's.
        match unsafe { Pending::start(load, start) } {
            Ok(pending) => Ok(Loading(pending)),
            Err(NotStarted { error, .. }) => Err(error),
        }
    }
}

/// `cstruct_load_fn`.
unsafe extern "C" fn done(
    _user: *mut c_void,
    request: *mut sys::cstruct_load,
    status: cstruct_status,
    context: *mut sys::cstruct_ctx,
) {
    let run = |load: &mut Load, _: &mut Request| {
        // It is adopted before anything of ours can fail. TAKES(always): ours, and a failed one holds the message.
        let result = Context::made(|out| {
            // SAFETY: `made` gives a place that may be written.
            unsafe { out.write(context) };
            status
        });
        if let Some(then) = load.then.take() {
            then();
        }
        result
    };
    // SAFETY: the request is what `start` was given, and this is its one callback: C does not use it any more.
    unsafe { Pending::<Load>::complete(request.cast(), run) }
}

/// Using it.
impl Loading {
    /// Whether the result is there.
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    /// Asks for an early end. The result still comes: [`Status::Stopped`](super::Status::Stopped) if C had not finished.
    #[doc(alias = "cstruct_load_cancel")]
    pub fn cancel(&mut self) {
        self.0.cancel();
    }

    /// The result, if it is there.
    ///
    /// # Errors
    ///
    /// This load again, when it is not. The inner error is that of the file, as for [`Context::open`].
    ///
    /// # Panics
    ///
    /// With what `then` panicked with.
    pub fn take(self) -> Result<Result<Context, Error>, Loading> {
        self.0.take().map(|(_load, result)| result).map_err(Loading)
    }

    /// Waits for the result; it looks every millisecond.
    ///
    /// # Errors
    ///
    /// As for [`Context::open`].
    ///
    /// # Panics
    ///
    /// With what `then` panicked with.
    pub fn wait(self) -> Result<Context, Error> {
        let (_load, result) = self.0.wait(|| std::thread::sleep(Duration::from_millis(1)));
        result
    }
}

/// Letting go.
impl Loading {
    /// Lets it go on by itself; its result is released when it is there, after `then`.
    pub fn detach(self) {
        self.0.detach();
    }
}

impl fmt::Debug for Loading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loading").field("done", &self.is_done()).finish_non_exhaustive()
    }
}
