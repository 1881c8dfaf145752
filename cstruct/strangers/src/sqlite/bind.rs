//! Values for parameters: copied, lent, or handed over.
//!
//! | the destructor that SQLite is told | here | who holds the bytes |
//! |---|---|---|
//! | `SQLITE_TRANSIENT` | [`bind_text`](Statement::bind_text), [`bind_blob`](Statement::bind_blob) | SQLite copies them |
//! | `SQLITE_STATIC` | [`bind_text_static`](Statement::bind_text_static), [`bind_blob_static`](Statement::bind_blob_static) | the statement's keeper, until the parameter is bound anew |
//! | `sqlite3_free` | [`bind_text_owned`](Statement::bind_text_owned) | SQLite, which releases them |

use core::ffi::{c_char, c_int};
use core::ptr::NonNull;

use cstruct::kit::{CText, Foreign, NotReplaced, ReadLoan, StableAddress, lend::LengthError};
use libsqlite3_sys as sys;

use super::bindings::Lent;
use super::{Code, Error, SqliteFree, StableText, Statement, StatementRef, inside};

/// Binding parameters, which count from 1. A statement between its first row and its last refuses it with `SQLITE_MISUSE`.
impl<K> Statement<K> {
    /// Binds an integer.
    ///
    /// # Errors
    ///
    /// `SQLITE_RANGE`: there is no such parameter; `SQLITE_MISUSE`: there are rows to come, [reset](Statement::reset) it.
    #[doc(alias = "sqlite3_bind_int64")]
    pub fn bind_integer(&mut self, index: usize, number: i64) -> Result<(), Error> {
        // SAFETY: a live statement; any number is allowed for the parameter.
        self.bind(index, None, |statement, index| unsafe { sys::sqlite3_bind_int64(statement, index, number) })
    }

    /// Binds a real. SQLite takes NaN for NULL.
    ///
    /// # Errors
    ///
    /// As for [`bind_integer`](Statement::bind_integer).
    #[doc(alias = "sqlite3_bind_double")]
    pub fn bind_real(&mut self, index: usize, number: f64) -> Result<(), Error> {
        // SAFETY: as for an integer.
        self.bind(index, None, |statement, index| unsafe { sys::sqlite3_bind_double(statement, index, number) })
    }

    /// Binds NULL, as it is in the beginning.
    ///
    /// # Errors
    ///
    /// As for [`bind_integer`](Statement::bind_integer).
    #[doc(alias = "sqlite3_bind_null")]
    pub fn bind_null(&mut self, index: usize) -> Result<(), Error> {
        // SAFETY: as for an integer.
        self.bind(index, None, |statement, index| unsafe { sys::sqlite3_bind_null(statement, index) })
    }

    /// Binds that many zeros, which take no memory: room to be written to.
    ///
    /// # Errors
    ///
    /// As for [`bind_integer`](Statement::bind_integer); more than the connection allows.
    #[doc(alias = "sqlite3_bind_zeroblob64")]
    pub fn bind_zeroblob(&mut self, index: usize, len: u64) -> Result<(), Error> {
        // SAFETY: as for an integer.
        self.bind(index, None, |statement, index| unsafe { sys::sqlite3_bind_zeroblob64(statement, index, len) })
    }

    /// Binds a text, which SQLite copies.
    ///
    /// # Errors
    ///
    /// As for [`bind_integer`](Statement::bind_integer); it is longer than the connection allows, or there is no memory.
    #[doc(alias = "sqlite3_bind_text64")]
    #[doc(alias = "SQLITE_TRANSIENT")]
    pub fn bind_text(&mut self, index: usize, text: &str) -> Result<(), Error> {
        let bytes = text.as_bytes();
        // SAFETY: as for an integer; the text lives during the call, in which it is copied.
        self.bind(index, None, |statement, index| unsafe { text64(statement, index, bytes, sys::SQLITE_TRANSIENT()) })
    }

