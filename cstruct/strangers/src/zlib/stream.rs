//! What a `z_stream` has in common for both directions: how it is made, and one step of it.

use core::ffi::{CStr, c_int};
use core::ptr;

use cstruct::kit::{Initial, lend};
use libz_sys::{self as sys, z_stream};

use super::{Allocated, Allocator, Error, ZError, allocator};
use crate::this_thread;

/// The version of zlib.h that libz-sys declares `z_stream` from. zlib compares the first character with its own.
pub(super) const VERSION: &CStr = c"1.3";

/// zlib compares it with its own, too.
pub(super) const SIZE: c_int = size_of::<z_stream>() as c_int;

/// How the compressed data is wrapped up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Two bytes before, an Adler-32 after (RFC 1950).
    #[default]
    Zlib,
    /// A gzip header before, a CRC-32 after (RFC 1952).
    Gzip,
    /// Nothing (RFC 1951): the end is seen, damage is not.
    Raw,
}

impl Format {
    /// zlib says it with the number of window bits.
    pub(super) fn window_bits(self) -> c_int {
        match self {
            Format::Zlib => 15,
            Format::Gzip => 15 + 16,
            Format::Raw => -15,
        }
    }
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Progress {
    /// How many bytes of the input were used.
    pub consumed: usize,
    /// How many bytes of the output were written.
    pub produced: usize,
    /// How it goes on.
    pub status: Status,
}

/// How it goes on after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With more input, or more room.
    Ok,
    /// Not at all: this was the end.
    StreamEnd,
    /// Nothing could be done without more input, or more room. That is no failure.
    NoProgress,
    /// With the dictionary of this Adler-32.
    NeedDictionary(u32),
}

/// What zlib wants to find in a stream with an allocator of ours.
pub(super) fn with_allocator<A: Allocator>(keeper: &Allocated<A>) -> Initial<z_stream> {
    Initial::Value(z_stream {
        next_in: ptr::null_mut(),
        avail_in: 0,
        total_in: 0,
        next_out: ptr::null_mut(),
        avail_out: 0,
        total_out: 0,
        msg: ptr::null_mut(),
        state: ptr::null_mut(),
        zalloc: allocator::allocate::<A>,
        zfree: allocator::free::<A>,
        opaque: keeper.hook(()).user(),
        data_type: 0,
        adler: 0,
        reserved: 0,
    })
}

/// The fields of a stream.
///
/// # Safety
///
/// An init said yes, so that `zalloc` and `zfree` are set; the caller has the stream to himself during `'a`, and does not call zlib.
pub(super) unsafe fn fields<'a>(stream: *mut z_stream) -> &'a mut z_stream {
    // SAFETY: "if zalloc and zfree are Z_NULL, deflateInit updates them" (zlib.h), so every field is valid; the rest says the caller.
    unsafe { &mut *stream }
}

/// One call of `deflate` or `inflate`, with buffers that the stream has during this call only.
///
/// # Safety
///
/// As for [`fields`], without the last clause; `step` is the function for this stream.
pub(super) unsafe fn step(
    stream: *mut z_stream,
    input: &[u8],
    output: &mut [u8],
    step: impl FnOnce(*mut z_stream) -> c_int,
) -> Result<Progress, Error> {
    let one_call = |next_in: *const u8, avail_in| {
        lend::slice_mut(output, |next_out, avail_out| {
            // SAFETY: as the caller says; zlib is not called before the last use.
            let before = unsafe { fields(stream) };
            before.next_in = next_in.cast_mut(); // read only: zlib.h has it as `z_const`
            before.avail_in = avail_in;
            before.next_out = next_out;
            before.avail_out = avail_out;

            let status = step(stream);

            // SAFETY: as the caller says; zlib has returned.
            let after = unsafe { fields(stream) };
            after.next_in = ptr::null_mut();
            after.next_out = ptr::null_mut();
            (status, (avail_in - after.avail_in) as usize, (avail_out - after.avail_out) as usize)
        })
    };
    let (status, consumed, produced) = this_thread::resuming(|| lend::slice(input, one_call))??;
    let status = match status {
        sys::Z_OK => Status::Ok,
        sys::Z_STREAM_END => Status::StreamEnd,
        sys::Z_BUF_ERROR => Status::NoProgress,
        // SAFETY: as the caller says.
        sys::Z_NEED_DICT => Status::NeedDictionary(unsafe { fields(stream) }.adler as u32),
        // SAFETY: as the caller says.
        status => return Err(unsafe { failed(stream, status) }.into()),
    };
    Ok(Progress { consumed, produced, status })
}

/// A failure, with what the stream says about it.
///
/// # Safety
///
/// As for [`fields`].
pub(super) unsafe fn failed(stream: *mut z_stream, status: c_int) -> ZError {
    // SAFETY: as the caller says.
    let message = unsafe { fields(stream) }.msg;
    // SAFETY: it is the message of a stream.
    unsafe { ZError::with_message(status, message) }
}

/// A count of zlib's, which has 32 bits where `long` has.
#[allow(clippy::useless_conversion, reason = "it is one where `long` has 64 bits")]
pub(super) fn wide(count: sys::uLong) -> u64 {
    count.into()
}
