//! What can be wrong with room that C was to fill.

use core::fmt;

use super::dealloc::NoMemory;

/// Why there is nothing in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FillError<E> {
    /// The call failed.
    Failed(E),
    /// C says that it wrote more than there was room for.
    Overrun {
        /// What C says.
        wrote: usize,
        /// The room.
        len: usize,
    },
    /// The size needed was greater than the one asked for, again and again.
    KeepsGrowing {
        /// How often room was given.
        tries: u32,
    },
    /// The length is negative, or the room cannot be said in C's type.
    BadLength,
    /// The NUL is missing, or before the end.
    NotText,
    /// There is no memory for the size that C needs.
    NoMemory(NoMemory),
}

impl<E: fmt::Display> fmt::Display for FillError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FillError::Failed(error) => error.fmt(f),
            FillError::Overrun { wrote, len } => write!(
                f,
                "C says that it wrote {wrote} elements into room for {len}; if that is the size it would need, the protocol is another one, else memory is overwritten"
            ),
            FillError::KeepsGrowing { tries } => {
                write!(f, "the size needed grew during each of {tries} tries; stop what changes it, or allow more")
            }
            FillError::BadLength => f.write_str(
                "the length is negative or does not fit into C's type; check the status, or ask for less at a time",
            ),
            FillError::NotText => {
                f.write_str("the NUL is not where the text ends; take it as bytes, or check whether C counts the NUL")
            }
            FillError::NoMemory(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for FillError<E> {}
