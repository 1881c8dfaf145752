//! Which registrations belong to which object: those that share its [`Callbacks`].

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::sync::{Mutex, PoisonError};

use super::entry::Entry;
use super::fault::{self, Fault};
use super::level;
use super::{here, snapshot};
use crate::kit::Callbacks;

/// The address of each live registration, with that of its `Callbacks`.
static LIVE: Mutex<BTreeMap<usize, usize>> = Mutex::new(BTreeMap::new());

/// C may call what is at this address from now on.
pub(in crate::kit) fn registered(address: usize, callbacks: &Arc<Callbacks>) {
    if level::is_watching() {
        let _ = here::quietly(|| {
            LIVE.lock().unwrap_or_else(PoisonError::into_inner).insert(address, Arc::as_ptr(callbacks).addr())
        });
    }
}

/// C calls it no more.
pub(in crate::kit) fn unregistered(address: usize) {
    if level::is_watching() {
        let _ = here::quietly(|| LIVE.lock().unwrap_or_else(PoisonError::into_inner).remove(&address));
    }
}

/// An object is gone. What was registered with its callbacks should be gone too, unless somebody else uses them.
pub(in crate::kit) fn ended(type_name: fn() -> &'static str, address: usize, callbacks: &Arc<Callbacks>) {
    if !level::is_watching() {
        return;
    }
    let left: Vec<usize> = here::quietly(|| {
        let live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
        live.iter().filter(|(_, of)| **of == Arc::as_ptr(callbacks).addr()).map(|(block, _)| *block).collect()
    })
    .unwrap_or_default();
    // Each registration has a share of the callbacks, and the object had one. Any further one is another object's, or the user's.
    if left.is_empty() || Arc::strong_count(callbacks) > left.len() + 1 {
        return;
    }
    let of = |entry: &&Entry| left.contains(&entry.address());
    for registration in snapshot().entries().iter().filter(of).cloned() {
        fault::raise(Fault::OutlivedItsObject { registration, object_type: type_name(), object: address });
    }
}
