//! `cstruct_table`: records that are found by name.

use alloc::sync::Arc;
use core::ffi::CStr;
use core::fmt;
use core::num::NonZero;
use core::ops::Deref;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use cstruct_sys::{self as sys, cstruct_status};

use super::batch::{Batch, Changing};
use super::error::check;
use super::{CStruct, CStructRef, Error, Status};
use crate::kit::{Callbacks, CloseError, Consumed, Foreign, Items, Owned, Released};
use crate::wrap;

wrap! {
    /// A table, borrowed to be looked at.
    ///
    /// What changes a table is a method of [`Table`]: a change calls the watcher, and a panic of that goes on in the
    /// caller when C has returned.
    pub struct TableRef(sys::cstruct_table);

    unsafe {
        close = sys::cstruct_table_free, closed => Error;
        send = "cstruct.h: CSTRUCT_SENDABLE; what it may hold can be sent too: records, and a watcher that is `Send`";
    }
}

/// What `cstruct_table_free` answered: RELEASES(on_success).
#[inline]
fn closed(status: cstruct_status) -> Released<Error> {
    match check(status) {
        Ok(()) => Released::Gone,
        Err(error) => Released::Refused(error),
    }
}

/// Records that are found by name, owned with the table: released with `cstruct_table_free`.
///
/// A record that is pushed is the table's, one that is taken out the caller's again, and one that is looked at is lent until
/// the table is changed. A record that C refuses comes back in [`CloseError::StillOpen`].
///
/// ```
/// use cstruct::{CStruct, Status, Table};
///
/// let mut table = Table::new()?;
/// table.push(CStruct::named(1, c"indoor")?)?;
/// table.push(CStruct::named(2, c"outdoor")?)?;
///
/// let refused = table.push(CStruct::named(3, c"indoor")?).expect_err("the name is there");
/// let mut again = refused.into_handle().expect("C does not want it");
/// again.pin_mut().set_name(Some(c"cellar"))?;
/// table.push(again)?;
///
/// assert_eq!(table.find(c"cellar").map(|record| record.value()), Some(3));
/// assert_eq!(table.records().map(|record| record.value()).sum::<i32>(), 6);
/// let mine = table.take(c"outdoor")?.expect("it is there");
/// drop(table); // and two records with it
/// assert_eq!(mine.value(), 2);
/// # Ok::<(), cstruct::Error>(())
/// ```
#[must_use = "dropping it releases the table at once"]
#[doc(alias = "cstruct_table_free")]
pub struct Table {
    table: Owned<TableRef>,
    /// What a watcher panicked with. The watcher's own closure is C's, until C destroys it.
    callbacks: Arc<Callbacks>,
}

/// Making one.
impl Table {
    /// An empty table for as many records as memory holds.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_table_new")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new() -> Result<Table, Error> {
        Table::make(0)
    }

    /// An empty table for up to `capacity` records.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_table_new")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn limited_to(capacity: NonZero<usize>) -> Result<Table, Error> {
        Table::make(capacity.get())
    }

    #[cfg_attr(feature = "ledger", track_caller)]
    fn make(capacity: usize) -> Result<Table, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: `out` may be written.
        let status = unsafe { sys::cstruct_table_new(capacity, &raw mut out) };
        check(status)?;
        // SAFETY: OWNED(cstruct_table_free), valid on this status; nobody else has the pointer.
        let table = unsafe { Owned::from_raw(out) }?;
        Ok(Table { table, callbacks: Arc::default() })
    }
}

/// Looking.
impl TableRef {
    /// How many records there are.
    #[doc(alias = "cstruct_table_len")]
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: the table is live; it is not shared with another thread (not `Sync`).
        unsafe { sys::cstruct_table_len(self.as_ptr()) }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at `index`, in an order that holds until the table is changed.
    #[doc(alias = "cstruct_table_at")]
    #[inline]
    pub fn at(&self, index: usize) -> Option<&CStructRef> {
        // SAFETY: the table is live; any index is legal.
        let record = unsafe { sys::cstruct_table_at(self.as_ptr(), index) };
        // SAFETY: NULL, or BORROWED(self, changed): what changes the table borrows it exclusively, and so not while
        // the result is borrowed.
        unsafe { CStructRef::from_ptr(record) }.ok()
    }

    /// The record of that name.
    #[doc(alias = "cstruct_table_find")]
    #[inline]
    pub fn find(&self, name: &CStr) -> Option<&CStructRef> {
        // SAFETY: the table is live; `name` is a C string that lives during the call (CALL_ONLY).
        let record = unsafe { sys::cstruct_table_find(self.as_ptr(), name.as_ptr()) };
        // SAFETY: as in `at`.
        unsafe { CStructRef::from_ptr(record) }.ok()
    }

    /// All records, in the order of [`at`](TableRef::at).
    #[doc(alias = "cstruct_table_at")]
    #[inline]
    pub fn records(&self) -> TableRecords<'_> {
        Items::new(self, self.len(), |table, index| {
            // SAFETY: `cstruct_table_at` is NULL when there are not so many, and only then; the length was asked of the same table,
            // which is borrowed since and so has as many.
            unsafe { table.at(index).unwrap_unchecked() }
        })
    }
}

