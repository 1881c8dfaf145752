//! The tests of conformance pass for owners that keep the laws, and each law catches who breaks it.
#![cfg(feature = "testing")]

use core::ffi::c_void;
use core::ops::Deref;
use core::ptr::{self, NonNull};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use cstruct::kit::{Foreign, Initial, Released};
use cstruct::testing::{BlocksOf, Hook, conformance, laws};
use cstruct::wrap;

static HOOK: Hook = Hook::new();

/// A small C library: documents and places, on a hook, counted as well.
mod c {
    use super::*;

    pub(crate) static LIVE: AtomicU64 = AtomicU64::new(0);

    pub struct Doc {
        pub(crate) count: u32,
        pub(crate) label: *mut c_void,
    }

    pub(crate) extern "C" fn new() -> *mut Doc {
        let doc: *mut Doc = HOOK.alloc(size_of::<Doc>()).cast();
        // SAFETY: there is memory in these tests, and room for one; so in `init`.
        unsafe { doc.write(Doc { count: 1, label: HOOK.alloc(7) }) };
        LIVE.fetch_add(1, SeqCst);
        doc
    }

    pub(crate) unsafe extern "C" fn reference(doc: *mut Doc) {
        // SAFETY: live, as the caller says.
        unsafe { (*doc).count += 1 };
    }

    pub(crate) unsafe extern "C" fn free(doc: *mut Doc) {
        // SAFETY: live, as the caller says.
        let it = unsafe { &mut *doc };
        it.count -= 1;
        if it.count == 0 {
            // SAFETY: made by `new`, and not used again.
            unsafe { HOOK.release(it.label, 7) };
            // SAFETY: as above.
            unsafe { HOOK.release(doc.cast(), size_of::<Doc>()) };
            LIVE.fetch_sub(1, SeqCst);
        }
    }

    /// Answers 4: it is gone, and something went wrong.
    pub(crate) unsafe extern "C" fn close(doc: *mut Doc) -> i32 {
        // SAFETY: the caller's promise is the same.
        unsafe { free(doc) };
        4
    }

    pub(crate) unsafe extern "C" fn init(place: *mut Doc) {
        // SAFETY: room for one.
        unsafe { place.write(Doc { count: 1, label: HOOK.alloc(7) }) };
        LIVE.fetch_add(1, SeqCst);
    }

    pub(crate) unsafe extern "C" fn clear(place: *mut Doc) {
        // SAFETY: made by `init`.
        let label = unsafe { (*place).label };
        // SAFETY: made by `init`, and not used again.
        unsafe { HOOK.release(label, 7) };
        LIVE.fetch_sub(1, SeqCst);
    }
}

wrap! {
    /// One owner.
    pub struct Doc = Owned<DocRef>;
    /// A document.
    pub struct DocRef(c::Doc);
    unsafe { release = c::free; }
}

wrap! {
    /// One owner, whose close always has something to say.
    pub struct Noted = Owned<NotedRef>;
    /// A document.
    pub struct NotedRef(c::Doc);
    unsafe {
        close = c::close, |status| if status == 0 { Released::Gone } else { Released::GoneWith(status) } => i32;
        send = "this file: any thread";
    }
}

wrap! {
    /// A count.
    pub struct Blob = Shared<BlobRef>;
    /// A counted document.
    pub struct BlobRef(c::Doc);
    unsafe { release = c::free; retain = c::reference; }
}

wrap! {
    /// An owner with a keeper.
    pub struct Page<K> = Owned<PageRef, K>;
    /// A page.
    pub struct PageRef(c::Doc);
    unsafe {
        release = c::free;
        send = "this file: any thread";
        sync = "this file: never changed";
    }
}

wrap! {
    /// An object in place.
    pub struct Walk = InPlace<WalkRef>;
    /// A walk.
    pub struct WalkRef(c::Doc);
    unsafe { clear = c::clear; }
}

conformance! {
    mod doc: Doc = || {
        // SAFETY: it is ours, and leans on nothing.
        unsafe { Doc::from_raw(c::new()) }.expect("there is memory")
    };
    live = || c::LIVE.load(SeqCst);
    is = owned, one_pointer, !send, !sync, thread_bound;
}

