//! What the kit's types tell the ledger: adopted, about to be released, given up.
//!
//! There are three ways to write an object down. Where its address was released before and has been nowhere else since, which is so
//! for most, that takes one look and a few stores. For the first time, where no other thread ever adopts, it takes a search of the
//! thread's own table. And the slow way asks other threads' tables, the clock, and whatever else takes a lock.

use alloc::boxed::Box;
use core::panic::Location;

use super::book::Book;
use super::entry::Entry;
use super::fault::{self, Fault};
use super::info::{Info, Kind};
use super::level::{self, Level};
use super::note::{Note, State};
use super::places::Site;
use super::{backtraces, here, regions};

/// An object of ours lives at this address from now on. An address of 0 is one that the ledger is not told.
#[inline(always)]
#[track_caller]
pub(in crate::kit) fn adopted(address: usize, info: &'static Info) {
    match here::book() {
        _ if address == 0 => {}
        Some(book) if level::is_sites() => write_down(address, info, Location::caller(), book),
        _ if level::is_off() => {}
        _ => write_down_slowly(address, info, Location::caller()),
    }
}

/// The object is about to be released, or handed to C: from here on its address may come again. Whoever finds that it
/// was not gives the result [back](Kept::back).
#[inline]
pub(in crate::kit) fn releasing(address: usize, info: &'static Info) -> Kept {
    let note = match here::book() {
        _ if address == 0 => Note::NONE,
        Some(book) if !info.thread_bound() => take_out(address, info, book),
        _ if level::is_watching() => take_out_slowly(address, info),
        _ => Note::NONE,
    };
    Kept { address, note }
}

/// What was written down of an object that is being released.
#[must_use]
pub(in crate::kit) struct Kept {
    address: usize,
    note: Note,
}

// What every object costs is the two functions below, which call nothing. Where an object is released, the second is a part of that place;
// the first is called: it is longer, and there are more such places. The others are their other half, and take the same arguments in the
// same order.

#[inline(never)]
fn write_down(address: usize, info: &'static Info, site: Site, book: &'static Book) {
    // SAFETY: it is the calling thread's.
    if !unsafe { book.slots.write_again(address, || book.quick_note(info, site).map(|note| note.0)) } {
        write_down_further(address, info, site, book);
    }
}

#[inline(always)]
fn take_out(address: usize, info: &'static Info, book: &'static Book) -> Note {
    // SAFETY: it is the calling thread's.
    match unsafe { book.slots.take_alone(address, |note| Note(note).is_plain_and_alone()) } {
        Some(note) => Note(note),
        None => take_out_further(address, info, book),
    }
}

/// Further from its home bucket, or for the first time.
#[inline(never)]
fn write_down_further(address: usize, info: &'static Info, site: Site, book: &'static Book) {
    let note = || book.quick_note(info, site).map(|note| note.0);
    // SAFETY: it is the calling thread's.
    if unsafe { book.slots.write_again_further(address, note) } {
        return;
    }
    // One more of many counts.
    let beside = info.kind() == Kind::Shared && !level::was_given_up();
    // What takes a lock is done where no allocator of ours can come in between.
    if regions::is_common(address, book.mark.into()) || !book.slots.write(address, beside, note) {
        write_down_slowly(address, info, site);
    }
}

#[inline(never)]
fn take_out_further(address: usize, info: &'static Info, book: &'static Book) -> Note {
    // SAFETY: it is the calling thread's.
    let further = unsafe { book.slots.take_alone_further(address, |note| Note(note).is_plain_and_alone()) };
    match further.or_else(|| book.slots.take_own(address, |note| Note(note).is_plain())) {
        Some(note) => Note(note),
        // Adopted while the ledger was off: no table has it.
        None if level::is_off() && book.has_alone(address) => Note::NONE,
        None => take_out_slowly(address, info),
    }
}