    /// Binds bytes, which SQLite copies.
    ///
    /// # Errors
    ///
    /// As for [`bind_text`](Statement::bind_text).
    #[doc(alias = "sqlite3_bind_blob64")]
    #[doc(alias = "SQLITE_TRANSIENT")]
    pub fn bind_blob(&mut self, index: usize, bytes: &[u8]) -> Result<(), Error> {
        // SAFETY: as for a text.
        self.bind(index, None, |statement, index| unsafe { blob64(statement, index, bytes, sys::SQLITE_TRANSIENT()) })
    }

    /// Binds a text that SQLite reads where it is. It is kept until the parameter is bound anew, or the statement ends; a statement
    /// that is forgotten forgets it too.
    ///
    /// # Errors
    ///
    /// As for [`bind_text`](Statement::bind_text); the text is dropped then.
    #[doc(alias = "sqlite3_bind_text64")]
    #[doc(alias = "SQLITE_STATIC")]
    pub fn bind_text_static(&mut self, index: usize, text: impl StableText) -> Result<(), Error> {
        // SAFETY: SQLite only reads it, until another takes its place in the slot or the statement, whose keeper has the slot, ends.
        let loan = unsafe { ReadLoan::new(text.into_bytes()) };
        self.lend(index, loan, text64)
    }

    /// Binds bytes that SQLite reads where they are; see [`bind_text_static`](Statement::bind_text_static).
    ///
    /// ```
    /// use cstruct_strangers::sqlite::Connection;
    /// use std::sync::Arc;
    ///
    /// let picture: Arc<[u8]> = vec![7; 1000].into();
    /// let connection = Connection::open_in_memory()?;
    /// let mut length = connection.prepare("select length(?1)")?;
    /// length.bind_blob_static(1, Arc::clone(&picture))?;
    /// assert_eq!(length.step()?.expect("one row").integer(0)?, Some(1000));
    /// assert_eq!(Arc::strong_count(&picture), 2);
    /// length.clear_bindings()?;
    /// assert_eq!(Arc::strong_count(&picture), 1);
    /// # Ok::<(), cstruct_strangers::sqlite::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`bind_text`](Statement::bind_text); the bytes are dropped then.
    #[doc(alias = "sqlite3_bind_blob64")]
    #[doc(alias = "SQLITE_STATIC")]
    pub fn bind_blob_static<B>(&mut self, index: usize, bytes: B) -> Result<(), Error>
    where
        B: StableAddress<Item = u8> + Send,
    {
        // SAFETY: as for a text.
        let loan = unsafe { ReadLoan::new(bytes) };
        self.lend(index, loan, blob64)
    }

    /// Binds a text of SQLite's own allocator, which it takes over: also if it refuses.
    ///
    /// ```
    /// use cstruct_strangers::sqlite::Connection;
    ///
    /// let connection = Connection::open_in_memory()?;
    /// let mut inner = connection.prepare("select ?1")?;
    /// inner.bind_integer(1, 7)?;
    /// let mut outer = connection.prepare("select ?1")?;
    /// outer.bind_text_owned(1, inner.expanded_sql()?)?;
    /// assert_eq!(outer.step()?.expect("one row").text(0)?, Some("select 7"));
    /// # Ok::<(), cstruct_strangers::sqlite::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`bind_text`](Statement::bind_text), and it is not UTF-8; the text is released then.
    #[doc(alias = "sqlite3_bind_text64")]
    #[doc(alias = "sqlite3_free")]
    pub fn bind_text_owned(&mut self, index: usize, text: CText<SqliteFree>) -> Result<(), Error> {
        let len = text.to_str()?.len() as u64; // a usize has no more bits than that
        let free = Some(sys::sqlite3_free as unsafe extern "C" fn(_));
        let utf8 = sys::SQLITE_UTF8 as u8; // 1
        self.bind(index, None, move |statement, index| {
            let text = CText::into_raw(text);
            // SAFETY: a live statement and a text of that length, of SQLite's allocator, which is given up: "the destructor is called to
            // dispose of the BLOB or string even if the call to the bind API fails".
            unsafe { sys::sqlite3_bind_text64(statement, index, text, len, free, utf8) }
        })
    }

