//! An array of objects is cut short like one of numbers, which would forget those at its end.
//! rows: 11; class: leak on an error path
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct::kit::OwnedElement;
use cstruct::kit::{CArray, LibcFree};
#[cfg(wrong)]
use cstruct_misuse::book::BookRef;

#[cfg(wrong)]
type Element = OwnedElement<BookRef>;
#[cfg(right)]
type Element = i32;

fn cut(array: &mut CArray<Element, LibcFree>, fill: Element) {
    CArray::try_resize(array, 1, fill).unwrap(); //~[wrong] E0277
}

fn main() {
    #[cfg(right)]
    cut(&mut CArray::copy_of(&[1, 2]).unwrap(), 0);
}
