//! What became of an object that C was given.

/// What a C function did with an object that it was given to keep or to end; see [`Owned::consume`](super::Owned::consume).
///
/// What a refusal does is not for guessing: the declaration says which of the two it is.
///
/// ```
/// use cstruct::kit::{CloseError, Consumed, Null, Owned};
/// use cstruct::wrap;
/// # mod sys {
/// #     pub struct job { pub number: i32 }
/// #     pub unsafe fn job_new(number: i32) -> *mut job { Box::into_raw(Box::new(job { number })) }
/// #     pub unsafe fn job_free(job: *mut job) { drop(unsafe { Box::from_raw(job) }) }
/// #     pub unsafe fn queue_push(job: *mut job) -> i32 {
/// #         if unsafe { (*job).number } < 0 { return 2 } unsafe { job_free(job) }; 0
/// #     }
/// # }
///
/// wrap! {
///     pub struct Job = Owned<JobRef>;
///     pub struct JobRef(sys::job);
///     unsafe { release = sys::job_free; }
/// }
///
/// impl Job {
///     pub fn new(number: i32) -> Result<Job, Null> {
///         // SAFETY: any number.
///         let raw = unsafe { sys::job_new(number) };
///         // SAFETY: "yours, to be released with job_free".
///         unsafe { Job::from_raw(raw) }
///     }
/// }
///
/// fn push(job: Job) -> Result<(), CloseError<Job, i32>> {
///     // SAFETY: a live job that is ours.
///     let call = |job: std::ptr::NonNull<sys::job>| match unsafe { sys::queue_push(job.as_ptr()) } {
///         0 => Consumed::Taken(()),
///         status => Consumed::HandedBack(status),
///     };
///     // SAFETY: "queue_push: takes the job over; if it does not return 0, the job is still the caller's".
///     unsafe { Owned::consume(job.into(), call) }.map_err(|error| error.map_handle(Job::from))
/// }
///
/// assert!(push(Job::new(1)?).is_ok());
/// let Err(CloseError::StillOpen { handle, error }) = push(Job::new(-1)?) else { panic!("it is refused") };
/// assert_eq!(error, 2);
/// drop(handle); // still ours, and released with job_free
/// # Ok::<(), Null>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Consumed<R, E> {
    /// It took the object.
    Taken(R),
    /// It failed, and the object is still ours.
    HandedBack(E),
    /// It failed, and the object is gone all the same.
    Lost(E),
}
