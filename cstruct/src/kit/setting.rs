//! Settings of the whole process, and of a thread.

use core::any::type_name;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

use super::event::{self, Event};

/// Gives out the right to change settings of the process: to whoever asks first, and never again.
///
/// A library that sets its process's locale behind everybody's back breaks its neighbours. With a token the program decides
/// who may, and changes cannot race.
///
/// A setting of the process, or of a thread:
///
/// | C says | here |
/// |---|---|
/// | changes the whole process | a `&mut self` method of the wrapper's own type round the [`ProcessToken`] that [`OnceToken::take`] gives once |
/// | changes the calling thread | [`with_setting`]: set, run, put back as it was |
///
/// ```
/// use cstruct::kit::{OnceToken, ProcessToken};
/// # unsafe extern "C" fn x_set_limit(_: u32) {}
///
/// pub struct Settings(ProcessToken);
/// static SETTINGS: OnceToken = OnceToken::new("the settings of libx");
///
/// impl Settings {
///     pub fn take() -> Result<Settings, cstruct::kit::TokenTaken> { SETTINGS.take().map(Settings) }
///     pub fn limit(&mut self, limit: u32) {
///         // SAFETY: "x_set_limit: not while another thread is in it": there is one token, borrowed exclusively.
///         unsafe { x_set_limit(limit) }
///     }
/// }
/// let mut settings = Settings::take()?;
/// settings.limit(3);
/// assert!(Settings::take().is_err());
/// # Ok::<(), cstruct::kit::TokenTaken>(())
/// ```
#[derive(Debug)]
pub struct OnceToken {
    taken: AtomicBool,
    what: &'static str,
}

impl OnceToken {
    /// A token that was not taken; `what` it is for is said in the error.
    pub const fn new(what: &'static str) -> Self {
        OnceToken { taken: AtomicBool::new(false), what }
    }

    /// Takes the token.
    ///
    /// # Errors
    ///
    /// [`TokenTaken`] for everybody but the first.
    pub fn take(&'static self) -> Result<ProcessToken, TokenTaken> {
        // Acquire and release are not needed: nothing else is published with it.
        if self.taken.swap(true, Ordering::Relaxed) {
            return Err(TokenTaken { what: self.what });
        }
        Ok(ProcessToken { of: self })
    }
}

/// The right to change certain settings of the process. There is one; it is not given back, and dropping it forgoes it.
///
/// One for each [`OnceToken`], that is, and anybody may have a `OnceToken` of another thing. So a function of a wrapper never takes this
/// type: it takes a newtype round the token that came from the wrapper's own static.
pub struct ProcessToken {
    of: &'static OnceToken,
}

impl fmt::Debug for ProcessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProcessToken").field(&self.of.what).finish()
    }
}

/// Somebody else has the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenTaken {
    what: &'static str,
}

impl fmt::Display for TokenTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the token for {} was taken before; take it once, at the start, and pass it on", self.what)
    }
}

impl core::error::Error for TokenTaken {}

/// Runs `body` with a setting of this thread changed, and puts it back afterwards, also when `body` panics.
///
/// `swap` sets a value and returns the one before. There is no guard that could be forgotten or sent away: what
/// happens inside stays on this thread. Nested calls are undone in reverse order.
///
/// ```
/// use cstruct::kit::with_setting;
/// # use std::cell::Cell;
/// # thread_local! { static LEVEL: Cell<i32> = const { Cell::new(1) } }
/// # unsafe extern "C" fn x_set_level(level: i32) -> i32 { LEVEL.replace(level) }
/// # unsafe extern "C" fn x_level() -> i32 { LEVEL.get() }
///
/// // SAFETY: "x_set_level: sets the level of the calling thread and returns the one before"; any value is legal.
/// let set = |level| Ok::<_, &str>(unsafe { x_set_level(level) });
/// let inside = with_setting(5, set, || unsafe { x_level() })?;
/// assert_eq!((inside, unsafe { x_level() }), (5, 1));
/// # Ok::<(), &str>(())
/// ```
///
/// # Errors
///
/// What `swap` answered when it could not set the value: `body` did not run. When it cannot put it back, [`event`] is told.
pub fn with_setting<V, R, E: fmt::Display>(
    value: V,
    mut swap: impl FnMut(V) -> Result<V, E>,
    body: impl FnOnce() -> R,
) -> Result<R, E> {
    let before = swap(value)?;
    let _restore = Restore { before: Some(before), swap };
    Ok(body())
}

/// Puts the value back when it is dropped.
struct Restore<V, E: fmt::Display, F: FnMut(V) -> Result<V, E>> {
    before: Option<V>,
    swap: F,
}

impl<V, E: fmt::Display, F: FnMut(V) -> Result<V, E>> Drop for Restore<V, E, F> {
    fn drop(&mut self) {
        let Some(before) = self.before.take() else {
            return;
        };
        if let Err(error) = (self.swap)(before) {
            event::report(&Event::Failed { type_name: type_name::<V>(), error: &error });
        }
    }
}
