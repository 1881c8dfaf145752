//! C structs that may change their place.

use core::ops::DerefMut;
use core::ptr::NonNull;

use super::{Foreign, Owned, Release};

/// A C struct that neither points into itself nor is known to C by its address, so that its bytes may be moved.
///
/// It gives what pinning otherwise withholds: `&mut T` through `DerefMut`, and with it `mem::swap`. `wrap!` writes it from
/// `movable = "reason";`.
///
/// # Safety
///
/// The bytes of any two objects of the type may be exchanged, whoever made them, however each of them ends, and whatever each of
/// them leans on, whenever no call into C is using them; so may the bytes of one be moved to another address. A struct that points to
/// its parent is not movable: its bytes would get away from the keeper of the parent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not be moved in memory",
    label = "its address may be known to C, or it may point into itself",
    note = "change it through `pin_mut()`; if its C documentation allows moving, write `movable = \"where it says so\";` in its `wrap!`"
)]
pub unsafe trait Movable: Foreign {}

impl<T, K> DerefMut for Owned<T, K>
where
    T: Movable + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: pinning protects an object from being moved, which this one does not mind (`Movable`).
        unsafe { self.pin_mut().get_unchecked_mut() }
    }
}
