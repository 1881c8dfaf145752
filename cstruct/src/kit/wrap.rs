//! The declaration of a wrapped type.
//!
//! `wrap!` reads a declaration and writes the borrowed type; [`owner`] writes the owner's newtype, [`defer`] its way to a queue,
//! [`word`] the trait impl of each word. None of the four has any logic. [`check`] is what an untrue declaration does not get past.

mod check;
mod defer;
mod owner;
mod word;

pub use check::{NoAnswer, check_reason, no_answer};

/// Declares an owner and its borrowed type for a C struct.
///
/// ```
/// use cstruct::wrap;
/// # #[allow(non_camel_case_types, non_snake_case)] mod sys {
/// #     pub struct thing { pub answer: i32 }
/// #     pub unsafe extern "C" fn thing_new() -> *mut thing { Box::into_raw(Box::new(thing { answer: 42 })) }
/// #     pub unsafe extern "C" fn thing_free(thing: *mut thing) { drop(unsafe { Box::from_raw(thing) }) }
/// # }
///
/// wrap! {
///     /// A thing, owned: released with `thing_free`.
///     #[derive(Debug)]
///     pub struct Thing = Owned<ThingRef>;
///
///     /// A thing, borrowed.
///     #[derive(Debug)]
///     pub struct ThingRef(sys::thing);
///
///     unsafe {
///         release = sys::thing_free;
///         send = "thing.h: a thing may be used on any thread, one at a time";
///     }
/// }
///
/// impl Thing {
///     pub fn new() -> Result<Thing, cstruct::kit::Null> {
///         // SAFETY: thing_new gives a thing that is ours, or NULL.
///         unsafe { Thing::from_raw(sys::thing_new()) }
///     }
/// }
/// # let thing = Thing::new()?;
/// # let Ok(()) = thing.close();
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
///
/// # The forms
///
/// | form | for |
/// |---|---|
/// | `struct Thing = Owned<ThingRef>;` | an object with one owner; see [`Owned`](crate::kit::Owned) |
/// | `struct Blob = Shared<BlobRef>;` | one count of a counted object; see [`Shared`](crate::kit::Shared) |
/// | `struct Stream = InPlace<StreamRef>;` | an object that C makes in room of ours; see [`InPlace`](crate::kit::InPlace), and [`Place`](crate::kit::Place) for the stack |
/// | `struct Text = Filled<TextRef>;` | a struct of ours that C fills; see [`Filled`](crate::kit::Filled) |
/// | `struct Child<K> = Owned<ChildRef, K>;` | an object that leans on another: `K` is a [`Keeper`](crate::kit::Keeper). `Shared` and `InPlace` likewise; it may have a default, as in `struct Child<K = ()>`; in place of a parameter it may be a type, as in `Owned<ChildRef, Arc<Parent>>` |
/// | `struct List<T> = Owned<ListRef<T>>;` with `struct ListRef<T>(sys::list);` | a handle whose elements have a type that C does not know; `List<T, K> = Owned<ListRef<T>, K>` has both |
/// | only `struct ThingRef(sys::thing);` | an object that its library or its parent owns: there is no owner type |
///
/// # The words
///
/// A declaration is `unsafe` because it is believed: read the C documentation for each word. They come in any order, each at
/// most once. A word that is wrong, or is wrong for the form, is named by the compiler, and so is what is missing.
///
/// | word | says |
/// |---|---|
/// | `release = c_function;` | C releases it, or gives one count back, with `void c_function(T *)`, which cannot fail. A function that returns something does not compile here |
/// | `close = c_function, outcome => Error;` | the same with a function that answers; `outcome` turns the answer into a [`Released<Error>`](crate::kit::Released) |
/// | `send = "reason";` | it may be used and released on another thread than the one that made it; also while what it leans on is read elsewhere, if that is `sync` |
/// | `sync = "reason";` | it may be read from several threads at once |
/// | `thread_bound = "reason";` | it must be released on the thread that made it: contradicts `send`, and the ledger tells who does otherwise |
/// | `movable = "reason";` | its bytes may change their place; see [`Movable`](crate::kit::Movable) |
///
/// For `Shared`, where `send` and `sync` together say also that counts may be taken and given back on several threads at once:
///
/// | word | says |
/// |---|---|
/// | `retain = c_function;` | `void c_function(T *)` takes a count and cannot fail |
/// | `retain = c_function, outcome => Error;` | the same with a function that answers; `outcome` turns it into a `Result<(), Error>`. For one that returns its argument: `retain = c_function, \|_\| Ok(()) => Infallible;` |
/// | `clone = "reason";` | taking a count never fails, so there is `Clone`; see [`RetainAlways`](crate::kit::RetainAlways) |
/// | `unique = c_function, outcome;` | it tells whether a count is the only one: `outcome` turns the answer into a `bool`; see [`IsUnique`](crate::kit::IsUnique) |
/// | `owned = "reason";` | a sole owner holds the first count; see [`OwnedIsCounted`](crate::kit::OwnedIsCounted) |
/// | `sink = c_function;` | it claims a floating count; see [`Floating`](crate::kit::Floating) |
/// | `weak = downgrade, upgrade, release => WeakStruct;` | `WeakStruct *downgrade(T *)`, `T *upgrade(WeakStruct *)`, `void release(WeakStruct *)`; see [`Weak`](crate::kit::Weak) |
///
/// For `InPlace`:
///
/// | word | says |
/// |---|---|
/// | `clear = c_function;` | C clears it with `void c_function(T *)`; after a failed init there is nothing to clear |
/// | `clear = c_function, outcome => Error;` | the same with a function that answers; `outcome` gives a [`Released<Error>`](crate::kit::Released) |
/// | `clear_always = …;` | as `clear`, also after a failed init; see [`AfterFailedInit`](crate::kit::AfterFailedInit) |
/// | `no_clear = "reason";` | it needs no end |
///
/// For `Filled`, which needs `movable` as well:
///
/// | word | says |
/// |---|---|
/// | `dispose = c_function;` | C disposes of the contents with `void c_function(T *)`; a struct of zeros is empty |
/// | `dispose = c_function, EMPTY;` | the same where an empty struct is `EMPTY` |
///
/// # Released later
///
/// With the feature `std`, an `Owned`, `Shared` or `InPlace` newtype that borrows nothing has `defer`: its drop goes to a queue, by
/// the rules of `kit::Deferred`.
///
#[cfg_attr(all(feature = "std", target_has_atomic = "64"), doc = "```")]
#[cfg_attr(not(all(feature = "std", target_has_atomic = "64")), doc = "```ignore")]
/// use cstruct::kit::{Bounds, ReleaseQueue};
/// # #[allow(non_camel_case_types)] mod sys {
/// #     pub struct thing;
/// #     pub unsafe extern "C" fn thing_new() -> *mut thing { Box::into_raw(Box::new(thing)) }
/// #     pub unsafe extern "C" fn thing_free(it: *mut thing) { drop(unsafe { Box::from_raw(it) }) }
/// # }
/// # cstruct::wrap! {
/// #     /// A thing, owned.
/// #     pub struct Thing = Owned<ThingRef>;
/// #     /// A thing, borrowed.
/// #     pub struct ThingRef(sys::thing);
/// #     unsafe { release = sys::thing_free; }
/// # }
/// # impl Thing { fn new() -> Result<Thing, cstruct::kit::Null> { unsafe { Thing::from_raw(sys::thing_new()) } } }
///
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// let thing = Thing::new()?.defer(&queue);
/// drop(thing);
/// assert_eq!(queue.stats().backlog, 1);
/// queue.flush();
/// assert_eq!(queue.stats().released, 1);
/// # Ok::<(), cstruct::kit::Null>(())
/// ```
///
/// # A counted object that leans on its device
///
/// ```
/// use cstruct::{kit::Keeper, wrap};
/// # #[allow(non_camel_case_types)] mod sys {
/// #     pub struct device; pub struct image { pub count: u8 }
/// #     pub unsafe extern "C" fn image_new(_: *mut device) -> *mut image { Box::into_raw(Box::new(image { count: 1 })) }
/// #     pub unsafe extern "C" fn image_ref(i: *mut image) -> i32 { unsafe { match (*i).count.checked_add(1) { Some(n) => { (*i).count = n; 0 } None => -1 } } }
/// #     pub unsafe extern "C" fn image_unref(i: *mut image) { unsafe { (*i).count -= 1; if (*i).count == 0 { drop(Box::from_raw(i)) } } }
/// # }
///
/// wrap! {
///     /// One count of an image.
///     pub struct Image<K> = Shared<ImageRef, K>;
///     /// An image, borrowed.
///     pub struct ImageRef(sys::image);
///     unsafe {
///         retain = sys::image_ref, |status| if status == 0 { Ok(()) } else { Err("too many counts") } => &'static str;
///         release = sys::image_unref;
///     }
/// }
///
/// wrap! {
///     /// A device, which its library owns.
///     pub struct DeviceRef(sys::device);
/// }
///
/// impl<K: Keeper<DeviceRef>> Image<K> {
///     pub fn new(device: K) -> Result<Image<K>, cstruct::kit::Null> {
///         # use cstruct::kit::Foreign;
///         // SAFETY: image_new gives an image with a count of one that is ours, or NULL, and it leans on the device.
///         unsafe { Image::adopt(sys::image_new(device.parent().as_ptr()), device) }
///     }
/// }
/// # use cstruct::kit::Foreign;
/// # let mut device = sys::device;
/// # let device = unsafe { DeviceRef::from_ptr(&raw mut device) }?;
/// let image = Image::new(device)?;
/// let again = image.try_clone()?;
/// assert!(Image::ptr_eq(&image, &again));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # What it writes
///
/// Types and trait impls, no logic. For `Thing` above, beside `defer`, and every line of it may be written by hand instead:
///
/// ```
/// use cstruct::kit::{CloseError, Foreign, Keeper, Null, Opaque, Owned, Release, Released};
/// use core::{convert::Infallible, ops::Deref, pin::Pin, ptr::NonNull};
/// # #[allow(non_camel_case_types, non_snake_case)] mod sys {
/// #     pub struct thing { pub answer: i32 }
/// #     pub unsafe extern "C" fn thing_new() -> *mut thing { Box::into_raw(Box::new(thing { answer: 42 })) }
/// #     pub unsafe extern "C" fn thing_free(thing: *mut thing) { drop(unsafe { Box::from_raw(thing) }) }
/// # }
///
/// #[derive(Debug)] #[repr(transparent)] pub struct Thing(Owned<ThingRef>);
/// #[derive(Debug)] #[repr(transparent)] pub struct ThingRef(Opaque<sys::thing>);
///
/// unsafe impl Foreign for ThingRef { type Raw = sys::thing; }
/// unsafe impl Release for ThingRef {
///     type Handle = NonNull<sys::thing>;
///     type Error = Infallible;
///     unsafe fn release(handle: NonNull<sys::thing>) -> Released<Infallible> {
///         let () = unsafe { sys::thing_free(handle.as_ptr()) };
///         Released::Gone
///     }
/// }
/// unsafe impl Send for ThingRef {}
///
/// impl Deref for Thing { type Target = ThingRef; fn deref(&self) -> &ThingRef { &self.0 } }
/// unsafe impl Keeper<ThingRef> for Thing { fn parent(&self) -> &ThingRef { &self.0 } }
/// impl From<Owned<ThingRef>> for Thing { fn from(owned: Owned<ThingRef>) -> Thing { Thing(owned) } }
/// impl From<Thing> for Owned<ThingRef> { fn from(thing: Thing) -> Owned<ThingRef> { thing.0 } }
/// impl Thing {
///     pub unsafe fn from_raw(raw: *mut sys::thing) -> Result<Thing, Null> { unsafe { Owned::from_raw(raw) }.map(Thing) }
///     pub fn into_raw(this: Thing) -> *mut sys::thing { Owned::into_raw(this.0) }
///     pub fn pin_mut(&mut self) -> Pin<&mut ThingRef> { self.0.pin_mut() }
///     pub fn close(self) -> Result<(), CloseError<Thing, Infallible>> { self.0.close().map_err(|e| e.map_handle(Thing)) }
/// }
/// # // SAFETY: thing_new gives a thing that is ours, or NULL.
/// # let Ok(()) = unsafe { Thing::from_raw(sys::thing_new()) }?.close();
/// # Ok::<(), Null>(())
/// ```
///
/// The other forms differ in the newtype's constructors: `adopt`, `retain`, `try_clone` and `ptr_eq` for `Shared`; `init` for
/// `InPlace`; `new`, `fill`, `refill`, `take` and `clear` for `Filled`. A borrowed type with parameters has a `PhantomData` of them
/// beside its `Opaque`, is invariant in them, and is `Send` and `Sync` only if they are.
#[macro_export]
macro_rules! wrap {
    // An owner and its borrowed type.
    (
        $(#[$owner_attribute:meta])*
        $owner_vis:vis struct $Owner:ident $(<$($P:ident $(= $Default:ty)?),+ $(,)?>)? = $Kind:ident<$Target:ty $(, $K:ty)?>;

        $(#[$ref_attribute:meta])*
        $ref_vis:vis struct $Ref:ident $(<$($R:ident),+ $(,)?>)? ($Raw:ty);

        unsafe { $($words:tt)* }
    ) => {
        $crate::wrap!(@borrowed [$(#[$ref_attribute])*] $ref_vis $Ref [$($($R),+)?] ($Raw));

        $(#[$owner_attribute])*
        #[repr(transparent)]
        $owner_vis struct $Owner $(<$($P $(= $Default)?),+>)? ($crate::kit::$Kind<$Target $(, $K)?>);

        const _: () = {
            // An owner of another type would be released as that one is, whatever is said below.
            #[allow(dead_code, clippy::extra_unused_type_parameters, reason = "it exists to be compiled")]
            fn target<$($($P),+)?>(declared: &$Target) -> &$Ref<$($($R),+)?> {
                declared
            }
        };

        $crate::__wrap_owner!($Kind $Owner [$($($P),+)?] [$($K)?] ($Target) ($Raw));
        $crate::wrap!(
            @words {$Kind $Owner [$($($P),+)?] [$($K)?]} {$Ref [$($($R),+)?] ($Raw)} $($words)*
        );
    };

    // A type that is only ever borrowed.
    (
        $(#[$ref_attribute:meta])*
        $ref_vis:vis struct $Ref:ident $(<$($R:ident),+ $(,)?>)? ($Raw:ty);

        $(unsafe { $($words:tt)* })?
    ) => {
        $crate::wrap!(@borrowed [$(#[$ref_attribute])*] $ref_vis $Ref [$($($R),+)?] ($Raw));
        $crate::wrap!(@words {borrowed} {$Ref [$($($R),+)?] ($Raw)} $($($words)*)?);
    };

    (@borrowed [$($attribute:tt)*] $vis:vis $Ref:ident [$($R:ident),*] ($Raw:ty)) => {
        $($attribute)*
        #[repr(transparent)]
        $vis struct $Ref<$($R),*>($crate::kit::Opaque<$Raw> $(, ::core::marker::PhantomData<*mut $R>)*);

        // SAFETY: the struct is transparent over `Opaque<Raw>`, whose field is private to this declaration.
        unsafe impl<$($R),*> $crate::kit::Foreign for $Ref<$($R),*> {
            type Raw = $Raw;
        }
    };

    (@words $owner:tt $borrowed:tt $($word:ident = $($value:expr),+ $(=> $Type:ty)?;)*) => {
        $($crate::__wrap_word!($word $owner $borrowed $($value),+ $(=> $Type)?);)*

        // A word that is said twice is a variant that is defined twice.
        const _: () = {
            #[allow(dead_code, non_camel_case_types, reason = "it exists for its variants to differ")]
            enum Words { $($word),* }
        };
    };

    // What newcomers write that this cannot read, each with what to write.
    ($(#[$attribute:meta])* $vis:vis struct $Owner:ident <$lifetime:lifetime $($rest:tt)*) => {
        ::core::compile_error!(
            "wrap!: a declaration takes types as parameters, not lifetimes: say `struct Child<K> = Owned<ChildRef, K>;`, and use it as \
             `Child<&'a ParentRef>`"
        );
    };

    ($(#[$attribute:meta])* $vis:vis struct $Owner:ident <$P:ident : $($rest:tt)*) => {
        ::core::compile_error!(
            "wrap!: a declaration takes parameters without bounds: say `struct Child<K> = Owned<ChildRef, K>;`, and write the bound where \
             you make one, as in `impl<K: Keeper<ParentRef>> Child<K>`"
        );
    };

    (@$($rest:tt)*) => {
        ::core::compile_error!(
            "wrap!: each word is `word = value;` or `word = value, value => Type;`, as in `release = sys::thing_free;`"
        );
    };

    ($($rest:tt)*) => {
        ::core::compile_error!(
            "wrap!: say `struct Thing = Owned<ThingRef>; struct ThingRef(sys::thing); unsafe { release = sys::thing_free; }`, in this \
             order and with nothing in `ThingRef` but the C struct; without an owner, only `struct ThingRef(sys::thing);`"
        );
    };
}