#[cold]
#[inline(never)]
fn write_down_slowly(address: usize, info: &'static Info, site: Site) {
    let (level, near) = (level::level(), || address);
    let written = match level {
        Level::Off => return,
        Level::Counts => here::with_book_near(near, |book| {
            book.counts.adopted(info);
            Ok(())
        }),
        Level::Sites | Level::Backtraces => {
            here::with_book_near(near, |book| write_in(book, address, info, site, level))
        }
    };
    match written {
        Some(Ok(())) => {}
        Some(Err(fault)) => fault::raise(*fault),
        // Inside the ledger's own work.
        None => level::note_gap(),
    }
}

fn write_in(
    book: &'static Book,
    address: usize,
    info: &'static Info,
    site: Site,
    level: Level,
) -> Result<(), Box<Fault>> {
    let mut note = book.note(info, site);
    // Before it looks for others: who adopts here later looks into this book.
    book.adopts(address);
    // One of many counts need not look for the others, unless one of them was given up and may be this one.
    let before = match info.kind() {
        Kind::Shared if !level::was_given_up() => None,
        Kind::Shared => whose_where(address, |note| note.is(State::GIVEN_UP)),
        _ => whose(book, address),
    };
    if let Some((other, held)) = before {
        if note.excludes_others() && held.excludes_others() {
            book.note_unused();
            let (first, second) = (Entry::new(other, address, held), Entry::new(book, address, note));
            return Err(Fault::AdoptedTwice { first, second }.into());
        }
        // It was given up, or leaked, and comes back.
        if held.is(State::GIVEN_UP) || held.is(State::REFUSED) {
            let _ = other.slots.take(address, held.0);
            backtraces::forget(held.number());
        }
    } else if level::was_given_up() {
        let _came_back = Book::near(address).find_map(|other| other.crowds.take(address, true));
    }
    if level == Level::Backtraces {
        backtraces::keep(note.number());
        note = note.with(State::TRACED);
    }
    if book.displace(address) {
        note = note.beside();
    }
    book.slots.tidy();
    insert(book, address, info.kind(), note);
    Ok(())
}

/// Writes it down where there is room; of more counts than have room, in a crowd rather than in a larger table.
fn insert(book: &'static Book, address: usize, kind: Kind, note: Note) {
    let counted = kind == Kind::Shared && book.slots.note_own(address).is_some();
    if !counted {
        book.slots.insert(address, note.0);
    } else if !book.slots.write(address, true, || Some(note.0)) {
        book.crowds.add(address, note);
    }
}

#[cold]
#[inline(never)]
fn take_out_slowly(address: usize, info: &'static Info) -> Note {
    let taken = here::with_book(|book| take_out_of(book, address, info));
    let (note, fault) = taken.unwrap_or((Note::NONE, None));
    if let Some(fault) = fault {
        fault::raise(*fault);
    }
    note
}

fn take_out_of(book: &'static Book, address: usize, info: &'static Info) -> (Note, Option<Box<Fault>>) {
    let (other, note) = match strike_out(book, address) {
        Struck::Out(other, note) => (other, note),
        Struck::Unknown => return (Note::NONE, not_live(book, address, info)),
        Struck::Already => {
            let fault = Fault::ReleasedNotLive { type_name: info.name(), address, thread: here::current() };
            return (Note::NONE, Some(fault.into()));
        }
    };
    let abroad = !core::ptr::eq(book, other) || !book.is_mine(note.number());
    let fault = (abroad && note.place().info.thread_bound())
        .then(|| Fault::ReleasedAbroad { object: Entry::new(other, address, note), thread: here::current() }.into());
    if note.is(State::TRACED) {
        backtraces::forget(note.number());
    }
    (note, fault)
}

