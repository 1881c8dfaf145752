//! How many digits this thread writes.

use cstruct_sys as sys;

use super::Error;
use super::error::check;
use crate::kit::with_setting;

/// Runs `body` while the samples that this thread writes have at most `digits` significant digits, 1 to 17; with 0 as many
/// as are needed to read them back the same, which is usual.
///
/// Before it returns the setting is as it was, also when `body` panics. Other threads are not concerned, nor is what `body` hands to
/// them. There is no guard to forget.
///
/// ```
/// use cstruct::{CStruct, with_digits};
///
/// let mut third = CStruct::named(1, c"third")?;
/// third.pin_mut().append(&[1.0 / 3.0])?;
/// let short = with_digits(3, || third.format())??;
/// assert_eq!(short.to_str(), Ok("third,1,0.333"));
/// assert_eq!(third.format()?.to_str(), Ok("third,1,0.3333333333333333"));
/// # Ok::<(), cstruct::Error>(())
/// ```
///
/// # Errors
///
/// [`Status::Invalid`](super::Status::Invalid) for more than 17; `body` did not run.
#[doc(alias = "cstruct_digits_set")]
pub fn with_digits<R>(digits: u32, body: impl FnOnce() -> R) -> Result<R, Error> {
    let swap = |digits| {
        let mut old = 0;
        // SAFETY: SETS(thread): legal at any time, with any number; `old` may be written.
        check(unsafe { sys::cstruct_digits_set(digits, &raw mut old) })?;
        Ok::<u32, Error>(old)
    };
    with_setting(digits, swap, body)
}
