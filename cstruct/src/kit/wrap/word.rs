//! What each word of a declaration becomes: one trait impl on the borrowed type, and at most its method on the owner.

/// One word: `word {Kind Owner [P] [K]} {Ref [R] (Raw)} values => Type`.
#[doc(hidden)]
#[macro_export]
macro_rules! __wrap_word {
    (release $owner:tt {$Ref:ident [$($R:ident),*] ($Raw:ty)} $release:expr) => {
        // SAFETY: the declaration says that this is the function that C releases it with. C does not unwind.
        unsafe impl<$($R),*> $crate::kit::Release for $Ref<$($R),*> {
            type Handle = ::core::ptr::NonNull<$Raw>;
            type Error = ::core::convert::Infallible;

            $crate::__wrap_word!(@told);

            #[inline]
            unsafe fn release(handle: Self::Handle) -> $crate::kit::Released<Self::Error> {
                // SAFETY: the caller owns the object and gives it up.
                $crate::kit::no_answer(unsafe { $release(handle.as_ptr()) });
                $crate::kit::Released::Gone
            }
        }
    };

    (close $owner:tt {$Ref:ident [$($R:ident),*] ($Raw:ty)} $close:expr, $outcome:expr => $Error:ty) => {
        // SAFETY: the declaration says that this is the function that C releases it with, and how to read its answer.
        unsafe impl<$($R),*> $crate::kit::Release for $Ref<$($R),*> {
            type Handle = ::core::ptr::NonNull<$Raw>;
            type Error = $Error;

            $crate::__wrap_word!(@told);

            #[inline]
            unsafe fn release(handle: Self::Handle) -> $crate::kit::Released<Self::Error> {
                // SAFETY: the caller owns the object and gives it up if the answer says so.
                $outcome(unsafe { $close(handle.as_ptr()) })
            }
        }
    };

    // What the ledger is told of an object, inside its impl of `Release`.
    (@told) => {
        const THREAD_BOUND: bool = {
            // Without the word `thread_bound`, which writes a constant of the type's own, the trait's is meant.
            #[allow(unused_imports, reason = "with the word it is not needed")]
            use $crate::kit::NotThreadBound as _;
            Self::THREAD_BOUND_BY_WORD
        };

        #[inline]
        fn address(handle: Self::Handle) -> usize {
            handle.as_ptr().addr()
        }
    };

    (thread_bound $owner:tt {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);

        impl<$($R),*> $Ref<$($R),*> {
            const THREAD_BOUND_BY_WORD: bool = true;
        }

        const _: () = {
            // Both impls fit a type that is `Send`, and then the compiler cannot choose.
            trait ThreadBoundContradictsSend<A> {
                fn check() {}
            }
            impl<T> ThreadBoundContradictsSend<()> for T {}
            impl<T: ::core::marker::Send> ThreadBoundContradictsSend<u8> for T {}
            #[allow(dead_code, reason = "it exists to be compiled")]
            fn check<$($R),*>() {
                <$Ref<$($R),*> as ThreadBoundContradictsSend<_>>::check();
            }
        };
    };

    (send $owner:tt {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        // SAFETY: the declaration says so, with its reason.
        unsafe impl<$($R: ::core::marker::Send),*> ::core::marker::Send for $Ref<$($R),*> {}
    };

    (sync $owner:tt {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        // SAFETY: the declaration says so, with its reason.
        unsafe impl<$($R: ::core::marker::Sync),*> ::core::marker::Sync for $Ref<$($R),*> {}
    };

    (movable {$($Kind:ident $($Owner:ident [$($P:ident),*] [$($K:ty)?])?)?} {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        // SAFETY: the declaration says so, with its reason.
        unsafe impl<$($R),*> $crate::kit::Movable for $Ref<$($R),*> {}
    };

    // ---- Counted objects.

    (retain {Shared $($owner:tt)*} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $retain:expr) => {
        // SAFETY: the declaration says that this takes one count and cannot fail. C does not unwind.
        unsafe impl<$($R),*> $crate::kit::RefCounted for $Ref<$($R),*> {
            type RetainError = ::core::convert::Infallible;

            #[inline]
            unsafe fn retain(
                object: ::core::ptr::NonNull<$Raw>,
            ) -> ::core::result::Result<(), Self::RetainError> {
                // SAFETY: the caller says that it is live.
                $crate::kit::no_answer(unsafe { $retain(object.as_ptr()) });
                ::core::result::Result::Ok(())
            }
        }
    };

    (retain {Shared $($owner:tt)*} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $retain:expr, $outcome:expr => $Error:ty) => {
        // SAFETY: the declaration says that this takes one count, and how to read its answer. C does not unwind.
        unsafe impl<$($R),*> $crate::kit::RefCounted for $Ref<$($R),*> {
            type RetainError = $Error;

            #[inline]
            unsafe fn retain(
                object: ::core::ptr::NonNull<$Raw>,
            ) -> ::core::result::Result<(), Self::RetainError> {
                // SAFETY: the caller says that it is live.
                $outcome(unsafe { $retain(object.as_ptr()) })
            }
        }
    };

    (clone {Shared $Owner:ident [$($P:ident),*] [$($K:ty)?]} {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        impl<$($R),*> $crate::kit::RetainAlways for $Ref<$($R),*> {}

        impl<$($P),*> ::core::clone::Clone for $Owner<$($P),*> $(where $K: $crate::kit::SharedKeeper)? {
            #[inline]
            #[track_caller]
            fn clone(&self) -> Self {
                $Owner(::core::clone::Clone::clone(&self.0))
            }
        }

        // SAFETY: it is a newtype of a `Shared`, and its clone is that of the `Shared`.
        unsafe impl<$($P),*> $crate::kit::SharedKeeper for $Owner<$($P),*> $(where $K: $crate::kit::SharedKeeper)? {}
    };

    (unique {Shared $Owner:ident [$($P:ident),*] $K:tt} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $unique:expr, $outcome:expr) => {
        // SAFETY: the declaration says that this tells, without a race, whether the count is the only one.
        unsafe impl<$($R),*> $crate::kit::IsUnique for $Ref<$($R),*> {
            #[inline]
            unsafe fn is_unique(object: ::core::ptr::NonNull<$Raw>) -> bool {
                // SAFETY: the caller holds a count of it.
                $outcome(unsafe { $unique(object.as_ptr()) })
            }
        }

        impl<$($P),*> $Owner<$($P),*> {
            /// Borrows the object to change it, if this is the only count.
            #[inline]
            pub fn unique_mut(&mut self) -> ::core::option::Option<::core::pin::Pin<&mut $Ref<$($R),*>>> {
                self.0.unique_mut()
            }
        }
    };

    (owned {Shared $($owner:tt)*} {$Ref:ident [$($R:ident),*] $Raw:tt} $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        // SAFETY: the declaration says so, with its reason.
        unsafe impl<$($R),*> $crate::kit::OwnedIsCounted for $Ref<$($R),*> {}
    };

    (sink {Shared $($owner:tt)*} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $sink:expr) => {
        // SAFETY: the declaration says that this claims the floating count. C does not unwind.
        unsafe impl<$($R),*> $crate::kit::Sink for $Ref<$($R),*> {
            #[inline]
            unsafe fn sink(object: ::core::ptr::NonNull<$Raw>) {
                // SAFETY: the caller says that it is live and floating. Many such functions return their argument.
                let _ = unsafe { $sink(object.as_ptr()) };
            }
        }
    };

    (weak {Shared $Owner:ident [$($P:ident),*] []} {$Ref:ident [$($R:ident),*] ($Raw:ty)}
        $downgrade:expr, $upgrade:expr, $release:expr => $Weak:ty) => {
        // SAFETY: the declaration says that these make, upgrade without a race, and release a weak reference.
        unsafe impl<$($R),*> $crate::kit::WeakCounted for $Ref<$($R),*> {
            type Handle = ::core::ptr::NonNull<$Weak>;

            #[inline]
            unsafe fn downgrade(
                object: ::core::ptr::NonNull<$Raw>,
            ) -> ::core::option::Option<::core::ptr::NonNull<$Weak>> {
                // SAFETY: the caller says that it is live.
                ::core::ptr::NonNull::new(unsafe { $downgrade(object.as_ptr()) })
            }

            #[inline]
            unsafe fn upgrade(
                weak: ::core::ptr::NonNull<$Weak>,
            ) -> ::core::option::Option<::core::ptr::NonNull<$Raw>> {
                // SAFETY: the caller says that it was not released.
                ::core::ptr::NonNull::new(unsafe { $upgrade(weak.as_ptr()) })
            }

            #[inline]
            unsafe fn release_weak(weak: ::core::ptr::NonNull<$Weak>) {
                // SAFETY: the caller gives it up.
                $crate::kit::no_answer(unsafe { $release(weak.as_ptr()) });
            }
        }

        impl<$($P),*> $Owner<$($P),*> {
            /// A weak reference to the object; `None` when C could not make one.
            #[inline]
            pub fn downgrade(this: &Self) -> ::core::option::Option<$crate::kit::Weak<$Ref<$($R),*>>> {
                $crate::kit::Weak::of(&this.0)
            }
        }
    };

    // ---- Objects in our room.

    (clear $owner:tt $borrowed:tt $clear:expr $(, $outcome:expr => $Error:ty)?) => {
        $crate::__wrap_word!(@clear NothingToClear $owner $borrowed $clear $(, $outcome => $Error)?);
    };

    (clear_always $owner:tt $borrowed:tt $clear:expr $(, $outcome:expr => $Error:ty)?) => {
        $crate::__wrap_word!(@clear ClearAllTheSame $owner $borrowed $clear $(, $outcome => $Error)?);
    };

    (no_clear {InPlace $($owner:tt)*} $borrowed:tt $reason:expr) => {
        const _: () = $crate::kit::check_reason($reason);
        $crate::__wrap_word!(@clear NothingToClear {InPlace $($owner)*} $borrowed ::core::mem::drop);
    };

    (@clear $after:ident {InPlace $($owner:tt)*} $borrowed:tt $clear:expr) => {
        $crate::__wrap_word!(
            @clear $after {InPlace $($owner)*} $borrowed
            $clear, |()| $crate::kit::Released::Gone => ::core::convert::Infallible
        );
    };

    (@clear $after:ident {InPlace $($owner:tt)*} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $clear:expr, $outcome:expr => $Error:ty) => {
        // SAFETY: the declaration says that this is the function that C clears it with, and how to read its answer.
        unsafe impl<$($R),*> $crate::kit::Clear for $Ref<$($R),*> {
            type Error = $Error;

            const AFTER_FAILED_INIT: $crate::kit::AfterFailedInit = $crate::kit::AfterFailedInit::$after;

            #[inline]
            #[allow(unused_unsafe, reason = "there may be nothing to call")]
            unsafe fn clear(object: ::core::ptr::NonNull<$Raw>) -> $crate::kit::Released<Self::Error> {
                // SAFETY: the caller owns the object and gives it up if the answer says so.
                $outcome(unsafe { $clear(object.as_ptr()) })
            }
        }
    };

    // ---- Structs that C fills.

    (dispose {Filled $($owner:tt)*} {$Ref:ident [$($R:ident),*] ($Raw:ty)} $dispose:expr $(, $empty:expr)?) => {
        // SAFETY: the declaration says that this is the function that disposes of the contents. C does not unwind.
        unsafe impl<$($R),*> $crate::kit::Dispose for $Ref<$($R),*> {
            $(
                #[inline]
                fn empty() -> ::core::mem::MaybeUninit<$Raw> {
                    ::core::mem::MaybeUninit::new($empty)
                }
            )?

            #[inline]
            unsafe fn dispose(object: ::core::ptr::NonNull<$Raw>) {
                // SAFETY: the caller owns the contents and gives them up.
                $crate::kit::no_answer(unsafe { $dispose(object.as_ptr()) });
            }
        }
    };

    // ---- What is none of these.

    (@clear $after:ident {$Kind:ident $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "wrap!: `clear` and `clear_always` are words for an `InPlace`, and this is `", ::core::stringify!($Kind),
            "`; say `clear = c_function;` or `clear = c_function, outcome => Error;`",
        ));
    };

    (close $owner:tt $borrowed:tt $($value:tt)*) => {
        ::core::compile_error!(
            "wrap!: `close` is for a function that answers, so say how to read the answer: `close = c_function, outcome => Error;`, \
             where `outcome` makes a `Released<Error>` of what the function returned"
        );
    };

    ($word:ident {Owned $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        $crate::__wrap_word!(@unknown $word Owned "`release = f;` or `close = f, outcome => Error;`");
    };

    ($word:ident {Shared $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        $crate::__wrap_word!(@unknown $word Shared
            "`release = f;` or `close = f, outcome => Error;`, `retain = f;` or `retain = f, outcome => Error;`, \
             `clone = \"reason\";`, `unique = f, outcome;`, `owned = \"reason\";`, `sink = f;`, \
             `weak = downgrade, upgrade, release => WeakStruct;` (without a keeper)"
        );
    };

    ($word:ident {InPlace $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        $crate::__wrap_word!(@unknown $word InPlace
            "`clear = f;`, `clear = f, outcome => Error;`, `clear_always = …;` or `no_clear = \"reason\";`"
        );
    };

    ($word:ident {Filled $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        $crate::__wrap_word!(@unknown $word Filled "`dispose = f;` or `dispose = f, EMPTY;`, with `movable`");
    };

    ($word:ident {$Kind:ident $($owner:tt)*} $borrowed:tt $($value:tt)*) => {
        $crate::__wrap_word!(@unknown $word $Kind "none but those for every kind");
    };

    (@unknown $word:ident $Kind:ident $words:literal) => {
        ::core::compile_error!(::core::concat!(
            "wrap!: the word `", ::core::stringify!($word), "` is not known for `", ::core::stringify!($Kind),
            "`, or not used like this; its words are ", $words,
            "; for every kind: `send = \"reason\";`, `sync = \"reason\";`, `thread_bound = \"reason\";`, `movable = \"reason\";`",
        ));
    };
}
