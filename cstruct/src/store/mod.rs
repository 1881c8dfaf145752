//! The worked example: a C library of measurements, wrapped with the kit as a stranger would wrap theirs.
//!
//! | C | owned | borrowed | copied out |
//! |---|---|---|---|
//! | `struct cstruct` | [`CStruct`] | [`&CStructRef`](CStructRef) | [`CStructData`], [`CStructFlat`] |
//! | `cstruct_ctx` | [`Context`] | [`&ContextRef`](ContextRef) | |
//! | `cstruct_query` | [`Query<K>`](Query), a child of a context | | |
//! | `cstruct_table` | [`Table`] | [`&TableRef`](TableRef) | |
//! | `cstruct_batch` | [`Batch<K>`](Batch), a child that has its table to itself | | |
//! | `cstruct_arena` | [`Arena`], of one thread; what is in it has no owner | [`&ArenaRef`](ArenaRef) | |
//! | `cstruct_meter` | [`Meter`], to which memory is lent | | [`Reading`] |
//! | `cstruct_cursor`, in our room | [`Cursor<K>`](Cursor), [`CursorPlace<K>`](CursorPlace) | [`&CursorRef`](CursorRef) | |
//! | `cstruct_writer` | [`Writer<K>`](Writer), which keeps a buffer | | |
//! | `cstruct_blob`, counted | [`Blob`] | [`&BlobRef`](BlobRef) | [`bytes`](BlobRef::bytes) |
//! | `cstruct_text`, which C fills | [`Text`] | [`&TextRef`](TextRef) | [`as_bytes`](TextRef::as_bytes) |
//! | texts and arrays for the caller | [`CText<StringFree>`](StringFree), [`CArray<f64, SamplesFree>`](SamplesFree) | | [`format_into`](CStructRef::format_into) |
//! | `cstruct_open_options` | [`OpenOptions<'_>`](OpenOptions) | [`&OpenOptionsRef`](OpenOptionsRef) | |
//! | `cstruct_source`, which we implement | any [`Read`](std::io::Read) in [`from_reader`](Context::from_reader) | | |
//! | `cstruct_origin`, tagged | | [`&OriginRef`](OriginRef), [`&FileOriginRef`](FileOriginRef) and two more | |
//! | `cstruct_interrupt` | [`InterruptibleContext`], [`Interrupter`] for other threads | | |
//! | `cstruct_load`, finished later | [`Loading`] | | |
//! | a pointer of ours in a table | [`Table::attach`] | [`attached`](TableRef::attached) | |
//! | begin and end of reading | [`ReadSection<'_>`](ReadSection) | | |
//! | states in C's memory | | | [`fold_by_name`](CStructRef::fold_by_name) |
//! | a setting of this thread | [`with_digits`] | | |
//! | the library itself | [`Library`] | | [`Live`], [`Allocations`] |
//!
//! All unsafe code of the example is a call of a C function, a read of a field of a complete C struct, or the inside of a function
//! that C calls.

mod arena;
mod attached;
mod batch;
mod blob;
mod context;
mod counting;
mod cursor;
mod data;
mod digits;
mod error;
mod flat;
mod fold;
mod format;
mod interrupt;
mod io_error;
mod library;
mod list;
mod load;
mod meter;
mod options;
mod origin;
mod query;
mod read_section;
mod record;
mod source;
mod statistics;
mod table;
mod text;
mod watch;
mod writer;

pub use crate::kit::Allocations;
pub use arena::{Arena, ArenaRef};
pub use batch::{Batch, BatchRef, Changing};
pub use blob::{Blob, BlobRef};
pub use context::{Context, ContextRef};
pub use cursor::{Cursor, CursorPlace, CursorRef, Walk};
pub use data::CStructData;
pub use digits::with_digits;
pub use error::{Error, Position, Status};
pub use flat::{CStructFlat, FlatRecord, FlatRecords};
pub use format::{SamplesFree, StringFree};
pub use interrupt::{Interrupt, Interrupter, InterruptibleContext};
pub use io_error::IoError;
pub use library::{Library, Live, live, version, version_number};
pub use list::Records;
pub use load::Loading;
pub use meter::{Meter, MeterRef, Reading};
pub use options::{OpenOptions, OpenOptionsRef};
pub use origin::{FileOriginRef, OriginKind, OriginRef, SourceOriginRef, TextOriginRef};
pub use query::{Query, QueryRef};
pub use read_section::{ReadSection, SortedRecords};
pub use record::{CStruct, CStructRef};
pub use statistics::Statistics;
pub use table::{Table, TableRecords, TableRef};
pub use text::{Text, TextRef};
pub use watch::Change;
pub use writer::{Writer, WriterRef};
