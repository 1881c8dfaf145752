//! SQL functions that are closures of ours.

use core::ffi::{c_char, c_int, c_uchar, c_void};
use core::fmt::{self, Display};
use core::ops::BitOr;
use std::sync::Arc;

use cstruct::kit::{CloseError, Consumed, Foreign, Hook, Registered, lend, slice_from_c};
use cstruct::wrap;
use libsqlite3_sys as sys;

use super::value::{Source, bytes_of, typed, value_of};
use super::{ConnectionRef, Error, Value, ValueRef, inside};
use crate::this_thread::{self, Carried};

type ScalarFn = unsafe extern "C" fn(*mut sys::sqlite3_context, c_int, *mut *mut sys::sqlite3_value);

/// What SQLite may assume of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionFlags(c_int);

impl FunctionFlags {
    /// Nothing.
    pub const NONE: FunctionFlags = FunctionFlags(0);
    /// The same arguments give the same result within a statement; only such a function may be in an index.
    pub const DETERMINISTIC: FunctionFlags = FunctionFlags(sys::SQLITE_DETERMINISTIC);
    /// It may be used in statements, but not in triggers and views, which a database file brings along.
    pub const DIRECT_ONLY: FunctionFlags = FunctionFlags(sys::SQLITE_DIRECTONLY);
}

impl BitOr for FunctionFlags {
    type Output = FunctionFlags;

    fn bitor(self, other: FunctionFlags) -> FunctionFlags {
        FunctionFlags(self.0 | other.0)
    }
}

/// Functions of ours.
impl ConnectionRef {
    /// Makes a closure an SQL function with that name and number of arguments; −1 is any number.
    ///
    /// SQLite owns the closure, and drops it exactly once: when another takes its place, when it is [removed](ConnectionRef::remove_function), with the
    /// connection, or at once if it refuses. It goes where the connection goes, and runs on whichever thread uses that.
    ///
    /// What the closure is [called with](Call) exists during the call only. It may use the connection of the call. Called while it is running
    /// (by the SQL that it runs) it is not run, and that SQL fails.
    ///
    /// ```
    /// use cstruct_strangers::sqlite::{Connection, Error, FunctionFlags};
    ///
    /// let connection = Connection::open_in_memory()?;
    /// connection.create_function("shout", 1, FunctionFlags::DETERMINISTIC, |call| {
    ///     Ok::<_, Error>(call.text(0)?.map(str::to_uppercase))
    /// })?;
    /// let mut statement = connection.prepare("select shout('hello')")?;
    /// assert_eq!(statement.step()?.expect("one row").text(0)?, Some("HELLO"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `SQLITE_BUSY` while a statement is running and there is such a function already; `SQLITE_MISUSE` for a name or number of arguments
    /// that SQLite does not take. The closure is dropped then.
    ///
    /// # Panics
    ///
    /// With what the destructor of the closure before panics with. What the closure panics with comes out of the step that calls it.
    #[doc(alias = "sqlite3_create_function_v2")]
    pub fn create_function<F, T, E>(
        &self,
        name: &str,
        arguments: c_int,
        flags: FunctionFlags,
        function: F,
    ) -> Result<(), Error>
    where
        F: FnMut(Call<'_>) -> Result<T, E> + Send + 'static,
        T: Into<Value> + 'static,
        E: Display + 'static,
    {
        let function = Registered::new(Carried::new(function), &Arc::default());
        self.give_function(name, arguments, flags, |give| {
            let call = |hook| match give(hook) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::Lost(error),
            };
            // SAFETY: "The destructor is invoked when the function is deleted, either by being overloaded or when the database connection
            // closes", and "if the call to sqlite3_create_function_v2() fails".
            unsafe { function.hand_over(scalar::<F, T, E> as ScalarFn, call) }.map_err(CloseError::into_error)
        })
    }

