//! What was adopted in a part of the program and is still live at its end; other threads' objects are none of its own.

use alloc::vec::Vec;
use core::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use super::book::Book;
use super::entry::Entry;
use super::report::Report;
use super::{here, live_in};

/// Runs something and reports what it adopted and left live.
///
/// Only adoptions of the calling thread count, so that tests that run side by side do not see each other's; for others there
/// is [`Scope`]. What the closure returns is dropped first. The level must be [`Sites`](super::Level::Sites) or more.
///
/// ```
/// # use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
/// # use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_thing;
/// # unsafe extern "C" fn thing_new() -> *mut c_thing { Box::into_raw(Box::new(0_u64)).cast() }
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = Infallible;
/// #     unsafe fn release(h: NonNull<c_thing>) -> Released<Infallible> { drop(unsafe { Box::from_raw(h.as_ptr().cast::<u64>()) }); Released::Gone }
/// #     fn address(h: NonNull<c_thing>) -> usize { h.as_ptr().addr() }
/// # }
/// use cstruct::kit::ledger::{self, Level};
/// # fn open() -> Owned<ThingRef> { unsafe { Owned::from_raw(thing_new()) }.unwrap() }
///
/// ledger::set_level(Level::Sites);
/// let report = ledger::scope(|| {
///     let _released_at_the_end = open();
///     core::mem::forget(open());
/// });
/// assert_eq!(report.len(), 1);
/// assert!(report.to_string().contains("ThingRef"), "{report}");
/// ```
pub fn scope<R>(run: impl FnOnce() -> R) -> Report {
    let scope = Scope::begin();
    drop(run());
    scope.end()
}

/// A scope whose beginning and end are calls, and that other threads can [join](Scope::join).
#[derive(Debug)]
#[must_use = "its end reports what is live"]
pub struct Scope {
    /// Where in which books its adoptions begin and end.
    parts: Mutex<Vec<Part>>,
    /// It begins and ends on one thread.
    bound: PhantomData<*mut ()>,
}

// SAFETY: a shared scope can only be joined, which a lock guards; beginning and end need it whole, on its own thread.
unsafe impl Sync for Scope {}

#[derive(Clone, Copy)]
struct Part {
    book: &'static Book,
    from: u64,
    to: u64,
}

impl core::fmt::Debug for Part {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "#{}..", self.from)
    }
}

impl Scope {
    /// Begins one for the calling thread.
    pub fn begin() -> Scope {
        let scope = Scope { parts: Mutex::new(Vec::new()), bound: PhantomData };
        scope.open();
        scope
    }

    /// Counts what the calling thread adopts until the guard is dropped as the scope's: for threads that work for it.
    pub fn join(&self) -> Joined<'_> {
        self.open();
        Joined { scope: self, bound: PhantomData }
    }

    /// What was adopted since the beginning and is still live.
    pub fn end(self) -> Report {
        let parts = self.parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        let live = here::quietly(|| parts.iter().flat_map(|part| part.live()).collect());
        Report::new(live.unwrap_or_default())
    }

    fn open(&self) {
        let part = here::with_book(|book| Part { book, from: book.next_number(), to: u64::MAX });
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).extend(part);
    }

    fn close(&self) {
        let Some((here, to)) = here::with_book(|book| (book, book.next_number())) else { return };
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let last = parts.iter_mut().rev().find(|part| core::ptr::eq(part.book, here) && part.to == u64::MAX);
        if let Some(part) = last {
            part.to = to;
        }
    }
}

impl Part {
    fn live(self) -> impl Iterator<Item = Entry> {
        live_in(self.book, move |note| (self.from..self.to).contains(&note.number()))
    }
}

/// A thread's part in another thread's [`Scope`].
#[derive(Debug)]
#[must_use = "dropping it ends the thread's part at once"]
pub struct Joined<'s> {
    scope: &'s Scope,
    /// It ends on the thread where it began.
    bound: PhantomData<*mut ()>,
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        self.scope.close();
    }
}

/// Asserts that something releases all that it adopts; the failure lists what is live, by place.
///
/// The form with a block evaluates to nothing. Adoptions of other threads do not count; see [`ledger::scope`](crate::kit::ledger::scope). It
/// raises the level to [`Sites`](crate::kit::ledger::Level::Sites) if it is lower.
///
/// ```
/// # use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
/// # use core::{convert::Infallible, ptr::NonNull};
/// # pub struct c_thing;
/// # unsafe extern "C" fn thing_new() -> *mut c_thing { Box::into_raw(Box::new(0_u64)).cast() }
/// # #[repr(transparent)] pub struct ThingRef(Opaque<c_thing>);
/// # unsafe impl Foreign for ThingRef { type Raw = c_thing; }
/// # unsafe impl Release for ThingRef {
/// #     type Handle = NonNull<c_thing>; type Error = Infallible;
/// #     unsafe fn release(h: NonNull<c_thing>) -> Released<Infallible> { drop(unsafe { Box::from_raw(h.as_ptr().cast::<u64>()) }); Released::Gone }
/// #     fn address(h: NonNull<c_thing>) -> usize { h.as_ptr().addr() }
/// # }
/// # fn open() -> Owned<ThingRef> { unsafe { Owned::from_raw(thing_new()) }.unwrap() }
/// cstruct::assert_released!({
///     let thing = open();
///     let Ok(()) = thing.close();
/// });
/// ```
#[macro_export]
macro_rules! assert_released {
    ($block:block) => {{
        $crate::kit::ledger::raise_level($crate::kit::ledger::Level::Sites);
        let report = $crate::kit::ledger::scope(|| $block);
        ::core::assert!(report.is_empty(), "not everything was released: {report}");
    }};
}
