//! The functions of ours that a table calls: for each record during one call, and after each change until another takes its place.

use core::ffi::{c_int, c_void};
use core::ops::ControlFlow;
use core::ptr;

use cstruct_sys::{self as sys, cstruct_event};

use super::error::check;
use super::{CStructRef, Error, Status, Table};
use crate::kit::{Callback, CloseError, Consumed, Foreign, Hook, Registered};

/// What a watcher is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "cstruct_event")]
pub enum Change {
    /// The record is in the table now.
    Pushed,
    /// The record has left the table and is still whole.
    Taken,
    /// Something that this version does not know.
    Unknown(u32),
}

impl Change {
    fn of(event: cstruct_event) -> Change {
        match event {
            cstruct_event::CSTRUCT_PUSHED => Change::Pushed,
            cstruct_event::CSTRUCT_TAKEN => Change::Taken,
            cstruct_event(other) => Change::Unknown(other),
        }
    }
}

/// During one call.
impl Table {
    /// Calls `look` with each record, until it breaks.
    ///
    /// C does the walking; [`records`](super::TableRef::records) is the iterator. `look` may borrow from the stack, and cannot keep
    /// what it is shown.
    ///
    /// ```
    /// use core::ops::ControlFlow;
    /// use cstruct::{CStruct, Table};
    ///
    /// let mut table = Table::new()?;
    /// for name in [c"a", c"b", c"c"] {
    ///     table.push(CStruct::named(1, name)?)?;
    /// }
    /// let mut seen = 0;
    /// let second = table.each(|record| {
    ///     seen += record.value();
    ///     if seen == 2 { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) }
    /// })?;
    /// assert_eq!(second, ControlFlow::Break(2));
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None today; C's signature has room for them.
    ///
    /// # Panics
    ///
    /// With what `look` panicked with, when C has ended the walk.
    #[doc(alias = "cstruct_table_each")]
    pub fn each<B>(&mut self, mut look: impl FnMut(&CStructRef) -> ControlFlow<B>) -> Result<ControlFlow<B>, Error> {
        let mut result = ControlFlow::Continue(());
        let look = |record: &CStructRef| {
            result = look(record);
            c_int::from(result.is_break())
        };
        let status = Callback::with(look, |look| self.each_call(look));
        match Status::of(status) {
            None | Some(Status::Stopped) => Ok(result),
            Some(status) => Err(Error::Refused(status)),
        }
    }

    fn each_call<F: FnMut(&CStructRef) -> c_int>(&mut self, look: &Callback<F>) -> sys::cstruct_status {
        // SAFETY: the table is live and borrowed exclusively; CALLBACK(user, this_call): function and user belong together, and
        // the user outlives the call.
        unsafe { sys::cstruct_table_each(self.as_ptr(), Some(looked::<F>), look.user()) }
    }
}

/// `cstruct_each_fn`. A panic stops the walk.
unsafe extern "C" fn looked<F: FnMut(&CStructRef) -> c_int>(user: *mut c_void, record: *const sys::cstruct) -> c_int {
    // SAFETY: CALL_ONLY, NONNULL: live, and not changed while it is looked at: the table is calling.
    let look = |look: &mut F| unsafe { CStructRef::from_ptr(record) }.map_or(0, look);
    // SAFETY: USER(this_call): what `each_call` passed beside this very function, on its thread.
    unsafe { Callback::<F>::call(user, look, 1) }
}

/// Until another takes its place.
impl Table {
    /// Calls `told` after each change from now on, in place of the watcher that there was, which is dropped.
    ///
    /// C owns `told` and drops it exactly once: when another takes its place, or with the table. It may be called and dropped
    /// on whichever thread the table is sent to. What it is shown it cannot keep.
    ///
    /// ```
    /// use cstruct::{CStruct, Change, Table};
    /// use std::sync::mpsc;
    ///
    /// let mut table = Table::new()?;
    /// let (say, heard) = mpsc::channel();
    /// table.watch(move |change, record| {
    ///     let _nobody_listens = say.send((change, record.value()));
    /// })?;
    /// table.push(CStruct::named(7, c"seven")?)?;
    /// drop(table.take(c"seven")?);
    /// drop(table); // and the watcher
    /// assert_eq!(heard.iter().collect::<Vec<_>>(), [(Change::Pushed, 7), (Change::Taken, 7)]);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Status::Busy`] when C is in the middle of something with this table, which cannot be seen from here. `told` is dropped then.
    ///
    /// # Panics
    ///
    /// With what the watcher before panicked with when it was dropped. The new one is in its place then.
    #[doc(alias = "cstruct_table_watch")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn watch<F>(&mut self, told: F) -> Result<(), Error>
    where
        F: FnMut(Change, &CStructRef) + Send + 'static,
    {
        let function = watched::<F> as unsafe extern "C" fn(*mut c_void, cstruct_event, *const sys::cstruct);
        let call = |hook: Hook<_>| {
            // SAFETY: the table is live and borrowed exclusively; function, user and destroy belong together.
            let status =
                unsafe { sys::cstruct_table_watch(self.as_ptr(), hook.function(), hook.user(), hook.destroy()) };
            match check(status) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::HandedBack(error),
            }
        };
        let told = Registered::new(told, self.callbacks());
        // SAFETY: DESTROYS(user): called exactly once; "after a failure nothing was taken". C calls neither function after destroy.
        let result = unsafe { told.hand_over(function, call) };
        self.callbacks().resume();
        result.map_err(CloseError::into_error)
    }

    /// Drops the watcher, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`watch`](Table::watch).
    ///
    /// # Panics
    ///
    /// As for [`watch`](Table::watch).
    #[doc(alias = "cstruct_table_watch")]
    pub fn unwatch(&mut self) -> Result<(), Error> {
        // SAFETY: the table is live and borrowed exclusively; `fn` NULL, and user and destroy with it: no watcher any more.
        let status = unsafe { sys::cstruct_table_watch(self.as_ptr(), None, ptr::null_mut(), None) };
        self.callbacks().resume();
        check(status)
    }
}

/// `cstruct_watch_fn`.
unsafe extern "C" fn watched<F: FnMut(Change, &CStructRef)>(
    user: *mut c_void,
    event: cstruct_event,
    record: *const sys::cstruct,
) {
    // SAFETY: CALL_ONLY, NONNULL: live, and not changed meanwhile: the table is calling.
    let tell =
        |told: &mut F| unsafe { CStructRef::from_ptr(record) }.map_or((), |record| told(Change::of(event), record));
    // SAFETY: USER(replaced): from the hook that C got with this very function, and not destroyed yet.
    unsafe { Registered::<F>::call(user, tell, ()) }
}
