//! A live object, as the ledger shows it.

use core::fmt;
use core::panic::Location;
use core::time::Duration;

use super::backtraces::{self, Trace};
use super::book::Book;
use super::hands::Thread;
use super::info::Kind;
use super::note::{Note, State};

/// One live object: what it is, and where it was adopted.
#[derive(Clone, Debug)]
pub struct Entry {
    type_name: &'static str,
    kind: Kind,
    address: usize,
    location: &'static Location<'static>,
    thread: Thread,
    number: u64,
    age: Duration,
    given_up: bool,
    refused: bool,
    inherited: bool,
    trace: Option<Trace>,
}

impl Entry {
    pub(super) fn new(book: &Book, address: usize, note: Note) -> Entry {
        let (number, place) = (note.number(), note.place());
        Entry {
            type_name: place.info.name(),
            kind: note.kind(),
            address,
            location: place.site,
            thread: book.thread(number),
            number,
            age: book.age(number),
            given_up: note.is(State::GIVEN_UP),
            refused: note.is(State::REFUSED),
            inherited: book.is_inherited(number),
            trace: note.is(State::TRACED).then(|| backtraces::of(number)).flatten(),
        }
    }

    /// The borrowed type of the object.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// How it is held.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its address.
    pub fn address(&self) -> usize {
        self.address
    }

    /// Where it was adopted: the nearest caller that is not itself `#[track_caller]`.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// The thread that adopted it.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// A number that grows with every adoption of a thread, and that no two adoptions have.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How long ago it was adopted, at most: a thread that adopts often asks the clock only now and then.
    pub fn age(&self) -> Duration {
        self.age
    }

    /// Whether it left Rust by `into_raw` and was not taken back. C may have ended it since.
    pub fn is_given_up(&self) -> bool {
        self.given_up
    }

    /// Whether C refused to release it in a destructor, so that it was leaked.
    pub fn is_refused(&self) -> bool {
        self.refused
    }

    /// Whether the parent process adopted it, before this one was forked.
    pub fn is_inherited(&self) -> bool {
        self.inherited
    }

    /// The backtrace of its adoption, at the level [`Backtraces`](super::Level::Backtraces).
    pub fn backtrace(&self) -> Option<&std::backtrace::Backtrace> {
        self.trace.as_deref()
    }

    /// What happened to it, for reports: empty, or a remark.
    pub(super) fn remark(&self) -> &'static str {
        match (self.refused, self.given_up, self.inherited) {
            (true, _, _) => ", leaked because C refused to release it",
            (_, true, _) => ", given up by `into_raw` and not taken back",
            (_, _, true) => ", inherited from the parent process",
            _ => "",
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { type_name, address, location, thread, number, .. } = self;
        let remark = self.remark();
        write!(f, "`{type_name}` at {address:#x}, adopted at {location} by {thread} (#{number}){remark}")
    }
}
