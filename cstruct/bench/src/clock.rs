//! The CPU time of this thread, which other programs on the machine do not add to.

use std::mem::MaybeUninit;
use std::time::Duration;

/// How much CPU time this thread has had so far.
///
/// # Panics
///
/// On a system without such a clock.
pub(crate) fn thread_cpu_time() -> Duration {
    let mut now = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: `now` may be written.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, now.as_mut_ptr()) };
    assert_eq!(status, 0, "this system has no clock for the CPU time of a thread");
    // SAFETY: a `timespec` is numbers, for which zero bytes, or what the call has written, are good.
    let now = unsafe { now.assume_init() };
    Duration::new(now.tv_sec.cast_unsigned(), u32::try_from(now.tv_nsec).unwrap_or_default())
}
