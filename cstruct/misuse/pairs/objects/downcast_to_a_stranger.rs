//! A source is looked at as something that sources never are.
//! rows: 31; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{IsA, Tagged, Variant};
use cstruct::wrap;

#[repr(C)]
pub struct source {
    kind: i32,
}

#[repr(C)]
pub struct file {
    base: source,
    descriptor: i32,
}

#[repr(C)]
pub struct socket {
    base: source,
    port: u16,
}

unsafe extern "C" fn source_free(source: *mut source) {
    // SAFETY: a source of kind 1 is a file, from `FileOwner::new`, and is given up.
    drop(unsafe { Box::from_raw(source.cast::<file>()) })
}

unsafe extern "C" fn file_free(file: *mut file) {
    // SAFETY: it is from `FileOwner::new`, and is given up.
    drop(unsafe { Box::from_raw(file) })
}

wrap! {
    pub struct Source = Owned<SourceRef>;
    pub struct SourceRef(source);
    unsafe { release = source_free; }
}

wrap! {
    pub struct File = Owned<FileRef>;
    pub struct FileRef(file);
    unsafe { release = file_free; }
}

wrap! {
    pub struct SocketRef(socket);
}

// SAFETY: the kind never changes.
unsafe impl Tagged for SourceRef {
    type Tag = i32;

    fn tag(&self) -> i32 {
        // SAFETY: a live source.
        unsafe { (*cstruct::kit::Foreign::as_ptr(self)).kind }
    }
}

// SAFETY: a file begins with a source.
unsafe impl IsA<SourceRef> for FileRef {}

// SAFETY: kind 1 is a file.
unsafe impl Variant<SourceRef> for FileRef {
    fn is(kind: i32) -> bool {
        kind == 1
    }
}

impl File {
    fn open() -> File {
        let raw = Box::into_raw(Box::new(file { base: source { kind: 1 }, descriptor: 5 }));
        // SAFETY: it is ours, and file_free releases it.
        unsafe { File::from_raw(raw) }.unwrap()
    }
}

impl FileRef {
    fn descriptor(&self) -> i32 {
        // SAFETY: a live file.
        unsafe { (*cstruct::kit::Foreign::as_ptr(self)).descriptor }
    }
}

#[cfg(wrong)]
type Looked = SocketRef;
#[cfg(right)]
type Looked = FileRef;

fn main() {
    let file = File::open();
    let source: &SourceRef = file.upcast();
    assert!(source.downcast::<Looked>().is_some()); //~[wrong] E0277
    assert_eq!(file.descriptor(), 5);
}
