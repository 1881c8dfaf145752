//! What the ledger knows of a type: one constant for each type and way of holding it.

use core::any::type_name;
use core::marker::PhantomData;

/// How an object is held, which decides what may happen to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// By one owner: a second adoption while it lives is a fault.
    Owned,
    /// By one of many counts: the same address comes again.
    Shared,
    /// In room of ours, which C has initialised.
    InPlace,
    /// A text, an array or a value in memory of C's allocator; one owner.
    Memory,
    /// A closure or a value of ours that C calls.
    Registration,
}

impl Kind {
    /// The word for reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Owned => "owned",
            Kind::Shared => "shared",
            Kind::InPlace => "in place",
            Kind::Memory => "memory",
            Kind::Registration => "registration",
        }
    }
}

/// A type, and one way of holding it.
pub(in crate::kit) struct Info {
    name: fn() -> &'static str,
    kind: Kind,
    thread_bound: bool,
}

/// The [`Info`] of a `T` that is held in that way.
pub(in crate::kit) struct Of<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Of<T> {
    pub(in crate::kit) const OWNED: &'static Info = &Info::new::<T>(Kind::Owned, false);
    pub(in crate::kit) const BOUND: &'static Info = &Info::new::<T>(Kind::Owned, true);
    pub(in crate::kit) const SHARED: &'static Info = &Info::new::<T>(Kind::Shared, false);
    pub(in crate::kit) const IN_PLACE: &'static Info = &Info::new::<T>(Kind::InPlace, false);
    pub(in crate::kit) const MEMORY: &'static Info = &Info::new::<T>(Kind::Memory, false);
    pub(in crate::kit) const REGISTRATION: &'static Info = &Info::new::<T>(Kind::Registration, false);
}

impl Info {
    const fn new<T: ?Sized>(kind: Kind, thread_bound: bool) -> Info {
        Info { name: type_name::<T>, kind, thread_bound }
    }

    pub(super) fn name(&self) -> &'static str {
        (self.name)()
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    #[inline]
    pub(super) fn thread_bound(&self) -> bool {
        self.thread_bound
    }
}