conformance! {
    /// By the blocks of a source, and with a word for the end.
    mod noted: Noted = || {
        // SAFETY: it is ours, and leans on nothing.
        unsafe { Noted::from_raw(c::new()) }.expect("there is memory")
    };
    live = BlocksOf(&HOOK);
    is = owned, one_pointer, send, !sync, deferred;
    close = |noted: Noted| assert_eq!(noted.close().expect_err("it always says 4").into_error(), 4);
}

conformance! {
    mod blob: Blob = || {
        // SAFETY: it is ours, and leans on nothing.
        unsafe { Blob::adopt(c::new()) }.expect("there is memory")
    };
    live = BlocksOf(&HOOK);
    is = shared, one_pointer, !send, !sync, deferred;
}

conformance! {
    mod page: Page<Arc<String>> = || {
        // SAFETY: it is ours.
        unsafe { Page::from_raw(c::new(), Arc::default()) }.expect("there is memory")
    };
    live = || c::LIVE.load(SeqCst);
    is = child, niche, send, sync, deferred;
}

conformance! {
    mod walk: Walk = || {
        let init = |place| {
            // SAFETY: room for one.
            unsafe { c::init(place) };
            Ok::<(), ()>(())
        };
        // SAFETY: it makes one that leans on nothing.
        unsafe { Walk::init(Initial::Zeroed, init) }.expect("it cannot fail")
    };
    live = || c::LIVE.load(SeqCst);
    is = child, one_pointer, !send, !sync, thread_bound;
}

// ---- Who breaks a law.

/// What breaks, in an owner written by hand over a count of its own.
#[derive(Clone, Copy, PartialEq)]
enum Broken {
    Nothing,
    NeverReleased,
    ReleasedTwice,
    LeaksInPanics,
    CloseLeaks,
    EndsAtTheFirstCount,
}

struct Bad<'c> {
    live: &'c AtomicU64,
    broken: Broken,
    object: NonNull<c::Doc>,
    counts: Arc<AtomicU64>,
}

impl<'c> Bad<'c> {
    fn new(live: &'c AtomicU64, broken: Broken) -> Bad<'c> {
        live.fetch_add(1, SeqCst);
        let object = Box::new(c::Doc { count: 1, label: ptr::null_mut() });
        Bad { live, broken, object: NonNull::from(Box::leak(object)), counts: Arc::new(AtomicU64::new(1)) }
    }

    fn another(&self) -> Bad<'c> {
        self.counts.fetch_add(1, SeqCst);
        Bad { live: self.live, broken: self.broken, object: self.object, counts: Arc::clone(&self.counts) }
    }

    fn close(mut self) {
        if self.broken == Broken::CloseLeaks {
            self.broken = Broken::NeverReleased;
        }
    }
}

impl Drop for Bad<'_> {
    fn drop(&mut self) {
        let counts = self.counts.fetch_sub(1, SeqCst) - 1;
        let ended = match self.broken {
            Broken::NeverReleased => 0,
            Broken::LeaksInPanics if std::thread::panicking() => 0,
            Broken::ReleasedTwice => 2,
            Broken::EndsAtTheFirstCount => u64::from(counts == 3),
            _ => u64::from(counts == 0),
        };
        self.live.fetch_sub(ended, SeqCst);
        if counts == 0 {
            // SAFETY: leaked by `new`; this is the last that knows it.
            drop(unsafe { Box::from_raw(self.object.as_ptr()) });
        }
    }
}

impl Deref for Bad<'_> {
    type Target = DocRef;

    fn deref(&self) -> &DocRef {
        // SAFETY: it lives as long as one of its counts does.
        unsafe { DocRef::from_ptr(self.object.as_ptr()) }.expect("not NULL")
    }
}

/// An owner that keeps its object inside of itself.
struct Inside(c::Doc);

impl Deref for Inside {
    type Target = DocRef;

    fn deref(&self) -> &DocRef {
        // SAFETY: it lives as long as the owner, at least until that is moved.
        unsafe { DocRef::from_ptr(&raw const self.0) }.expect("not NULL")
    }
}

/// The message of the law that was broken.
fn breaks(law: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(law)).expect_err("the law is broken");
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).expect("a message")
}