enum Struck {
    Out(&'static Book, Note),
    /// Somebody else was faster.
    Already,
    /// Nothing is written down there.
    Unknown,
}

/// Strikes an object out; of many counts one that was not given up, if there is such a one.
fn strike_out(book: &'static Book, address: usize) -> Struck {
    let is_ours = |note: Note| !note.is(State::GIVEN_UP);
    let any = whose(book, address);
    let ours = any.filter(|(_, note)| is_ours(*note)).or_else(|| whose_where(address, is_ours));
    let in_a_crowd = |given_up| {
        Book::near(address).find_map(|other| Some(Struck::Out(other, other.crowds.take(address, given_up)?)))
    };
    let in_a_slot = |(other, note): (&'static Book, Note)| match other.slots.take(address, note.0) {
        true => Struck::Out(other, note),
        false => Struck::Already,
    };
    (ours.map(in_a_slot))
        .or_else(|| in_a_crowd(false))
        .or_else(|| any.map(in_a_slot))
        .or_else(|| in_a_crowd(true))
        .unwrap_or(Struck::Unknown)
}

/// A release of what is not written down: counted only, or adopted while the ledger was off, or a fault.
fn not_live(book: &Book, address: usize, info: &'static Info) -> Option<Box<Fault>> {
    if !level::has_gaps() {
        let fault = Fault::ReleasedNotLive { type_name: info.name(), address, thread: here::current() };
        return Some(fault.into());
    }
    if level::level() == Level::Counts {
        book.counts.released(info);
    }
    None
}

/// The book and the note of an address: the calling thread's, or another's.
fn whose(book: &'static Book, address: usize) -> Option<(&'static Book, Note)> {
    match book.slots.note_own(address) {
        Some(note) => Some((book, Note(note))),
        None => note_in(Book::near(address).filter(|other| !core::ptr::eq(*other, book)), address, |_| true),
    }
}

fn whose_where(address: usize, wanted: impl Fn(Note) -> bool) -> Option<(&'static Book, Note)> {
    note_in(Book::near(address), address, wanted)
}

fn note_in(
    mut books: impl Iterator<Item = &'static Book>,
    address: usize,
    wanted: impl Fn(Note) -> bool,
) -> Option<(&'static Book, Note)> {
    books.find_map(|book| Some((book, Note(book.slots.note(address, |note| wanted(Note(note)))?))))
}

impl Kept {
    /// The object was not released after all, and is still ours.
    #[cold]
    pub(in crate::kit) fn back(self) {
        self.put_back(|note| note);
    }

    /// C refused to release it in a destructor: it is leaked.
    #[cold]
    pub(in crate::kit) fn refused(self, error: &dyn core::fmt::Display) {
        let Some((book, address, note)) = self.put_back(|note| note.with(State::REFUSED)) else { return };
        let fault = here::quietly(|| Fault::RefusedInDrop {
            object: Entry::new(book, address, note),
            error: alloc::string::ToString::to_string(error),
        });
        if let Some(fault) = fault {
            fault::raise(fault);
        }
    }

    fn put_back(self, state: impl FnOnce(Note) -> Note) -> Option<(&'static Book, usize, Note)> {
        let Kept { address, note } = self;
        if note == Note::NONE {
            return None;
        }
        // Its backtrace is forgotten already.
        let note = state(note).without(State::TRACED);
        here::with_book(|book| {
            // A number of this book's, so that the note names this thread, where C said no.
            let note = note.renumbered(book.number());
            book.note_unused();
            book.adopts(address);
            let beside = book.displace(address);
            book.slots.insert(address, if beside { note.beside() } else { note }.0);
            (book, address, note)
        })
    }
}

/// It leaves by `into_raw`: C's, or whoever takes it back.
pub(in crate::kit) fn given_up(address: usize) {
    level::note_given_up();
    // Of many counts, one that was not given up before.
    mark(address, |note| !note.is(State::GIVEN_UP), |note| note.with(State::GIVEN_UP));
}

/// It was owned and is now one of many counts, or the reverse.
pub(in crate::kit) fn turned(address: usize) {
    mark(address, |_| true, Note::turned);
}

fn mark(address: usize, which: impl Fn(Note) -> bool, change: impl Fn(Note) -> Note) {
    if !level::is_watching() || address == 0 {
        return;
    }
    let _ = here::with_book(|book| {
        let found = whose(book, address).filter(|(_, note)| which(*note));
        match found.or_else(|| whose_where(address, which)) {
            Some((other, note)) => other.slots.change(address, note.0, change(note).0),
            None => {
                let _changed = Book::near(address).any(|other| other.crowds.change(address, &change));
            }
        }
    });
}
