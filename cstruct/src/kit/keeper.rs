//! What keeps a parent alive while a child of it lives.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use core::pin::Pin;

/// Something that, while it lives, keeps a `P` alive and at its address.
///
/// A child object is an [`Owned<T, K>`](super::Owned) whose `K` is a keeper of its parent; it is dropped after the child was
/// released. One constructor, generic over the keeper, serves every way of holding the parent:
///
/// | `K` | the child |
/// |---|---|
/// | `&'p ParentRef` | costs nothing, and cannot outlive the borrow |
/// | `Arc<Parent>`, `Rc<Parent>` | can be stored anywhere; the parent ends with its last child |
/// | `Pin<&'p mut ParentRef>` | keeps everybody else from the parent meanwhile |
/// | `Parent` | has the parent to itself |
/// | `(K, V)` | leans on a `V` besides: a closure that C calls, a buffer, the [`Callbacks`](super::Callbacks) |
///
/// A declaration says it as `struct Child<K> = Owned<ChildRef, K>` or, with something of its own in every keeper, as
/// `struct Child<K> = Owned<ChildRef, (K, Arc<Callbacks>)>`. An object that leans on no parent may have any type as its `K`: what it is given
/// is dropped after the object.
///
/// A child that is forgotten (`mem::forget`, a cycle of counts) is never released. A parent that it owns, or has a count of, is not released
/// then either. But a borrow ends all the same, and afterwards safe code may change the parent, and release it, while C still has the
/// child. Most libraries bear that: they refuse, or end the child with its parent, or never touch it again by themselves. Where C does use
/// a child by itself (a thread, a timer, a list that the parent's release walks), the constructor asks for
/// `K: Keeper<ParentRef> + 'static`.
///
/// ```
/// use cstruct::kit::Keeper;
/// use std::sync::Arc;
/// # use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
/// # use core::ptr::NonNull;
/// # pub struct c_parent;
/// # #[repr(transparent)] pub struct ParentRef(Opaque<c_parent>);
/// # unsafe impl Foreign for ParentRef { type Raw = c_parent; }
/// # unsafe impl Release for ParentRef {
/// #     type Handle = NonNull<c_parent>; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: NonNull<c_parent>) -> Released<Self::Error> { Released::Gone }
/// # }
/// # type Parent = Owned<ParentRef>;
///
/// fn child_of<K: Keeper<ParentRef>>(parent: K) {
///     let _for_c = parent.parent().as_ptr();
/// }
/// # let mut raw = c_parent;
/// # let parent = unsafe { Parent::from_raw(&raw mut raw) }?;
/// child_of(&*parent);
/// child_of(Arc::new(parent));
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
///
/// # Safety
///
/// As long as the keeper lives, wherever it is moved to, what [`parent`](Keeper::parent) returns is the same live object at the
/// same address, and it cannot be released.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not keep a `{P}` alive",
    note = "pass `&*parent` for a child that stays in its scope, or `Arc<Parent>` or `Rc<Parent>` for one that is stored"
)]
pub unsafe trait Keeper<P> {
    /// The parent.
    fn parent(&self) -> &P;
}

// SAFETY: what a shared reference points to lives, and stays, for the reference's lifetime, and so for the keeper's.
unsafe impl<P> Keeper<P> for &P {
    fn parent(&self) -> &P {
        self
    }
}

// SAFETY: the exclusive borrow lives as long as the keeper does, and pinning keeps the object in its place.
unsafe impl<P> Keeper<P> for Pin<&mut P> {
    fn parent(&self) -> &P {
        self
    }
}

// SAFETY: while one `Arc` lives its content is neither dropped nor moved, and the content keeps the parent.
unsafe impl<P, O: Keeper<P>> Keeper<P> for Arc<O> {
    fn parent(&self) -> &P {
        (**self).parent()
    }
}

// SAFETY: as for `Arc`.
unsafe impl<P, O: Keeper<P>> Keeper<P> for Rc<O> {
    fn parent(&self) -> &P {
        (**self).parent()
    }
}

// SAFETY: the content of a `Box` lives and stays while the box does, and the content keeps the parent.
unsafe impl<P, O: Keeper<P>> Keeper<P> for Box<O> {
    fn parent(&self) -> &P {
        (**self).parent()
    }
}

/// A keeper whose clones keep the same: each count of a [`Shared`](super::Shared) has one of its own.
///
/// A clone of a parent is another parent, which is of no use to an object that leans on the first; a clone of an `Arc` of it is
/// not. So a parent itself is no such keeper, though it may be `Clone`.
///
/// # Safety
///
/// All that the original keeps lives and stays as long as any clone of it lives.
#[diagnostic::on_unimplemented(
    message = "a clone of `{Self}` may keep something else",
    note = "for an object of which further counts are taken pass `&*parent`, `Arc<Parent>` or `Rc<Parent>`"
)]
pub unsafe trait SharedKeeper: Clone {}

// SAFETY: it keeps nothing.
unsafe impl SharedKeeper for () {}

// SAFETY: a copy of a reference borrows the same, for the same lifetime.
unsafe impl<P: ?Sized> SharedKeeper for &P {}

// SAFETY: "the inner value is dropped when the last `Arc` is" (its documentation), and is not moved before.
unsafe impl<O: ?Sized> SharedKeeper for Arc<O> {}

// SAFETY: as for `Arc`.
unsafe impl<O: ?Sized> SharedKeeper for Rc<O> {}
