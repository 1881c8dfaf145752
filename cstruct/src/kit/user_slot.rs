//! A pointer of ours in an object of theirs.
//!
//! ```text
//!   C object { …, user, destroy, … }
//!                  │
//!                  ▼
//!             ┌──────────────────────────────────┐
//!             │ which type │ how to end it │ T   │   on the heap, one allocation
//!             └──────────────────────────────────┘
//! ```

use alloc::boxed::Box;
use core::any::{TypeId, type_name};
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::ptr::{self, NonNull};

use super::Foreign;
use super::panic::catch;

/// The function that ends what a slot holds.
pub type DestroyFn = unsafe extern "C" fn(*mut c_void);

/// A C object that keeps one pointer of ours.
///
/// # Safety
///
/// * Nobody else sets this slot.
/// * `set` tells the truth: after `Ok` C has the new pair, and after `Err` still the old one. It does not unwind.
/// * If [`DESTROYS`](HasUserSlot::DESTROYS): C calls the destroy function exactly once with each user pointer that it accepted, when another takes its place or the object
///   ends; not with NULL, or with NULL too. If not: it never calls it, and the object's `Release` passes what `user` answered
///   [to `UserSlot::destroy`](UserSlot::destroy) once the object is gone.
/// * `user` gives what was set last, and NULL before.
pub unsafe trait HasUserSlot: Foreign {
    /// What a refusal says.
    type Error;

    /// Whether C takes a destroy function and calls it.
    const DESTROYS: bool;

    /// Calls C's setter.
    ///
    /// # Errors
    ///
    /// When C refuses.
    ///
    /// # Safety
    ///
    /// `object` is live and the caller's alone; `user` is NULL, or is ended by `destroy`.
    unsafe fn set(object: *mut Self::Raw, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Self::Error>;

    /// Calls C's getter.
    ///
    /// # Safety
    ///
    /// `object` is live.
    unsafe fn user(object: *mut Self::Raw) -> *mut c_void;
}

/// A typed value in the user slot of a C object.
///
/// It is replaced and destroyed exactly once. The destroy function gets the value and never the object, so it may run while the
/// object is half dead. A value of another type than the one asked for is an error by name.
///
/// ```
/// use cstruct::kit::{DestroyFn, Foreign, HasUserSlot, Opaque, UserSlot};
/// use core::{ffi::c_void, pin::Pin};
/// # #[derive(Default)] pub struct c_thing { user: Option<(*mut c_void, Option<DestroyFn>)> }
/// # unsafe extern "C" fn thing_set_user(t: *mut c_thing, user: *mut c_void, destroy: Option<DestroyFn>) {
/// #     if let Some((old, Some(end))) = unsafe { (*t).user.replace((user, destroy)) } { unsafe { end(old) } }
/// # }
/// # unsafe extern "C" fn thing_user(t: *mut c_thing) -> *mut c_void { unsafe { (*t).user }.map_or(core::ptr::null_mut(), |u| u.0) }
/// #[repr(transparent)]
/// pub struct ThingRef(Opaque<c_thing>);
/// // SAFETY: transparent over `Opaque<c_thing>`.
/// unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// // SAFETY: "thing_set_user: cannot fail; calls destroy with the pointer before".
/// unsafe impl HasUserSlot for ThingRef {
///     type Error = core::convert::Infallible;
///     const DESTROYS: bool = true;
///     unsafe fn set(thing: *mut c_thing, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Self::Error> {
///         // SAFETY: the thing is live; user and destroy belong together.
///         Ok(unsafe { thing_set_user(thing, user, destroy) })
///     }
///     unsafe fn user(thing: *mut c_thing) -> *mut c_void {
///         // SAFETY: the thing is live.
///         unsafe { thing_user(thing) }
///     }
/// }
///
/// # let mut raw = c_thing::default();
/// # let mut thing: Pin<&mut ThingRef> = unsafe { ThingRef::from_ptr_mut(&raw mut raw) }.expect("not NULL");
/// UserSlot::set(thing.as_mut(), String::from("ours")).expect("cannot fail");
/// assert_eq!(UserSlot::<String>::get(&*thing), Ok(Some(&String::from("ours"))));
/// assert!(UserSlot::<u32>::get(&*thing).is_err()); // it is not a number
/// UserSlot::<String>::clear(thing.as_mut()).expect("cannot fail");
/// assert_eq!(UserSlot::<String>::get(&*thing), Ok(None));
/// ```
pub struct UserSlot<T>(PhantomData<T>);

/// What every value begins with, whatever its type.
#[repr(C)]
struct Header {
    type_id: TypeId,
    type_name: &'static str,
    end: unsafe fn(NonNull<Header>),
}

#[repr(C)]
struct Value<T> {
    header: Header,
    value: T,
}

/// Making one.
impl<T: 'static> UserSlot<T> {
    /// Puts a value into the slot, in place of the one before, which is destroyed.
    ///
    /// It must be `Send + Sync`, since it goes where the object goes, and is seen by who sees the object.
    ///
    /// # Errors
    ///
    /// [`NotSet`] with the value, when C refuses; what was there stays.
    pub fn set<O: HasUserSlot>(object: Pin<&mut O>, value: T) -> Result<(), NotSet<T, O::Error>>
    where
        T: Send + Sync,
    {
        // SAFETY: a value that is `Send + Sync` may be seen and dropped on any thread.
        unsafe { UserSlot::set_local(object, value) }
    }

