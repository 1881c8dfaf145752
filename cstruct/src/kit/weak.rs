//! A reference to a counted object that does not keep it alive.
//!
//! ```text
//!   Shared<T> ──downgrade──► Weak<T> ──upgrade──► Some(Shared<T>)   while the object lives
//!                                         └─────► None              afterwards
//! ```

use alloc::sync::Arc;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::{RefCounted, Shared};

/// A counted object of which C also gives weak references.
///
/// # Safety
///
/// The functions answer the truth and do not unwind. [`upgrade`](WeakCounted::upgrade) decides whether the object lives and takes the
/// count in one step that cannot race with the release of the last count on another thread. A weak reference may be upgraded
/// and released after the object has ended; and if the type is `Send` and `Sync`, on several threads at once.
#[diagnostic::on_unimplemented(
    message = "nothing says how C refers to `{Self}` weakly",
    note = "write `weak = downgrade, upgrade, release => TheWeakStruct;` in its `wrap!`"
)]
pub unsafe trait WeakCounted: RefCounted {
    /// What C names a weak reference by, such as `NonNull<x_weak>`.
    type Handle: Copy;

    /// Makes a weak reference; `None` when C could not.
    ///
    /// # Safety
    ///
    /// `object` is live throughout the call.
    unsafe fn downgrade(object: NonNull<Self::Raw>) -> Option<<Self as WeakCounted>::Handle>;

    /// Takes a count of the object, if it still lives.
    ///
    /// # Safety
    ///
    /// `weak` is a weak reference that was not released.
    unsafe fn upgrade(weak: <Self as WeakCounted>::Handle) -> Option<NonNull<Self::Raw>>;

    /// Ends a weak reference.
    ///
    /// # Safety
    ///
    /// `weak` is a weak reference of the caller's that was not released, and is not used afterwards.
    unsafe fn release_weak(weak: <Self as WeakCounted>::Handle);
}

/// A weak reference: it can be upgraded to a [`Shared`] as long as the object lives, and never looked through.
///
/// An object that leans on a keeper has none: the weak reference would have to keep what the object may no longer need.
///
/// # Invariants
///
/// `handle` is a weak reference that this value alone releases.
///
/// ```
/// use cstruct::kit::{Shared, Weak};
/// # use cstruct::kit::{Foreign, Opaque, RefCounted, Release, Released, WeakCounted};
/// # use core::{convert::Infallible, ptr::NonNull, sync::atomic::{AtomicU32, Ordering::SeqCst}};
/// # pub struct c_node { strong: AtomicU32, weak: AtomicU32 }
/// # #[repr(transparent)] pub struct NodeRef(Opaque<c_node>);
/// # unsafe impl Foreign for NodeRef { type Raw = c_node; }
/// # unsafe fn weak_unref(node: NonNull<c_node>) {
/// #     if unsafe { node.as_ref() }.weak.fetch_sub(1, SeqCst) == 1 { drop(unsafe { Box::from_raw(node.as_ptr()) }) }
/// # }
/// # unsafe impl Release for NodeRef {
/// #     type Handle = NonNull<c_node>; type Error = Infallible;
/// #     unsafe fn release(node: NonNull<c_node>) -> Released<Infallible> {
/// #         if unsafe { node.as_ref() }.strong.fetch_sub(1, SeqCst) == 1 { unsafe { weak_unref(node) } }
/// #         Released::Gone
/// #     }
/// # }
/// # unsafe impl RefCounted for NodeRef {
/// #     type RetainError = Infallible;
/// #     unsafe fn retain(node: NonNull<c_node>) -> Result<(), Infallible> { unsafe { node.as_ref() }.strong.fetch_add(1, SeqCst); Ok(()) }
/// # }
/// # unsafe impl WeakCounted for NodeRef {
/// #     type Handle = NonNull<c_node>;
/// #     unsafe fn downgrade(node: NonNull<c_node>) -> Option<NonNull<c_node>> { unsafe { node.as_ref() }.weak.fetch_add(1, SeqCst); Some(node) }
/// #     unsafe fn upgrade(weak: NonNull<c_node>) -> Option<NonNull<c_node>> {
/// #         let live = |n: u32| if n == 0 { None } else { Some(n + 1) };
/// #         unsafe { weak.as_ref() }.strong.fetch_update(SeqCst, SeqCst, live).ok().map(|_| weak)
/// #     }
/// #     unsafe fn release_weak(weak: NonNull<c_node>) { unsafe { weak_unref(weak) } }
/// # }
/// # fn node_new() -> *mut c_node { Box::into_raw(Box::new(c_node { strong: AtomicU32::new(1), weak: AtomicU32::new(1) })) }
/// // SAFETY: node_new gives a node with a count of one that is ours, or NULL.
/// let node: Shared<NodeRef> = unsafe { Shared::adopt(node_new()) }?;
/// let weak = Weak::of(&node).expect("there is memory");
/// assert!(weak.upgrade().is_some());
/// drop(node);
/// assert!(weak.upgrade().is_none());
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
#[must_use = "dropping it ends the weak reference at once"]
pub struct Weak<T: WeakCounted> {
    handle: <T as WeakCounted>::Handle,
    refers: PhantomData<Arc<T>>,
}

/// Making one.
impl<T: WeakCounted> Weak<T> {
    /// A weak reference to an object; `None` when C could not make one.
    #[inline]
    pub fn of(shared: &Shared<T>) -> Option<Self> {
        // SAFETY: the count keeps the object live.
        let handle = unsafe { T::downgrade(Shared::object(shared)) }?;
        // INVARIANT: it was made just now, for us.
        Some(Weak { handle, refers: PhantomData })
    }

    /// Takes over a weak reference that C gave.
    ///
    /// # Safety
    ///
    /// `handle` is a weak reference, to an object that leans on nothing, that only this value releases.
    #[inline]
    pub unsafe fn from_handle(handle: <T as WeakCounted>::Handle) -> Self {
        // INVARIANT: the caller hands over the only right to release it.
        Weak { handle, refers: PhantomData }
    }
}

/// Turning it into something else.
impl<T: WeakCounted> Weak<T> {
    /// A handle with a count of its own, if the object still lives.
    #[inline]
    pub fn upgrade(&self) -> Option<Shared<T>> {
        // SAFETY: the weak reference was not released (invariant).
        let object = unsafe { T::upgrade(self.handle) }?;
        // SAFETY: the count that C just took is ours; an object with weak references leans on nothing.
        unsafe { Shared::adopt(object.as_ptr()) }.ok()
    }
}

/// Prints nothing of the object, which may have ended.
impl<T: WeakCounted> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}

/// Letting go.
impl<T: WeakCounted> Drop for Weak<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is ours and was not released (invariant); a value is dropped once.
        unsafe { T::release_weak(self.handle) }
    }
}

// Auto-traits: as `Shared`, which it can become on any thread.

// SAFETY: it gives access only by way of a `Shared<T>`, which may be sent if `T: Send + Sync`.
unsafe impl<T: WeakCounted + Send + Sync> Send for Weak<T> {}

// SAFETY: `upgrade` may race with itself and with releases (`WeakCounted`), and gives a `Shared<T>` as above.
unsafe impl<T: WeakCounted + Send + Sync> Sync for Weak<T> {}
