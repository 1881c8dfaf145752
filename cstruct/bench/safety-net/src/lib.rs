//! What the ledger and the release queue cost: the measuring, and the work that is measured.
//!
//! ```text
//! cargo bench -p cstruct-bench-safety-net --bench safety_net
//! ```

pub mod counted;
pub mod pairs;
pub mod percentiles;
pub mod work;
