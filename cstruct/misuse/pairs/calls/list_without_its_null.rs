//! A list that C reads up to a NULL is lent without one.
//! rows: 19; class: bad slice from C
//@revisions: right wrong
//@[right] run

use cstruct::kit::lend;
use cstruct_misuse::book::{Book, BookRef};
use cstruct_misuse::sys;

/// How many there are before the NULL.
unsafe extern "C" fn x_count(books: *const *mut sys::book) -> usize {
    // SAFETY: the caller's list ends with NULL.
    (0..).take_while(|&at| !unsafe { *books.add(at) }.is_null()).count()
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let book: &BookRef = &book;
    #[cfg(wrong)]
    let list = [book];
    #[cfg(right)]
    let list = [Some(book), None];
    // SAFETY: a list that ends with NULL.
    let count = lend::objects_to_null(&list, |first| unsafe { x_count(first) }); //~[wrong] E0308
    assert_eq!(count.unwrap(), 1);
}
