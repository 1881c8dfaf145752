//! The calling thread's book, and what there is instead of it: while the thread ends, and inside the ledger's own work.

use core::cell::Cell;
use std::sync::{Mutex, PoisonError};

use super::book::{Book, Thread};

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
            book.leave();
        }
    }
}

/// The calling thread's book, if it has one already.
#[inline]
pub(super) fn book() -> Option<&'static Book> {
    BOOK.with(Cell::get)
}

/// Uses the calling thread's book as its own thread. A thread whose values are being dropped uses one that such threads share.
/// None inside the ledger's own work, which may allocate, and whose allocator may adopt.
pub(super) fn with_book<R>(run: impl FnOnce(&'static Book) -> R) -> Option<R> {
    quietly(|| match book().or_else(arrive) {
        Some(book) => run(book),
        None => {
            static LATE: Mutex<Option<&'static Book>> = Mutex::new(None);
            let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
            run(late.get_or_insert_with(|| Book::take(Thread(None))))
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

fn arrive() -> Option<&'static Book> {
    LEAVE.try_with(|_| ()).ok()?;
    let book = Book::take(current());
    BOOK.set(Some(book));
    Some(book)
}

/// The calling thread, for reports.
pub(super) fn current() -> Thread {
    // A thread that ends has no handle of its own any more.
    let Ok(()) = LEAVE.try_with(|_| ()) else { return Thread(None) };
    Thread(Some(std::thread::current()))
}
