//! A child is declared with the lifetime of its parent in place of its keeper.
//! rows: 2
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: a declaration takes types as parameters, not lifetimes
    pub struct Page<'a> = Owned<PageRef, &'a BookRef>;
    pub struct PageRef(sys::bookmark);
    unsafe { release = sys::bookmark_free; }
}

#[cfg(right)]
wrap! {
    pub struct Page<K> = Owned<PageRef, K>;
    pub struct PageRef(sys::bookmark);
    unsafe { release = sys::bookmark_free; }
}

#[cfg(right)]
pub fn look<'a>(page: &Page<&'a BookRef>) -> &'a BookRef {
    *Page::keeper(page)
}

fn main() {}
