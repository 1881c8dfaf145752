//! What the kit costs over raw C.
//!
//! ```sh
//! cargo run --release -p cstruct-bench                   # times, as ratios to C
//! cargo run --release -p cstruct-bench -- --instructions # instructions, exact to the digit; needs valgrind
//! ```
//!
//! | where | what |
//! |---|---|
//! | [`job`] | a job, and the ways of doing it |
//! | [`jobs`] | the jobs, one idea a file |
//! | `peers` | a record held in each way that there is |
//! | `c/loops.c` | the same jobs in C, linked into the same program |
//! | [`measure`](mod@measure) | rounds, ratios and the control |
//! | `growth` | whether time and memory are linear |
//! | [`instructions`] | the program under callgrind, and the counts that are checked in |
//!
//! # Safety
//!
//! The raw calls and the peers are as unsafe as they are; each says what it relies on. The rest uses safe types only.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures: counts and times are far below 2^52, and not negative"
)]

mod clock;
#[cfg(target_env = "gnu")]
pub mod growth;
pub mod instructions;
pub mod job;
pub mod jobs;
mod keep;
mod loops;
pub mod machine;
pub mod measure;
mod peers;
pub mod plot;
pub mod table;
mod two_cores;