#[test]
fn each_law_catches_who_breaks_it() {
    let live = AtomicU64::new(10);
    let count = || live.load(SeqCst);
    let live = &live;
    let make = |broken| move || Bad::new(live, broken);

    let text = breaks(|| laws::dropped(&count, make(Broken::NeverReleased)));
    assert_eq!(text, "dropped: it was not released; 10 lived before, 11 after");
    live.store(10, SeqCst);
    let text = breaks(|| laws::dropped(&count, make(Broken::ReleasedTwice)));
    assert_eq!(text, "dropped: it was released more than once; 10 lived before, 9 after");
    live.store(10, SeqCst);
    let text = breaks(|| laws::early_return(&count, make(Broken::NeverReleased)));
    assert!(text.starts_with("left behind by an early return: it was not released"), "{text}");
    live.store(10, SeqCst);
    let text = breaks(|| laws::panic(&count, make(Broken::LeaksInPanics)));
    assert!(text.starts_with("left behind by a panic: it was not released"), "{text}");
    live.store(10, SeqCst);
    laws::dropped(&count, make(Broken::LeaksInPanics));
    let text = breaks(|| laws::closed(&count, make(Broken::CloseLeaks), Bad::close));
    assert!(text.starts_with("closed: it was not released"), "{text}");
    live.store(10, SeqCst);
    laws::dropped(&count, make(Broken::CloseLeaks));
    let text = breaks(|| laws::replaced(&count, make(Broken::NeverReleased)));
    assert!(text.contains("the first was to be released at once"), "{text}");
    live.store(10, SeqCst);
    let text = breaks(|| laws::contained(&count, make(Broken::ReleasedTwice)));
    assert!(text.starts_with("kept in a container: it was released more than once"), "{text}");
    live.store(10, SeqCst);
    let text = breaks(|| {
        laws::shared(&count, make(Broken::EndsAtTheFirstCount), |bad| Some(bad.another()), |bad| Some(bad.another()));
    });
    assert!(text.contains("the object ended before its last count"), "{text}");
    live.store(10, SeqCst);
    let text = breaks(|| {
        laws::adopted(&count, make(Broken::Nothing), |owner: Bad<'_>| {
            drop(owner);
            Some(Bad::new(live, Broken::Nothing))
        })
    });
    assert!(text.contains("another object") || text.contains("releases nothing"), "{text}");
    live.store(10, SeqCst);
    let text = breaks(|| laws::dropped(&|| 5, || ()));
    assert!(text.contains("the count is 5 before and 5 after"), "{text}");
}

#[test]
fn an_object_that_moves_with_its_owner_is_caught() {
    let live = AtomicU64::new(0);
    let make = || {
        live.fetch_add(1, SeqCst);
        Inside(c::Doc { count: 1, label: ptr::null_mut() })
    };
    let text = breaks(|| laws::stays(&|| live.load(SeqCst), make));
    assert!(text.contains("its object is elsewhere"), "{text}");
}

/// How an owner breaks what the laws of later releases ask for; each was counted once when it was made.
#[derive(Clone, Copy)]
enum Lie {
    /// It is never released.
    Never,
    /// It is released twice.
    Twice,
    /// C releases one of them by itself: when what lives is counted for that time, from 0.
    Early(u64),
}

/// An owner that may be kept in a queue and lies.
struct Liar {
    live: Arc<AtomicU64>,
    lie: Lie,
}

impl Liar {
    /// The message of a law that is tried with such owners.
    fn law(lie: Lie, law: impl FnOnce(&dyn Fn() -> u64, &dyn Fn() -> Liar)) -> String {
        let live = Arc::new(AtomicU64::new(10));
        let looks = AtomicU64::new(0);
        let count = || {
            let look = looks.fetch_add(1, SeqCst);
            if matches!(lie, Lie::Early(at) if at == look) {
                live.fetch_sub(1, SeqCst);
            }
            live.load(SeqCst)
        };
        let make = || {
            live.fetch_add(1, SeqCst);
            Liar { live: Arc::clone(&live), lie }
        };
        breaks(|| law(&count, &make))
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        let released = match self.lie {
            Lie::Never | Lie::Early(_) => 0,
            Lie::Twice => 2,
        };
        self.live.fetch_sub(released, SeqCst);
    }
}

