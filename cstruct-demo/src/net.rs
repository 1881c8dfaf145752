//! A small net under forgotten handles: it knows by name and place what was hung over it and not released.
//!
//! `Drop` is the real net. This one catches what `Drop` cannot see: a handle that nobody will ever drop.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::panic::Location;
use std::rc::Rc;

/// What is known of a handle.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    at: &'static Location<'static>,
}

/// Knows every handle that was hung over it and lives.
#[derive(Clone, Default)]
pub(crate) struct Net(Rc<RefCell<(u64, BTreeMap<u64, Entry>)>>);

/// A handle over a net.
pub(crate) struct Netted<T> {
    handle: T,
    net: Net,
    number: u64,
}

impl Net {
    /// Hangs a handle over the net; the caller's line is what a report names.
    #[track_caller]
    pub(crate) fn hang<T>(&self, name: impl Into<String>, handle: T) -> Netted<T> {
        let (next, entries) = &mut *self.0.borrow_mut();
        let number = *next;
        *next += 1;
        entries.insert(number, Entry { name: name.into(), at: Location::caller() });
        Netted { handle, net: self.clone(), number }
    }

    /// A line for each handle that is still there, oldest first.
    pub(crate) fn forgotten(&self) -> Vec<String> {
        let (_, entries) = &*self.0.borrow();
        entries.values().map(|Entry { name, at }| format!("`{name}`, made at {at}, was not released")).collect()
    }
}

impl<T> Deref for Netted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handle
    }
}

impl<T> Drop for Netted<T> {
    fn drop(&mut self) {
        let (_, entries) = &mut *self.net.0.borrow_mut();
        entries.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::Net;

    #[test]
    fn names_what_was_forgotten_and_only_that() {
        let net = Net::default();
        drop(net.hang("dropped", ()));
        let line = line!() + 1;
        std::mem::forget(net.hang("forgotten", ()));
        let report = net.forgotten();
        assert_eq!(report.len(), 1, "{report:?}");
        assert!(report[0].contains("`forgotten`") && report[0].contains(&format!("net.rs:{line}:")), "{report:?}");
    }
}
