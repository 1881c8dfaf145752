//! Decompression.

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
    /// A stream that decompresses.
    ///
    /// ```
    /// use cstruct_strangers::zlib::{Format, Inflate, Level, Status, compress};
    ///
    /// let packed = compress(b"hello", Level::BEST)?;
    /// let mut inflate = Inflate::new(Format::Zlib)?;
    /// let mut room = [0; 8];
    /// let done = inflate.pin_mut().decompress(&packed, &mut room)?;
    /// assert_eq!(done.status, Status::StreamEnd);
    /// assert_eq!(&room[..done.produced], b"hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    #[doc(alias = "z_stream")]
    pub struct Inflate<K> = InPlace<InflateRef, K>;

    /// A stream that decompresses, borrowed.
    #[derive(Debug)]
    pub struct InflateRef(sys::z_stream);

    unsafe {
        clear = sys::inflateEnd, ended => ZError;
        send = "zlib.h: with a thread-safe zalloc and zfree zlib is thread-safe; it keeps nothing of the thread";
        sync = "what takes `&self` only reads";
    }
}

fn ended(status: c_int) -> Released<ZError> {
    match status {
        sys::Z_OK => Released::Gone,
        // Nothing was done: there is no state that is ours.
        status => Released::Refused(ZError::new(status)),
    }
}

/// Making one.
impl Inflate<()> {
    /// A stream with zlib's own allocator, which is `malloc`.
    ///
    /// # Errors
    ///
    /// `Z_MEM_ERROR`.
    #[doc(alias = "inflateInit2")]
    pub fn new(format: Format) -> Result<Self, ZError> {
        // SAFETY: the room of a stream, all zero, which means the default allocator (`Z_NULL`).
        let made = |stream| unsafe { init(stream, format) };
        // SAFETY: there is an object only after `Z_OK`, and it leans on nothing.
        unsafe { Inflate::init(Initial::Zeroed, (), made) }
    }
}

impl<A: Allocator> Inflate<Allocated<A>> {
    /// A stream that gets its memory from an allocator of ours. The window is asked for by the first step that needs it.
    ///
    /// # Errors
    ///
    /// As for [`new`](Inflate::new).
    ///
    /// # Panics
    ///
    /// With what the allocator panics with; zlib sees that there is no memory.
    pub fn with_allocator(format: Format, allocator: A) -> Result<Self, ZError> {
        let keeper = allocator::keep(allocator);
        let initial = with_allocator(&keeper);
        // SAFETY: the room of a stream, with both functions and their `opaque`.
        let made = |stream| unsafe { init(stream, format) };
        // SAFETY: there is an object only after `Z_OK`, and it leans on what the keeper keeps.
        this_thread::resuming(|| unsafe { Inflate::init(initial, keeper, made) })
    }
}

/// # Safety
///
/// `stream` is room for one, with what zlib wants to find there, and is used only if the answer is `Ok`.
unsafe fn init(stream: *mut sys::z_stream, format: Format) -> Result<(), ZError> {
    // SAFETY: as the caller says.
    check(unsafe { sys::inflateInit2_(stream, format.window_bits(), VERSION.as_ptr(), SIZE) })
}

/// Using it.
impl InflateRef {
    /// Decompresses what it can of `input` into what there is of `output`.
    ///
    /// zlib has both buffers during this call only.
    ///
    /// # Errors
    ///
    /// `Z_DATA_ERROR` with a [message](ZError::message), for data that zlib did not make; `Z_MEM_ERROR`; a slice of more than 4 GiB.
    ///
    /// # Panics
    ///
    /// With what the allocator panics with.
    #[doc(alias = "inflate")]
    pub fn decompress(self: Pin<&mut Self>, input: &[u8], output: &mut [u8]) -> Result<Progress, Error> {
        // SAFETY: the stream was made, and its buffers are set.
        let inflate = |stream| unsafe { sys::inflate(stream, sys::Z_NO_FLUSH) };
        // SAFETY: a stream that was made, and that is ours alone during this call.
        unsafe { step(self.as_ptr(), input, output, inflate) }
    }

    /// Begins anew, with the same memory.
    ///
    /// # Errors
    ///
    /// `Z_STREAM_ERROR`, if the stream is broken.
    #[doc(alias = "inflateReset")]
    pub fn reset(self: Pin<&mut Self>) -> Result<(), ZError> {
        // SAFETY: a live stream.
        check(unsafe { sys::inflateReset(self.as_ptr()) })
    }

    /// What both sides know already, after [`Status::NeedDictionary`](super::Status::NeedDictionary). zlib copies it.
    ///
    /// # Errors
    ///
    /// `Z_DATA_ERROR` for another dictionary; `Z_STREAM_ERROR` when none was asked for; one of more than 4 GiB.
    ///
    /// # Panics
    ///
    /// With what the allocator panics with: this may ask for the window.
    #[doc(alias = "inflateSetDictionary")]
    pub fn set_dictionary(self: Pin<&mut Self>, dictionary: &[u8]) -> Result<(), Error> {
        let stream = self.as_ptr();
        // SAFETY: a live stream, and bytes that are copied.
        let set = |bytes, len| unsafe { sys::inflateSetDictionary(stream, bytes, len) };
        match this_thread::resuming(|| lend::slice(dictionary, set))? {
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
}
