//! What the tables are made of, so that `tests/ledger_loom.rs` can compile the same source with loom's.

pub(super) use crate::kit::sync::wait;
pub(super) use core::sync::atomic::{AtomicPtr, AtomicU16, AtomicU64, AtomicUsize, Ordering};
