//! A socket is owned as its base, which would be released with the base's function.
//! rows: 31, 1; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Owned, Tagged};
use cstruct_misuse::source::SourceRef;

#[cfg(right)]
use cstruct_misuse::source::{File as Opened, FileRef as OpenedRef};
#[cfg(wrong)]
use cstruct_misuse::source::{Socket as Opened, SocketRef as OpenedRef};

fn main() {
    let opened: Owned<OpenedRef> = Opened::open(5).unwrap().into();
    let source: Owned<SourceRef> = Owned::upcast(opened); //~[wrong] E0277
    assert!(source.downcast::<OpenedRef>().is_some());
}
