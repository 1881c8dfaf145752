//! The third part of the fake C library, wrapped with the kit: objects that are more than their base says, and that keep a value of ours.
//!
//! | type | stands for |
//! |---|---|
//! | [`Source`], [`SourceRef`] | a `struct source`, of any kind, with a user pointer |
//! | [`File`], [`FileRef`] | a `struct file`, which is a source and is released as one |
//! | [`Socket`], [`SocketRef`] | a `struct socket`, which is a source and has a release function of its own |

use core::convert::Infallible;
use core::ffi::c_void;
use core::pin::Pin;

use cstruct::kit::{DestroyFn, EndsAs, Foreign, HasUserSlot, IsA, Null, Tagged, UserSlot, Variant};
use cstruct::wrap;

use crate::sys;

wrap! {
    /// A source, owned.
    #[derive(Debug)]
    pub struct Source = Owned<SourceRef>;

    /// A source, borrowed.
    #[derive(Debug)]
    pub struct SourceRef(sys::source);

    unsafe { release = sys::source_free; }
}

wrap! {
    /// A file, owned.
    #[derive(Debug)]
    pub struct File = Owned<FileRef>;

    /// A file, borrowed.
    #[derive(Debug)]
    pub struct FileRef(sys::file);

    unsafe { release = sys::file_free; }
}

wrap! {
    /// A socket, owned.
    #[derive(Debug)]
    pub struct Socket = Owned<SocketRef>;

    /// A socket, borrowed.
    #[derive(Debug)]
    pub struct SocketRef(sys::socket);

    unsafe { release = sys::socket_free; }
}

// SAFETY: "Its kind never changes".
unsafe impl Tagged for SourceRef {
    type Tag = i32;

    fn tag(&self) -> i32 {
        // SAFETY: a live source.
        unsafe { sys::source_kind(self.as_ptr()) }
    }
}

// SAFETY: a source is "what every file and every socket begins with", and nothing that is done to it makes it another kind.
unsafe impl IsA<SourceRef> for FileRef {}

// SAFETY: as above.
unsafe impl IsA<SourceRef> for SocketRef {}

// SAFETY: a file is "a source of kind SOURCE_FILE".
unsafe impl Variant<SourceRef> for FileRef {
    fn is(kind: i32) -> bool {
        kind == sys::SOURCE_FILE
    }
}

// SAFETY: a socket is "a source of kind SOURCE_SOCKET".
unsafe impl Variant<SourceRef> for SocketRef {
    fn is(kind: i32) -> bool {
        kind == sys::SOURCE_SOCKET
    }
}

// SAFETY: "file_free, which is source_free".
unsafe impl EndsAs<SourceRef> for FileRef {}

// SAFETY: "the pair before is destroyed; this one is when the next takes its place, or the source is released"; only `set_user` sets it.
unsafe impl HasUserSlot for SourceRef {
    type Error = Infallible;
    const DESTROYS: bool = true;

    unsafe fn set(source: *mut sys::source, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Infallible> {
        // SAFETY: the source is live, and the caller's alone.
        unsafe { sys::source_set_user(source, user, destroy) };
        Ok(())
    }

    unsafe fn user(source: *mut sys::source) -> *mut c_void {
        // SAFETY: the source is live.
        unsafe { sys::source_user(source) }
    }
}

/// Puts a value into a source, in place of the one before; `source_set_user`.
pub fn set_user<T: Send + Sync + 'static>(source: Pin<&mut SourceRef>, value: T) {
    let Ok(()) = UserSlot::set(source, value);
}

impl Source {
    /// A new source that is nothing else; `source_new`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn new() -> Result<Source, Null> {
        // SAFETY: nothing is passed.
        let raw = unsafe { sys::source_new() };
        // SAFETY: a source that nobody else releases, or NULL.
        unsafe { Source::from_raw(raw) }
    }
}

impl File {
    /// A new file; `file_new`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn open(descriptor: i32) -> Result<File, Null> {
        // SAFETY: any number may be passed.
        let raw = unsafe { sys::file_new(descriptor) };
        // SAFETY: a file that nobody else releases, or NULL.
        unsafe { File::from_raw(raw) }
    }
}

impl FileRef {
    /// Its descriptor; `file_descriptor`.
    pub fn descriptor(&self) -> i32 {
        // SAFETY: a live file.
        unsafe { sys::file_descriptor(self.as_ptr()) }
    }
}

impl Socket {
    /// A new socket; `socket_new`.
    ///
    /// # Errors
    ///
    /// [`Null`] without memory.
    pub fn open(port: i32) -> Result<Socket, Null> {
        // SAFETY: any number may be passed.
        let raw = unsafe { sys::socket_new(port) };
        // SAFETY: a socket that nobody else releases, or NULL.
        unsafe { Socket::from_raw(raw) }
    }
}
