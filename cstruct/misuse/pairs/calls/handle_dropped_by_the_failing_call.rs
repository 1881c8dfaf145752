//! The failing call drops the handle that has the error.
//! rows: 27; class: close error swallowed
//@revisions: right wrong
//@[right] run

use cstruct::kit::checked;
use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"disk full").unwrap();
    let call = |book: &mut Book| {
        #[cfg(wrong)]
        drop(*book); //~[wrong] E0507
        #[cfg(right)]
        assert!(book.words().is_empty());
        Err::<(), i32>(4)
    };
    let text = checked(book, call, |book, _status| book.title().to_owned()).unwrap_err();
    assert_eq!(text.as_c_str(), c"disk full");
}
