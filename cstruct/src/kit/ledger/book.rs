//! The book of one thread: its table, its clock, its numbers.
//!
//! A thread takes a book at its first adoption, and leaves it when it ends; the next thread goes on in it, below the
//! records of those before. No book is ever freed.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::mem::offset_of;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU16, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::clock::Clock;
use super::counts::Counts;
use super::crowds::Crowds;
use super::hands::{Hands, Thread};
use super::info::Info;
use super::note::Note;
use super::places::{Known, Site};
use super::regions::{self, NO_MARK, Region};
use super::slots::Slots;

/// It begins with what every adoption and release touches, in one cache line; nothing there is written by other threads.
///
/// # Invariants
///
/// Only the thread that has taken the book writes to `slots` as the table's own thread, and uses `own` and `pauses_at`.
#[repr(C, align(64))]
pub(super) struct Book {
    next: AtomicU64,
    /// The next number that asks the clock, or for more numbers.
    pauses_at: Cell<u64>,
    pub(super) slots: Slots,
    pub(super) counts: Counts,
    own: Own,
    pub(super) crowds: Crowds,
    clock: Clock,
    /// How [`regions`] know this book.
    pub(super) mark: u16,
    /// How many numbers it has taken; those from `next` to `end` are unused.
    taken_numbers: AtomicU64,
    end: AtomicU64,
    /// Numbers that were passed over.
    unused: AtomicU64,
    /// Numbers below are those of the parent process.
    inherited_below: AtomicU64,
    taken: AtomicBool,
    hands: Mutex<Hands>,
    older: AtomicPtr<Book>,
}

const _: () = assert!(offset_of!(Book, slots) + Slots::OWN_BYTES <= 64);

/// What only the book's thread touches.
struct Own {
    /// The first number of the thread that has it.
    since: Cell<u64>,
    known: Known,
    /// Where it is known to have adopted.
    regions: RefCell<Vec<Region>>,
}

// SAFETY: all of it may be used from every thread, `own`, `pauses_at` and the clock's `ask` excepted, which only the thread that has taken
// the book uses (invariant); `taken` is handed on with release and acquire.
unsafe impl Sync for Book {}

static NEWEST: AtomicPtr<Book> = AtomicPtr::new(core::ptr::null_mut());
static MARKS: AtomicU16 = AtomicU16::new(1);
/// The books by their marks.
static MARKED: [AtomicPtr<Book>; 1 << u16::BITS] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 1 << u16::BITS];
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// How many numbers a book takes at a time: each time is a way through the slow half of an adoption, so that there are not more of them
/// than the clock asks for.
const NUMBERS_AT_A_TIME: u64 = 4096;

impl Book {
    /// A book that nobody has, or a new one, for the calling thread. If there is one that has adopted near this address, that one: its
    /// thread has ended, and the allocator gives its memory to this thread now. So it stays the only book that adopts there.
    pub(super) fn take(thread: Thread, address: usize) -> &'static Book {
        super::exit::install();
        let free = Book::near(address).chain(Book::all()).find(|book| book.try_take());
        free.unwrap_or_else(Book::add).taken_by(thread)
    }

    fn taken_by(&'static self, thread: Thread) -> &'static Book {
        let from = self.next_number();
        self.own.since.set(from);
        let live = || self.live().into_iter().map(|(_, note)| note.number()).collect();
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).add(from, thread, live);
        self
    }

    /// It adopts at this address. For the book's thread.
    pub(super) fn adopts(&self, address: usize) {
        if let Some(new) = regions::adopt(address, self.mark) {
            self.own.regions.borrow_mut().push(new);
        }
    }

    /// Whether nothing is at this address but in the table of this book, if there.
    pub(super) fn has_alone(&self, address: usize) -> bool {
        self.crowds.is_empty() && regions::is_at_most(address, self.mark.into())
    }

    /// It is about to have this address: no other book is ready to write it again. Whether it lives in any of them.
    pub(super) fn displace(&self, address: usize) -> bool {
        let others = Book::near(address).filter(|other| !core::ptr::eq(*other, self));
        // Each of them, not only as far as the first.
        others.filter(|other| other.slots.give_way(address)).count() > 0
    }

    /// For the book's thread: leaves it to the next one, and the regions where nothing of it is live to whoever adopts there.
    pub(super) fn leave(&self) {
        self.slots.forget_dead();
        let held: BTreeSet<_> = self.live().iter().map(|(address, _)| Region::of(*address)).collect();
        self.own.regions.borrow_mut().retain(|region| {
            let is_held = held.contains(region);
            if !is_held {
                regions::forget(*region, self.mark);
            }
            is_held
        });
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

    /// Every book that may have adopted at this address.
    pub(super) fn near(address: usize) -> impl Iterator<Item = &'static Book> {
        let marks = regions::marks(address);
        let everybody = marks.is_none().then(Book::all).into_iter().flatten();
        everybody.chain(marks.into_iter().flatten().filter_map(|mark| {
            // SAFETY: NULL, or from `Box::leak` in `add`; the acquire load sees it made.
            unsafe { MARKED[usize::from(mark)].load(Ordering::Acquire).as_ref() }
        }))
    }

    fn try_take(&self) -> bool {
        // Acquire: goes on where the thread before has stopped.
        !self.taken.swap(true, Ordering::Acquire)
    }

    fn add() -> &'static Book {
        let book: &'static mut Book = alloc::boxed::Box::leak(alloc::boxed::Box::new(Book {
            slots: Slots::new(),
            pauses_at: Cell::new(0),
            counts: Counts::new(),
            own: Own { since: Cell::new(0), known: Known::new(), regions: RefCell::new(Vec::new()) },
            crowds: Crowds::new(),
            clock: Clock::new(),
            mark: mark(),
            taken_numbers: AtomicU64::new(0),
            next: AtomicU64::new(0),
            end: AtomicU64::new(0),
            unused: AtomicU64::new(0),
            inherited_below: AtomicU64::new(0),
            taken: AtomicBool::new(true),
            hands: Mutex::new(Hands::new()),
            older: AtomicPtr::new(core::ptr::null_mut()),
        }));
        MARKED[usize::from(book.mark)].store(book, Ordering::Release);
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
        if number == self.pauses_at.get() {
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
        if number == self.pauses_at.get() {
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
        self.pauses_at.set(asks_again.min(self.end.load(Ordering::Relaxed)));
        number
    }

    fn take_numbers(&self) {
        let next = NUMBERS.fetch_add(NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.taken_numbers.fetch_add(NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.pauses_at.set(next);
        self.end.store(next + NUMBERS_AT_A_TIME, Ordering::Relaxed);
        self.next.store(next, Ordering::Relaxed);
    }

    /// All that is written down, from any thread.
    pub(super) fn live(&self) -> Vec<(usize, Note)> {
        let mut live: Vec<_> = self.slots.all().into_iter().map(|(at, note)| (at, Note(note))).collect();
        live.extend(self.crowds.all());
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
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).of(number)
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
        self.pauses_at.set(end);
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
