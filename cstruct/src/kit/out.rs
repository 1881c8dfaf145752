//! Out-parameters: what C stores through a pointer that it is given.
//!
//! The slot is NULL before the call, and what C leaves in it is adopted before anything else happens. Which status makes it
//! valid is said by the name of the function:
//!
//! | C says | here |
//! |---|---|
//! | `*out` is the new object if the call succeeds | [`made`] |
//! | … and NULL if it fails | [`made_unless_null`] |
//! | … or NULL, if there is none | [`made_or_nothing`] |
//! | on failure, too, `*out` may be a handle, which tells why | [`made_even_if_failed`] |
//! | `*out` is valid whatever the status; `*error` is an object to release | [`whatever`] |
//! | `*out` is a number or a struct | [`value`] |
//! | `*inout` is read and replaced | [`replaced`] |

use core::fmt;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

use super::{Foreign, Null, Owned, Release, tracked};

/// An object that is there if, and only if, the call succeeded. `keeper` is what it leans on, or `()`.
///
/// ```
/// use cstruct::kit::{Null, Owned, out};
/// # use cstruct::kit::{Foreign, Opaque, Release, Released};
/// # use core::ptr::NonNull;
/// # pub struct c_thing;
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: NonNull<c_thing>) -> Released<Self::Error> { Released::Gone }
/// # }
/// # unsafe extern "C" fn thing_new(answer: i32, out: *mut *mut c_thing) -> i32 {
/// #     if answer == 42 { unsafe { *out = NonNull::dangling().as_ptr() }; 0 } else { 2 }
/// # }
/// #[derive(Debug)]
/// pub enum Error { Status(i32), Null(Null) }
/// impl From<Null> for Error { fn from(null: Null) -> Self { Error::Null(null) } }
/// fn check(status: i32) -> Result<(), Error> { if status == 0 { Ok(()) } else { Err(Error::Status(status)) } }
///
/// pub fn thing(answer: i32) -> Result<Owned<ThingRef>, Error> {
///     // SAFETY: "thing_new: stores a new thing, which is the caller's, if it returns 0".
///     unsafe { out::made((), |slot| check(thing_new(answer, slot))) }
/// }
/// assert!(thing(42).is_ok());
/// assert!(matches!(thing(41), Err(Error::Status(2))));
/// ```
///
/// # Errors
///
/// What `call` answered, or [`Null`] when it succeeded and left NULL.
///
/// # Safety
///
/// When `call` succeeds, the slot is NULL or points to a new object as [`Owned::from_raw_with`] asks for it. When it fails, there is
/// nothing in it to release.
#[inline]
#[track_caller]
pub unsafe fn made<T, K, E>(keeper: K, call: impl FnOnce(*mut *mut T::Raw) -> Result<(), E>) -> Result<Owned<T, K>, E>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
    E: From<Null>,
{
    let mut slot = ptr::null_mut();
    call(&raw mut slot)?;
    // SAFETY: the call succeeded, so the caller vouches for what is in the slot.
    Ok(unsafe { Owned::from_raw_with(slot, keeper) }?)
}

/// An object that is there if, and only if, the call succeeded, from C that promises NULL on every failure: one comparison tells, as the
/// pointer tells alone.
///
/// `explain` makes the error of what C answered, which may also be that the call succeeded.
///
/// ```
/// use cstruct::kit::{Null, Owned, out};
/// # use cstruct::kit::{Foreign, Opaque, Release, Released};
/// # use core::ptr::{self, NonNull};
/// # pub struct c_thing;
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: NonNull<c_thing>) -> Released<Self::Error> { Released::Gone }
/// # }
/// # unsafe extern "C" fn thing_new(answer: i32, out: *mut *mut c_thing) -> i32 {
/// #     let made = answer == 42;
/// #     unsafe { *out = if made { NonNull::dangling().as_ptr() } else { ptr::null_mut() } };
/// #     if made { 0 } else { 2 }
/// # }
/// pub fn thing(answer: i32) -> Result<Owned<ThingRef>, i32> {
///     // SAFETY: "thing_new: stores a new thing, which is the caller's, or NULL on a failure".
///     unsafe { out::made_unless_null((), |slot| thing_new(answer, slot), |status, _null| status) }
/// }
/// assert!(thing(42).is_ok());
/// assert_eq!(thing(41).err(), Some(2));
/// ```
///
/// # Errors
///
/// What `explain` made of the answer and of [`Null`].
///
/// # Safety
///
/// Whatever `call` answers, the slot is NULL or points to a new object as [`Owned::from_raw_with`] asks for it; and it is NULL when the
/// object must not be used.
#[inline]
#[track_caller]
pub unsafe fn made_unless_null<T, K, S, E>(
    keeper: K,
    call: impl FnOnce(*mut *mut T::Raw) -> S,
    explain: impl FnOnce(S, Null) -> E,
) -> Result<Owned<T, K>, E>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    let mut slot = ptr::null_mut();
    let answer = call(&raw mut slot);
    // SAFETY: the caller vouches for what is in the slot, whatever the answer.
    let made = unsafe { Owned::from_raw_with(slot, keeper) };
    made.map_err(|null| explain(answer, null))
}

