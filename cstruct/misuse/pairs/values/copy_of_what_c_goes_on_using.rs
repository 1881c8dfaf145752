//! A bookmark is copied out, although the book goes on using it.
//! rows: 7; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::CopyOut;
use cstruct_misuse::book::{Book, Bookmark};

struct Page(usize);

impl CopyOut for Page {
    type Data = usize;
    type Error = core::convert::Infallible;

    fn copy_out(&self) -> Result<usize, Self::Error> {
        Ok(self.0)
    }
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let mark = Bookmark::at_end(&*book).unwrap();
    #[cfg(wrong)]
    let source = &*mark;
    #[cfg(right)]
    let source = Page(mark.page());
    let Ok(copy) = source.copy_out(); //~[wrong] E0599
    assert_eq!(copy, 0);
}
