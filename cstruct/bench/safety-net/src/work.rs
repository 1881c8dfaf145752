//! The work: records with a name and 16 samples, owned by the kit or by an owner that no ledger knows.

use core::cell::Cell;
use core::hint::black_box;

use cstruct::CStruct;
use cstruct_sys as sys;

const SAMPLES: [f64; 16] = [20.5; 16];

/// A record that is made and released without the kit: what tracking is compared with.
#[derive(Debug)]
pub struct Untracked(*mut sys::cstruct);

// SAFETY: cstruct.h: CSTRUCT_SHAREABLE, which includes being handed to another thread.
unsafe impl Send for Untracked {}

impl Untracked {
    /// A record with a name and 16 samples.
    ///
    /// # Panics
    ///
    /// When C has no memory.
    pub fn record(value: i32) -> Untracked {
        let mut out = core::ptr::null_mut();
        // SAFETY: the name lives during the call, and `out` may be written.
        let status = unsafe { sys::cstruct_new(value, c"temperature".as_ptr(), &raw mut out) };
        assert_eq!(status, sys::cstruct_status::CSTRUCT_OK, "there is memory");
        let record = Untracked(out);
        // SAFETY: the record is live and ours, and the samples live during the call.
        let status = unsafe { sys::cstruct_append(record.0, SAMPLES.as_ptr(), SAMPLES.len()) };
        assert_eq!(status, sys::cstruct_status::CSTRUCT_OK, "there is memory");
        record
    }
}

impl Drop for Untracked {
    fn drop(&mut self) {
        // SAFETY: OWNED(cstruct_free), and released once.
        unsafe { sys::cstruct_free(self.0) };
    }
}

/// The same record, owned by the kit, and so in the ledger.
///
/// # Panics
///
/// When C has no memory.
pub fn tracked(value: i32) -> CStruct {
    let mut record = CStruct::named(value, c"temperature").expect("there is memory");
    record.pin_mut().append(&SAMPLES).expect("there is memory");
    record
}

/// A record that no ledger knows, but that reads and writes a cache line when it is made and when it is released, one of as many as a
/// ledger of 4,096 objects has: what a look into such a table costs by itself.
#[derive(Debug)]
pub struct Touching(Untracked);

impl Touching {
    /// As [`Untracked::record`].
    ///
    /// # Panics
    ///
    /// When C has no memory.
    pub fn record(value: i32) -> Touching {
        let record = Touching(Untracked::record(value));
        record.touch();
        record
    }

    fn touch(&self) {
        #[repr(align(64))]
        struct Line(Cell<usize>);
        thread_local!(static LINES: Box<[Line]> = (0..2_048).map(|_| Line(Cell::new(0))).collect());
        let address = (self.0).0.addr();
        LINES.with(|lines| {
            let line = &lines[(address >> 6) % lines.len()].0;
            line.set(line.get() ^ address);
        });
    }
}

impl Drop for Touching {
    fn drop(&mut self) {
        self.touch();
    }
}

/// Makes and releases one after the other.
pub fn one_after_the_other<T>(items: usize, make: impl Fn(i32) -> T) {
    for value in 0..items {
        drop(black_box(make(value as i32)));
    }
}

/// Keeps 4,096 and replaces them in an order that looks random.
pub fn in_random_order<T>(items: usize, kept: &mut [Option<T>], make: impl Fn(i32) -> T) {
    let mut random = 88_172_645_463_325_252_u64;
    for value in 0..items {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let at = (random % kept.len() as u64) as usize;
        kept[at] = None;
        kept[at] = Some(make(value as i32));
    }
}

/// Both halves at the same time, each on its thread.
pub fn on_two_threads(half: impl Fn() + Sync) {
    std::thread::scope(|threads| {
        threads.spawn(&half);
        half();
    });
}