/// An object that may be missing although the call succeeded.
///
/// # Errors
///
/// What `call` answered.
///
/// # Safety
///
/// As for [`made`].
#[inline]
#[cfg_attr(feature = "ledger", track_caller)]
pub unsafe fn made_or_nothing<T, K, E>(
    keeper: K,
    call: impl FnOnce(*mut *mut T::Raw) -> Result<(), E>,
) -> Result<Option<Owned<T, K>>, E>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    let mut slot = ptr::null_mut();
    call(&raw mut slot)?;
    // SAFETY: the call succeeded, so the caller vouches for what is in the slot.
    Ok(unsafe { Owned::from_raw_with(slot, keeper) }.ok())
}

/// An object that a failed call may hand out too, and which must be released all the same (`sqlite3_open`).
///
/// `explain` gets the handle of the failure, if there is one, and makes the error of it before it is released.
///
/// # Errors
///
/// What `explain` made, or [`Null`] when the call succeeded and left NULL.
///
/// # Safety
///
/// Whatever `call` answers, the slot is NULL or points to a new object as [`Owned::from_raw_with`] asks for it.
#[inline]
#[track_caller]
pub unsafe fn made_even_if_failed<T, K, S, E>(
    keeper: K,
    call: impl FnOnce(*mut *mut T::Raw) -> Result<(), S>,
    explain: impl FnOnce(S, Option<&T>) -> E,
) -> Result<Owned<T, K>, E>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
    E: From<Null>,
{
    let mut slot = ptr::null_mut();
    let answer = call(&raw mut slot);
    // SAFETY: the caller vouches for what is in the slot, whatever the answer.
    let made = unsafe { Owned::<T, K>::from_raw_with(slot, keeper) };
    match answer {
        Ok(()) => Ok(made?),
        Err(status) => Err(explain(status, made.as_deref().ok())),
    }
}

/// Whatever is in the slot after the call, and what the call answered: for a value that comes *with* an error, and for errors
/// that are objects (`GError **`). Nest two of them for two slots.
///
/// ```
/// use cstruct::kit::{Owned, out};
/// # use cstruct::kit::{Foreign, Opaque, Release, Released};
/// # use core::ptr::NonNull;
/// # pub struct c_thing;
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: NonNull<c_thing>) -> Released<Self::Error> { Released::Gone }
/// # }
/// # type ThingError = Owned<ThingRef>;
/// # unsafe extern "C" fn thing_run(job: i32, error: *mut *mut c_thing) -> bool {
/// #     if job < 0 { unsafe { error.write(NonNull::dangling().as_ptr()) } } job >= 0
/// # }
/// fn run(job: i32) -> Result<(), Option<ThingError>> {
///     // SAFETY: "thing_run: on failure `*error` is a new error, which the caller releases".
///     let (done, error) = unsafe { out::whatever(|slot| thing_run(job, slot)) };
///     if done { Ok(()) } else { Err(error) }
/// }
/// assert!(run(1).is_ok());
/// assert!(matches!(run(-1), Err(Some(_error))));
/// ```
///
/// # Safety
///
/// Whatever `call` answers, the slot is NULL or points to a new object as [`Owned::from_raw`] asks for it.
#[inline]
#[cfg_attr(feature = "ledger", track_caller)]
pub unsafe fn whatever<T, R>(call: impl FnOnce(*mut *mut T::Raw) -> R) -> (R, Option<Owned<T>>)
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    let mut slot = ptr::null_mut();
    let answer = call(&raw mut slot);
    // SAFETY: the caller vouches for what is in the slot.
    let made = unsafe { Owned::from_raw(slot) }.ok();
    (answer, made)
}