#[test]
fn each_law_of_later_releases_catches_who_breaks_it() {
    let text = Liar::law(Lie::Never, |count, make| laws::deferred(&count, make));
    assert!(text.contains("its turn came, and it was not released"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::deferred(&count, make));
    assert!(text.contains("released more than once"), "{text}");
    // Six times it is counted until both are deferred.
    let text = Liar::law(Lie::Early(6), |count, make| laws::deferred(&count, make));
    assert!(text.contains("it was released before its turn"), "{text}");

    let text = Liar::law(Lie::Never, |count, make| laws::full_queue(&count, make));
    assert!(text.contains("the oldest was to be released at once"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::full_queue(&count, make));
    assert!(text.contains("released more than once"), "{text}");
    let text = Liar::law(Lie::Early(6), |count, make| laws::full_queue(&count, make));
    assert!(text.contains("before there was need"), "{text}");

    let text = Liar::law(Lie::Never, |count, make| laws::ended_home(&count, make));
    assert!(text.contains("what waited was to be released by the end"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::ended_home(&count, make));
    assert!(text.contains("released more than once"), "{text}");

    let text = Liar::law(Lie::Never, |count, make| laws::parcel_dropped(&count, make));
    assert!(text.contains("it was not released at home"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::parcel_dropped(&count, make));
    assert!(text.contains("released more than once"), "{text}");
    // Four times it is counted until it is abroad.
    let text = Liar::law(Lie::Early(4), |count, make| laws::parcel_dropped(&count, make));
    assert!(text.contains("another thread than its own"), "{text}");

    let text = Liar::law(Lie::Never, |count, make| laws::parcel_opened(&count, make));
    assert!(text.contains("it was not released when it was dropped"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::parcel_opened(&count, make));
    assert!(text.contains("released more than once"), "{text}");
    let text = Liar::law(Lie::Early(4), |count, make| laws::parcel_opened(&count, make));
    assert!(text.contains("it was released on its way"), "{text}");
}

#[test]
fn an_owner_that_is_not_released_on_another_thread_is_caught() {
    let text = Liar::law(Lie::Never, |count, make| laws::sent(&count, make));
    assert!(text.starts_with("dropped on another thread: it was not released"), "{text}");
    let text = Liar::law(Lie::Twice, |count, make| laws::sent(&count, make));
    assert!(text.starts_with("dropped on another thread: it was released more than once"), "{text}");
}

/// An owner whose object is always at the same address.
struct There<'d> {
    live: &'d AtomicU64,
    doc: &'d c::Doc,
}

impl<'d> There<'d> {
    fn new(live: &'d AtomicU64, doc: &'d c::Doc) -> There<'d> {
        live.fetch_add(1, SeqCst);
        There { live, doc }
    }
}

impl Drop for There<'_> {
    fn drop(&mut self) {
        self.live.fetch_sub(1, SeqCst);
    }
}

impl Deref for There<'_> {
    type Target = DocRef;

    fn deref(&self) -> &DocRef {
        // SAFETY: it is borrowed for longer.
        unsafe { DocRef::from_ptr(self.doc) }.expect("not NULL")
    }
}

/// Two owners of one document, as far as the ledger knows; neither releases it.
fn adopted_twice(doc: &DocRef) {
    // SAFETY: none; two owners are the mistake. None of them is used, or dropped.
    let [first, second] = [(); 2].map(|()| unsafe { Doc::from_raw(doc.as_ptr()) }.expect("not NULL"));
    core::mem::forget(second);
    let _ = Doc::into_raw(first);
}

#[test]
fn a_second_owner_that_nobody_noticed_is_caught() {
    let live = AtomicU64::new(0);
    let [one, other] = [(); 2].map(|()| c::Doc { count: 1, label: ptr::null_mut() });
    let law = |adopt_again: &dyn Fn(&There<'_>)| {
        let again = |owner: &There<'_>| -> Option<There<'_>> {
            adopt_again(owner);
            None
        };
        laws::adopted_once(&|| live.load(SeqCst), || There::new(&live, &one), again);
    };
    let text = breaks(|| law(&|_| ()));
    assert!(text.contains("a second owner was made, and nobody noticed"), "{text}");
    let text = breaks(|| law(&|_| adopted_twice(&There::new(&live, &other))));
    assert!(text.contains("nobody noticed"), "of another object: {text}");
    law(&|owner| adopted_twice(owner));
    let text = breaks(|| law(&|_| ()));
    assert!(text.contains("nobody noticed"), "an earlier time: {text}");
}
