//! SQL functions that are closures of ours.

use core::ffi::c_int;
use core::fmt::Display;
use core::ops::BitOr;
use std::sync::Arc;

use cstruct::kit::{CloseError, Consumed, Foreign, Hook, Registered, lend, slice_from_c};
use libsqlite3_sys as sys;

use super::call::{ArgumentRef, ContextRef};
use super::{Call, ConnectionRef, Error, Value, inside};
use crate::this_thread::{self, Carried};

type ScalarFn = unsafe extern "C" fn(*mut sys::sqlite3_context, c_int, *mut *mut sys::sqlite3_value);

/// What SQLite may assume of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionFlags(c_int);

impl FunctionFlags {
    /// Nothing.
    pub const NONE: FunctionFlags = FunctionFlags(0);
    /// The same arguments give the same result within a statement; only such a function may be in an index. SQLite calls it also in
    /// the middle of planning a statement, so it must not use its connection: each call on that answers [`Error::InHandler`].
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

/// A closure, and the address of the connection if that must not be used in it.
///
/// sqlite3.h lets a function call SQLite, but a function that is called while a `WHERE` is estimated (sqlite3.c, `valueFromFunction`, for
/// deterministic ones) must not drop the index that is looked at.
struct Function<F> {
    function: Carried<F>,
    forbidden: Option<usize>,
}

/// Functions of ours.
impl ConnectionRef {
    /// Makes a closure an SQL function with that name and number of arguments; −1 is any number.
    ///
    /// SQLite owns the closure, and drops it exactly once: when another takes its place, when it is [removed](ConnectionRef::remove_function), with the
    /// connection, or at once if it refuses. It goes where the connection goes, and runs on whichever thread uses that.
    ///
    /// What the closure is [called with](Call) exists during the call only. It may use the connection of the call, unless it is
    /// [deterministic](FunctionFlags::DETERMINISTIC). Called while it is running
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
        let is_deterministic = flags.0 & FunctionFlags::DETERMINISTIC.0 != 0;
        let forbidden = is_deterministic.then(|| self.as_ptr().addr());
        let function = Registered::new(Function { function: Carried::new(function), forbidden }, &Arc::default());
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
    let run = |function: &mut Function<F>| {
        let forbidden = function.forbidden;
        let Some(function) = function.function.value() else { return Outcome::Running };
        let answer = || {
            match function(Call { context, arguments }) {
                Ok(value) => context.answer(&value.into()),
                Err(error) => context.fail(&error.to_string()),
            }
            Outcome::Answered
        };
        match forbidden {
            Some(connection) => inside::handler(connection, answer, Outcome::Panicked),
            None => this_thread::run(answer, Outcome::Panicked),
        }
    };
    // SAFETY: the user data of this very function, which SQLite has not destroyed: it is calling it.
    match unsafe { Registered::<Function<F>>::call(user, run, Outcome::Running) } {
        Outcome::Answered => {}
        Outcome::Panicked => context.fail("a function panicked"),
        Outcome::Running => context.fail("a function was called while it was running"),
    }
}
