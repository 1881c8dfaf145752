//! The calling thread's book, and what there is instead of it: while the thread ends, and inside the ledger's own work.

use alloc::boxed::Box;
use core::cell::Cell;
use std::sync::{Mutex, PoisonError};

use super::book::Book;
use super::hands::Thread;

std::thread_local! {
    // No destructor: these may be used as long as the thread runs.
    static BOOK: Cell<Option<&'static Book>> = const { Cell::new(None) };
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static LEAVE: Leave = const { Leave };
}

/// Leaves the book when the thread's values are dropped.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(book) = BOOK.take() {
            let _left = quietly(|| book.leave());
        }
    }
}

/// The calling thread's book, if it has one already.
#[inline]
pub(super) fn book() -> Option<&'static Book> {
    // Not `with`: std does not mark it to be inlined, so that it would be a call wherever a type's destructor is.
    BOOK.try_with(Cell::get).unwrap_or(None)
}

/// Uses the calling thread's book as its own thread. A thread whose values are being dropped uses one that such threads share.
/// None inside the ledger's own work, which may allocate, and whose allocator may adopt.
pub(super) fn with_book<R>(run: impl FnOnce(&'static Book) -> R) -> Option<R> {
    // Where the allocator gives this thread memory, its objects will be as well.
    with_book_near(|| (&raw const *Box::new(0_u64)).addr(), run)
}

/// The same, for a thread that is about to adopt there if it has not yet.
pub(super) fn with_book_near<R>(address: impl FnOnce() -> usize, run: impl FnOnce(&'static Book) -> R) -> Option<R> {
    quietly(|| match book().or_else(|| arrive(address)) {
        Some(book) => run(book),
        None => {
            static LATE: Mutex<Option<&'static Book>> = Mutex::new(None);
            let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
            run(late.get_or_insert_with(|| Book::take(Thread(None), 0)))
        }
    })
}

/// Runs the ledger's own work, unless this is inside of it already.
pub(super) fn quietly<R>(run: impl FnOnce() -> R) -> Option<R> {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.set(false);
        }
    }
    if INSIDE.replace(true) {
        return None;
    }
    let _leave = Leave;
    Some(run())
}

fn arrive(near: impl FnOnce() -> usize) -> Option<&'static Book> {
    LEAVE.try_with(|_| ()).ok()?;
    let book = Book::take(current(), near());
    BOOK.set(Some(book));
    Some(book)
}

/// The calling thread, for reports.
pub(super) fn current() -> Thread {
    // A thread that ends has no handle of its own any more.
    let Ok(()) = LEAVE.try_with(|_| ()) else { return Thread(None) };
    Thread(Some(std::thread::current()))
}

#[cfg(test)]
mod tests {
    use core::panic::Location;

    use super::super::info::Of;
    use super::super::regions;
    use super::{with_book, with_book_near};

    /// Addresses in two regions, far from all that is adopted.
    const LEFT: usize = 0x2345 << 16;
    const HELD: usize = 0x2346 << 16;

    #[test]
    fn a_thread_that_ends_leaves_all_but_where_something_lives() {
        let first = std::thread::spawn(|| {
            with_book(|book| {
                for address in [LEFT, HELD] {
                    book.adopts(address);
                    book.slots.insert(address, book.note(Of::<u8>::OWNED, Location::caller()).0);
                }
                assert!(book.slots.take_own(LEFT, |_| true).is_some());
                book.mark
            })
        });
        let mark = first.join().expect("no panic");
        let marks = |address| regions::marks(address).map(Iterator::collect::<alloc::vec::Vec<_>>);
        assert_eq!((marks(LEFT).as_deref(), marks(HELD)), (Some(&[][..]), mark.map(|mark| alloc::vec![mark])));
        // The next one whose memory is there goes on in its book.
        let second =
            std::thread::spawn(|| with_book_near(|| HELD, |book| (book.mark, book.slots.take_own(HELD, |_| true))));
        let (next, taken) = second.join().expect("no panic").expect("it is not inside");
        assert!(Some(next) == mark && taken.is_some());
        assert_eq!(marks(HELD).as_deref(), Some(&[][..]));
    }
}
