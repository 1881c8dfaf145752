//! Chapters for those who wrap a library.
//!
//! * [`first_wrapper`]: a whole small library, from its header to a wrapper that a user would recognise.
//! * [`from_foreign_types`]: for those who know the crate `foreign-types`: the same declarations side by side, and what changes.
//! * `release_later`, with the feature `std`: dropping on another thread or at a better moment: when it pays, and when it is a loss.
//! * `testing`, with the feature of that name: test your wrapper in five lines.

pub mod first_wrapper;
pub mod from_foreign_types;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub mod release_later;
#[cfg(feature = "testing")]
pub mod testing;
