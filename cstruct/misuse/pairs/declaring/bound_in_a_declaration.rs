//! A bound of the keeper stands in the declaration of a child.
//! rows: 2
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: a declaration takes parameters without bounds
    pub struct Page<K: cstruct::kit::Keeper<cstruct_misuse::book::BookRef>> = Owned<PageRef, K>;
    pub struct PageRef(sys::bookmark);
    unsafe { release = sys::bookmark_free; }
}

#[cfg(right)]
wrap! {
    pub struct Page<K> = Owned<PageRef, K>;
    pub struct PageRef(sys::bookmark);
    unsafe { release = sys::bookmark_free; }
}

fn main() {}
