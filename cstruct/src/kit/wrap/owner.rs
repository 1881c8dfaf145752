//! The newtype of each kind of owner: its constructors, and what it passes on to the kit's generic type.

/// One owner: `Kind Owner [P] [K] (Target) (Raw)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __wrap_owner {
    (Owned $Owner:ident [$($P:ident),*] [$($K:ty)?] ($Target:ty) ($Raw:ty)) => {
        $crate::__wrap_owner!(@newtype Owned $Owner [$($P),*] [$($K)?] ($Target));
        $crate::__wrap_owner!(@keeps $Owner [$($P),*] ($Target));
        $crate::__wrap_owner!(@pin_mut $Owner [$($P),*] ($Target));
        $crate::__wrap_owner!(@close $Owner [$($P),*] ($Target) Release);
        $crate::__wrap_defer!($Owner [$($P),*]);
        $crate::__wrap_owner!(@take_over Owned from_raw from_raw_with $Owner [$($P),*] [$($K)?] ($Raw)
            "Takes over a pointer that C gave."
            "If not NULL, it points to a live object that only the result releases from now on, and all that it leans on lives as long as its keeper. If the keeper borrows, C bears that a forgotten object outlives what it leans on."
            $crate::kit::Null
        );
        $crate::__wrap_owner!(@give_up Owned $Owner [$($P),*] [$($K)?] ($Raw));
    };

    (Shared $Owner:ident [$($P:ident),*] [$($K:ty)?] ($Target:ty) ($Raw:ty)) => {
        $crate::__wrap_owner!(@newtype Shared $Owner [$($P),*] [$($K)?] ($Target));
        $crate::__wrap_owner!(@keeps $Owner [$($P),*] ($Target));
        $crate::__wrap_owner!(@close $Owner [$($P),*] ($Target) Release);
        $crate::__wrap_defer!($Owner [$($P),*]);
        $crate::__wrap_owner!(@take_over Shared adopt adopt_with $Owner [$($P),*] [$($K)?] ($Raw)
            "Takes over a count that came with the pointer."
            "If not NULL, it points to a live object of which one count is the caller's, which only the result gives back; all that it leans on lives as long as its keeper. If the keeper borrows, C bears that a forgotten object outlives what it leans on."
            $crate::kit::Null
        );
        $crate::__wrap_owner!(@take_over Shared retain retain_with $Owner [$($P),*] [$($K)?] ($Raw)
            "Takes a further count of an object that somebody else holds."
            "If not NULL, it points to an object that is live throughout the call and not borrowed exclusively; all that it leans on lives as long as its keeper. If the keeper borrows, C bears that a forgotten object outlives what it leans on."
            $crate::kit::RetainError<<$Target as $crate::kit::RefCounted>::RetainError>
        );
        $crate::__wrap_owner!(@give_up Shared $Owner [$($P),*] [$($K)?] ($Raw));

        impl<$($P),*> $Owner<$($P),*> {
            /// One more handle of the same object.
            ///
            /// # Errors
            ///
            /// What C says when it could not take a count.
            #[inline]
            #[track_caller]
            pub fn try_clone(
                &self,
            ) -> ::core::result::Result<Self, <$Target as $crate::kit::RefCounted>::RetainError>
            $(where $K: $crate::kit::SharedKeeper)?
            {
                self.0.try_clone().map($Owner)
            }

            /// Whether both hold the same object.
            #[inline]
            pub fn ptr_eq(this: &Self, other: &Self) -> bool {
                $crate::kit::Shared::ptr_eq(&this.0, &other.0)
            }
        }
    };

    (InPlace $Owner:ident [$($P:ident),*] [$($K:ty)?] ($Target:ty) ($Raw:ty)) => {
        $crate::__wrap_owner!(@newtype InPlace $Owner [$($P),*] [$($K)?] ($Target));
        $crate::__wrap_owner!(@keeps $Owner [$($P),*] ($Target));
        $crate::__wrap_owner!(@pin_mut $Owner [$($P),*] ($Target));
        $crate::__wrap_owner!(@close $Owner [$($P),*] ($Target) Clear);
        $crate::__wrap_defer!($Owner [$($P),*]);
        $crate::__wrap_owner!(@init $Owner [$($P),*] [$($K)?] ($Raw));
    };

    (Filled $Owner:ident [$($P:ident),*] [] ($Target:ty) ($Raw:ty)) => {
        $crate::__wrap_owner!(@newtype Filled $Owner [$($P),*] [] ($Target));
        $crate::__wrap_owner!(@pin_mut $Owner [$($P),*] ($Target));

        impl<$($P),*> ::core::default::Default for $Owner<$($P),*> {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }

        impl<$($P),*> $Owner<$($P),*> {
            /// An empty one.
            #[inline]
            pub fn new() -> Self {
                $Owner($crate::kit::Filled::new())
            }

            /// Disposes of the contents, and has C fill the empty struct.
            ///
            /// # Errors
            ///
            /// That of `fill`.
            ///
            /// # Safety
            ///
            /// Whatever `fill` returns, and if it unwinds, the struct is empty or filled by C.
            #[inline]
            pub unsafe fn fill<__R, __E>(
                &mut self,
                fill: impl ::core::ops::FnOnce(*mut $Raw) -> ::core::result::Result<__R, __E>,
            ) -> ::core::result::Result<__R, __E> {
                // SAFETY: the caller's promise is the same.
                unsafe { self.0.fill(fill) }
            }

            /// Has C change the struct as it is: for a C function that disposes of the old contents itself, or adds to them.
            ///
            /// # Errors
            ///
            /// That of `fill`.
            ///
            /// # Safety
            ///
            /// Whatever `fill` returns, and if it unwinds, the struct is empty or filled by C, and C answers for the
            /// contents that were there.
            #[inline]
            pub unsafe fn refill<__R, __E>(
                &mut self,
                fill: impl ::core::ops::FnOnce(*mut $Raw) -> ::core::result::Result<__R, __E>,
            ) -> ::core::result::Result<__R, __E> {
                // SAFETY: the caller's promise is the same.
                unsafe { self.0.refill(fill) }
            }

            /// The contents, in a value of their own; this one is empty afterwards.
            #[inline]
            pub fn take(&mut self) -> Self {
                $Owner(self.0.take())
            }

            /// Disposes of the contents now. It may be filled again.
            #[inline]
            pub fn clear(&mut self) {
                self.0.clear();
            }
        }
    };

    // ---- The parts that the kinds share.

    (@newtype $Kind:ident $Owner:ident [$($P:ident),*] [$($K:ty)?] ($Target:ty)) => {
        impl<$($P),*> ::core::ops::Deref for $Owner<$($P),*> {
            type Target = $Target;

            #[inline]
            fn deref(&self) -> &$Target {
                &self.0
            }
        }

        impl<$($P),*> ::core::convert::From<$crate::kit::$Kind<$Target $(, $K)?>> for $Owner<$($P),*> {
            #[inline]
            fn from(owner: $crate::kit::$Kind<$Target $(, $K)?>) -> Self {
                $Owner(owner)
            }
        }

        impl<$($P),*> ::core::convert::From<$Owner<$($P),*>> for $crate::kit::$Kind<$Target $(, $K)?> {
            #[inline]
            fn from(owner: $Owner<$($P),*>) -> Self {
                owner.0
            }
        }

        $crate::__wrap_owner!(@keeper $Kind $Owner [$($P),*] [$($K)?]);
    };

    (@keeper $Kind:ident $Owner:ident [$($P:ident),*] []) => {};

    (@keeper $Kind:ident $Owner:ident [$($P:ident),*] [$K:ty]) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// What the object leans on.
            #[inline]
            pub fn keeper(this: &Self) -> &$K {
                $crate::kit::$Kind::keeper(&this.0)
            }
        }
    };

    (@keeps $Owner:ident [$($P:ident),*] ($Target:ty)) => {
        // SAFETY: it is a newtype of an owner, and keeps the object as that does.
        unsafe impl<$($P),*> $crate::kit::Keeper<$Target> for $Owner<$($P),*> {
            #[inline]
            fn parent(&self) -> &$Target {
                &self.0
            }
        }
    };

    (@pin_mut $Owner:ident [$($P:ident),*] ($Target:ty)) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// Borrows the object to change it.
            #[inline]
            pub fn pin_mut(&mut self) -> ::core::pin::Pin<&mut $Target> {
                self.0.pin_mut()
            }
        }
    };

    (@close $Owner:ident [$($P:ident),*] ($Target:ty) $Ends:ident) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// Releases it now and says what C said. A second call does not compile: the owner is gone.
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
                $crate::kit::CloseError<Self, <$Target as $crate::kit::$Ends>::Error>,
            > {
                self.0.close().map_err(|error| error.map_handle($Owner))
            }
        }
    };

    (@take_over $Kind:ident $name:ident $with:ident $Owner:ident [$($P:ident),*] [$($K:ty)?] ($Raw:ty)
        $says:literal $safety:literal $Error:ty) => {
        $crate::__wrap_owner!(@take_over_as $Kind $name $with $Owner [$($P),*] [$(keeper: $K)?] ($Raw) $says $safety $Error);
    };

    (@take_over_as $Kind:ident $name:ident $with:ident $Owner:ident [$($P:ident),*] [] ($Raw:ty)
        $says:literal $safety:literal $Error:ty) => {
        impl<$($P),*> $Owner<$($P),*> {
            #[doc = $says]
            ///
            /// # Errors
            ///
            #[doc = ::core::concat!("When it is NULL, or as [`", ::core::stringify!($Kind), "::", ::core::stringify!($name), "`]($crate::kit::", ::core::stringify!($Kind), "::", ::core::stringify!($name), ") says.")]
            ///
            /// # Safety
            ///
            #[doc = $safety]
            #[inline]
            #[track_caller]
            pub unsafe fn $name(raw: *mut $Raw) -> ::core::result::Result<Self, $Error> {
                // SAFETY: the caller's promise is the same.
                unsafe { $crate::kit::$Kind::$name(raw) }.map($Owner)
            }
        }
    };

    (@take_over_as $Kind:ident $name:ident $with:ident $Owner:ident [$($P:ident),*] [$keeper:ident: $K:ty] ($Raw:ty)
        $says:literal $safety:literal $Error:ty) => {
        impl<$($P),*> $Owner<$($P),*> {
            #[doc = $says]
            ///
            /// # Errors
            ///
            /// When it is NULL, or C says no; the keeper is dropped then.
            ///
            /// # Safety
            ///
            #[doc = $safety]
            #[inline]
            #[track_caller]
            pub unsafe fn $name(
                raw: *mut $Raw,
                $keeper: $K,
            ) -> ::core::result::Result<Self, $Error> {
                // SAFETY: the caller's promise is the same.
                unsafe { $crate::kit::$Kind::$with(raw, $keeper) }.map($Owner)
            }
        }
    };

    (@give_up $Kind:ident $Owner:ident [$($P:ident),*] [] ($Raw:ty)) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// Gives the handle up without releasing anything.
            #[inline]
            pub fn into_raw(this: Self) -> *mut $Raw {
                $crate::kit::$Kind::into_raw(this.0)
            }
        }
    };

    (@give_up $Kind:ident $Owner:ident [$($P:ident),*] [$K:ty] ($Raw:ty)) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// Gives the handle up without releasing anything, and what the object leans on.
            ///
            /// # Safety
            ///
            /// What the object leans on lives, and is left to C, until the object was released: the keeper is not dropped, ended or
            /// changed before.
            #[inline]
            pub unsafe fn into_parts(this: Self) -> (*mut $Raw, $K) {
                // SAFETY: the caller's promise is the same.
                let (handle, keeper) = unsafe { $crate::kit::$Kind::into_parts(this.0) };
                (handle.as_ptr(), keeper)
            }
        }
    };

    (@init $Owner:ident [$($P:ident),*] []  ($Raw:ty)) => {
        $crate::__wrap_owner!(@init_as $Owner [$($P),*] [] ($Raw) ());
    };

    (@init $Owner:ident [$($P:ident),*] [$K:ty] ($Raw:ty)) => {
        $crate::__wrap_owner!(@init_as $Owner [$($P),*] [keeper: $K,] ($Raw) keeper);
    };

    (@init_as $Owner:ident [$($P:ident),*] [$($keeper:tt)*] ($Raw:ty) $kept:expr) => {
        impl<$($P),*> $Owner<$($P),*> {
            /// Allocates room, fills it with what C wants to find there, and has C make the object.
            ///
            /// # Errors
            ///
            /// That of `init`: there is no object then.
            ///
            /// # Safety
            ///
            /// As for [`InPlace::init`]($crate::kit::InPlace::init).
            #[inline]
            #[track_caller]
            pub unsafe fn init<__E>(
                initial: $crate::kit::Initial<$Raw>,
                $($keeper)*
                init: impl ::core::ops::FnOnce(*mut $Raw) -> ::core::result::Result<(), __E>,
            ) -> ::core::result::Result<Self, __E> {
                // SAFETY: the caller's promise is the same.
                unsafe { $crate::kit::InPlace::init(initial, $kept, init) }.map($Owner)
            }
        }
    };

    ($Kind:ident $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "wrap!: `", ::core::stringify!($Kind), "` is no kind of owner, or not used like this; say `Owned<ThingRef>`, ",
            "`Shared<ThingRef>`, `InPlace<ThingRef>` (each also with a keeper: `Owned<ThingRef, K>`) or `Filled<ThingRef>`",
        ));
    };
}