    /// Removes a function; SQLite drops its closure. If there is none it is no error.
    ///
    /// # Errors
    ///
    /// As for [`create_function`](ConnectionRef::create_function).
    ///
    /// # Panics
    ///
    /// With what the destructor of the closure panics with.
    #[doc(alias = "sqlite3_create_function_v2")]
    pub fn remove_function(&self, name: &str, arguments: c_int) -> Result<(), Error> {
        self.give_function(name, arguments, FunctionFlags::NONE, |give| give(Hook::none()))
    }

    fn give_function(
        &self,
        name: &str,
        arguments: c_int,
        flags: FunctionFlags,
        with: impl FnOnce(&dyn Fn(Hook<ScalarFn>) -> Result<(), Error>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        inside::check(self.as_ptr())?;
        inside::exchange(self.as_ptr(), || ())?; // refused at the very end of a thread, before the closure is given away
        lend::cstr(name, |name| {
            let flags = sys::SQLITE_UTF8 | flags.0;
            let give = |hook: Hook<ScalarFn>| {
                let (user, function, destroy) = (hook.user(), hook.function(), hook.destroy());
                let database = self.as_ptr();
                // SAFETY: a live database, a name that is copied; function, user data and destructor belong together.
                let create = || unsafe {
                    sys::sqlite3_create_function_v2(
                        database, name, arguments, flags, user, function, None, None, destroy,
                    )
                };
                self.check(inside::exchange(database, create)?)
            };
            this_thread::resuming(|| with(&give))
        })?
    }
}

wrap! {
    /// SQLite's side of one call of a function.
    struct ContextRef(sys::sqlite3_context);
}

wrap! {
    /// An argument: a protected value, which is SQLite's.
    struct ArgumentRef(sys::sqlite3_value);
}

/// One call of an SQL function: its arguments, and the connection that calls. It exists during the call only.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    context: &'a ContextRef,
    arguments: &'a [&'a ArgumentRef],
}

impl<'a> Call<'a> {
    /// How many arguments there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The value of an argument.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if there is no such argument; [`Error::Utf8`] for a text that is not UTF-8; no memory.
    pub fn value(&self, index: usize) -> Result<ValueRef<'a>, Error> {
        value_of(self.argument(index)?)
    }

    /// The bytes of a text, which need not be UTF-8, or of a blob; `None` for NULL.
    ///
    /// # Errors
    ///
    /// [`Error::NoColumn`] if there is no such argument; [`Error::WrongType`] for a number; no memory.
    pub fn bytes(&self, index: usize) -> Result<Option<&'a [u8]>, Error> {
        bytes_of(self.argument(index)?)
    }

    typed! {
        /// An integer; `None` for NULL.
        #[doc(alias = "sqlite3_value_int64")]
        integer: i64, Integer;
        /// A real; `None` for NULL.
        #[doc(alias = "sqlite3_value_double")]
        real: f64, Real;
        /// A text, which may be empty; `None` for NULL.
        #[doc(alias = "sqlite3_value_text")]
        text: &'a str, Text;
        /// Bytes, of which there may be none; `None` for NULL.
        #[doc(alias = "sqlite3_value_blob")]
        blob: &'a [u8], Blob;
    }

    /// The connection that calls. A function may use it, and so may the SQL that it runs.
    #[doc(alias = "sqlite3_context_db_handle")]
    #[must_use]
    pub fn connection(&self) -> &'a ConnectionRef {
        // SAFETY: a live context.
        let database = unsafe { sys::sqlite3_context_db_handle(self.context.as_ptr()) };
        // SAFETY: the database that is calling, and so lives during the call.
        let Ok(connection) = (unsafe { ConnectionRef::from_ptr(database) }) else {
            unreachable!("a call comes from a connection")
        };
        connection
    }

    fn argument(&self, index: usize) -> Result<&'a ArgumentRef, Error> {
        let count = self.count();
        self.arguments.get(index).copied().ok_or(Error::NoColumn { index, count })
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.count()).map(|index| self.value(index))).finish()
    }
}

