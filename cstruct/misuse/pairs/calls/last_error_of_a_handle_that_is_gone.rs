//! A handle is asked for its last error after the call that used it up.
//! rows: 27; class: close error swallowed
//@revisions: right wrong
//@[right] run

use cstruct::kit::checked;
use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"disk full").unwrap();
    let call = |_book: &mut Book| Err::<(), i32>(4);
    #[cfg(wrong)]
    let failed = checked(book, call, |_book, status| status).unwrap_err();
    #[cfg(wrong)]
    let text = book.title().to_owned(); //~[wrong] E0382
    #[cfg(right)]
    let (failed, text) = checked(book, call, |book, status| (status, book.title().to_owned())).unwrap_err();
    assert_eq!((failed, text.as_c_str()), (4, c"disk full"));
}
