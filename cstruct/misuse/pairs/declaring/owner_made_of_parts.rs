//! A declared owner is put together from the kit's owner of another type.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, BookRef, Volume, VolumeRef};

fn main() {
    #[cfg(wrong)]
    let owned: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    #[cfg(right)]
    let owned: Owned<VolumeRef> = Volume::open(c"Emma").unwrap().into();
    let volume = Volume::from(owned); //~[wrong] E0277
    volume.close().unwrap();
}
