//! The method of a newtype that has its drop go to a queue; where there are no queues, none.

#[cfg(all(feature = "std", target_has_atomic = "64"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __wrap_defer {
    ($Owner:ident [$($P:ident),*]) => {
        impl<$($P),*> $Owner<$($P),*>
        where
            Self: 'static,
        {
            /// Has its drop go to a queue: it is used as before, and released there.
            ///
            /// A queue's own [`ReleaseQueue`]($crate::kit::ReleaseQueue) takes every type, at home. A handle and a worker take what is `Send`, as
            /// this is if its declaration says `send`. To release it at once, take it back with
            /// [`Deferred::into_inner`]($crate::kit::Deferred::into_inner).
            #[inline]
            pub fn defer(self, queue: &impl $crate::kit::TakesIn<Self>) -> $crate::kit::Deferred<Self> {
                $crate::kit::Deferred::new(self, queue)
            }
        }
    };
}

#[cfg(not(all(feature = "std", target_has_atomic = "64")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __wrap_defer {
    ($($owner:tt)*) => {};
}
