//! The book of one thread: its table, its clock, and whose hand wrote from which number on.
//!
//! A thread takes a book at its first adoption, and leaves it when it ends; the next thread goes on in it, below the
//! records of those before. No book is ever freed.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::Cell;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;

use super::clock::Clock;
use super::counts::Counts;
use super::info::Info;
use super::note::Note;
use super::places::{Known, Site};
use super::regions::NO_MARK;
use super::slots::Slots;

/// # Invariants
///
/// Only the thread that has taken the book writes to `slots` as the table's own thread, and uses `own`.
pub(super) struct Book {
    pub(super) slots: Slots,
    pub(super) counts: Counts,
    own: Own,
    /// Counts of one object beyond those that have room beside each other in `slots`.
    crowds: Mutex<BTreeMap<usize, Vec<u64>>>,
    /// How many of them there are.
    crowd: AtomicUsize,
    clock: Clock,
    /// Which regions of memory this book was the first to adopt in; see [`regions`](super::regions).
    pub(super) mark: u16,
    /// How many numbers it has taken; those from `next` to `end` are unused.
    taken_numbers: AtomicU64,
    next: AtomicU64,
    end: AtomicU64,
    /// Numbers that were passed over.
    unused: AtomicU64,
    /// Numbers below are those of the parent process.
    inherited_below: AtomicU64,
    taken: AtomicBool,
    hands: Mutex<Vec<Hand>>,
    older: AtomicPtr<Book>,
}

/// What only the book's thread touches.
struct Own {
    /// The first number of the thread that has it.
    since: Cell<u64>,
    /// The next number that asks the clock, or for more numbers.
    pause: Cell<u64>,
    known: Known,
}

// SAFETY: all of it may be used from every thread, `own` and the clock's `ask` excepted, which only the thread that has taken
// the book uses (invariant); `taken` is handed on with release and acquire.
unsafe impl Sync for Book {}

/// From which number on a thread has written in a book.
#[derive(Clone, Debug)]
struct Hand {
    from: u64,
    thread: Thread,
}

/// The thread that adopted an object.
///
/// It has std's handle of the thread, which thereby stays reachable: leak checkers find nothing lost.
#[derive(Clone, Debug)]
pub struct Thread(pub(super) Option<std::thread::Thread>);

impl Thread {
    /// Its id; none for a thread that was ending when it adopted.
    pub fn id(&self) -> Option<ThreadId> {
        self.0.as_ref().map(std::thread::Thread::id)
    }
}

impl PartialEq for Thread {
    fn eq(&self, other: &Thread) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Thread {}

impl core::fmt::Display for Thread {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0.as_ref().map(|thread| (thread.name(), thread.id())) {
            Some((Some(name), _)) => write!(f, "thread `{name}`"),
            Some((None, id)) => write!(f, "thread {id:?}"),
            None => f.write_str("a thread that was ending"),
        }
    }
}

static NEWEST: AtomicPtr<Book> = AtomicPtr::new(core::ptr::null_mut());
static MARKS: AtomicU16 = AtomicU16::new(1);
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// How many numbers a book takes at a time.
const NUMBERS_AT_A_TIME: u64 = 512;

