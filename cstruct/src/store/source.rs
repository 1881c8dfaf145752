//! `cstruct_source`: CSV from any reader, through an interface that C calls.

use alloc::boxed::Box;
use alloc::vec;
use core::ffi::c_void;
use core::fmt;
use std::io::{self, ErrorKind, Read};

use cstruct_sys::{self as sys, cstruct_status};

use super::{Context, Error, IoError, OpenOptionsRef};
use crate::kit::{Callback, Foreign};

impl Context {
    /// Reads CSV from a reader, to its end.
    ///
    /// C calls the reader during this call only, on this thread. To read on afterwards pass `&mut reader`. It has
    /// a buffer in front of it already, so a [`BufReader`](io::BufReader) gains nothing.
    ///
    /// ```
    /// use cstruct::Context;
    /// use std::io::Read;
    ///
    /// let header = "name,value,s1\n".as_bytes();
    /// let lines = "indoor,1,20.5\n".as_bytes();
    /// let context = Context::from_reader(header.chain(lines))?;
    /// assert_eq!(context.count(), 1);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the reader's own error, as it was; else as for [`open`](Context::open).
    ///
    /// # Panics
    ///
    /// With what the reader panicked with, after C has returned and what it made was released.
    #[doc(alias = "cstruct_open_source")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_reader(reader: impl Read) -> Result<Context, Error> {
        Context::from_reader_with(reader, OpenOptionsRef::usual())
    }

    /// Reads CSV from a reader, to its end.
    ///
    /// # Errors
    ///
    /// As for [`from_reader`](Context::from_reader); [`Status::Invalid`](super::Status::Invalid) for options that contradict
    /// each other.
    ///
    /// # Panics
    ///
    /// As for [`from_reader`](Context::from_reader).
    #[doc(alias = "cstruct_open_source")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_reader_with<R: Read>(reader: R, options: &OpenOptionsRef) -> Result<Context, Error> {
        let mut failed = None;
        let source = Source { reader, failed: &mut failed, buffer: vec![0; BUFFER].into_boxed_slice() };
        let context = Callback::with(source, |callback| {
            let source = sys::cstruct_source {
                version: sys::CSTRUCT_SOURCE_VERSION,
                user: callback.user(),
                read: Some(read::<R>),
            };
            // SAFETY: CALL_ONLY: the source and the options live during the call, and so does what `user` points to
            // (USER(this_call)); the function is the one for it; `out` may be written.
            Context::made(|out| unsafe { sys::cstruct_open_source(&raw const source, options.as_ptr(), out) })
        });
        match failed {
            Some(error) => Err(Error::Io(IoError::of(error))),
            None => context,
        }
    }
}

const BUFFER: usize = 64 * 1024;

/// What `cstruct_source` works on.
struct Source<'f, R> {
    reader: R,
    failed: &'f mut Option<io::Error>,
    /// A reader must only see initialised bytes, and C's room is not: it is filled by a copy.
    buffer: Box<[u8]>,
}

impl<R: Read> Source<'_, R> {
    /// Up to `len` bytes; none at the end, or when the reader failed.
    fn next(&mut self, len: usize) -> Option<&[u8]> {
        let len = len.min(self.buffer.len());
        let room = self.buffer.get_mut(..len)?;
        let got = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                answer => break answer,
            }
        };
        let got = got.and_then(|got| if got <= len { Ok(got) } else { Err(io::Error::other(TooMuch { got, len })) });
        match got {
            Ok(got) => self.buffer.get(..got),
            Err(error) => {
                *self.failed = Some(error);
                None
            }
        }
    }
}

unsafe extern "C" fn read<R: Read>(
    user: *mut c_void,
    room: *mut c_void,
    len: usize,
    got: *mut usize,
) -> cstruct_status {
    let run = |source: &mut Source<'_, R>| {
        let Some(bytes) = source.next(len) else { return cstruct_status::CSTRUCT_IO };
        // SAFETY: FILLS(len): C's room, which nobody else uses, has space for `len` bytes, and there are not more.
        unsafe { room.cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        // SAFETY: OUT: it may be written.
        unsafe { got.write(bytes.len()) };
        cstruct_status::CSTRUCT_OK
    };
    // SAFETY: C hands back the `user` of the source above, during the call, on its thread. The value there is a
    // `Source<'_, R>` with this `R`, whose lifetime this function does not know and does not need.
    unsafe { Callback::<Source<'_, R>>::call(user, run, cstruct_status::CSTRUCT_STOPPED) }
}

/// A reader broke its contract.
#[derive(Debug)]
struct TooMuch {
    got: usize,
    len: usize,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooMuch { got, len } = self;
        write!(f, "the reader says that it read {got} bytes where there was room for {len}; correct its `read`")
    }
}

impl core::error::Error for TooMuch {}
