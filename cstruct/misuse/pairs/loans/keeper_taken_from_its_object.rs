//! Memory that C goes on using is taken from the keeper of a handle that is given up.
//! rows: 16, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Loan;
use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Book = Owned<BookRef, Loan<Vec<u8>>>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {
    // SAFETY: it stands for memory that C writes to until the book is released.
    let loan = unsafe { Loan::new(vec![0_u8; 4]) };
    // SAFETY: a NUL-terminated title.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    // SAFETY: a book that nobody else releases, or NULL.
    let book = unsafe { Book::from_raw(raw, loan) }.unwrap();
    #[cfg(wrong)]
    let (_, loan) = Book::into_parts(book); //~[wrong] E0133
    #[cfg(wrong)]
    drop(loan.end());
    #[cfg(right)]
    let Ok(()) = book.close();
}
