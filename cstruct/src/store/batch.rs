//! `cstruct_batch`: changes of a table that happen together or not at all.

use core::fmt;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use cstruct_sys as sys;

use super::error::check;
use super::{CStruct, Error, TableRef};
use crate::kit::{Callbacks, CloseError, Consumed, Foreign, Keeper, Owned};
use crate::wrap;

wrap! {
    /// A batch: ended by [`commit`](Batch::commit), and rolled back with `cstruct_batch_rollback` when it is dropped.
    ///
    /// Its keeper has the table to itself: the table may be looked at [through the batch](Batch::table), and not changed
    /// but by it. [`Table::batch`](super::Table::batch) begins one.
    ///
    /// ```
    /// use cstruct::{CStruct, Table};
    ///
    /// let mut table = Table::new()?;
    /// table.push(CStruct::named(1, c"there")?)?;
    ///
    /// let mut batch = table.batch()?;
    /// batch.push(CStruct::named(2, c"new")?)?;
    /// batch.push(CStruct::named(3, c"there")?)?;
    /// let refused = batch.commit().expect_err("the name is there");
    /// drop(refused); // the batch came back in it, and is rolled back
    /// assert_eq!(table.len(), 1);
    ///
    /// let mut batch = table.batch()?;
    /// batch.push(CStruct::named(2, c"new")?)?;
    /// batch.commit()?;
    /// assert_eq!(table.len(), 2);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Batch<K> = Owned<BatchRef, K>;

    /// A batch, borrowed.
    pub struct BatchRef(sys::cstruct_batch);

    unsafe {
        release = sys::cstruct_batch_rollback;
        send = "cstruct.h: CSTRUCT_SENDABLE; its table must come along, which the keeper's own Send decides";
    }
}

/// What a batch keeps: the table to itself, and what a watcher of it panicked with.
pub type Changing<'t> = (Pin<&'t mut TableRef>, &'t Callbacks);

impl<'t> Batch<Changing<'t>> {
    #[cfg_attr(feature = "ledger", track_caller)]
    pub(super) fn begin(table: Changing<'t>) -> Result<Self, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the table is live and borrowed exclusively; `out` may be written.
        let status = unsafe { sys::cstruct_batch_begin(table.parent().as_ptr(), &raw mut out) };
        check(status)?;
        // SAFETY: OWNED(cstruct_batch_rollback), valid on this status; CHILD_OF(table): the keeper keeps that alive.
        Ok(unsafe { Batch::from_raw(out, table) }?)
    }

    /// The table as it is without the batch.
    pub fn table(&self) -> &TableRef {
        Owned::keeper(&self.0).parent()
    }

    /// Puts one record into the batch. What the table would refuse shows at the commit.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with the record, when it has no name or others follow it.
    #[doc(alias = "cstruct_batch_push")]
    pub fn push(&mut self, record: CStruct) -> Result<(), CloseError<CStruct, Error>> {
        let call = |record: NonNull<sys::cstruct>| {
            // SAFETY: the batch is live and borrowed exclusively; the record is live, and ours alone.
            match check(unsafe { sys::cstruct_batch_push(self.as_ptr(), record.as_ptr()) }) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::HandedBack(error),
            }
        };
        // SAFETY: TAKES(on_success): taken when the status is OK, else still ours; the call does not unwind.
        unsafe { Owned::consume(record.into(), call) }.map_err(|error| error.map_handle(CStruct::from))
    }

    /// Puts all its records into the table, in their order. Then the watcher is told of each.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with the batch, when the table would be too full, a name is there already or twice in the batch, and
    /// when C has no memory. The table is as it was.
    ///
    /// # Panics
    ///
    /// With what the watcher panicked with. The records are in the table then.
    #[doc(alias = "cstruct_batch_commit")]
    pub fn commit(self) -> Result<(), CloseError<Self, Error>> {
        let (_, callbacks) = *Owned::keeper(&self.0);
        let call = |batch: NonNull<sys::cstruct_batch>| {
            // SAFETY: the batch is live and ours alone, and so is its table (keeper).
            match check(unsafe { sys::cstruct_batch_commit(batch.as_ptr()) }) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::HandedBack(error),
            }
        };
        // SAFETY: RELEASES(on_success): gone when the status is OK, else still ours; the call does not unwind.
        let result = unsafe { Owned::consume(self.0, call) };
        callbacks.resume();
        result.map_err(|error| error.map_handle(Batch))
    }
}

impl<K> Batch<K> {
    /// Releases its records. The table is as it was.
    #[doc(alias = "cstruct_batch_rollback")]
    pub fn rollback(self) {
        let Ok(()) = self.close();
    }
}

impl fmt::Debug for BatchRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Batch<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
