//! The worked example: a C library of measurements, wrapped with the kit as a stranger would wrap theirs.
//!
//! | C | owned | borrowed | copied out |
//! |---|---|---|---|
//! | `struct cstruct` | [`CStruct`] | [`&CStructRef`](CStructRef) | [`CStructData`] |
//! | `cstruct_ctx` | [`Context`] | [`&ContextRef`](ContextRef) | |
//! | `cstruct_query` | [`Query<K>`](Query), a child of a context | | |
//! | the library itself | [`Library`] | | [`Live`], [`Allocations`] |
//!
//! All unsafe code of the example is a call of a C function or a read of a field of a complete C struct.

mod context;
mod counting;
mod data;
mod error;
mod library;
mod list;
mod query;
mod record;
mod statistics;

pub use context::{Context, ContextRef};
pub use counting::Allocations;
pub use data::CStructData;
pub use error::{Error, Position, Status};
pub use library::{Library, Live, live, version};
pub use list::Records;
pub use query::{Query, QueryRef};
pub use record::{CStruct, CStructRef};
pub use statistics::Statistics;
