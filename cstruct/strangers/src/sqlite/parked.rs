//! A statement that does not keep its connection, and so holds up its close.

use core::fmt;
use core::ptr;

use cstruct::kit::{Keeper, Owned};

use super::{Bindings, ConnectionRef, Statement, StatementRef};

/// A prepared statement that is not in use: for a struct that has a connection and its statements side by side, without lifetimes and
/// without counts.
///
/// It cannot be run before it is [put back](Parked::unpark) on its connection. It keeps nothing, and needs nothing kept: `sqlite3_close` refuses
/// while it lives. So this is how `SQLITE_BUSY` comes from [`Connection::close`](super::Connection::close) in a program without a fault:
///
/// ```
/// use cstruct::kit::CloseError;
/// use cstruct_strangers::sqlite::{Code, Connection};
///
/// let connection = Connection::open_in_memory()?;
/// let (parked, _) = connection.prepare("select 1")?.park();
///
/// let Err(CloseError::StillOpen { handle: connection, error }) = connection.close() else { unreachable!() };
/// assert_eq!(error.code(), Some(Code::BUSY));
/// let mut one = parked.unpark(&*connection).expect("its connection"); // it is as open as before
/// assert!(one.step()?.is_some());
/// drop(one);
/// connection.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A connection that is *dropped* before its parked statements is leaked, and [`event`](cstruct::kit::event) is told: declare it behind them.
/// One that a function of that very connection captures ends when the function is [removed](ConnectionRef::remove_function).
pub struct Parked(Owned<StatementRef, Bindings>);

/// Turning it into something else.
impl<K> Statement<K> {
    /// Lets go of the connection, and gives back how it was kept.
    ///
    /// [Reset](Statement::reset) it first, unless it shall hold the read lock of its transaction meanwhile.
    pub fn park(self) -> (Parked, K) {
        // SAFETY: what it leans on is the bindings, which are kept below, and the connection: "If the database connection is
        // associated with unfinalized prepared statements [...] then sqlite3_close() will leave the database connection open".
        let (statement, (keeper, bindings)) = unsafe { Owned::into_parts(self.into()) };
        // SAFETY: live and ours alone, and the bindings are kept. Being serialized the connection may even be in use on another
        // thread when this one is finalized.
        (Parked(unsafe { Owned::from_handle(statement, bindings) }), keeper)
    }
}

impl Parked {
    /// Puts it back on its connection.
    ///
    /// # Errors
    ///
    /// [`OtherConnection`] with both, when it was prepared on another one.
    pub fn unpark<K: Keeper<ConnectionRef>>(self, connection: K) -> Result<Statement<K>, OtherConnection<K>> {
        if !ptr::eq(self.0.connection(), connection.parent()) {
            return Err(OtherConnection { parked: self, connection });
        }
        // SAFETY: it leans on its connection, which is kept from now on, and on the bindings, which go on being kept.
        Ok(unsafe { Owned::map_keeper(self.0, |bindings| (connection, bindings)) }.into())
    }

    /// What it was prepared from.
    #[must_use]
    pub fn sql(&self) -> &core::ffi::CStr {
        self.0.sql()
    }
}

impl fmt::Debug for Parked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parked").field(&self.sql()).finish()
    }
}

/// The statement was prepared on another connection: here are both.
pub struct OtherConnection<K> {
    /// The statement.
    pub parked: Parked,
    /// The connection.
    pub connection: K,
}

impl<K> fmt::Debug for OtherConnection<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherConnection").field("parked", &self.parked).finish_non_exhaustive()
    }
}

impl<K> fmt::Display for OtherConnection<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the statement was prepared on another connection; put it back on that one")
    }
}

impl<K> core::error::Error for OtherConnection<K> {}
