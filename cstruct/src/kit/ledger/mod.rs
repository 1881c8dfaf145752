//! The ledger: every live object, and the place in the source that adopted it.
//!
//! `Drop` releases what goes out of scope. It cannot release what is forgotten: an object in a cycle of `Rc`, one that
//! was passed to `mem::forget`, one that left by `into_raw` and never came back, one that C refused to let go. With
//! the feature `ledger` the kit writes every adoption down, and strikes it out at the release:
//!
//! ```text
//! $ CSTRUCT_LEDGER=sites CSTRUCT_LEDGER_EXIT=stderr ./program
//! cstruct: at exit, 1 object is live
//!   1 × `ThingRef` (owned), adopted at src/main.rs:12:18 by thread `main`; for 0.31 s at most (#7)
//! ```
//!
//! Without the feature nothing of it is in the program. With it and the level [`Off`](Level::Off), which is the default, an adoption costs one load
//! and a branch.
//!
//! | to know | ask |
//! |---|---|
//! | whether a piece of code releases all that it adopts | [`assert_released!`](crate::assert_released), [`scope`] |
//! | what is live now | [`snapshot`], and [`Report::diff`] with an earlier one |
//! | what is live at the end | [`report_at_exit`], or the variable `CSTRUCT_LEDGER_EXIT` |
//! | how many were adopted and released | [`totals`], [`counts`] |
//! | what went wrong | [`faults`]; [`set_on_fault`] says what is done at once |
//!
//! # What it knows
//!
//! Owners ([`Owned`](super::Owned), [`Shared`](super::Shared) and what is made of them), objects in place ([`InPlace`](super::InPlace)), C's memory
//! ([`CText`](super::CText), [`CArray`](super::CArray), [`CBox`](super::CBox)) and registrations ([`Registered`](super::Registered)). A type with a [`Release`](super::Release)
//! of your own says its [`address`](super::Release::address); [`wrap!`](crate::wrap) does that by itself.
//!
//! The place is the nearest caller that is not `#[track_caller]`. The kit's functions are, and those that `wrap!` writes. For
//! the places of your users rather than your own, mark your constructors with `#[track_caller]` too.
//!
//! # How it is kept
//!
//! Each thread writes in a table of its own, with plain stores; it takes at most 64 bytes an object. Who releases another thread's object
//! strikes it out there, and waits only while that thread moves its table into a larger one. Who adopts looks into the tables of those
//! threads that have adopted near that address, which is nobody else's as long as the allocator gives each thread memory of its own.
//! An adoption sees those that happened before it. Two threads that adopt one address at the same instant, with nothing
//! that orders them, may both go unnoticed.
//!
//! Memory for the tables comes from Rust's allocator. Where that allocator is itself made with the kit, what it adopts inside
//! the ledger's own work is passed over. In a child process after `fork` the parent's objects are still there, and are said to be
//! inherited.

mod backtraces;
mod book;
mod bucket;
mod clock;
mod counts;
mod crowds;
mod entry;
mod exit;
mod fault;
mod hands;
mod here;
mod homes;
mod info;
mod level;
mod note;
mod places;
mod record;
mod regions;
mod registrations;
mod report;
mod scope;
mod slots;
mod sync;
mod table;
mod visitors;

use alloc::collections::BTreeMap;
use core::fmt;

pub use entry::Entry;
pub use exit::{ExitReport, report_at_exit};
pub use fault::{Fault, fault_count, faults, take_faults};
pub use hands::Thread;
pub use info::Kind;
pub use level::{Level, OnFault, level, on_fault, set_level, set_on_fault};
pub use report::Report;
pub use scope::{Joined, Scope, scope};

pub use crate::assert_released;

pub(super) use info::{Info, Of};
pub(super) use record::{Kept, adopted, given_up, releasing, turned};
pub(super) use registrations::{ended, registered, unregistered};

use book::Book;
use note::Note;

/// What is live now, of every thread. Of what other threads adopt or release meanwhile, it has some.
pub fn snapshot() -> Report {
    let entries = here::quietly(|| Book::all().flat_map(|book| live_in(book, |_| true)).collect());
    Report::new(entries.unwrap_or_default())
}

/// How many objects were adopted and released since the process began, at all levels but [`Off`](Level::Off).
pub fn totals() -> Totals {
    let adopted = Book::all().map(|book| book.written() + book.counts.total()).sum();
    let live: u64 = counts().values().sum();
    Totals { adopted, released: adopted.saturating_sub(live) }
}

/// How many objects of each type are live, those that were only counted included.
pub fn counts() -> BTreeMap<&'static str, u64> {
    let mut live: BTreeMap<&'static str, i64> = BTreeMap::new();
    for book in Book::all() {
        for (info, count) in book.counts.iter() {
            *live.entry(info.name()).or_default() += count;
        }
        for (_, note) in book.live() {
            *live.entry(note.place().info.name()).or_default() += 1;
        }
    }
    live.into_iter()
        .filter_map(|(name, count)| Some((name, u64::try_from(count).ok().filter(|count| *count > 0)?)))
        .collect()
}

/// Raises the level, if it is lower.
pub fn raise_level(at_least: Level) {
    if level() < at_least {
        set_level(at_least);
    }
}

/// The bytes that the tables of all threads take.
pub fn bytes() -> usize {
    Book::all().map(|book| book.slots.bytes()).sum()
}

/// How many objects were adopted and released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many were adopted.
    pub adopted: u64,
    /// How many of them were released, or became C's.
    pub released: u64,
}

impl Totals {
    /// How many live.
    pub fn live(&self) -> u64 {
        self.adopted.saturating_sub(self.released)
    }
}

fn live_in(book: &'static Book, wanted: impl Fn(Note) -> bool) -> impl Iterator<Item = Entry> {
    book.live()
        .into_iter()
        .filter(move |(_, note)| wanted(*note))
        .map(move |(address, note)| Entry::new(book, address, note))
}

/// A line on standard error. Not `eprintln!`, which panics when that is closed.
fn say(what: fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "cstruct: {what}");
}
