//! The declaration of a wrapped type.

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
/// # The words
///
/// A declaration is `unsafe` because it is believed: read the C documentation for each word.
///
/// | word | says |
/// |---|---|
/// | `release = c_function;` | C releases it with `void c_function(T *)`, which cannot fail. A function that returns something does not compile here |
/// | `close = c_function, outcome => Error;` | C releases it with a function that answers; `outcome` turns the answer into a [`Released<Error>`](crate::kit::Released) |
/// | `send = "reason";` | it may be used and released on another thread than the one that made it |
/// | `sync = "reason";` | it may be read from several threads at once |
///
/// # The forms
///
/// | form | for |
/// |---|---|
/// | `struct Thing = Owned<ThingRef>;` | an object that stands alone |
/// | `struct Child<K> = Owned<ChildRef, K>;` | an object that leans on another: `K` is a [`Keeper`](crate::kit::Keeper) |
/// | only `struct ThingRef(sys::thing);` | an object that its library or its parent owns: there is no owner type |
///
/// # What it writes
///
/// Types and trait impls, no logic. For the declaration above:
///
/// ```text
/// #[derive(Debug)] #[repr(transparent)] pub struct Thing(Owned<ThingRef>);
/// #[derive(Debug)] #[repr(transparent)] pub struct ThingRef(Opaque<sys::thing>);
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
/// impl Deref for Thing { type Target = ThingRef; … }
/// unsafe impl Keeper<ThingRef> for Thing { … }
/// impl From<Owned<ThingRef>> for Thing { … }
/// impl From<Thing> for Owned<ThingRef> { … }
/// impl Thing {
///     pub unsafe fn from_raw(raw: *mut sys::thing) -> Result<Thing, Null>;
///     pub fn into_raw(this: Thing) -> *mut sys::thing;
///     pub fn pin_mut(&mut self) -> Pin<&mut ThingRef>;
///     pub fn close(self) -> Result<(), CloseError<Thing, Infallible>>;
/// }
/// ```
#[macro_export]
macro_rules! wrap {
    // An owner that stands alone.
    (
        $(#[$owner_attribute:meta])*
        $owner_vis:vis struct $Owner:ident = Owned<$Owned:ident>;

        $(#[$ref_attribute:meta])*
        $ref_vis:vis struct $Ref:ident($Raw:ty);

        unsafe { $($word:ident = $($value:expr),+ $(=> $Error:ty)?;)* }
    ) => {
        $crate::wrap!(@borrowed [$(#[$ref_attribute])*] $ref_vis $Ref($Raw));
        $($crate::wrap!(@word $word $Ref($Raw) $($value),+ $(=> $Error)?);)*

        $(#[$owner_attribute])*
        #[repr(transparent)]
        $owner_vis struct $Owner($crate::kit::Owned<$Owned>);
        $crate::wrap!(@owner $Owner, $Owned);

        impl $Owner {
            /// Takes over a pointer that C gave.
            ///
            /// # Errors
            ///
            /// [`Null`]($crate::kit::Null) when it is NULL.
            ///
            /// # Safety
            ///
            /// If not NULL, it points to a live object that only the result releases from now on.
            #[inline]
            #[track_caller]
            pub unsafe fn from_raw(raw: *mut $Raw) -> ::core::result::Result<Self, $crate::kit::Null> {
                // SAFETY: the caller's promise is the same.
                unsafe { $crate::kit::Owned::from_raw(raw) }.map($Owner)
            }

            /// Gives the object up without releasing it.
            #[inline]
            pub fn into_raw(this: Self) -> *mut $Raw {
                $crate::kit::Owned::into_raw(this.0)
            }
        }
    };

    // An owner that leans on what its keeper keeps.
    (
        $(#[$owner_attribute:meta])*
        $owner_vis:vis struct $Owner:ident<$K:ident> = Owned<$Owned:ident, $Keeper:ident>;

        $(#[$ref_attribute:meta])*
        $ref_vis:vis struct $Ref:ident($Raw:ty);

        unsafe { $($word:ident = $($value:expr),+ $(=> $Error:ty)?;)* }
    ) => {
        $crate::wrap!(@borrowed [$(#[$ref_attribute])*] $ref_vis $Ref($Raw));
        $($crate::wrap!(@word $word $Ref($Raw) $($value),+ $(=> $Error)?);)*

        $(#[$owner_attribute])*
        #[repr(transparent)]
        $owner_vis struct $Owner<$K>($crate::kit::Owned<$Owned, $Keeper>);
        $crate::wrap!(@owner $Owner, $Owned, $K);

        impl<$K> $Owner<$K> {
            /// Takes over a pointer that C gave, to an object that leans on what `keeper` keeps.
            ///
            /// # Errors
            ///
            /// [`Null`]($crate::kit::Null) when it is NULL; the keeper is dropped.
            ///
            /// # Safety
            ///
            /// If not NULL, it points to a live object that only the result releases from now on, and all that it leans on
            /// lives as long as the keeper.
            #[inline]
            #[track_caller]
            pub unsafe fn from_raw(
                raw: *mut $Raw,
                keeper: $K,
            ) -> ::core::result::Result<Self, $crate::kit::Null> {
                // SAFETY: the caller's promise is the same.
                unsafe { $crate::kit::Owned::from_raw_with(raw, keeper) }.map($Owner)
            }

            /// Gives the object up without releasing it, and what it leans on, which must outlive it.
            #[inline]
            pub fn into_parts(this: Self) -> (*mut $Raw, $K) {
                let (handle, keeper) = $crate::kit::Owned::into_parts(this.0);
                (handle.as_ptr(), keeper)
            }

            /// What the object leans on.
            #[inline]
            pub fn keeper(this: &Self) -> &$K {
                $crate::kit::Owned::keeper(&this.0)
            }
        }
    };

    // A type that is only ever borrowed.
    (
        $(#[$ref_attribute:meta])*
        $ref_vis:vis struct $Ref:ident($Raw:ty);

        $(unsafe { $($word:ident = $($value:expr),+;)* })?
    ) => {
        $crate::wrap!(@borrowed [$(#[$ref_attribute])*] $ref_vis $Ref($Raw));
        $($($crate::wrap!(@word $word $Ref($Raw) $($value),+);)*)?
    };

    // ---- The parts that the forms share.

    (@borrowed [$($attribute:tt)*] $vis:vis $Ref:ident($Raw:ty)) => {
        $($attribute)*
        #[repr(transparent)]
        $vis struct $Ref($crate::kit::Opaque<$Raw>);

        // SAFETY: the struct is transparent over `Opaque<Raw>`, whose field is private to this declaration.
        unsafe impl $crate::kit::Foreign for $Ref {
            type Raw = $Raw;
        }
    };

    (@owner $Owner:ident, $Ref:ident $(, $K:ident)?) => {
        impl$(<$K>)? ::core::ops::Deref for $Owner$(<$K>)? {
            type Target = $Ref;

            #[inline]
            fn deref(&self) -> &$Ref {
                &self.0
            }
        }

        // SAFETY: it is a newtype of an owner, and keeps the object as that does.
        unsafe impl$(<$K>)? $crate::kit::Keeper<$Ref> for $Owner$(<$K>)? {
            #[inline]
            fn parent(&self) -> &$Ref {
                &self.0
            }
        }

        impl$(<$K>)? ::core::convert::From<$crate::kit::Owned<$Ref $(, $K)?>> for $Owner$(<$K>)? {
            #[inline]
            fn from(owned: $crate::kit::Owned<$Ref $(, $K)?>) -> Self {
                $Owner(owned)
            }
        }

        impl$(<$K>)? ::core::convert::From<$Owner$(<$K>)?> for $crate::kit::Owned<$Ref $(, $K)?> {
            #[inline]
            fn from(owner: $Owner$(<$K>)?) -> Self {
                owner.0
            }
        }

        impl$(<$K>)? $Owner$(<$K>)? {
            /// Borrows the object to change it.
            #[inline]
            pub fn pin_mut(&mut self) -> ::core::pin::Pin<&mut $Ref> {
                self.0.pin_mut()
            }

            /// Releases the object now and says what C said. A second call does not compile: the owner is gone.
            ///
            /// # Errors
            ///
            /// [`CloseError`]($crate::kit::CloseError): it is gone and something failed, or C refused and here is the
            /// owner again. Where the release cannot fail, `let Ok(()) = owner.close();` is enough.
            #[inline]
            pub fn close(
                self,
            ) -> ::core::result::Result<
                (),
                $crate::kit::CloseError<Self, <$Ref as $crate::kit::Release>::Error>,
            > {
                self.0.close().map_err(|error| error.map_handle($Owner))
            }
        }
    };

    (@word release $Ref:ident($Raw:ty) $release:expr) => {
        // SAFETY: the declaration says that this is the function that C releases it with. C does not unwind.
        unsafe impl $crate::kit::Release for $Ref {
            type Handle = ::core::ptr::NonNull<$Raw>;
            type Error = ::core::convert::Infallible;

            #[inline]
            unsafe fn release(handle: Self::Handle) -> $crate::kit::Released<Self::Error> {
                // SAFETY: the caller owns the object and gives it up.
                let () = unsafe { $release(handle.as_ptr()) };
                $crate::kit::Released::Gone
            }
        }
    };

    (@word close $Ref:ident($Raw:ty) $close:expr, $outcome:expr => $Error:ty) => {
        // SAFETY: the declaration says that this is the function that C releases it with, and how to read its answer.
        unsafe impl $crate::kit::Release for $Ref {
            type Handle = ::core::ptr::NonNull<$Raw>;
            type Error = $Error;

            #[inline]
            unsafe fn release(handle: Self::Handle) -> $crate::kit::Released<Self::Error> {
                // SAFETY: the caller owns the object and gives it up if the answer says so.
                $outcome(unsafe { $close(handle.as_ptr()) })
            }
        }
    };

    (@word send $Ref:ident($Raw:ty) $reason:expr) => {
        const _: &str = $reason;
        // SAFETY: the declaration says so, with its reason.
        unsafe impl ::core::marker::Send for $Ref {}
    };

    (@word sync $Ref:ident($Raw:ty) $reason:expr) => {
        const _: &str = $reason;
        // SAFETY: the declaration says so, with its reason.
        unsafe impl ::core::marker::Sync for $Ref {}
    };

    (@word $word:ident $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "wrap!: the word `", ::core::stringify!($word), "` is not known or not used like this; say ",
            "`release = c_function;`, `close = c_function, outcome => Error;`, `send = \"reason\";` or `sync = \"reason\";`",
        ));
    };
}