impl Book {
    /// A book that nobody has, or a new one, for the calling thread.
    pub(super) fn take(thread: Thread) -> &'static Book {
        super::exit::install();
        let book = Book::all().find(|book| book.try_take()).unwrap_or_else(Book::add);
        let from = book.next_number();
        book.own.since.set(from);
        book.hands.lock().unwrap_or_else(PoisonError::into_inner).push(Hand { from, thread });
        book
    }

    /// Leaves the book to the next thread.
    pub(super) fn leave(&self) {
        self.taken.store(false, Ordering::Release);
    }

    /// Every book that there is.
    pub(super) fn all() -> impl Iterator<Item = &'static Book> {
        let newest = NEWEST.load(Ordering::Acquire);
        // SAFETY: NULL, or from `Box::leak` in `add`; the acquire load sees it made.
        let newest = unsafe { newest.as_ref() };
        core::iter::successors(newest, |book| {
            // SAFETY: as above: `older` was stored before the book was published.
            unsafe { book.older.load(Ordering::Relaxed).as_ref() }
        })
    }

    fn try_take(&self) -> bool {
        // Acquire: goes on where the thread before has stopped.
        !self.taken.swap(true, Ordering::Acquire)
    }

    fn add() -> &'static Book {
        let book: &'static mut Book = alloc::boxed::Box::leak(alloc::boxed::Box::new(Book {
            slots: Slots::new(),
            counts: Counts::new(),
            own: Own { since: Cell::new(0), pause: Cell::new(0), known: Known::new() },
            crowds: Mutex::new(BTreeMap::new()),
            crowd: AtomicUsize::new(0),
            clock: Clock::new(),
            mark: mark(),
            taken_numbers: AtomicU64::new(0),
            next: AtomicU64::new(0),
            end: AtomicU64::new(0),
            unused: AtomicU64::new(0),
            inherited_below: AtomicU64::new(0),
            taken: AtomicBool::new(true),
            hands: Mutex::new(Vec::new()),
            older: AtomicPtr::new(core::ptr::null_mut()),
        }));
        let mut newest = NEWEST.load(Ordering::Relaxed);
        loop {
            book.older.store(newest, Ordering::Relaxed);
            match NEWEST.compare_exchange_weak(newest, book, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return book,
                Err(other) => newest = other,
            }
        }
    }

    /// The note of a new adoption, if it takes no more than to write it. For the book's thread.
    #[inline(always)]
    pub(super) fn quick_note(&self, info: &'static Info, site: Site) -> Option<Note> {
        let number = self.next.load(Ordering::Relaxed);
        if number == self.own.pause.get() {
            return None;
        }
        let place = self.own.known.quick_number(info, site)?;
        self.next.store(number + 1, Ordering::Relaxed);
        Some(Note::new(number, place))
    }

    /// The note of a new adoption. For the book's thread.
    pub(super) fn note(&self, info: &'static Info, site: Site) -> Note {
        let place = self.own.known.number(info, site);
        Note::new(self.number(), place)
    }

    /// The number of a new adoption. For the book's thread.
    pub(super) fn number(&self) -> u64 {
        let mut number = self.next.load(Ordering::Relaxed);
        if number == self.own.pause.get() {
            number = self.pause();
        }
        self.next.store(number + 1, Ordering::Relaxed);
        number
    }

    /// The number that the next adoption will have at least. For the book's thread.
    pub(super) fn next_number(&self) -> u64 {
        if self.next.load(Ordering::Relaxed) == self.end.load(Ordering::Relaxed) {
            self.take_numbers();
        }
        self.next.load(Ordering::Relaxed)
    }

    #[cold]
    fn pause(&self) -> u64 {
        let number = self.next_number();
        let asks_again = number + 1 + self.clock.ask(number);
        self.own.pause.set(asks_again.min(self.end.load(Ordering::Relaxed)));
        number
    }

    fn take_numbers(&self) {
        let next = NUMBERS.fetch_add(NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.taken_numbers.fetch_add(NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.own.pause.set(next);
        self.end.store(next + NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.next.store(next, Ordering::Relaxed);
    }

    /// Writes down one of so many counts of an object that `slots` has no room for it.
    pub(super) fn crowd(&self, address: usize, note: Note) {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner).entry(address).or_default().push(note.0);
        self.crowd.fetch_add(1, Ordering::Release);
    }

    /// Strikes one of such counts out, from any thread.
    pub(super) fn leave_crowd(&self, address: usize) -> Option<Note> {
        if self.crowd.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut crowds = self.crowds.lock().unwrap_or_else(PoisonError::into_inner);
        let crowd = crowds.get_mut(&address)?;
        let note = crowd.pop()?;
        if crowd.is_empty() {
            crowds.remove(&address);
        }
        self.crowd.fetch_sub(1, Ordering::Relaxed);
        Some(Note(note))
    }

    /// All that is written down, from any thread.
    pub(super) fn live(&self) -> Vec<(usize, Note)> {
        let mut live: Vec<_> = self.slots.all().into_iter().map(|(at, note)| (at, Note(note))).collect();
        let crowds = self.crowds.lock().unwrap_or_else(PoisonError::into_inner);
        live.extend(crowds.iter().flat_map(|(at, notes)| notes.iter().map(|note| (*at, Note(*note)))));
        live
    }

    /// A number was taken for what was not adopted.
    pub(super) fn note_unused(&self) {
        self.unused.fetch_add(1, Ordering::Relaxed);
    }

    /// How many objects were written down in it.
    pub(super) fn written(&self) -> u64 {
        let left = self.end.load(Ordering::Relaxed).saturating_sub(self.next.load(Ordering::Relaxed));
        let taken = self.taken_numbers.load(Ordering::Relaxed);
        taken.saturating_sub(left + self.unused.load(Ordering::Relaxed))
    }

    /// Whether the thread that has the book wrote the record with that number. For the book's thread.
    #[inline]
    pub(super) fn is_mine(&self, number: u64) -> bool {
        number >= self.own.since.get()
    }

    /// Who wrote the record with that number.
    pub(super) fn thread(&self, number: u64) -> Thread {
        let hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        let before = hands.partition_point(|hand| hand.from <= number);
        let hand = before.checked_sub(1).and_then(|at| hands.get(at));
        hand.map_or(Thread(None), |hand| hand.thread.clone())
    }

    /// How long ago the record with that number was written, at most.
    pub(super) fn age(&self, number: u64) -> core::time::Duration {
        self.clock.age(number)
    }

    /// From here on all that is written down is the parent process's. In a child that was just forked, before anything else.
    pub(super) fn inherit(&self) {
        self.slots.inherit();
        self.inherited_below.store(NUMBERS.load(Ordering::Relaxed), Ordering::Relaxed);
        // The rest of its numbers is below the line: the next adoption takes new ones. Nobody else runs in the child.
        let end = self.end.load(Ordering::Relaxed);
        let left = end - self.next.swap(end, Ordering::Relaxed);
        self.unused.fetch_add(left, Ordering::Relaxed);
        self.own.pause.set(end);
    }

    pub(super) fn is_inherited(&self, number: u64) -> bool {
        number < self.inherited_below.load(Ordering::Relaxed)
    }
}

/// A mark of its own, as long as there are any.
fn mark() -> u16 {
    let next = |mark| if mark < NO_MARK { Some(mark + 1) } else { None };
    MARKS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(NO_MARK)
}
