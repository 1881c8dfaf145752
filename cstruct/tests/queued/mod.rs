//! A fake library for the tests of the release queue: it knows which of its sessions ended, in which order, and on which thread.

use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{Owned, Release, Released};

pub(crate) struct Library {
    ends: Mutex<Vec<(u32, ThreadId)>>,
    refusals_left: AtomicU32,
}

impl Library {
    pub(crate) const fn new() -> Library {
        Library { ends: Mutex::new(Vec::new()), refusals_left: AtomicU32::new(0) }
    }

    fn log(&self) -> MutexGuard<'_, Vec<(u32, ThreadId)>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sessions that ended, in their order.
    pub(crate) fn ends(&self) -> Vec<u32> {
        self.log().iter().map(|&(number, _)| number).collect()
    }

    /// Whether all of them ended on the current thread.
    #[allow(dead_code, reason = "not every test file asks")]
    pub(crate) fn ended_here(&self) -> bool {
        self.log().iter().all(|&(_, on)| on == thread::current().id())
    }

    /// Refuses the next releases.
    #[allow(dead_code, reason = "not every test file asks")]
    pub(crate) fn refuse(&self, times: u32) {
        self.refusals_left.store(times, Ordering::SeqCst);
    }

    pub(crate) fn session(&'static self, number: u32) -> Owned<Session> {
        self.session_with(number, ())
    }

    pub(crate) fn session_with<K>(&'static self, number: u32, keeper: K) -> Owned<Session, K> {
        // SAFETY: a session is a number in a log; each is made once in a test.
        unsafe { Owned::from_handle((self, number), keeper) }
    }
}

/// May be released on every thread, and leans on nothing but its number: one that is leaked costs no memory.
pub(crate) struct Session;

// SAFETY: the answers are true.
unsafe impl Release for Session {
    type Handle = (&'static Library, u32);
    type Error = &'static str;

    unsafe fn release((library, number): Self::Handle) -> Released<&'static str> {
        if library.refusals_left.load(Ordering::SeqCst) > 0 {
            library.refusals_left.fetch_sub(1, Ordering::SeqCst);
            return Released::Refused("busy");
        }
        library.log().push((number, thread::current().id()));
        Released::Gone
    }
}

/// What the hook of this process was told while `run` ran; one at a time.
#[allow(dead_code, reason = "not every test file asks")]
pub(crate) fn events(run: impl FnOnce()) -> Vec<String> {
    static ALONE: Mutex<()> = Mutex::new(());
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static LISTEN: Hook = Hook(|event: &Event<'_>| {
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(event.to_string());
    });
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    set_hook(&LISTEN);
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).clear();
    run();
    core::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}
