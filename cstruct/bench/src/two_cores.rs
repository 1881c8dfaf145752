//! Two threads that really run at the same time: each on a processor of its own.

use std::mem::MaybeUninit;

/// The processors that this program may use.
pub(crate) struct Processors(libc::cpu_set_t);

impl Processors {
    /// Those of the calling thread. `None` where the system does not tell.
    pub(crate) fn of_this_thread() -> Option<Processors> {
        let mut set = MaybeUninit::<libc::cpu_set_t>::zeroed();
        // SAFETY: `set` may be written, and has this size.
        let status = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), set.as_mut_ptr()) };
        // SAFETY: it is an array of numbers, for which zero bytes, or what the call has written, are good.
        (status == 0).then(|| Processors(unsafe { set.assume_init() }))
    }

    /// Keeps the calling thread on the one with this number among them, counted round.
    pub(crate) fn stay_on(&self, number: usize) {
        // SAFETY: the index is below the size of the set.
        let usable: Vec<_> = (0..1024).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &self.0) }).collect();
        if usable.is_empty() {
            return;
        }
        // SAFETY: zero bytes are an empty set.
        let mut one: libc::cpu_set_t = unsafe { MaybeUninit::zeroed().assume_init() };
        // SAFETY: the index is below the size of the set.
        unsafe { libc::CPU_SET(usable[number % usable.len()], &mut one) };
        Processors(one).apply();
    }

    /// Lets the calling thread run on all of them.
    pub(crate) fn apply(&self) {
        // SAFETY: the set lives during the call, and has this size. A refusal leaves the thread where it is.
        let _refused = unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const self.0) };
    }
}
