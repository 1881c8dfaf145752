//! Two chapters for those who wrap a library.
//!
//! * [`first_wrapper`]: a whole small library, from its header to a wrapper that a user would recognise.
//! * [`from_foreign_types`]: for those who know the crate `foreign-types`: the same declarations side by side, and what changes.

pub mod first_wrapper;
pub mod from_foreign_types;