/// A number or a struct that C writes. It is all zero before.
///
/// ```
/// use cstruct::kit::out;
/// # unsafe extern "C" fn thing_size(name: i32, size: *mut u64) -> i32 { if name < 0 { 2 } else { unsafe { size.write(7) }; 0 } }
///
/// fn size(name: i32) -> Result<u64, i32> {
///     // SAFETY: "thing_size: stores the size if it returns 0", and any bytes are a number.
///     unsafe { out::value(|slot| match thing_size(name, slot) { 0 => Ok(()), status => Err(status) }) }
/// }
/// assert_eq!((size(1), size(-1)), (Ok(7), Err(2)));
/// ```
///
/// # Errors
///
/// What `call` answered; what is in the slot is not looked at then.
///
/// # Safety
///
/// When `call` succeeds, the bytes are a valid `V`, for which all zero may be.
#[inline]
pub unsafe fn value<V, E>(call: impl FnOnce(*mut V) -> Result<(), E>) -> Result<V, E> {
    let mut slot = MaybeUninit::zeroed();
    call(slot.as_mut_ptr())?;
    // SAFETY: the call succeeded, so the caller vouches for the bytes.
    Ok(unsafe { slot.assume_init() })
}

/// A handle that C reads and may replace, consume (NULL) or leave. What C leaves is written back, whatever it answers and also
/// when `call` panics.
///
/// ```
/// use cstruct::kit::{Owned, out};
/// # use cstruct::kit::{Foreign, Opaque, Release, Released};
/// # use core::ptr::NonNull;
/// # pub struct c_thing;
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = core::convert::Infallible;
/// #     unsafe fn release(_: NonNull<c_thing>) -> Released<Self::Error> { Released::Gone }
/// # }
/// # unsafe extern "C" fn thing_next(thing: *mut *mut c_thing) -> i32 { unsafe { thing.write(core::ptr::null_mut()) }; 1 }
/// # let mut raw = c_thing;
/// # let thing: Owned<ThingRef> = unsafe { Owned::from_raw(&raw mut raw) }?;
/// let mut thing = Some(thing);
/// // SAFETY: "thing_next: releases `*thing`, and stores the next one, which is the caller's, or NULL behind the last".
/// let status = unsafe { out::replaced(&mut thing, |slot| thing_next(slot)) };
/// assert_eq!((status, thing.is_none()), (1, true));
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
///
/// # Safety
///
/// What `call` leaves in the slot is NULL, the object that was there, still alive, or a new one as [`Owned::from_raw`] asks
/// for it; an object that is not there any more is C's or released.
#[inline]
#[cfg_attr(feature = "ledger", track_caller)]
pub unsafe fn replaced<T, R>(owner: &mut Option<Owned<T>>, call: impl FnOnce(*mut *mut T::Raw) -> R) -> R
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    let slot = owner.take().map_or(ptr::null_mut(), |old| {
        // C answers for it from here on; what it leaves in the slot is adopted as new.
        let _theirs = tracked::releasing::<T>(Owned::handle(&old));
        Owned::take_apart(old).0.as_ptr()
    });
    let mut back = WriteBack { slot, owner };
    call(&raw mut back.slot)
}

/// Adopts what is in the slot, at the latest when unwinding.
struct WriteBack<'o, T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    slot: *mut T::Raw,
    owner: &'o mut Option<Owned<T>>,
}

impl<T> Drop for WriteBack<'_, T>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the caller of `replaced` vouches for what is in the slot; what was there before is there or gone.
        *self.owner = unsafe { Owned::from_raw(self.slot) }.ok();
    }
}

/// A status and what was said about it, both copied: how a failure travels on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure<S, M> {
    /// What the call answered.
    pub status: S,
    /// What C said about it, in whatever form it comes.
    pub message: M,
}

impl<S: fmt::Display, M: fmt::Debug> fmt::Display for Failure<S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.status, self.message)
    }
}

impl<S: fmt::Debug + fmt::Display, M: fmt::Debug> core::error::Error for Failure<S, M> {}
