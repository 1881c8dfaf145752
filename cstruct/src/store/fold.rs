//! `cstruct_fold`: one state for each name, in C's memory.

use alloc::vec::Vec;
use core::ffi::{c_int, c_void};
use core::marker::PhantomData;

use cstruct_sys::{self as sys, cstruct_status};

use super::error::check;
use super::{CStructRef, Error};
use crate::kit::{Callback, Callbacks, Foreign, InTheirs, catch};

impl CStructRef {
    /// Folds the records of this list that have the same name into one state each, and gives what `finish` makes of the states, in the order in
    /// which the names come; those without a name are a group too.
    ///
    /// C keeps the states, and each is dropped exactly once, whatever goes wrong. `init` and `finish` are shown the first record of the
    /// group, `step` each of its records.
    ///
    /// ```
    /// use cstruct::Context;
    ///
    /// let csv = b"name,value,s1\nin,1,20\nout,1,5\nin,2,22\n";
    /// let list = Context::from_csv(csv)?.pin_mut().take()?.expect("there are records");
    /// let samples = list.fold_by_name(
    ///     |_first| Vec::new(),
    ///     |samples, record| samples.extend_from_slice(record.samples()),
    ///     |first, samples: Vec<f64>| (first.name().map(ToOwned::to_owned), samples),
    /// )?;
    /// assert_eq!(samples, [(Some(c"in".to_owned()), vec![20.0, 22.0]), (Some(c"out".to_owned()), vec![5.0])]);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When C has no memory; nothing was finished.
    ///
    /// # Panics
    ///
    /// With what the first of the functions, or of the states when they are dropped, panicked with.
    #[doc(alias = "cstruct_fold")]
    pub fn fold_by_name<S: 'static, R>(
        &self,
        init: impl FnMut(&CStructRef) -> S,
        step: impl FnMut(&mut S, &CStructRef),
        finish: impl FnMut(&CStructRef, S) -> R,
    ) -> Result<Vec<R>, Error> {
        let mut fold =
            Fold { init, step, finish, made: Vec::new(), callbacks: Callbacks::new(), state: PhantomData::<S> };
        check(fold.run(self))?;
        Ok(fold.made)
    }
}

/// What the three functions work on.
struct Fold<S, R, I, T, F> {
    init: I,
    step: T,
    finish: F,
    made: Vec<R>,
    /// The first panic, after which nothing of ours runs but the end of states.
    callbacks: Callbacks,
    state: PhantomData<S>,
}

impl<S, R, I, T, F> Fold<S, R, I, T, F>
where
    S: 'static,
    I: FnMut(&CStructRef) -> S,
    T: FnMut(&mut S, &CStructRef),
    F: FnMut(&CStructRef, S) -> R,
{
    fn run(&mut self, list: &CStructRef) -> cstruct_status {
        let (size, align) = (InTheirs::<S>::SIZE, InTheirs::<S>::ALIGN);
        let status = Callback::with(&mut *self, |fold| {
            // SAFETY: CALL_ONLY: the list is live and not changed; CALLBACK(user, this_call): the functions are those for this user, which
            // outlives the call.
            unsafe {
                sys::cstruct_fold(
                    list.as_ptr(),
                    size,
                    align,
                    Some(Self::init),
                    Some(Self::step),
                    Some(Self::finish),
                    fold.user(),
                )
            }
        });
        self.callbacks.resume();
        status
    }

    /// `cstruct_fold_init_fn`.
    unsafe extern "C" fn init(user: *mut c_void, room: *mut c_void, size: usize, first: *const sys::cstruct) -> c_int {
        let run = |fold: &mut &mut Self| {
            // SAFETY: CALL_ONLY, NONNULL: a record of the list, which is not changed.
            let Ok(first) = (unsafe { CStructRef::from_ptr(first) }) else { return 1 };
            let Fold { init, callbacks, .. } = &mut **fold;
            // SAFETY: IN_ROOM(size): zero at first, ours alone, and it stays where it is until `finish`; all on this thread.
            let made = unsafe { InTheirs::call_or_build(room, size, callbacks, || init(first), |_: &mut S| 0, 1) };
            made.unwrap_or(1)
        };
        // SAFETY: USER(this_call): what `run` passed beside this very function, on its thread.
        unsafe { Callback::<&mut Self>::call(user, run, 1) }
    }

    /// `cstruct_fold_step_fn`.
    unsafe extern "C" fn step(user: *mut c_void, room: *mut c_void, _: usize, record: *const sys::cstruct) -> c_int {
        let run = |fold: &mut &mut Self| {
            // SAFETY: as in `init`.
            let Ok(record) = (unsafe { CStructRef::from_ptr(record) }) else { return 1 };
            let Fold { step, callbacks, .. } = &mut **fold;
            let step = |state: &mut S| {
                step(state, record);
                0
            };
            // SAFETY: the room is the one in which `init` has built an `S`.
            unsafe { InTheirs::call(room, callbacks, step, 1) }
        };
        // SAFETY: as in `init`.
        unsafe { Callback::<&mut Self>::call(user, run, 1) }
    }

    /// `cstruct_fold_finish_fn`.
    unsafe extern "C" fn finish(
        user: *mut c_void,
        room: *mut c_void,
        _: usize,
        first: *const sys::cstruct,
        status: cstruct_status,
    ) {
        let run = |fold: &mut &mut Self| {
            // SAFETY: the room is the one in which `init` has built an `S`, and no call on it is running.
            let Some(state) = (unsafe { InTheirs::<S>::end(room) }) else { return };
            let Fold { finish, made, callbacks, .. } = &mut **fold;
            let failed = status != cstruct_status::CSTRUCT_OK || callbacks.panics().is_set();
            let end = || {
                // SAFETY: as in `init`.
                match unsafe { CStructRef::from_ptr(first) } {
                    Ok(first) if !failed => made.push(finish(first, state)),
                    _ => drop(state),
                }
            };
            // A panic is kept, and the states that are left are ended all the same.
            if let Err(panic) = catch(end) {
                callbacks.panics().store(panic);
            }
        };
        // SAFETY: as in `init`.
        unsafe { Callback::<&mut Self>::call(user, run, ()) }
    }
}
