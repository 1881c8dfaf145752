//! SQLite, through `libsqlite3-sys`.
//!
//! | sqlite3.h says | the kit's answer | row |
//! |---|---|---|
//! | "whether or not an error occurs when it is opened", a handle is stored, to be closed | [`out::made_even_if_failed`](cstruct::kit::out::made_even_if_failed): [`Connection::open`] | 8 |
//! | `sqlite3_errmsg` is overwritten by the next call | [`copied_text`](cstruct::kit::copied_text), at once and behind the mutex: [`SqliteError`] | 3, 27 |
//! | statements must be finalized before the connection is closed | [`Owned`](cstruct::kit::Owned) with a [`Keeper`](cstruct::kit::Keeper): [`Statement<K>`](Statement), from `&Connection` and from `Rc<Connection>` | 2 |
//! | `sqlite3_close` answers `SQLITE_BUSY` while a statement lives | [`CloseError::StillOpen`](cstruct::kit::CloseError): [`Connection::close`], [`Parked`] | 9 |
//! | `sqlite3_finalize` answers what the last step answered | [`Released::GoneWith`](cstruct::kit::Released), only for what no step has answered | 9 |
//! | a column is valid until the next step, or a conversion | a [`Row`] that borrows the statement exclusively, and converts nothing; [`slice_from_c`](cstruct::kit::slice_from_c) | 3 |
//! | the string must be freed with `sqlite3_free` | [`CText<SqliteFree>`](cstruct::kit::CText): [`StatementRef::expanded_sql`] | 11 |
//! | the message of `sqlite3_exec` comes with the failure | [`with_text`](cstruct::kit::with_text): [`ConnectionRef::execute_batch`] | 27 |
//! | a bound text is copied (`SQLITE_TRANSIENT`) | [`Statement::bind_text`] | 10, 19 |
//! | … must stay where it is (`SQLITE_STATIC`) | [`ReadLoan`](cstruct::kit::ReadLoan) in a [`Slot`](cstruct::kit::Slot) a parameter: [`Statement::bind_text_static`] | 10, 16 |
//! | … is released with `sqlite3_free`, "even if the call fails" | [`CText::into_raw`](cstruct::kit::CText::into_raw): [`Statement::bind_text_owned`] | 10, 11 |
//! | the destructor of a function is called too if the call fails | [`Consumed::Lost`](cstruct::kit::Consumed): [`ConnectionRef::create_function`] | 10, 15 |
//! | arguments and context are good during the call of the function | `for<'a> FnMut(`[`Call<'a>`](Call)`)` | 15 |
//! | a virtual table is a table of functions, and structs of ours that SQLite writes into the beginning of | [`Interface`](cstruct::kit::Interface), freed by xDisconnect and xClose: [`ConnectionRef::create_table`] | 22 |
//! | there is one busy and one progress handler; a timeout clears the one | [`Slot`](cstruct::kit::Slot)`<`[`Registered`](cstruct::kit::Registered)`>` in the connection's keeper: [`Connection::busy_handler`] | 15 |
//! | a handler must not use its connection; nor must a function that is called in the middle of planning, which it does not say | refused: [`Error::InHandler`] | 15 |
//! | `sqlite3_interrupt` from any thread, not on a closed connection | [`Remote`](cstruct::kit::Remote): [`Interrupter`] | 24 |
//! | `sqlite3_errstr` is a static string | [`static_text`](cstruct::kit::static_text): [`Code::text`] | 12 |
//! | settings before `sqlite3_initialize`, `sqlite3_shutdown` after the last connection | [`Before`](cstruct::kit::Before) and [`Running`](cstruct::kit::Running), which every connection holds: [`Setup`], [`Library`] | 17 |
//! | one thread at a time | `send` with its reason, no `sync` | 14 |
//! | a mutex is left by the thread that entered it; and so is our list of what a thread is in the middle of | the word `thread_bound`, and a [`ThreadBound`](cstruct::kit::ThreadBound) guard | 14 |
//!
//! # What does not compile
//!
//! A row after the next step:
//!
//! ```compile_fail,E0499
//! # use cstruct_strangers::sqlite::Connection;
//! # let connection = Connection::open_in_memory()?;
//! let mut names = connection.prepare("select 'one' union all select 'two'")?;
//! let first = names.step()?.expect("a row").text(0)?;
//! names.step()?;
//! println!("{first:?}");
//! # Ok::<(), cstruct_strangers::sqlite::Error>(())
//! ```
//!
//! A connection that is closed under a statement that keeps it by a borrow:
//!
//! ```compile_fail,E0505
//! # use cstruct_strangers::sqlite::Connection;
//! # let connection = Connection::open_in_memory()?;
//! let mut one = connection.prepare("select 1")?;
//! let _ = connection.close();
//! one.step()?;
//! # Ok::<(), cstruct_strangers::sqlite::Error>(())
//! ```
//!
//! A function that keeps what it was called with, or that captures what cannot go where the connection goes:
//!
//! ```compile_fail,E0521
//! # use cstruct_strangers::sqlite::{Connection, Error, FunctionFlags};
//! # let connection = Connection::open_in_memory()?;
//! let mut kept = Vec::new();
//! connection.create_function("keep", 1, FunctionFlags::NONE, move |call| {
//!     kept.push(call.text(0)?);
//!     Ok::<_, Error>(())
//! })?;
//! # Ok::<(), Error>(())
//! ```
//!
//! ```compile_fail,E0277
//! # use cstruct_strangers::sqlite::{Connection, Error, FunctionFlags};
//! # let connection = Connection::open_in_memory()?;
//! let counted = std::rc::Rc::new(1_i64);
//! connection.create_function("one", 0, FunctionFlags::NONE, move |_call| Ok::<_, Error>(*counted))?;
//! # Ok::<(), Error>(())
//! ```
//!
//! Bytes that are lent and do not live long enough:
//!
//! ```compile_fail,E0597
//! # use cstruct_strangers::sqlite::Connection;
//! # let connection = Connection::open_in_memory()?;
//! let mut insert = connection.prepare("select ?1")?;
//! let bytes = [1, 2, 3];
//! insert.bind_blob_static(1, &bytes[..])?; // `bind_blob` copies them
//! # Ok::<(), cstruct_strangers::sqlite::Error>(())
//! ```

mod bind;
mod bindings;
mod call;
mod connection;
mod error;
mod execute;
mod function;
mod handler;
mod inside;
mod interrupt;
mod last_error;
mod library;
mod memory;
mod parked;
mod row;
mod statement;
mod table;
mod value;

pub use bindings::{Bindings, StableText};
pub use call::Call;
pub use connection::{Connection, ConnectionRef, OpenFlags, version};
pub use error::{Code, Error, SqliteError};
pub use function::FunctionFlags;
pub use interrupt::{Interrupt, Interrupter};
pub use library::{Library, Setup};
pub use memory::SqliteFree;
pub use parked::{OtherConnection, Parked};
pub use row::Row;
pub use statement::{Statement, StatementRef};
pub use table::Table;
pub use value::{Type, Value, ValueRef};