    /// Ends the rows, and makes every parameter NULL.
    ///
    /// # Errors
    ///
    /// As for [`reset`](Statement::reset).
    ///
    /// # Panics
    ///
    /// As for [`reset`](Statement::reset).
    #[doc(alias = "sqlite3_clear_bindings")]
    pub fn clear_bindings(&mut self) -> Result<(), Error> {
        inside::check(self.connection().as_ptr())?;
        // SQLite would not mind rows to come, and go on reading the bytes that it was told to forget.
        let answer = self.reset();
        // SAFETY: a live statement, borrowed exclusively.
        unsafe { sys::sqlite3_clear_bindings(self.as_ptr()) };
        for slot in Statement::keeper(self).1.slots() {
            // SAFETY: SQLite has forgotten what was in each parameter, just now.
            drop(unsafe { slot.replace(None, |_| Ok::<(), Error>(())) });
        }
        answer
    }

    fn lend<B: StableAddress<Item = u8> + Send>(
        &mut self,
        index: usize,
        loan: ReadLoan<B>,
        bind: unsafe fn(*mut sys::sqlite3_stmt, c_int, &[u8], sys::sqlite3_destructor_type) -> c_int,
    ) -> Result<(), Error> {
        let region = NonNull::from(&*loan);
        self.bind(index, Some(Box::new(loan)), |statement, index| {
            // SAFETY: the loan's memory, which is where it is while the loan is kept.
            let bytes = unsafe { region.as_ref() };
            // SAFETY: a live statement, and bytes that live until SQLite has forgotten them: the slot keeps the loan until then.
            unsafe { bind(statement, index, bytes, sys::SQLITE_STATIC()) }
        })
    }

    /// Every way of binding goes through here, since each ends the loan of the parameter.
    fn bind(
        &mut self,
        index: usize,
        loan: Option<Lent>,
        bind: impl FnOnce(*mut sys::sqlite3_stmt, c_int) -> c_int,
    ) -> Result<(), Error> {
        let statement: &StatementRef = self;
        inside::check(statement.connection().as_ptr())?;
        let raw = c_int::try_from(index).map_err(|_| LengthError { len: index, into: "c_int" })?;
        let call = |_: Option<&Lent>| {
            let answer = statement.connection().check(bind(statement.as_ptr(), raw));
            if answer.as_ref().is_err_and(|error| error.code() != Some(Code::MISUSE)) {
                // The old one is gone, and half of the new one may be there (no memory to convert it).
                // SAFETY: as for `bind_null`.
                unsafe { sys::sqlite3_bind_null(statement.as_ptr(), raw) };
            }
            answer
        };
        let slot = index.checked_sub(1).and_then(|at| Statement::keeper(self).1.slots().get(at));
        let Some(slot) = slot else { return call(None) }; // SQLITE_RANGE
        // SAFETY: SQLite has forgotten what was in the parameter, and has the new bytes; or, after an error, what it had before
        // (SQLITE_MISUSE) or NULL.
        match unsafe { slot.replace(loan, call) } {
            Ok(_before) => Ok(()),
            Err(NotReplaced::Busy { .. }) => Err(Error::InHandler),
            Err(NotReplaced::Refused { error, .. }) => Err(error),
        }
    }
}

/// # Safety
///
/// The statement is live, and the destructor says the truth about the bytes, which are UTF-8.
unsafe fn text64(
    statement: *mut sys::sqlite3_stmt,
    index: c_int,
    bytes: &[u8],
    destructor: sys::sqlite3_destructor_type,
) -> c_int {
    let utf8 = sys::SQLITE_UTF8 as u8; // 1
    let (first, len) = (bytes.as_ptr().cast::<c_char>(), bytes.len() as u64); // never NULL, which would be another value
    // SAFETY: as the caller says.
    unsafe { sys::sqlite3_bind_text64(statement, index, first, len, destructor, utf8) }
}

/// # Safety
///
/// As for [`text64`], without the UTF-8.
unsafe fn blob64(
    statement: *mut sys::sqlite3_stmt,
    index: c_int,
    bytes: &[u8],
    destructor: sys::sqlite3_destructor_type,
) -> c_int {
    let (first, len) = (bytes.as_ptr().cast(), bytes.len() as u64); // as above
    // SAFETY: as the caller says.
    unsafe { sys::sqlite3_bind_blob64(statement, index, first, len, destructor) }
}
