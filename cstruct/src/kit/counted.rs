//! What a library says about an object that it counts.

use core::fmt;
use core::ptr::NonNull;

use super::{Foreign, Release};

/// An object that is reference counted: C ends it when the last count is given back.
///
/// [`Release::release`] gives one count back; this adds how one is taken. [`wrap!`](crate::wrap) writes the impl from
/// `retain = …;`. An object of this kind is held by [`Shared`](super::Shared).
///
/// # Safety
///
/// [`retain`](RefCounted::retain) answers the truth: after `Ok` there is one count more, which is the caller's, and after `Err`
/// there is none. As long as one count is held, the object is live and stays at its address. `retain` does not unwind.
///
/// If the type is `Send` and `Sync`, counts of one object are taken and given back on several threads at once: C counts with atomics, or
/// under a lock.
#[diagnostic::on_unimplemented(
    message = "nothing says how C takes a further count of `{Self}`",
    label = "no function that takes a count",
    note = "write `retain = the_c_function;` or `retain = the_c_function, outcome => Error;` in its `wrap!`"
)]
pub unsafe trait RefCounted: Foreign + Release<Handle = NonNull<<Self as Foreign>::Raw>> {
    /// Why a count cannot be taken; [`Infallible`](core::convert::Infallible) when it always can.
    type RetainError: fmt::Debug + fmt::Display;

    /// Takes one more count.
    ///
    /// # Errors
    ///
    /// What C says when it cannot, such as a count that has reached its limit.
    ///
    /// # Safety
    ///
    /// `object` is live throughout the call.
    unsafe fn retain(object: NonNull<Self::Raw>) -> Result<(), Self::RetainError>;
}

/// A count that can always be taken: [`Shared`](super::Shared) is `Clone`.
///
/// If C refuses one all the same, `clone` ends the process, as that of [`Arc`](alloc::sync::Arc) does when its count
/// overflows: whoever calls `clone` relied on there being no error to handle. A library whose refusal is an answer like any
/// other has [`try_clone`](super::Shared::try_clone) alone. `wrap!` writes this from `clone = "reason";`.
#[diagnostic::on_unimplemented(
    message = "taking a count of `{Self}` may fail, so its handle has no `clone`",
    label = "use `try_clone` here",
    note = "if the library says that it cannot fail, write `clone = \"where it says so\";` in its `wrap!`"
)]
pub trait RetainAlways: RefCounted {}

/// A library that can say whether a count is the only one: [`Shared`](super::Shared) has exclusive access then.
///
/// There is no race in the answer *yes*: the asker holds the only count through an exclusive borrow, so nobody else has a
/// handle to take a second one from, and the contract below closes every other way.
///
/// # Safety
///
/// When [`is_unique`](IsUnique::is_unique) says yes,
///
/// * no other count is held, C's own included, and no weak reference can be upgraded any more;
/// * C takes a count of its own only in calls that are given the object;
/// * what former holders did to the object happened before the answer: C reads the count with acquire ordering, or under the
///   lock that it is changed under;
/// * no safe function of the wrapper makes a `Shared` from a `&Self`.
#[diagnostic::on_unimplemented(
    message = "nothing says how C tells that a count of `{Self}` is the only one",
    label = "no exclusive access",
    note = "write `unique = the_c_function, its_answer_as_bool;` in its `wrap!`, if the library has one that is free of races"
)]
pub unsafe trait IsUnique: RefCounted {
    /// Whether the caller's count is the only one.
    ///
    /// # Safety
    ///
    /// `object` is live, and the caller holds a count of it.
    unsafe fn is_unique(object: NonNull<Self::Raw>) -> bool;
}

/// A library in which a sole owner is the holder of the first count: [`Owned`](super::Owned) becomes
/// [`Shared`](super::Shared), and back where the library [tells](IsUnique) that the count is one.
///
/// # Safety
///
/// An owned object has a count of one, which [`Release::release`] gives back. No safe function of the wrapper makes a
/// `Shared` from a `&Self`: the owner of that object would go on changing it.
#[diagnostic::on_unimplemented(
    message = "nothing says that an owner of `{Self}` is the holder of its first count",
    note = "write `owned = \"where the library says so\";` in its `wrap!`"
)]
pub unsafe trait OwnedIsCounted: RefCounted {}
