//! A bookmark that borrows is stored in a struct without a lifetime.
//! rows: 2; class: lifetimes too tight to store a child
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef, Bookmark};
use std::collections::HashMap;
use std::sync::Arc;

struct Reader {
    #[cfg(wrong)]
    marks: HashMap<u32, Bookmark<&BookRef>>, //~[wrong] E0106
    #[cfg(right)]
    marks: HashMap<u32, Bookmark<Arc<Book>>>,
}

fn main() {
    let mut reader = Reader { marks: HashMap::new() };
    #[cfg(right)]
    {
        let book = Arc::new(Book::open(c"Emma").unwrap());
        reader.marks.insert(1, Bookmark::at_end(book).unwrap());
        assert_eq!(reader.marks[&1].page(), 0);
    }
    reader.marks.clear();
}
