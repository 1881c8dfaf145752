//! A wrapper that is wrong on purpose: what the ledger catches has to be done by somebody.
//!
//! Its functions are safe to call by their signatures and unsound in truth: each says what its caller must not do, where a right
//! wrapper would have made that impossible. `cstruct-demo` has no unsafe code, and takes its mistakes from here.
//!
//! ```
//! use cstruct::CStruct;
//!
//! let owner = CStruct::new(1)?;
//! let second = cstruct_demo_faulty::adopt_again(&owner)?; // two owners would release it twice …
//! std::mem::forget(second); // … so one of them must not be dropped
//! # Ok::<(), cstruct::Error>(())
//! ```

use std::mem::ManuallyDrop;
use std::ptr;

use cstruct::kit::Foreign;
use cstruct::{CStruct, CStructRef, Error};

/// The C struct of a record.
pub type Raw = <CStructRef as Foreign>::Raw;

/// Takes a borrowed record for an owned one. To drop both owners is a double free.
///
/// # Errors
///
/// None: a reference is not NULL.
#[track_caller]
pub fn adopt_again(borrowed: &CStructRef) -> Result<CStruct, Error> {
    // SAFETY: broken on purpose: `from_raw` asks that only the result releases the record, and its owner will too. The caller
    // forgets the result instead of dropping it.
    Ok(unsafe { CStruct::from_raw(borrowed.as_ptr()) }?)
}

/// Copies an owner's bytes, of which the ledger learns nothing: the spare key to an object whose owner is about to be forgotten.
/// To drop both is a double free.
pub fn spare(owner: &CStruct) -> ManuallyDrop<CStruct> {
    // SAFETY: a reference is valid for reads of what it refers to. That there are two owners then is the mistake; the caller
    // forgets one of them.
    ManuallyDrop::new(unsafe { ptr::read(owner) })
}

/// Takes back what left by `into_raw`. Any other pointer is undefined behaviour.
///
/// # Errors
///
/// When it is NULL.
#[track_caller]
#[allow(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "unsound on purpose: only an unsafe function could take any pointer"
)]
pub fn take_back(raw: *mut Raw) -> Result<CStruct, Error> {
    // SAFETY: broken on purpose: nothing here knows where the pointer is from. The caller has it from `into_raw`, and takes it
    // back once.
    Ok(unsafe { CStruct::from_raw(raw) }?)
}
