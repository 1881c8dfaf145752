//! What `Drop` cannot return is told here.
//!
//! A destructor has no result. When C refuses a release or reports a failure in one, the kit calls the installed hook;
//! without one it writes a line to standard error (with the `std` feature) or does nothing.

use core::fmt;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Something that a destructor could not return.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// C refused to release it while it was being dropped: the object, and all that it leans on, is leaked.
    Leaked {
        /// The borrowed type of the object.
        type_name: &'static str,
        /// What C said.
        error: &'a dyn fmt::Display,
    },
    /// It is gone, and C reported a failure: what it had buffered may be lost.
    Failed {
        /// The borrowed type of the object.
        type_name: &'static str,
        /// What C said.
        error: &'a dyn fmt::Display,
    },
    /// It was to be released by a queue that did not take it, or ended before its turn: the object, and all that it leans on, is leaked.
    Stranded {
        /// The type of the owner.
        type_name: &'static str,
        /// Why, and what to do.
        error: &'a dyn fmt::Display,
    },
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Leaked { type_name, error } => {
                write!(
                    f,
                    "a dropped `{type_name}` is leaked, because C refused to release it: {error}; end what still uses it first, or call `close` to get it back"
                )
            }
            Event::Failed { type_name, error } => {
                write!(f, "a dropped `{type_name}` is gone, but {error}; call `close` to have this as a result")
            }
            Event::Stranded { type_name, error } => {
                write!(f, "a dropped `{type_name}` is stranded and leaked: {error}")
            }
        }
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A function that is told of every [`Event`].
///
/// It runs inside a destructor, on the dropping thread, perhaps during a panic: it must not panic itself.
///
/// ```
/// use cstruct::kit::event::{Event, Hook, set_hook};
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// static SEEN: AtomicU32 = AtomicU32::new(0);
/// fn count(_event: &Event<'_>) {
///     SEEN.fetch_add(1, Ordering::Relaxed);
/// }
/// static COUNT: Hook = Hook(count);
/// set_hook(&COUNT);
/// ```
#[derive(Debug)]
pub struct Hook(
    /// The function.
    pub fn(&Event<'_>),
);

static INSTALLED: AtomicPtr<Hook> = AtomicPtr::new(ptr::null_mut());

/// Installs the hook of this process, in place of any before.
pub fn set_hook(hook: &'static Hook) {
    INSTALLED.store(ptr::from_ref(hook).cast_mut(), Ordering::Release);
}

/// Tells the hook. For authors of handle types; the kit's own call it by themselves.
#[cold]
pub fn report(event: &Event<'_>) {
    let hook = INSTALLED.load(Ordering::Acquire).cast_const();
    // SAFETY: it is NULL or comes from a `&'static Hook` (`set_hook` is the only writer), which is never written to; the
    // acquire load sees what was there when it was stored.
    match unsafe { hook.as_ref() } {
        Some(Hook(call)) => call(event),
        None => say(event),
    }
}

#[cfg(feature = "std")]
fn say(event: &Event<'_>) {
    use std::io::Write;
    // Not `eprintln!`, which panics when standard error is closed.
    let _ = writeln!(std::io::stderr(), "cstruct: {event}");
}

#[cfg(not(feature = "std"))]
fn say(_event: &Event<'_>) {}
