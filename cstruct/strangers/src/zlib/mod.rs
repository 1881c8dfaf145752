//! zlib, through `libz-sys`.
//!
//! | zlib.h says | the kit's answer | row |
//! |---|---|---|
//! | the application allocates the `z_stream`, `deflateInit` makes it, `deflateEnd` ends it; its state points back at it | [`InPlace`](cstruct::kit::InPlace): [`Deflate`], [`Inflate`] | 5a |
//! | `zalloc`, `zfree` and `opaque` must be set before the init | [`Initial::Value`](cstruct::kit::Initial); all zero for the default | 5a |
//! | the functions are called with `opaque` until `deflateEnd` has returned | [`Registered`](cstruct::kit::Registered) in the keeper: [`Allocated`] | 2, 15, 18 |
//! | what `zalloc` gives is zlib's until `zfree` | [`Loan`](cstruct::kit::Loan): [`Metered`] | 16 |
//! | `next_in` and `next_out` are updated by `deflate` | [`lend`](cstruct::kit::lend): set and taken back within the call | 19, 5a |
//! | `deflateEnd` answers `Z_DATA_ERROR` if something was discarded | [`CloseError::Gone`](cstruct::kit::CloseError) | 9 |
//! | `deflateCopy` makes a complete copy | [`Deflate::try_clone`]: a second `InPlace` with the same keeper; there is no `Clone` | 2, 5a |
//! | `msg` and `zError` are static strings | [`static_text`](cstruct::kit::static_text): [`ZError`] | 12 |
//! | `*destLen` is the room before and the size after | [`InOutLen`](cstruct::kit::InOutLen): [`compress()`], [`decompress()`] | 20 |
//! | `crc32`, `adler32` and the dictionaries look at bytes | [`lend`](cstruct::kit::lend) | 19 |

mod allocator;
mod deflate;
mod error;
mod inflate;
mod stream;
mod whole;

pub use allocator::{Allocated, Allocator, Metered};
pub use deflate::{Deflate, DeflateRef, Flush, Level};
pub use error::{Error, ZError};
pub use inflate::{Inflate, InflateRef};
pub use stream::{Format, Progress, Status};
pub use whole::{adler32, compress, crc32, decompress};
