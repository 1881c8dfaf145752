//! Handles that are not pointers.

use core::fmt;
use core::hash::Hash;
use core::num::NonZero;

/// A number that is not -1, C's "none" for descriptors and the like.
///
/// `Option<NotMinusOne<i32>>` is four bytes: `None` takes the place of -1. Inside, the bits are complemented, so do not pass its
/// memory to C: pass [`number`](NotMinusOne::number), which costs one instruction.
///
/// ```
/// use cstruct::kit::{NotMinusOne, Owned, Release, Released};
/// # unsafe extern "C" fn c_open() -> i32 { 3 }
/// # unsafe extern "C" fn c_close(fd: i32) -> i32 { if fd == 3 { 0 } else { -1 } }
///
/// struct Descriptor;
/// // SAFETY: "c_close: the descriptor is gone, whatever is returned".
/// unsafe impl Release for Descriptor {
///     type Handle = NotMinusOne<i32>;
///     type Error = &'static str;
///     unsafe fn release(fd: Self::Handle) -> Released<Self::Error> {
///         // SAFETY: the caller owns the descriptor and gives it up.
///         match unsafe { c_close(fd.number()) } {
///             0 => Released::Gone,
///             _ => Released::GoneWith("what was written may be lost"),
///         }
///     }
/// }
///
/// // SAFETY: it may be called at any time.
/// let fd = NotMinusOne::new(unsafe { c_open() }).ok_or("cannot open")?;
/// // SAFETY: the descriptor is new and ours.
/// let file: Owned<Descriptor> = unsafe { Owned::from_handle(fd, ()) };
/// assert_eq!(size_of::<Option<Owned<Descriptor>>>(), size_of::<i32>());
/// file.close().expect("nothing was written");
/// # Ok::<(), &'static str>(())
/// ```
///
/// # Handles of other kinds
///
/// | C says | [`Release::Handle`](super::Release::Handle) | an `Option` of the owner |
/// |---|---|---|
/// | `free(p)` | `NonNull<Raw>` | one word |
/// | `close(fd)`, −1 is "none" | `NotMinusOne<i32>` | four bytes |
/// | `munmap(p, n)` | `(NonNull<u8>, usize)` | two words |
/// | `free(env, p)` | `(NonNull<Env>, NonNull<Raw>)` | two words |
/// | `cleanup(void)` | `()` | see [`Library`](super::Library) |
///
/// An [`Owned`](super::Owned) takes any `Copy` value for a handle: what the release function needs to be called is the handle,
/// and all of it. A number whose "none" is not 0 gets its room for `None` here; pairs have it from their pointer.
///
/// The type that says how it is released has no value, and stands for the object where threads are concerned: an empty struct is `Send` and
/// `Sync`, and then so is the owner. An object that stays on its thread has a [`ThreadBound`](super::ThreadBound) there.
///
/// A mapped region, a pointer and its length:
///
/// ```
/// use cstruct::kit::{Owned, Release, Released};
/// use core::ptr::NonNull;
/// # unsafe extern "C" fn region_map(n: usize) -> *mut u8 { Box::into_raw(vec![7_u8; n].into_boxed_slice()).cast() }
/// # unsafe extern "C" fn region_unmap(p: *mut u8, n: usize) -> i32 {
/// #     drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(p, n)) }); 0
/// # }
///
/// struct Region; // `Send` and `Sync`: "a region is bound to no thread"
/// // SAFETY: "region_unmap(p, n): ends a region of n bytes at p, and fails only if there is none".
/// unsafe impl Release for Region {
///     type Handle = (NonNull<u8>, usize);
///     type Error = i32;
///     unsafe fn release((start, length): Self::Handle) -> Released<i32> {
///         // SAFETY: the caller owns the region and gives it up.
///         match unsafe { region_unmap(start.as_ptr(), length) } {
///             0 => Released::Gone,
///             status => Released::Refused(status),
///         }
///     }
/// }
///
/// // SAFETY: any length may be asked for.
/// let start = NonNull::new(unsafe { region_map(4096) }).expect("there is room");
/// // SAFETY: the region is new and ours.
/// let region: Owned<Region> = unsafe { Owned::from_handle((start, 4096), ()) };
/// assert_eq!(size_of::<Option<Owned<Region>>>(), 2 * size_of::<usize>());
/// region.close().expect("the region was there");
/// ```
///
/// An object that is freed through its environment: the pair is the handle, and the keeper holds the environment, so that
/// it lives longer:
///
/// ```
/// use cstruct::kit::{Owned, Release, Released, ThreadBound};
/// use core::{convert::Infallible, ptr::NonNull};
/// # pub struct Env { live: u32 }
/// # pub struct Item;
/// # unsafe extern "C" fn item_new(env: *mut Env) -> *mut Item { unsafe { (*env).live += 1 }; NonNull::dangling().as_ptr() }
/// # unsafe extern "C" fn item_free(env: *mut Env, _: *mut Item) { unsafe { (*env).live -= 1 } }
///
/// struct EnvItem(ThreadBound); // neither `Send` nor `Sync`: "an environment and its items are used on one thread"
/// // SAFETY: "item_free(env, item): frees an item made by item_new on the same env".
/// unsafe impl Release for EnvItem {
///     type Handle = (NonNull<Env>, NonNull<Item>);
///     type Error = Infallible;
///     unsafe fn release((env, item): Self::Handle) -> Released<Infallible> {
///         // SAFETY: the caller owns the item; its environment lives, because the keeper holds it.
///         unsafe { item_free(env.as_ptr(), item.as_ptr()) };
///         Released::Gone
///     }
/// }
///
/// let mut env = Env { live: 0 };
/// let raw = NonNull::from(&mut env);
/// // SAFETY: the environment lives.
/// let item = NonNull::new(unsafe { item_new(raw.as_ptr()) }).expect("an item");
/// // SAFETY: the item is new and ours; the environment outlives it in this example.
/// let item: Owned<EnvItem> = unsafe { Owned::from_handle((raw, item), ()) };
/// drop(item);
/// assert_eq!(env.live, 0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NotMinusOne<N: Signed>(N::NonZero);

impl<N: Signed> NotMinusOne<N> {
    /// The number, unless it is -1.
    #[inline]
    pub fn new(number: N) -> Option<Self> {
        // INVARIANT: the complement of -1 is 0, and of nothing else.
        number.complement().map(NotMinusOne)
    }

    /// The number as C knows it.
    #[inline]
    pub fn number(self) -> N {
        N::of_complement(self.0)
    }
}

impl<N: Signed> fmt::Debug for NotMinusOne<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.number(), f)
    }
}

impl<N: Signed> fmt::Display for NotMinusOne<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number(), f)
    }
}

/// A signed number that C uses as a handle: `i16`, `i32`, `i64` or `isize`. It cannot be implemented elsewhere.
pub trait Signed: Copy + fmt::Debug + fmt::Display + sealed::Sealed {
    /// The same without 0.
    #[doc(hidden)]
    type NonZero: Copy + Eq + Hash;
    #[doc(hidden)]
    fn complement(self) -> Option<Self::NonZero>;
    #[doc(hidden)]
    fn of_complement(complement: Self::NonZero) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! signed {
    ($($Number:ty),*) => {$(
        impl sealed::Sealed for $Number {}

        impl Signed for $Number {
            type NonZero = NonZero<$Number>;

            #[inline]
            fn complement(self) -> Option<NonZero<$Number>> {
                NonZero::new(!self)
            }

            #[inline]
            fn of_complement(complement: NonZero<$Number>) -> $Number {
                !complement.get()
            }
        }
    )*};
}

signed!(i16, i32, i64, isize);
