//! What needs no stream: whole buffers, and checksums.

use cstruct::kit::lend::{self, LengthError};
use cstruct::kit::{FillError, InOutLen};
use libz_sys as sys;

use super::error::check;
use super::{Level, ZError};

/// Compresses all of it at once.
///
/// # Errors
///
/// [`FillError::Failed`], for a level that there is not or for want of memory.
#[doc(alias("compress2", "compressBound"))]
pub fn compress(data: &[u8], level: Level) -> Result<Vec<u8>, FillError<ZError>> {
    let len = sys::uLong::try_from(data.len()).map_err(|_| FillError::BadLength)?;
    // SAFETY: a function of a number.
    let bound = unsafe { sys::compressBound(len) };
    let compress = |to: *mut u8, room: *mut sys::uLong| {
        // SAFETY: room for `*room` bytes, and `len` bytes that are only read.
        match unsafe { sys::compress2(to, room, data.as_ptr(), len, level.0) } {
            sys::Z_BUF_ERROR => Ok(false),
            status => check(status).map(|()| true),
        }
    };
    let mut packed = Vec::new();
    let first = usize::try_from(bound).map_err(|_| FillError::BadLength)?;
    // SAFETY: "destLen is the total size of the destination buffer, which must be at least compressBound(sourceLen); upon exit, the
    // actual size of the compressed data".
    unsafe { InOutLen { first, tries: 1 }.fill(&mut packed, compress) }?;
    Ok(packed)
}

/// Decompresses all of it at once. `expected` is the size that was kept beside it.
///
/// When that is too small, twice as much is tried, and twice as much again, but no more: a few bytes can stand for many gigabytes.
///
/// # Errors
///
/// [`FillError::Failed`] with `Z_DATA_ERROR`, for data that is damaged or not complete; [`FillError::KeepsGrowing`].
#[doc(alias = "uncompress")]
pub fn decompress(packed: &[u8], expected: usize) -> Result<Vec<u8>, FillError<ZError>> {
    let len = sys::uLong::try_from(packed.len()).map_err(|_| FillError::BadLength)?;
    let decompress = |to: *mut u8, room: *mut sys::uLong| {
        // SAFETY: room for `*room` bytes, and `len` bytes that are only read.
        match unsafe { sys::uncompress(to, room, packed.as_ptr(), len) } {
            sys::Z_BUF_ERROR => Ok(false),
            status => check(status).map(|()| true),
        }
    };
    let mut data = Vec::new();
    // SAFETY: "destLen is the total size of the destination buffer; upon exit, the actual size of the uncompressed data".
    unsafe { InOutLen { first: expected, tries: 3 }.fill(&mut data, decompress) }?;
    Ok(data)
}

/// Goes on with a CRC-32, which begins with 0.
///
/// ```
/// use cstruct_strangers::zlib::crc32;
/// let half = crc32(0, b"12345")?;
/// assert_eq!(crc32(half, b"6789")?, 0xCBF4_3926);
/// # Ok::<(), cstruct::kit::lend::LengthError>(())
/// ```
///
/// # Errors
///
/// [`LengthError`] for more than 4 GiB at a time.
pub fn crc32(so_far: u32, data: &[u8]) -> Result<u32, LengthError> {
    // SAFETY: `len` bytes, only looked at; never NULL, which would mean "begin".
    let sum = lend::slice(data, |bytes, len| unsafe { sys::crc32(so_far.into(), bytes, len) })?;
    Ok(sum as u32) // it has 32 bits
}

/// Goes on with an Adler-32, which begins with 1.
///
/// # Errors
///
/// [`LengthError`] for more than 4 GiB at a time.
pub fn adler32(so_far: u32, data: &[u8]) -> Result<u32, LengthError> {
    // SAFETY: `len` bytes, only looked at; never NULL, which would mean "begin".
    let sum = lend::slice(data, |bytes, len| unsafe { sys::adler32(so_far.into(), bytes, len) })?;
    Ok(sum as u32) // it has 32 bits
}
