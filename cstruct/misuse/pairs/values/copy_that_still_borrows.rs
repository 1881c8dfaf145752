//! What is called a copy still points into the book.
//! rows: 7, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use cstruct::kit::CopyOut;
use cstruct_misuse::book::{Book, BookRef};
#[cfg(wrong)]
use std::ffi::CStr;
#[cfg(right)]
use std::ffi::CString;

struct Title<'b>(&'b BookRef);

#[cfg(wrong)]
impl<'b> CopyOut for Title<'b> {
    type Data = &'b CStr;
    type Error = Infallible;

    fn copy_out(&self) -> Result<&'b CStr, Infallible> {
        Ok(self.0.title())
    }
}

#[cfg(right)]
impl CopyOut for Title<'_> {
    type Data = CString;
    type Error = Infallible;

    fn copy_out(&self) -> Result<CString, Infallible> {
        Ok(self.0.title().to_owned())
    }
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let Ok(copy) = Title(&book).copy_out();
    drop(book); //~[wrong] E0505
    assert_eq!(copy.to_bytes(), b"Emma");
}
