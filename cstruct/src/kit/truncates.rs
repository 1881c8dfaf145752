//! A text that C cuts off where our room ends.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use super::fill::reserve;
use super::fill_error::FillError;

/// C cuts a text off where the room ends, with a NUL (`strlcpy`, `snprintf`) or without (`strncpy`).
///
/// ```
/// use cstruct::kit::{FillError, Truncates};
/// # unsafe extern "C" fn x_host(room: *mut core::ffi::c_char, len: usize) {
/// #     let host = c"localhost".to_bytes(); let kept = host.len().min(len);
/// #     unsafe { room.copy_from_nonoverlapping(host.as_ptr().cast(), kept) };
/// # }
///
/// // SAFETY: room for `len` bytes.
/// let call = |room, len| Ok::<(), &str>(unsafe { x_host(room, len) });
/// // SAFETY: "x_host: at most `len` bytes, without a NUL if the name is as long".
/// let cut = unsafe { Truncates { room: 5, with_nul: false }.fill(call) }?;
/// assert_eq!((cut.text.as_c_str(), cut.perhaps), (c"local", true));
/// # Ok::<(), FillError<&str>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Truncates {
    /// The room, in bytes.
    pub room: usize,
    /// Whether the NUL is there also when the text is cut.
    pub with_nul: bool,
}

/// A text that may have been cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The text.
    pub text: CString,
    /// Whether it fills the room: then C may have cut it off.
    pub perhaps: bool,
}

impl Truncates {
    /// Makes a text of what C writes. The room is all NUL before.
    ///
    /// # Errors
    ///
    /// [`FillError::NotText`] when the NUL is missing that ought to be there.
    ///
    /// # Safety
    ///
    /// `call` writes at most as many bytes as its second argument says.
    pub unsafe fn fill<E>(self, call: impl FnOnce(*mut c_char, usize) -> Result<(), E>) -> Result<Cut, FillError<E>> {
        let mut room = Vec::<u8>::new();
        reserve(&mut room, self.room)?;
        room.resize(self.room, 0);
        call(room.as_mut_ptr().cast(), self.room).map_err(FillError::Failed)?;
        let len = match CStr::from_bytes_until_nul(&room) {
            Ok(text) => text.count_bytes(),
            Err(_) if self.with_nul => return Err(FillError::NotText),
            Err(_) => room.len(),
        };
        let full = self.room.saturating_sub(usize::from(self.with_nul));
        room.truncate(len);
        Ok(Cut { text: CString::new(room).map_err(|_| FillError::NotText)?, perhaps: len >= full })
    }
}
