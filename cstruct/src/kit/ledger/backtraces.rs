//! The backtraces of live objects, at the level that keeps them: a map with a lock, since taking one costs microseconds.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use std::backtrace::Backtrace;
use std::sync::{Mutex, PoisonError};

pub(super) type Trace = Arc<Backtrace>;

static KEPT: Mutex<BTreeMap<u64, Trace>> = Mutex::new(BTreeMap::new());

/// Takes the backtrace of the calling thread for the object with that number.
pub(super) fn keep(number: u64) {
    let trace = Arc::new(Backtrace::force_capture());
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(number, trace);
}

pub(super) fn of(number: u64) -> Option<Trace> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
}

#[cold]
pub(super) fn forget(number: u64) {
    // Dropped outside of the lock.
    let _trace = KEPT.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
}