    /// The same for a value that has to stay on this thread.
    ///
    /// # Errors
    ///
    /// As for [`set`](UserSlot::set).
    ///
    /// # Safety
    ///
    /// The object is used and released on this thread only: its type is neither `Send` nor `Sync`.
    pub unsafe fn set_local<O: HasUserSlot>(object: Pin<&mut O>, value: T) -> Result<(), NotSet<T, O::Error>> {
        let header = Header { type_id: TypeId::of::<T>(), type_name: type_name::<T>(), end: end::<T> };
        let new = Box::into_raw(Box::new(Value { header, value }));
        match exchange(object, new.cast()) {
            Ok(()) => Ok(()),
            Err(error) => {
                // SAFETY: it is from `Box::into_raw` above, and C did not take it.
                let value = unsafe { Box::from_raw(new) }.value;
                Err(NotSet { value, error })
            }
        }
    }

    /// Empties the slot; what was there is destroyed.
    ///
    /// # Errors
    ///
    /// When C refuses; what was there stays.
    pub fn clear<O: HasUserSlot>(object: Pin<&mut O>) -> Result<(), O::Error> {
        exchange(object, ptr::null_mut())
    }
}

fn exchange<O: HasUserSlot>(object: Pin<&mut O>, new: *mut c_void) -> Result<(), O::Error> {
    let object = object.as_ptr();
    // SAFETY: the object is live, as a reference to it exists.
    let old = unsafe { O::user(object) };
    let destroy: DestroyFn = destroy;
    let destroy = (O::DESTROYS && !new.is_null()).then_some(destroy);
    // SAFETY: the object is borrowed exclusively; `destroy` ends what `new` points to.
    unsafe { O::set(object, new, destroy) }?;
    if !O::DESTROYS {
        // SAFETY: C has forgotten it and never destroys it, and only this slot sets it.
        unsafe { self::destroy(old) };
    }
    Ok(())
}

/// Using it.
impl<T: 'static> UserSlot<T> {
    /// The value, if there is one.
    ///
    /// # Errors
    ///
    /// [`WrongType`] when there is one of another type.
    pub fn get<O: HasUserSlot>(object: &O) -> Result<Option<&T>, WrongType> {
        let Some(value) = find::<T, O>(object)? else { return Ok(None) };
        // SAFETY: it is a live `T`, which ends only by a change of the object, which is borrowed.
        Ok(Some(unsafe { &(*value.as_ptr()).value }))
    }

    /// The value, to change it.
    ///
    /// # Errors
    ///
    /// [`WrongType`] when there is one of another type.
    pub fn get_mut<O: HasUserSlot>(object: Pin<&mut O>) -> Result<Option<&mut T>, WrongType> {
        let Some(value) = find::<T, O>(&object)? else { return Ok(None) };
        // SAFETY: it is a live `T`, which ends only by a change of the object, which is borrowed exclusively.
        Ok(Some(unsafe { &mut (*value.as_ptr()).value }))
    }
}

fn find<T: 'static, O: HasUserSlot>(object: &O) -> Result<Option<NonNull<Value<T>>>, WrongType> {
    // SAFETY: the object is live, as a reference to it exists.
    let user = unsafe { O::user(object.as_ptr()) };
    let Some(header) = NonNull::new(user.cast::<Header>()) else { return Ok(None) };
    // SAFETY: only this module sets the slot (`HasUserSlot`), to a `Value`, which begins with its header and is live.
    let found = unsafe { header.as_ref() };
    if found.type_id == TypeId::of::<T>() {
        Ok(Some(header.cast()))
    } else {
        Err(WrongType { found: found.type_name, expected: type_name::<T>() })
    }
}

/// Letting go.
impl UserSlot<()> {
    /// Ends a value of any type, once its object is gone: for a [`Release`](super::Release) where C has no destroy function. NULL is nothing.
    ///
    /// A panic of the value's destructor ends here, since C may be behind it.
    ///
    /// # Safety
    ///
    /// `user` is NULL, or what [`HasUserSlot::user`] answered; it is ended by nobody else, and not used afterwards.
    pub unsafe fn destroy(user: *mut c_void) {
        // SAFETY: the caller's promise is the same.
        unsafe { destroy(user) }
    }
}

unsafe extern "C" fn destroy(user: *mut c_void) {
    let Some(header) = NonNull::new(user.cast::<Header>()) else { return };
    // SAFETY: a user pointer of ours points to a `Value`, which begins with its header.
    let end = unsafe { header.as_ref() }.end;
    // SAFETY: the header says how its value ends; it is ended once, as the caller says.
    if let Err(panic) = catch(|| unsafe { end(header) }) {
        panic.discard();
    }
}

/// # Safety
///
/// `header` is that of a live `Value<T>` with this very `T`, which nobody uses any more.
unsafe fn end<T>(header: NonNull<Header>) {
    // SAFETY: it is from `Box::into_raw` in `set_local`, with this type.
    drop(unsafe { Box::from_raw(header.cast::<Value<T>>().as_ptr()) });
}

/// The value in the slot is of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongType {
    found: &'static str,
    expected: &'static str,
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WrongType { found, expected } = self;
        write!(f, "the user slot holds a `{found}` where a `{expected}` was expected; use one type for one slot")
    }
}

impl core::error::Error for WrongType {}

/// C refused a value: here it is.
#[derive(Clone, Copy)]
pub struct NotSet<T, E> {
    /// The value.
    pub value: T,
    /// What C said.
    pub error: E,
}

impl<T, E: fmt::Debug> fmt::Debug for NotSet<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotSet").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<T, E: fmt::Display> fmt::Display for NotSet<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not set: {}", self.error)
    }
}

impl<T, E: core::error::Error + 'static> core::error::Error for NotSet<T, E> {
    /// The cause's own: what the cause says, the text says already.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error.source()
    }
}

impl<T> fmt::Debug for UserSlot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSlot")
    }
}
