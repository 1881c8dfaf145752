//! Tests that wrapper authors owe their users, for their own library: fault injection and conformance.
//!
//! It is for `[dev-dependencies]`: `cstruct = { version = "…", features = ["testing"] }`. The guide's chapter
//! [`testing`](crate::guide::testing) begins with five lines.
//!
//! * [`Torture`] refuses every allocation of a scenario in turn, and finds what leaks or panics then. The faults come in by a
//!   [`FaultSource`]: [`Hook`] for libraries with an allocator hook, [`interpose_malloc!`] and [`Malloc`] for those without, and
//!   [`fallible`] for calls that fail without asking for memory.
//!
//! * [`conformance!`] writes the tests that every wrapped type owes: that it is released exactly once on every path, its size, its address, its
//!   auto-traits, NULL, and the laws of counting.
//!
//! No library needs any of it to be built, and nothing of it is compiled without the feature.

mod books;
mod conformance;
mod hook;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[doc(hidden)]
pub mod malloc;
mod outcome;
mod plan;
mod point;
mod report;
mod rust_alloc;
mod sample;
mod source;
mod torture;

#[doc(inline)]
pub use crate::__conformance as conformance;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[doc(inline)]
pub use crate::__interpose_malloc as interpose_malloc;
pub use books::{Block, Books};
pub use conformance::{BlocksOf, Count, laws};
pub use hook::Hook;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use malloc::Malloc;
pub use outcome::Outcome;
pub use plan::{Armed, Arming, Request, arming, exempt, fallible, refuse, refused};
pub use point::{Mode, NotAPoint, Point};
pub use report::{Cause, Failure, POINT_VARIABLE, Report};
pub use rust_alloc::RustAlloc;
pub use source::{FaultSource, NoMemory};
pub use torture::Torture;
