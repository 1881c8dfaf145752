//! The bases of two files are swapped, and the rest of each stays where it is.
//! rows: 31, 5a; class: C struct moved or overwritten
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

fn main() {
    let (mut one, mut other) = (File::open(), File::open());
    let (one, other) = (one.pin_mut().upcast_mut(), other.pin_mut().upcast_mut());
    #[cfg(wrong)]
    std::mem::swap(one.get_mut(), other.get_mut()); //~[wrong] E0277
    #[cfg(right)]
    assert_eq!(one.tag(), other.tag());
}
