//! An item is kept across the step of a cursor that ends it.
//! rows: 13, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use cstruct::kit::Cursor;
use cstruct_misuse::book::Book;
use cstruct_misuse::book::BookRef;
use std::ffi::CStr;

struct Titles(Vec<Book>, Option<Book>);

impl Cursor for Titles {
    type Item<'item> = &'item BookRef;
    type Error = Infallible;

    fn next(&mut self) -> Result<Option<&BookRef>, Infallible> {
        self.1 = self.0.pop();
        Ok(self.1.as_deref())
    }
}

fn main() {
    let mut titles = Titles(vec![Book::open(c"Persuasion").unwrap(), Book::open(c"Emma").unwrap()], None);
    let first: &CStr = titles.next().unwrap().unwrap().title();
    #[cfg(right)]
    let first = first.to_owned();
    let second = titles.next().unwrap().unwrap().title(); //~[wrong] E0499
    assert_eq!((&*first, second), (c"Emma", c"Persuasion"));
}
