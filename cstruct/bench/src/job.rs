//! A job, and the ways of doing it that are held against each other.

use serde::Serialize;

/// The name of the way that every other one is divided by: the loop in C.
pub const C: &str = "C";
/// The name of the same calls made from Rust, with pointers and `unsafe`.
pub const RAW: &str = "raw FFI";

/// The name of C's way of reading without a call.
pub const BY_FIELD: &str = "C, by field";

/// Does the job so many times.
pub type Work = Box<dyn FnMut(u64)>;

/// A piece of work that can be done in several ways.
pub struct Job {
    /// A word to ask for it by.
    pub name: &'static str,
    /// What is done, in a line.
    pub what: &'static str,
    /// How many items one time deals with.
    pub items: Items,
    /// How many times are enough to count its instructions; `None` when they are not the same in every run.
    pub counted: Option<u64>,
    /// Which peers are missing, and why they cannot do it.
    pub absent: &'static str,
    /// Makes the data, and all ways of doing it on them.
    pub ways: fn(items: usize) -> Vec<Way>,
}

/// How many items one time deals with: figures are for one item.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    /// When time is measured.
    pub full: usize,
    /// In a short run, and when instructions are counted.
    pub small: usize,
}

impl Items {
    /// A job of one item.
    pub const ONE: Items = Items::the_same(1);

    /// A job that is defined by its size.
    pub const fn the_same(items: usize) -> Items {
        Items { full: items, small: items }
    }
}

/// A way of doing a job.
pub struct Way {
    /// What it is called.
    pub name: &'static str,
    /// Whose it is.
    pub side: Side,
    /// What it is to reach.
    pub targets: Vec<Target>,
    /// How it is done.
    pub work: Work,
}

/// Whose a way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What the others are held against: C, or the raw calls.
    Reference,
    /// This project's.
    Ours,
    /// Somebody else's.
    Peer,
}

/// At most so many times the time of another way.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Target {
    /// The other way.
    pub of: &'static str,
    /// So many times. 1: no difference that the control does not have too.
    pub at_most: f64,
}

impl Way {
    fn new(name: &'static str, side: Side, work: impl FnMut(u64) + 'static) -> Way {
        Way { name, side, targets: Vec::new(), work: Box::new(work) }
    }

    /// C, or the raw calls.
    pub fn reference(name: &'static str, work: impl FnMut(u64) + 'static) -> Way {
        Way::new(name, Side::Reference, work)
    }

    /// This project's.
    pub fn ours(name: &'static str, work: impl FnMut(u64) + 'static) -> Way {
        Way::new(name, Side::Ours, work)
    }

    /// Somebody else's.
    pub fn peer(name: &'static str, work: impl FnMut(u64) + 'static) -> Way {
        Way::new(name, Side::Peer, work)
    }

    /// It is to take at most so many times the time of another way.
    #[must_use]
    pub fn at_most(mut self, at_most: f64, of: &'static str) -> Way {
        self.targets.push(Target { of, at_most });
        self
    }
}
