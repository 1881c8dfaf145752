//! The text of the last error is kept, and not copied.
//! rows: 27, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::checked;
use cstruct_misuse::book::Book;

fn main() {
    let mut kept = None;
    let book = Book::open(c"disk full").unwrap();
    let call = |_book: &mut Book| Err::<(), i32>(4);
    let last = |book: &mut Book, status| {
        #[cfg(wrong)]
        let text = book.title();
        #[cfg(right)]
        let text = book.title().to_owned();
        kept = Some(text); //~[wrong] E0521
        status
    };
    assert_eq!(checked(book, call, last), Err(4));
    assert_eq!(kept.unwrap().to_bytes(), b"disk full");
}