// SAFETY: SQLite's functions for one value. As for a column: asked for its own type nothing is converted, and the value is the caller's
// until the call returns.
unsafe impl<'a> Source<'a> for &'a ArgumentRef {
    fn raw_type(self) -> c_int {
        // SAFETY: a live, protected value.
        unsafe { sys::sqlite3_value_type(self.as_ptr()) }
    }

    fn integer(self) -> i64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_int64(self.as_ptr()) }
    }

    fn real(self) -> f64 {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_double(self.as_ptr()) }
    }

    fn text(self) -> *const c_uchar {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_text(self.as_ptr()) }
    }

    fn blob(self) -> *const c_void {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_blob(self.as_ptr()) }
    }

    fn bytes(self) -> c_int {
        // SAFETY: as above.
        unsafe { sys::sqlite3_value_bytes(self.as_ptr()) }
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Answered,
    Panicked,
    Running,
}

unsafe extern "C" fn scalar<F, T, E>(
    context: *mut sys::sqlite3_context,
    count: c_int,
    arguments: *mut *mut sys::sqlite3_value,
) where
    F: FnMut(Call<'_>) -> Result<T, E>,
    T: Into<Value>,
    E: Display,
{
    // SAFETY: SQLite is calling, with a context of its own.
    let Ok(context) = (unsafe { ContextRef::from_ptr(context) }) else { return };
    // SAFETY: that many values, none of them NULL, all of which live during the call; `&ArgumentRef` is such a pointer.
    let arguments = unsafe { slice_from_c::<&ArgumentRef>(arguments.cast_const().cast(), count) };
    let Ok(arguments) = arguments else { return };
    // SAFETY: a live context.
    let user = unsafe { sys::sqlite3_user_data(context.as_ptr()) };
    let run = |function: &mut Carried<F>| {
        let Some(function) = function.value() else { return Outcome::Running };
        let mut answer = || match function(Call { context, arguments }) {
            Ok(value) => context.answer(&value.into()),
            Err(error) => context.fail(&error.to_string()),
        };
        this_thread::run(|| (answer(), Outcome::Answered).1, Outcome::Panicked)
    };
    // SAFETY: the user data of this very function, which SQLite has not destroyed: it is calling it.
    match unsafe { Registered::<Carried<F>>::call(user, run, Outcome::Running) } {
        Outcome::Answered => {}
        Outcome::Panicked => context.fail("a function panicked"),
        Outcome::Running => context.fail("a function was called while it was running"),
    }
}

impl ContextRef {
    fn answer(&self, value: &Value) {
        let context = self.as_ptr();
        let transient = sys::SQLITE_TRANSIENT();
        match value {
            // SAFETY: a live context, here and below.
            Value::Null => unsafe { sys::sqlite3_result_null(context) },
            // SAFETY: as above.
            Value::Integer(number) => unsafe { sys::sqlite3_result_int64(context, *number) },
            // SAFETY: as above.
            Value::Real(number) => unsafe { sys::sqlite3_result_double(context, *number) },
            Value::Text(text) => {
                let (first, len) = (text.as_ptr().cast::<c_char>(), text.len() as u64); // a usize has no more bits
                let utf8 = sys::SQLITE_UTF8 as u8; // 1
                // SAFETY: as above; the text is copied, or an error set instead.
                unsafe { sys::sqlite3_result_text64(context, first, len, transient, utf8) }
            }
            Value::Blob(bytes) => {
                let (first, len) = (bytes.as_ptr().cast(), bytes.len() as u64); // as above
                // SAFETY: as above; the bytes are copied, or an error set instead.
                unsafe { sys::sqlite3_result_blob64(context, first, len, transient) }
            }
        }
    }

    fn fail(&self, message: &str) {
        let set = |text: *const u8, len| {
            // SAFETY: a live context, and a text of that length that is copied.
            unsafe { sys::sqlite3_result_error(self.as_ptr(), text.cast(), len) }
        };
        if lend::slice(message.as_bytes(), set).is_err() {
            self.fail("a function failed with a message that is too long");
        }
    }
}
