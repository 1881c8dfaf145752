//! What a scenario says of itself.

use core::fmt::Display;
use std::string::{String, ToString};

/// What a scenario may return.
///
/// `()` always says yes: its checks are its assertions. `Err` and `None` are right only in a run in which something was refused.
pub trait Outcome {
    /// `Err` with its text if it could not do its work.
    ///
    /// # Errors
    ///
    /// The text.
    fn verdict(self) -> Result<(), String>;
}

impl Outcome for () {
    fn verdict(self) -> Result<(), String> {
        Ok(())
    }
}

impl<T, E: Display> Outcome for Result<T, E> {
    fn verdict(self) -> Result<(), String> {
        self.map(drop).map_err(|error| error.to_string())
    }
}

impl<T> Outcome for Option<T> {
    fn verdict(self) -> Result<(), String> {
        self.map(drop).ok_or_else(|| String::from("none"))
    }
}
