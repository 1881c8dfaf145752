//! Compression.

use core::ffi::c_int;
use core::pin::Pin;

use cstruct::kit::{Foreign, Initial, Released, lend};
use cstruct::wrap;
use libz_sys as sys;

use super::error::check;
use super::stream::{SIZE, VERSION, failed, step, wide, with_allocator};
use super::{Allocated, Allocator, Error, Format, Progress, ZError, allocator};
use crate::this_thread;

wrap! {
    /// A stream that compresses.
    ///
    /// zlib's own state points back at the `z_stream`, so that one never moves; this handle may. `K` is the keeper of an
    /// [allocator](Deflate::with_allocator), or `()`.
    ///
    /// ```
    /// use cstruct_strangers::zlib::{Deflate, Flush, Level, Status};
    ///
    /// let mut deflate = Deflate::new(Level::default())?;
    /// let mut room = [0; 64];
    /// let done = deflate.pin_mut().compress(b"again and again and again", &mut room, Flush::Finish)?;
    /// assert_eq!((done.consumed, done.status), (25, Status::StreamEnd));
    /// assert!(done.produced < 25);
    /// deflate.close()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    #[doc(alias = "z_stream")]
    pub struct Deflate<K> = InPlace<DeflateRef, K>;

    /// A stream that compresses, borrowed.
    #[derive(Debug)]
    pub struct DeflateRef(sys::z_stream);

    unsafe {
        clear = sys::deflateEnd, ended => ZError;
        send = "zlib.h: with a thread-safe zalloc and zfree zlib is thread-safe; it keeps nothing of the thread";
        sync = "what takes `&self` only reads";
    }
}

fn ended(status: c_int) -> Released<ZError> {
    match status {
        sys::Z_OK => Released::Gone,
        // Nothing was done: there is no state that is ours.
        sys::Z_STREAM_ERROR => Released::Refused(ZError::new(status)),
        // "Freed prematurely (some input or output was discarded)".
        status => Released::GoneWith(ZError::new(status)),
    }
}

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(
    /// 0 to 9; −1 is zlib's default. Another number is refused with `Z_STREAM_ERROR`.
    pub c_int,
);

impl Level {
    /// Stored, not compressed.
    pub const NONE: Level = Level(sys::Z_NO_COMPRESSION);
    /// The fastest.
    pub const FAST: Level = Level(sys::Z_BEST_SPEED);
    /// The smallest.
    pub const BEST: Level = Level(sys::Z_BEST_COMPRESSION);
}

impl Default for Level {
    fn default() -> Level {
        Level(sys::Z_DEFAULT_COMPRESSION)
    }
}

/// How much of what was put in has to come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Whatever zlib likes.
    No,
    /// Everything, to the byte; it goes on.
    Sync,
    /// Everything, and one can begin to read there.
    Full,
    /// Everything, and it ends.
    Finish,
}

impl Flush {
    fn raw(self) -> c_int {
        match self {
            Flush::No => sys::Z_NO_FLUSH,
            Flush::Sync => sys::Z_SYNC_FLUSH,
            Flush::Full => sys::Z_FULL_FLUSH,
            Flush::Finish => sys::Z_FINISH,
        }
    }
}

/// Making one.
impl Deflate<()> {
    /// A stream with zlib's own allocator, which is `malloc`, in zlib's own format.
    ///
    /// # Errors
    ///
    /// `Z_MEM_ERROR`; `Z_STREAM_ERROR` for a level that there is not.
    #[doc(alias = "deflateInit")]
    pub fn new(level: Level) -> Result<Self, ZError> {
        Deflate::with_format(level, Format::Zlib)
    }

    /// The same in another format.
    ///
    /// # Errors
    ///
    /// As for [`new`](Deflate::new).
    #[doc(alias = "deflateInit2")]
    pub fn with_format(level: Level, format: Format) -> Result<Self, ZError> {
        // SAFETY: the room of a stream, all zero, which means the default allocator (`Z_NULL`).
        let made = |stream| unsafe { init(stream, level, format) };
        // SAFETY: there is an object only after `Z_OK`, and it leans on nothing.
        unsafe { Deflate::init(Initial::Zeroed, (), made) }
    }
}

impl<A: Allocator> Deflate<Allocated<A>> {
    /// A stream that gets its memory from an allocator of ours.
    ///
    /// # Errors
    ///
    /// As for [`new`](Deflate::new).
    ///
    /// # Panics
    ///
    /// With what the allocator panics with; zlib sees that there is no memory.
    pub fn with_allocator(level: Level, format: Format, allocator: A) -> Result<Self, ZError> {
        let keeper = allocator::keep(allocator);
        let initial = with_allocator(&keeper);
        // SAFETY: the room of a stream, with both functions and their `opaque`.
        let made = |stream| unsafe { init(stream, level, format) };
        // SAFETY: there is an object only after `Z_OK`, and it leans on what the keeper keeps.
        this_thread::resuming(|| unsafe { Deflate::init(initial, keeper, made) })
    }
}

