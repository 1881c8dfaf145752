//! `cstruct_meter`: a thread of C's that keeps writing readings into memory of ours.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::mem::{align_of, offset_of, size_of};
use core::ptr;
use core::time::Duration;

use cstruct_sys as sys;

use super::error::check;
use super::{Error, Status};
use crate::kit::{FillError, Foreign, Loan, Owned, UpTo};
use crate::wrap;

/// One reading of the memory use of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[doc(alias = "cstruct_reading")]
pub struct Reading {
    /// Microseconds since the meter was started.
    pub at_us: u64,
    /// Resident memory of the process.
    pub bytes: u64,
}

// C writes where these are.
const _: () = assert!(size_of::<Reading>() == size_of::<sys::cstruct_reading>());
const _: () = assert!(align_of::<Reading>() == align_of::<sys::cstruct_reading>());
const _: () = assert!(offset_of!(Reading, at_us) == offset_of!(sys::cstruct_reading, at_us));
const _: () = assert!(offset_of!(Reading, bytes) == offset_of!(sys::cstruct_reading, bytes));

impl Reading {
    /// Marks a place in the ring that C has not written to: no meter runs that long.
    const NONE: Reading = Reading { at_us: u64::MAX, bytes: 0 };

    /// When it was taken, from the start of the meter.
    pub fn at(&self) -> Duration {
        Duration::from_micros(self.at_us)
    }
}

/// The memory that C writes to.
type Ring = Loan<Box<[Reading]>>;

wrap! {
    /// A running meter: stopped, and its thread ended, with `cstruct_meter_stop`.
    ///
    /// The ring of readings is lent to C until then, and beyond reach: [`latest`](Meter::latest) has C copy out of it, and
    /// [`stop`](Meter::stop) gives the readings back. A meter that is forgotten goes on writing, into a ring that is
    /// forgotten with it.
    ///
    /// ```
    /// use cstruct::Meter;
    /// use std::time::Duration;
    ///
    /// let meter = Meter::start(64, Duration::from_millis(1))?;
    /// let work: Vec<u64> = (0..100_000).collect();
    /// assert!(meter.taken() >= 1); // one was taken at once
    /// let readings = meter.stop();
    /// let peak = readings.iter().map(|reading| reading.bytes).max();
    /// assert!(peak.is_some_and(|bytes| bytes > 0));
    /// # drop(work);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Meter = Owned<MeterRef, Ring>;

    /// A running meter, borrowed.
    pub struct MeterRef(sys::cstruct_meter);

    unsafe {
        release = sys::cstruct_meter_stop;
        send = "cstruct.h: CSTRUCT_SENDABLE";
    }
}

/// Making one.
impl Meter {
    /// Starts a thread that takes a reading at once and then in every `period`, and keeps the latest `len` of them.
    ///
    /// # Errors
    ///
    /// [`Status::Invalid`] for a length of 0 or a period below a microsecond; [`Status::Unsupported`] where the system does not tell;
    /// [`Status::Io`] when it has no further thread or open file; [`Status::NoMemory`].
    #[doc(alias = "cstruct_meter_start")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn start(len: usize, period: Duration) -> Result<Meter, Error> {
        let mut ring = Vec::new();
        ring.try_reserve_exact(len).map_err(|_no_room| Error::Refused(Status::NoMemory))?;
        ring.resize(len, Reading::NONE);
        // SAFETY: KEEPS(cstruct_meter_stop): the loan is the keeper of the meter, which that function releases; where there is
        // no meter C keeps nothing. Any two numbers are a reading.
        let ring = unsafe { Loan::new(ring.into_boxed_slice()) };
        // Above some thirty years C takes any period for that.
        let period_us = u64::try_from(period.as_micros()).unwrap_or(u64::MAX);
        let mut out = ptr::null_mut();
        // SAFETY: COUNTED(len): the memory is lent, with its length, and laid out as C's readings; `out` may be written.
        let status = unsafe { sys::cstruct_meter_start(ring.as_mut_ptr().cast(), ring.len(), period_us, &raw mut out) };
        check(status)?;
        // SAFETY: OWNED(cstruct_meter_stop), valid on this status; it leans on the ring, which is kept.
        Ok(unsafe { Meter::from_raw(out, ring) }?)
    }
}

/// Looking, while C writes.
impl MeterRef {
    /// How many readings were taken so far, those included that the ring has forgotten.
    #[doc(alias = "cstruct_meter_taken")]
    pub fn taken(&self) -> u64 {
        // SAFETY: ANY_THREAD; the meter is live.
        unsafe { sys::cstruct_meter_taken(self.as_ptr()) }
    }

    /// Copies the latest readings, oldest first, into `room`, and gives the part that was filled.
    ///
    /// # Errors
    ///
    /// None today; C's signature has room for them.
    #[doc(alias = "cstruct_meter_latest")]
    pub fn latest_into<'r>(&self, room: &'r mut [Reading]) -> Result<&'r mut [Reading], Error> {
        let len = room.len();
        // SAFETY: `room` has room for its length.
        let wrote = unsafe { self.fill(room.as_mut_ptr(), len) }.map_err(Error::Refused)?;
        room.get_mut(..wrote).ok_or(Error::Fill(FillError::Overrun { wrote, len }))
    }

    /// # Safety
    ///
    /// `room` has room for `len` readings.
    unsafe fn fill(&self, room: *mut Reading, len: usize) -> Result<usize, Status> {
        let mut wrote = 0;
        // SAFETY: ANY_THREAD; the meter is live. FILLS(len, up_to): the caller says that there is room, and a `Reading` is laid
        // out as C's; `wrote` may be written.
        let status = unsafe { sys::cstruct_meter_latest(self.as_ptr(), room.cast(), len, &raw mut wrote) };
        Status::of(status).map_or(Ok(wrote), Err)
    }
}

impl Meter {
    /// Copies all readings that the ring holds, oldest first, into `room`, in place of what was there.
    ///
    /// # Errors
    ///
    /// [`Status::NoMemory`] when `room` cannot grow; it is empty then.
    #[doc(alias = "cstruct_meter_latest")]
    pub fn latest(&self, room: &mut Vec<Reading>) -> Result<(), Error> {
        // SAFETY: `UpTo` gives a room and its length.
        let call = |first, len| unsafe { self.fill(first, len) };
        // SAFETY: FILLS(len, up_to): C writes at most `len`, and says how many.
        Ok(unsafe { UpTo(Owned::keeper(&self.0).len()).fill(room, call) }?)
    }

    /// Stops the meter, and gives back the readings that the ring holds, oldest first. It waits for C's thread.
    #[doc(alias = "cstruct_meter_stop")]
    pub fn stop(self) -> Vec<Reading> {
        // SAFETY: the ring is kept until the meter was stopped, which ends it.
        let (meter, ring) = unsafe { Owned::into_parts(self.0) };
        // SAFETY: the meter is live, and ours alone; it is given up here.
        unsafe { sys::cstruct_meter_stop(meter.as_ptr()) };
        in_order(ring.end().into_vec())
    }
}

/// The readings of a ring, oldest first: what was not written to is behind them, or else it goes round at the place where
/// time steps back.
fn in_order(mut ring: Vec<Reading>) -> Vec<Reading> {
    let written = ring.iter().position(|reading| *reading == Reading::NONE).unwrap_or(ring.len());
    ring.truncate(written);
    let newest = ring.iter().zip(ring.iter().skip(1)).position(|(this, next)| next.at_us < this.at_us);
    ring.rotate_left(newest.map_or(0, |newest| newest + 1));
    ring
}

impl fmt::Debug for MeterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").field("taken", &self.taken()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
