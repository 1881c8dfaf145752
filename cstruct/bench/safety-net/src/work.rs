//! The work: a record with a name and 16 samples is made and released, by one source that is compiled with the ledger told of
//! the record, and without.
//!
//! To make one is a function, and so is to release one. Otherwise the compiler makes them parts of the loop where they are short
//! enough, which is to say untold, and what is measured is that.

use core::cell::Cell;
use core::convert::Infallible;
use core::hint::black_box;
use core::marker::PhantomData;
use core::ptr::NonNull;

use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
use cstruct_sys as sys;

const SAMPLES: [f64; 16] = [20.5; 16];

/// How a record is known to the ledger.
pub trait Way {
    /// The ledger is told of it. Of the others nothing of the ledger is in the code: their address is 0.
    const TOLD: bool = false;
    /// A cache line is read and written when it is made and when it is released.
    const TOUCHES: bool = false;
    /// Keeps the compiler from making one of several pieces of code that are the same.
    const NUMBER: usize;
}

/// The ledger is told. Each `PLACE` is the same code once more, elsewhere in the program: where code happens to lie makes a difference
/// of several percent.
#[derive(Debug)]
pub struct Told<const PLACE: usize>;

/// The ledger is not told: what being told is compared with.
#[derive(Debug)]
pub struct Untold<const PLACE: usize>;

/// The same once more, for a control.
#[derive(Debug)]
pub struct Again<const PLACE: usize>;

/// The ledger is not told, but a line is touched of as many as a ledger of 4,096 objects has: what a look into such a table costs
/// by itself.
#[derive(Debug)]
pub struct Touching<const PLACE: usize>;

impl<const PLACE: usize> Way for Told<PLACE> {
    const TOLD: bool = true;
    const NUMBER: usize = 4 * PLACE;
}

impl<const PLACE: usize> Way for Untold<PLACE> {
    const NUMBER: usize = 4 * PLACE + 1;
}

impl<const PLACE: usize> Way for Again<PLACE> {
    const NUMBER: usize = 4 * PLACE + 2;
}

impl<const PLACE: usize> Way for Touching<PLACE> {
    const TOUCHES: bool = true;
    const NUMBER: usize = 4 * PLACE + 3;
}

/// A record of C.
#[derive(Debug)]
#[repr(transparent)]
pub struct RecordRef<W>(Opaque<sys::cstruct>, PhantomData<W>);

/// The owner of one.
pub type Record<W> = Owned<RecordRef<W>>;

// SAFETY: transparent over `Opaque<cstruct>`.
unsafe impl<W> Foreign for RecordRef<W> {
    type Raw = sys::cstruct;
}

// SAFETY: cstruct.h: OWNED(cstruct_free), which always releases; the address is that of the object, or 0.
unsafe impl<W: Way> Release for RecordRef<W> {
    type Handle = NonNull<sys::cstruct>;
    type Error = Infallible;

    unsafe fn release(handle: NonNull<sys::cstruct>) -> Released<Infallible> {
        if W::TOUCHES {
            touch(handle);
        }
        // SAFETY: the caller owns the record and gives it up.
        unsafe { sys::cstruct_free(handle.as_ptr()) };
        Released::Gone
    }

    fn address(handle: NonNull<sys::cstruct>) -> usize {
        if W::TOLD { handle.addr().get() } else { 0 }
    }
}

/// A record with a name and 16 samples.
///
/// # Panics
///
/// When C has no memory.
#[inline(never)]
pub fn record<W: Way>(value: i32) -> Record<W> {
    black_box(W::NUMBER);
    let mut out = core::ptr::null_mut();
    // SAFETY: the name lives during the call, and `out` may be written.
    let status = unsafe { sys::cstruct_new(value, c"temperature".as_ptr(), &raw mut out) };
    assert_eq!(status, sys::cstruct_status::CSTRUCT_OK, "there is memory");
    // SAFETY: a new record of ours, or NULL.
    let record: Record<W> = unsafe { Owned::from_raw(out) }.expect("there is memory");
    let handle = Owned::handle(&record);
    // SAFETY: the record is live and ours, and the samples live during the call.
    let status = unsafe { sys::cstruct_append(handle.as_ptr(), SAMPLES.as_ptr(), SAMPLES.len()) };
    assert_eq!(status, sys::cstruct_status::CSTRUCT_OK, "there is memory");
    if W::TOUCHES {
        touch(handle);
    }
    record
}

fn touch(handle: NonNull<sys::cstruct>) {
    #[repr(align(64))]
    struct Line(Cell<usize>);
    const LINES: usize = 2_048;
    thread_local!(static TABLE: [Line; LINES] = const { [const { Line(Cell::new(0)) }; LINES] });
    let address = handle.addr().get();
    TABLE.with(|lines| {
        // A number of lines that the compiler knows: to divide by another takes longer than all the rest.
        let line = &lines[(address >> 6) % LINES].0;
        line.set(line.get() ^ address);
    });
}

/// Releases a record, or none.
#[inline(never)]
fn release<T>(object: T) {
    drop(object);
}

/// Makes and releases one after the other.
pub fn one_after_the_other<T>(items: usize, make: impl Fn(i32) -> T) {
    for value in 0..items {
        release(black_box(make(value as i32)));
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
        release(kept[at].take());
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