/// # Safety
///
/// `stream` is room for one, with what zlib wants to find there, and is used only if the answer is `Ok`.
unsafe fn init(stream: *mut sys::z_stream, level: Level, format: Format) -> Result<(), ZError> {
    let (bits, memory, strategy) = (format.window_bits(), 8, sys::Z_DEFAULT_STRATEGY);
    // SAFETY: as the caller says.
    check(unsafe {
        sys::deflateInit2_(stream, level.0, sys::Z_DEFLATED, bits, memory, strategy, VERSION.as_ptr(), SIZE)
    })
}

/// Turning it into something else.
impl<K: Clone> Deflate<K> {
    /// A second stream that stands where this one stands.
    ///
    /// A `z_stream` may not be copied byte by byte; this is what zlib has for it. The copy takes memory from the same allocator, and
    /// so shares the keeper.
    ///
    /// # Errors
    ///
    /// `Z_MEM_ERROR`.
    ///
    /// # Panics
    ///
    /// With what the allocator panics with.
    #[doc(alias = "deflateCopy")]
    pub fn try_clone(&self) -> Result<Self, ZError> {
        let source = self.as_ptr();
        // SAFETY: a live stream and room for another; deflateCopy only reads the source (deflate.c).
        let copy = |room| check(unsafe { sys::deflateCopy(room, source) });
        let keeper = Deflate::keeper(self).clone();
        // SAFETY: the room is written before it is read; there is an object only after `Z_OK`; it leans on what the source leans on.
        this_thread::resuming(|| unsafe { Deflate::init(Initial::Zeroed, keeper, copy) })
    }
}

/// Using it.
impl DeflateRef {
    /// Compresses what it can of `input` into what there is of `output`.
    ///
    /// zlib has both buffers during this call only.
    ///
    /// # Errors
    ///
    /// `Z_STREAM_ERROR`, such as another flush after [`Flush::Finish`]; a slice of more than 4 GiB.
    ///
    /// # Panics
    ///
    /// With what the allocator panics with.
    #[doc(alias = "deflate")]
    pub fn compress(self: Pin<&mut Self>, input: &[u8], output: &mut [u8], flush: Flush) -> Result<Progress, Error> {
        // SAFETY: the stream was made, and its buffers are set.
        let deflate = |stream| unsafe { sys::deflate(stream, flush.raw()) };
        // SAFETY: a stream that was made, and that is ours alone during this call.
        unsafe { step(self.as_ptr(), input, output, deflate) }
    }

    /// Begins anew, with the same level and the same memory.
    ///
    /// # Errors
    ///
    /// `Z_STREAM_ERROR`, if the stream is broken.
    #[doc(alias = "deflateReset")]
    pub fn reset(self: Pin<&mut Self>) -> Result<(), ZError> {
        // SAFETY: a live stream.
        check(unsafe { sys::deflateReset(self.as_ptr()) })
    }

    /// What both sides know already. zlib copies it.
    ///
    /// # Errors
    ///
    /// `Z_STREAM_ERROR` when it is too late; a dictionary of more than 4 GiB.
    #[doc(alias = "deflateSetDictionary")]
    pub fn set_dictionary(self: Pin<&mut Self>, dictionary: &[u8]) -> Result<(), Error> {
        let stream = self.as_ptr();
        // SAFETY: a live stream, and bytes that are copied.
        match lend::slice(dictionary, |bytes, len| unsafe { sys::deflateSetDictionary(stream, bytes, len) })? {
            sys::Z_OK => Ok(()),
            // SAFETY: a stream that was made, and that is ours alone during this call.
            status => Err(unsafe { failed(stream, status) }.into()),
        }
    }

    /// How many bytes have gone in.
    pub fn total_in(&self) -> u64 {
        // SAFETY: a live stream, which nobody changes while it is borrowed.
        wide(unsafe { (*self.as_ptr()).total_in })
    }

    /// How many bytes have come out.
    pub fn total_out(&self) -> u64 {
        // SAFETY: as above.
        wide(unsafe { (*self.as_ptr()).total_out })
    }

    /// The checksum of what has gone in: an Adler-32, or with [`Format::Gzip`] a CRC-32.
    #[doc(alias = "adler")]
    pub fn checksum(&self) -> u32 {
        // SAFETY: as above.
        (unsafe { (*self.as_ptr()).adler }) as u32 // it has 32 bits
    }
}
