//! A check that two objects belong to the same parent.
//!
//! Many C functions take two objects and demand, without looking, that both were made by the same context. The keepers know
//! their parents, so the check is a comparison of two addresses.

use core::any::type_name;
use core::fmt;
use core::ptr;

use super::Keeper;

/// Checks that two objects lean on the same parent, before they meet in one call.
///
/// ```
/// use cstruct::kit::SameParent;
/// # use cstruct::kit::{Foreign, Opaque};
/// # pub struct c_context(u8);
/// # #[repr(transparent)] pub struct ContextRef(Opaque<c_context>);
/// # unsafe impl Foreign for ContextRef { type Raw = c_context; }
/// # let (one, other) = (c_context(0), c_context(0));
/// # let (one, other) = unsafe { (ContextRef::from_ptr(&one)?, ContextRef::from_ptr(&other)?) };
///
/// // `one` and `other` are contexts; the keepers of their children are what is compared:
/// // `SameParent::check(Owned::keeper(&a), Owned::keeper(&b))`.
/// assert!(SameParent::check::<ContextRef>(&one, &one).is_ok());
/// let error = SameParent::check::<ContextRef>(&one, &other).unwrap_err();
/// assert!(error.to_string().contains("ContextRef"));
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SameParent;

impl SameParent {
    /// Compares the parents of two keepers, by address.
    ///
    /// # Errors
    ///
    /// [`OtherParent`] when they are two objects.
    #[inline]
    pub fn check<P>(a: &impl Keeper<P>, b: &impl Keeper<P>) -> Result<(), OtherParent> {
        // Both live while their keepers are borrowed, so one address is one object.
        if ptr::eq(a.parent(), b.parent()) { Ok(()) } else { Err(OtherParent { parent: type_name::<P>() }) }
    }
}

/// Two objects that had to belong to the same parent do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherParent {
    parent: &'static str,
}

impl fmt::Display for OtherParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the two objects belong to different parents of type `{}`; make both from the same one", self.parent)
    }
}

impl core::error::Error for OtherParent {}
