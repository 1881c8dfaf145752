//! What the ledger catches, and what is done about it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::entry::Entry;
use super::hands::Thread;
use super::level::{OnFault, on_fault};

/// A mistake that the ledger saw when it happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// Two unique owners of one object: both would release it.
    AdoptedTwice {
        /// The owner that there is.
        first: Entry,
        /// The one that was being made. It is made all the same, unless the ledger [panics](OnFault::Panic) or aborts.
        second: Entry,
    },
    /// An owner is about to release what nobody owns: it was released already, by another owner or by C.
    ReleasedNotLive {
        /// The borrowed type of the object.
        type_name: &'static str,
        /// Its address.
        address: usize,
        /// The thread that is releasing it.
        thread: Thread,
    },
    /// An object that was declared `thread_bound` is about to be released on another thread than the one that adopted it.
    ReleasedAbroad {
        /// The object.
        object: Entry,
        /// The thread that is releasing it.
        thread: Thread,
    },
    /// C refused to release an object in a destructor, so that it is leaked.
    RefusedInDrop {
        /// The object.
        object: Entry,
        /// What C said.
        error: String,
    },
    /// C has released an object and still has what was registered with it: the destroy notify was not called.
    OutlivedItsObject {
        /// What is still registered.
        registration: Entry,
        /// The type of the object that is gone.
        object_type: &'static str,
        /// Its address.
        object: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::AdoptedTwice { first, second } => write!(
                f,
                "adopted twice: {second}; it is live already: {first}; two owners would release it twice: borrow it, retain a \
                 count of it, or give the first owner up"
            ),
            Fault::ReleasedNotLive { type_name, address, thread } => write!(
                f,
                "released although not live: `{type_name}` at {address:#x} by {thread}; something released it before, or it was \
                 adopted twice"
            ),
            Fault::ReleasedAbroad { object, thread } => write!(
                f,
                "released abroad: {object} is bound to its thread, and {thread} releases it; send it home in a `Parcel`"
            ),
            Fault::RefusedInDrop { object, error } => write!(
                f,
                "refused in a destructor: {object}: {error}; end what uses it first, or call `close` to get it back"
            ),
            Fault::OutlivedItsObject { registration, object_type, object } => write!(
                f,
                "outlived its object: {registration} is still registered with the `{object_type}` at {object:#x}, which was \
                 released; take it back before, or have C call the destroy notify"
            ),
        }
    }
}

impl core::error::Error for Fault {}

/// The latest are kept.
const KEPT: usize = 1_000;

static FAULTS: Mutex<Vec<Fault>> = Mutex::new(Vec::new());
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The faults since the process began, or since the last call of [`take_faults`]; the latest 1,000 of them.
pub fn faults() -> Vec<Fault> {
    FAULTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Takes the faults out, so that the next call has only what is new.
pub fn take_faults() -> Vec<Fault> {
    core::mem::take(&mut *FAULTS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// How many faults there were since the process began, also beyond those that are kept.
pub fn fault_count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

/// Keeps it, and does what the user chose. Nothing of the ledger's is locked or borrowed meanwhile.
#[cold]
pub(super) fn raise(fault: Fault) {
    COUNT.fetch_add(1, Ordering::Relaxed);
    let _ = super::here::quietly(|| {
        let mut faults = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
        if faults.len() == KEPT {
            faults.remove(0);
        }
        faults.push(fault.clone());
    });
    #[cfg(feature = "tracing")]
    tracing::error!(target: "cstruct::ledger", %fault);
    match on_fault() {
        OnFault::Record => {}
        OnFault::Panic if !std::thread::panicking() => panic!("{fault}"),
        OnFault::Log | OnFault::Panic => super::say(format_args!("{fault}")),
        OnFault::Abort => {
            super::say(format_args!("{fault}"));
            std::process::abort();
        }
    }
}
