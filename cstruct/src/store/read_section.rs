//! `cstruct_table_read_begin` and `cstruct_table_read_end`: between them a table stands still, and has an order.

use core::fmt;
use core::pin::Pin;

use cstruct_sys as sys;

use super::error::check;
use super::{CStructRef, Error, Table, TableRef};
use crate::kit::{CloseError, Foreign, Items, MayForget, Released, Scope, Section, SendSection};

/// The pair of functions.
enum Reading {}

// SAFETY: BEGINS and ENDS: a failed begin has begun nothing, and a refused end has ended nothing. "The end of the table ends them too". Inside,
// what would change the table is answered with CSTRUCT_BUSY, and sections nest.
unsafe impl Section for Reading {
    type Of = TableRef;
    type Error = Error;

    unsafe fn begin(table: Pin<&mut TableRef>) -> Result<(), Error> {
        // SAFETY: the table is live and borrowed exclusively.
        check(unsafe { sys::cstruct_table_read_begin(table.as_ptr()) })
    }

    unsafe fn end(table: Pin<&mut TableRef>) -> Released<Error> {
        // SAFETY: as for `begin`.
        match check(unsafe { sys::cstruct_table_read_end(table.as_ptr()) }) {
            Ok(()) => Released::Gone,
            Err(error) => Released::Refused(error),
        }
    }
}

// SAFETY: a table whose section is never ended answers every change with CSTRUCT_BUSY, and may be looked at and released.
unsafe impl MayForget for Reading {}

// SAFETY: sections may be "ended on another thread than the one that began them".
unsafe impl SendSection for Reading {}

/// A read section of a table: its records in the order of their names, and nothing comes or goes.
///
/// It ends when it is dropped. What is legal only inside is a method of it.
///
/// ```
/// use cstruct::{CStruct, Table};
///
/// let mut table = Table::new()?;
/// for name in [c"north", c"east", c"south"] {
///     table.push(CStruct::named(1, name)?)?;
/// }
/// let section = table.read_section()?;
/// let names: Vec<_> = section.sorted().filter_map(|record| record.name()).collect();
/// assert_eq!(names, [c"east", c"north", c"south"]);
/// drop(section);
/// table.push(CStruct::named(1, c"west")?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it ends the section at once"]
pub struct ReadSection<'t>(Scope<'t, Reading>);

/// Making one.
impl Table {
    /// Begins a read section, for which C sorts the records.
    ///
    /// One that is forgotten leaves the table unchangeable for good: [`Status::Busy`](super::Status::Busy).
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_table_read_begin")]
    pub fn read_section(&mut self) -> Result<ReadSection<'_>, Error> {
        Scope::begin(self.pin_mut()).map(ReadSection)
    }
}

/// Using it.
impl ReadSection<'_> {
    /// The table.
    pub fn table(&self) -> &TableRef {
        self.0.object()
    }

    /// The record at `index` in the order of the names' bytes.
    #[doc(alias = "cstruct_table_sorted_at")]
    pub fn sorted_at(&self, index: usize) -> Option<&CStructRef> {
        // SAFETY: the table is live, and this is within a read section of it; any index is legal.
        let record = unsafe { sys::cstruct_table_sorted_at(self.table().as_ptr(), index) };
        // SAFETY: NULL, or BORROWED(self, changed): what changes the table borrows this exclusively, and so not while the
        // result is borrowed.
        unsafe { CStructRef::from_ptr(record) }.ok()
    }

    /// All records in that order.
    #[doc(alias = "cstruct_table_sorted_at")]
    pub fn sorted(&self) -> SortedRecords<'_> {
        Items::new(self, self.table().len(), |section, index| {
            let Some(record) = section.sorted_at(index) else {
                unreachable!("nothing leaves the table in a read section")
            };
            record
        })
    }

    /// Begins a section within this one, which ends before it.
    ///
    /// # Errors
    ///
    /// None that can happen here: C sorts only for the outermost.
    #[doc(alias = "cstruct_table_read_begin")]
    pub fn nested(&mut self) -> Result<ReadSection<'_>, Error> {
        Scope::begin(self.0.subject()).map(ReadSection)
    }
}

/// Borrows the records of a read section one after the other, from both ends; made by [`ReadSection::sorted`].
pub type SortedRecords<'s> = Items<'s, ReadSection<'s>, fn(&'s ReadSection<'s>, usize) -> &'s CStructRef>;

/// Letting go.
impl ReadSection<'_> {
    /// Ends it, and says so if C does not.
    ///
    /// # Errors
    ///
    /// None that can happen here, with the section: C refuses only to end what has not begun.
    #[doc(alias = "cstruct_table_read_end")]
    pub fn end(self) -> Result<(), CloseError<Self, Error>> {
        self.0.end().map_err(|error| error.map_handle(ReadSection))
    }
}

impl fmt::Debug for ReadSection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sorted()).finish()
    }
}
