//! What the kit's types tell the ledger; without the feature, functions that do nothing and are not there.

#[cfg(not(feature = "ledger"))]
pub(super) use off::*;
#[cfg(feature = "ledger")]
pub(super) use on::*;

#[cfg(feature = "ledger")]
mod on {
    use alloc::sync::Arc;
    use core::ptr::NonNull;

    use crate::kit::ledger::{self, Info, Of};
    use crate::kit::{Callbacks, Release};

    pub(in crate::kit) use crate::kit::ledger::Kept;

    /// An owner of it is made.
    #[inline]
    #[track_caller]
    pub(in crate::kit) fn owned<T: Release>(handle: T::Handle) {
        ledger::adopted(T::address(handle), info::<T>());
    }

    /// A count of it is held from now on.
    #[inline]
    #[track_caller]
    pub(in crate::kit) fn shared<T: Release>(handle: T::Handle) {
        ledger::adopted(T::address(handle), Of::<T>::SHARED);
    }

    /// C has initialised it in room of ours.
    #[inline]
    #[track_caller]
    pub(in crate::kit) fn in_place<T, R>(object: NonNull<R>) {
        ledger::adopted(object.addr().get(), Of::<T>::IN_PLACE);
    }

    /// A block of C's allocator is ours.
    #[inline]
    #[track_caller]
    pub(in crate::kit) fn memory<T, R>(block: NonNull<R>) {
        ledger::adopted(block.addr().get(), Of::<T>::MEMORY);
    }

    /// C may call it from now on; what it panics with goes to `callbacks`, which its object has too.
    #[inline]
    #[track_caller]
    pub(in crate::kit) fn registered<T, R>(block: NonNull<R>, callbacks: &Arc<Callbacks>) {
        ledger::adopted(block.addr().get(), Of::<T>::REGISTRATION);
        ledger::registered(block.addr().get(), callbacks);
    }

    /// C calls it no more.
    #[inline]
    pub(in crate::kit) fn unregistered<T, R>(block: NonNull<R>) {
        let _gone = ledger::releasing(block.addr().get(), Of::<T>::REGISTRATION);
        ledger::unregistered(block.addr().get());
    }

    /// The object whose functions were registered with `callbacks` is gone.
    #[inline]
    pub(in crate::kit) fn ended<T: Release>(handle: T::Handle, callbacks: &Arc<Callbacks>) {
        ledger::ended(core::any::type_name::<T>, T::address(handle), callbacks);
    }

    /// An owner, or a holder of a count, is about to let it go.
    #[inline]
    pub(in crate::kit) fn releasing<T: Release>(handle: T::Handle) -> Kept {
        ledger::releasing(T::address(handle), info::<T>())
    }

    /// A block of ours, or of C's allocator, is about to end.
    #[inline]
    pub(in crate::kit) fn ending<T, R>(block: NonNull<R>) -> Kept {
        ledger::releasing(block.addr().get(), Of::<T>::MEMORY)
    }

    /// It leaves by `into_raw`.
    #[inline]
    pub(in crate::kit) fn given_up<T: Release>(handle: T::Handle) {
        ledger::given_up(T::address(handle));
    }

    /// A block leaves by `into_raw`.
    #[inline]
    pub(in crate::kit) fn block_given_up<R>(block: NonNull<R>) {
        ledger::given_up(block.addr().get());
    }

    /// The owner becomes a holder of a count, or the reverse.
    #[inline]
    pub(in crate::kit) fn turned<T: Release>(handle: T::Handle) {
        ledger::turned(T::address(handle));
    }

    fn info<T: Release>() -> &'static Info {
        if T::THREAD_BOUND { Of::<T>::BOUND } else { Of::<T>::OWNED }
    }
}

#[cfg(not(feature = "ledger"))]
#[allow(clippy::extra_unused_type_parameters, reason = "the same signatures as with the feature")]
mod off {
    use alloc::sync::Arc;
    use core::fmt::Display;
    use core::ptr::NonNull;

    use crate::kit::{Callbacks, Release};

    #[must_use]
    pub(in crate::kit) struct Kept;

    impl Kept {
        #[inline]
        pub(in crate::kit) fn back(self) {}
        #[inline]
        pub(in crate::kit) fn refused(self, _error: &dyn Display) {}
    }

    #[inline]
    pub(in crate::kit) fn owned<T: Release>(_handle: T::Handle) {}
    #[inline]
    pub(in crate::kit) fn shared<T: Release>(_handle: T::Handle) {}
    #[inline]
    pub(in crate::kit) fn in_place<T, R>(_object: NonNull<R>) {}
    #[inline]
    pub(in crate::kit) fn memory<T, R>(_block: NonNull<R>) {}
    #[inline]
    pub(in crate::kit) fn registered<T, R>(_block: NonNull<R>, _callbacks: &Arc<Callbacks>) {}
    #[inline]
    pub(in crate::kit) fn unregistered<T, R>(_block: NonNull<R>) {}
    #[inline]
    pub(in crate::kit) fn ended<T: Release>(_handle: T::Handle, _callbacks: &Arc<Callbacks>) {}
    #[inline]
    pub(in crate::kit) fn releasing<T: Release>(_handle: T::Handle) -> Kept {
        Kept
    }
    #[inline]
    pub(in crate::kit) fn ending<T, R>(_block: NonNull<R>) -> Kept {
        Kept
    }
    #[inline]
    pub(in crate::kit) fn given_up<T: Release>(_handle: T::Handle) {}
    #[inline]
    pub(in crate::kit) fn block_given_up<R>(_block: NonNull<R>) {}
    #[inline]
    pub(in crate::kit) fn turned<T: Release>(_handle: T::Handle) {}
}
