//! `cstruct_writer`: a CSV file being written, and the truth about whether it arrived.

use core::fmt;
use core::pin::Pin;
use core::ptr;
use std::path::Path;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::check;
use super::{CStructRef, Error, IoError};
use crate::kit::{Foreign, Loan, NotJoined, Owned, Released, StableAddressMut, errno, lend};
use crate::wrap;

wrap! {
    /// A CSV file being written: closed with `cstruct_writer_close`, after which the writer is gone, whatever C says.
    ///
    /// What is written may wait in memory, so that a full disk shows as late as at the close. [`close`](Writer::close) tells;
    /// dropping the writer closes the file too, and tells [`kit::event`](crate::kit::event) of a failure.
    ///
    /// `K` is the buffer that C collects its output in: `()` for its own, or a [loan](Writer::with_buffer) of ours.
    ///
    /// ```
    /// use cstruct::{CStruct, Context, Writer};
    ///
    /// # let dir = std::env::temp_dir().join(format!("cstruct-writer-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir)?;
    /// let path = dir.join("series.csv");
    /// let list = CStruct::from_records([CStruct::named(1, c"in")?, CStruct::named(2, c"out")?])?;
    ///
    /// let mut writer = Writer::open(&path)?;
    /// writer.write_list(&list)?;
    /// writer.close()?; // only now it is known to be there
    ///
    /// assert_eq!(Context::open(&path)?.pin_mut().take()?, Some(list));
    /// # std::fs::remove_dir_all(&dir)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Writer<K = ()> = Owned<WriterRef, K>;

    /// A writer, borrowed.
    pub struct WriterRef(sys::cstruct_writer);

    unsafe {
        close = sys::cstruct_writer_close, closed => Error;
        send = "cstruct.h: CSTRUCT_SENDABLE; a buffer that was lent must come along, which the keeper's own Send decides";
    }
}

/// What `cstruct_writer_close` answered: RELEASES(always). CSTRUCT_IO: `errno` says why, and nothing was called since.
#[inline]
fn closed(status: cstruct_status) -> Released<Error> {
    if status == cstruct_status::CSTRUCT_IO {
        return Released::GoneWith(Error::Io(IoError::last()));
    }
    match check(status) {
        Ok(()) => Released::Gone,
        Err(error) => Released::GoneWith(error),
    }
}

/// Makes a call that sets `errno` with CSTRUCT_IO.
fn check_errno(call: impl FnOnce() -> cstruct_status) -> Result<(), Error> {
    match errno((), |()| call(), |status| *status == cstruct_status::CSTRUCT_IO) {
        Ok(status) => check(status),
        Err(error) => Err(Error::Io(IoError::of(error))),
    }
}

/// Making one.
impl Writer {
    /// Creates the file, or empties the one that is there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with what the system says; when C has no memory.
    #[doc(alias = "cstruct_writer_open")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn open(path: impl AsRef<Path>) -> Result<Writer, Error> {
        let mut out = ptr::null_mut();
        lend::cstr(path.as_ref().as_os_str().as_encoded_bytes(), |path| {
            // SAFETY: CALL_ONLY: `path` is a C string that lives during the call; `out` may be written.
            check_errno(|| unsafe { sys::cstruct_writer_open(path, &raw mut out) })
        })??;
        // SAFETY: OWNED(cstruct_writer_close), valid on this status; nobody else has the pointer.
        Ok(unsafe { Writer::from_raw(out, ()) }?)
    }

    /// Lends C a buffer to collect its output in, for as long as the writer lives.
    ///
    /// It must be on the heap or `'static`: [`StableAddressMut`] is for nothing else. So it stays where it is when the writer is
    /// moved, and forgetting the writer leaks it. It is freed after the file was closed.
    ///
    /// ```no_run
    /// use cstruct::Writer;
    ///
    /// let writer = Writer::open("series.csv")?.with_buffer(vec![0; 1 << 20])?;
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotJoined`], with writer and buffer as they were: [`Status::Busy`](super::Status::Busy) after the first record,
    /// [`Status::Invalid`](super::Status::Invalid) for an empty buffer, [`Status::Unsupported`](super::Status::Unsupported).
    #[doc(alias = "cstruct_writer_buffer")]
    pub fn with_buffer<B>(self, buffer: B) -> Result<Writer<Loan<B>>, NotJoined<Writer, B, Error>>
    where
        B: StableAddressMut<Item = u8>,
    {
        // SAFETY: KEEPS(cstruct_writer_close): it is dropped after the writer, whose release ends the use, or ended below, when
        // C refused it. Any byte is a valid `u8`.
        let loan = unsafe { Loan::new(buffer) };
        let set = |writer: &Owned<WriterRef, _>, loan: &Loan<B>| {
            // SAFETY: the writer is live and ours alone; COUNTED(len): pointer and length are of one buffer, which is kept.
            check(unsafe { sys::cstruct_writer_buffer(writer.as_ptr(), loan.as_mut_ptr().cast(), loan.len()) })
        };
        match Owned::join(self.into(), loan, set) {
            // SAFETY: the object leans on the loan alone.
            Ok(writer) => Ok(Writer::from(unsafe { Owned::map_keeper(writer, |((), loan)| loan) })),
            Err(NotJoined { owner, dependency, error }) => {
                Err(NotJoined { owner: owner.into(), dependency: dependency.end(), error })
            }
        }
    }
}

/// Using it.
impl<K> Writer<K> {
    /// Writes this one record; those that follow it are not written.
    ///
    /// The first record decides how many samples a line has.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the system refuses, and from then on always: no record is written behind a gap.
    /// [`Status::Invalid`](super::Status::Invalid) for another number of samples, and nothing is written.
    #[doc(alias = "cstruct_writer_write")]
    pub fn write(&mut self, record: &CStructRef) -> Result<(), Error> {
        self.pin_mut().write(record)
    }

    /// Writes this record and all that follow it.
    ///
    /// # Errors
    ///
    /// As for [`write`](Writer::write); the records before are written.
    #[doc(alias = "cstruct_writer_write")]
    pub fn write_list(&mut self, list: &CStructRef) -> Result<(), Error> {
        list.records().try_for_each(|record| self.write(record))
    }
}

impl WriterRef {
    fn write(self: Pin<&mut Self>, record: &CStructRef) -> Result<(), Error> {
        // SAFETY: the writer is live and borrowed exclusively; the record is live and only looked at (CALL_ONLY).
        check_errno(|| unsafe { sys::cstruct_writer_write(self.as_ptr(), record.as_ptr()) })
    }
}

/// The error alone, for `?`: writer and buffer are dropped.
impl<B> From<NotJoined<Writer, B, Error>> for Error {
    fn from(refused: NotJoined<Writer, B, Error>) -> Error {
        refused.error
    }
}

impl fmt::Debug for WriterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Writer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