/// Borrows a table's records one after the other, from both ends; made by [`TableRef::records`].
pub type TableRecords<'t> = Items<'t, TableRef, fn(&'t TableRef, usize) -> &'t CStructRef>;

impl<'t> IntoIterator for &'t TableRef {
    type Item = &'t CStructRef;
    type IntoIter = TableRecords<'t>;

    fn into_iter(self) -> TableRecords<'t> {
        self.records()
    }
}

impl<'t> IntoIterator for &'t Table {
    type Item = &'t CStructRef;
    type IntoIter = TableRecords<'t>;

    fn into_iter(self) -> TableRecords<'t> {
        self.records()
    }
}

/// Changing.
///
/// Each goes on with the panic of the watcher, when it has one.
impl Table {
    /// Puts one record into the table.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with the record, when it has no name or others follow it, when the table is full or has that name
    /// already, and when C has no memory.
    ///
    /// # Panics
    ///
    /// With what the watcher panicked with. The record is in the table then.
    #[doc(alias = "cstruct_table_push")]
    pub fn push(&mut self, record: CStruct) -> Result<(), CloseError<CStruct, Error>> {
        let call = |record: NonNull<sys::cstruct>| {
            // SAFETY: the table is live and borrowed exclusively; the record is live, and ours alone.
            match check(unsafe { sys::cstruct_table_push(self.as_ptr(), record.as_ptr()) }) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::HandedBack(error),
            }
        };
        // SAFETY: TAKES(on_success): taken when the status is OK, else still ours; the call does not unwind.
        let result = unsafe { Owned::consume(record.into(), call) };
        self.callbacks.resume();
        result.map_err(|error| error.map_handle(CStruct::from))
    }

    /// The same, but a record that is refused is released, with those that follow it.
    ///
    /// # Errors
    ///
    /// As for [`push`](Table::push). The record is gone.
    ///
    /// # Panics
    ///
    /// As for [`push`](Table::push).
    #[doc(alias = "cstruct_table_push_or_free")]
    pub fn push_or_free(&mut self, record: CStruct) -> Result<(), Error> {
        let call = |record: NonNull<sys::cstruct>| {
            // SAFETY: the table is live and borrowed exclusively; the record is live, and ours alone.
            match check(unsafe { sys::cstruct_table_push_or_free(self.as_ptr(), record.as_ptr()) }) {
                Ok(()) => Consumed::Taken(()),
                Err(error) => Consumed::Lost(error),
            }
        };
        // SAFETY: TAKES(always): on a failure it has been released already; the call does not unwind.
        let result = unsafe { Owned::consume(record.into(), call) };
        self.callbacks.resume();
        result.map_err(CloseError::into_error)
    }

    /// Takes the record of that name out of the table, if there is one.
    ///
    /// # Errors
    ///
    /// [`Status::Busy`] when C is in the middle of something with this table: here it takes a guard that was forgotten.
    ///
    /// # Panics
    ///
    /// With what the watcher panicked with. The record is out of the table then, and released.
    #[doc(alias = "cstruct_table_take")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn take(&mut self, name: &CStr) -> Result<Option<CStruct>, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the table is live and borrowed exclusively; `name` lives during the call; `out` may be written.
        let status = unsafe { sys::cstruct_table_take(self.as_ptr(), name.as_ptr(), &raw mut out) };
        // SAFETY: NULL, or OWNED(cstruct_free): out of the table, so that nobody else releases it.
        let record = unsafe { CStruct::from_raw(out) };
        self.callbacks.resume();
        match Status::of(status) {
            None => Ok(Some(record?)),
            Some(Status::NotFound) => Ok(None),
            Some(status) => Err(Error::Refused(status)),
        }
    }

    /// Begins changes that happen together or not at all. The table cannot be changed otherwise until that has ended.
    ///
    /// # Errors
    ///
    /// [`Status::Busy`] for ever after a batch was forgotten; when C has no memory.
    #[doc(alias = "cstruct_batch_begin")]
    pub fn batch(&mut self) -> Result<Batch<Changing<'_>>, Error> {
        Batch::begin((self.table.pin_mut(), &self.callbacks))
    }

    pub(super) fn pin_mut(&mut self) -> Pin<&mut TableRef> {
        self.table.pin_mut()
    }

    pub(super) fn callbacks(&self) -> &Arc<Callbacks> {
        &self.callbacks
    }
}

/// Letting go.
impl Table {
    /// Releases the watcher, the records and the table.
    ///
    /// # Errors
    ///
    /// [`CloseError::StillOpen`] with the table, when a batch was forgotten. Dropped, such a table is leaked, and
    /// [`event`](crate::kit::event) is told.
    ///
    /// # Panics
    ///
    /// With what the watcher panicked with when it was dropped. The table is gone then.
    #[doc(alias = "cstruct_table_free")]
    pub fn close(self) -> Result<(), CloseError<Table, Error>> {
        let Table { table, callbacks } = self;
        let result = table.close();
        callbacks.resume();
        result.map_err(|error| error.map_handle(|table| Table { table, callbacks }))
    }
}

impl Deref for Table {
    type Target = TableRef;

    fn deref(&self) -> &TableRef {
        &self.table
    }
}

impl fmt::Debug for TableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.records()).finish()
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
