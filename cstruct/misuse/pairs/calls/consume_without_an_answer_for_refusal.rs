//! A book is given to C as if C could not hand it back.
//! rows: 10, 9; class: leak on an error path
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CloseError, Consumed, Owned};
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let book: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    // SAFETY: it does not touch the book, and says so.
    let answer = unsafe { Owned::consume(book, |_handle| Consumed::<(), i32>::HandedBack(16)) };
    match answer {
        //~[wrong]^ E0004
        Ok(()) => unreachable!(),
        Err(CloseError::Gone(_)) => unreachable!(),
        #[cfg(right)]
        Err(CloseError::StillOpen { handle, error }) => assert_eq!((handle.title(), error), (c"Emma", 16)),
    }
}
