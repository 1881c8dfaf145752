//! `cstruct_table_set_user`: a value of ours that goes where the table goes.

use core::ffi::c_void;

use cstruct_sys as sys;

use super::error::check;
use super::{Error, Table, TableRef};
use crate::kit::{DestroyFn, HasUserSlot, NotSet, UserSlot, WrongType};

// SAFETY: only this file calls cstruct_table_set_user. "After a failure nothing was taken"; DESTROYS(user): called exactly once, when
// another takes its place or the table is released; NULL goes without a destroy.
unsafe impl HasUserSlot for TableRef {
    type Error = Error;
    const DESTROYS: bool = true;

    unsafe fn set(table: *mut sys::cstruct_table, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Error> {
        // SAFETY: the table is live and the caller's alone; `destroy` ends `user`.
        check(unsafe { sys::cstruct_table_set_user(table, user, destroy) })
    }

    unsafe fn user(table: *mut sys::cstruct_table) -> *mut c_void {
        // SAFETY: the table is live.
        unsafe { sys::cstruct_table_user(table) }
    }
}

/// A value of ours in the table.
impl Table {
    /// Attaches a value, in place of the one before, which is dropped. The table drops it at its end, on whichever thread that is.
    ///
    /// ```
    /// use cstruct::Table;
    ///
    /// let mut table = Table::new()?;
    /// table.attach(String::from("of the north"))?;
    /// table.attached_mut::<String>()?.expect("it is there").push_str(" wing");
    /// assert_eq!(table.attached::<String>()?.map(String::as_str), Some("of the north wing"));
    /// assert!(table.attached::<u32>().is_err()); // it is another type
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None that can happen here, with the value: C refuses only what its own callbacks ask for.
    #[doc(alias = "cstruct_table_set_user")]
    pub fn attach<T: Send + Sync + 'static>(&mut self, value: T) -> Result<(), NotSet<T, Error>> {
        UserSlot::set(self.pin_mut(), value)
    }

    /// The attached value, to change it.
    ///
    /// # Errors
    ///
    /// When one of another type is attached.
    #[doc(alias = "cstruct_table_user")]
    pub fn attached_mut<T: 'static>(&mut self) -> Result<Option<&mut T>, WrongType> {
        UserSlot::get_mut(self.pin_mut())
    }

    /// Drops the attached value, whatever its type.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Table::attach).
    #[doc(alias = "cstruct_table_set_user")]
    pub fn detach(&mut self) -> Result<(), Error> {
        UserSlot::<()>::clear(self.pin_mut())
    }
}

impl TableRef {
    /// The attached value.
    ///
    /// # Errors
    ///
    /// When one of another type is attached.
    #[doc(alias = "cstruct_table_user")]
    pub fn attached<T: 'static>(&self) -> Result<Option<&T>, WrongType> {
        UserSlot::get(self)
    }
}
