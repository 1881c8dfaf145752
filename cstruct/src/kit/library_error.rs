//! Why a library is not there, or does not end.

use core::fmt;

/// Why there is no token of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady<E> {
    /// It is initialised already, too late for settings.
    Running,
    /// Somebody else has it before its start.
    Taken,
    /// It was cleaned up, and does not restart.
    Over,
    /// C could not initialise it.
    Init(E),
}

impl<E: fmt::Display> fmt::Display for NotReady<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotReady::Running => f.write_str("the library is initialised already; change settings before it starts"),
            NotReady::Taken => f.write_str("the library is being set up elsewhere; start it there first"),
            NotReady::Over => f.write_str("the library was cleaned up and does not restart; clean it up later"),
            NotReady::Init(error) => write!(f, "the library cannot be initialised: {error}"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for NotReady<E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            NotReady::Init(error) => error.source(),
            _ => None,
        }
    }
}

/// Why a library was not cleaned up, or not without a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InUse<E> {
    /// So many other tokens live, in handles perhaps.
    Tokens(usize),
    /// What C said.
    C(E),
}

impl<E: fmt::Display> fmt::Display for InUse<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InUse::Tokens(count) => {
                write!(f, "the library is in use (other tokens: {count}); drop the handles that hold them first")
            }
            InUse::C(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for InUse<E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            InUse::Tokens(_) => None,
            InUse::C(error) => error.source(),
        }
    }
}
