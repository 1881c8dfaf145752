//! An allocator that is itself made with the kit: the ledger's tables grow inside of its calls, and its adoptions inside of
//! the ledger's.
#![cfg(feature = "ledger")]

mod thing;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cstruct::kit::ledger::{self, Level};
use cstruct::kit::{Foreign, Opaque, Owned, Release, Released};
use thing::Thing;

/// A block of the system's allocator, as an object that has an owner while it is looked at.
#[repr(transparent)]
struct BlockRef(Opaque<u8>);
// SAFETY: transparent over `Opaque<u8>`.
unsafe impl Foreign for BlockRef {
    type Raw = u8;
}
// SAFETY: nothing is released: the owner is a view of a block that the allocator hands out.
unsafe impl Release for BlockRef {
    type Handle = core::ptr::NonNull<u8>;
    type Error = core::convert::Infallible;
    fn address(handle: Self::Handle) -> usize {
        handle.addr().get()
    }
    unsafe fn release(_: Self::Handle) -> Released<Self::Error> {
        Released::Gone
    }
}

struct Watching;

thread_local!(static BLOCKS: Cell<u64> = const { Cell::new(0) });

// SAFETY: the system's allocator, with an adoption and a release round each call.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        let block = unsafe { System.alloc(layout) };
        // SAFETY: a block that is nobody else's yet, or NULL.
        let owned: Result<Owned<BlockRef>, _> = unsafe { Owned::from_raw(block) };
        drop(owned);
        BLOCKS.set(BLOCKS.get() + 1);
        block
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

#[test]
fn objects_are_known_and_nothing_hangs() {
    ledger::set_level(Level::Sites);
    let scope = ledger::Scope::begin();
    let things: Vec<Thing> = (0..50_000).map(|_| Thing::new()).collect();
    let before = BLOCKS.get();
    let report = scope.end();
    assert!(before > 50_000);
    assert_eq!(report.entries().iter().filter(|entry| entry.type_name().ends_with("ThingRef")).count(), things.len());
    drop(things);
    std::thread::spawn(|| drop(Thing::new())).join().expect("no panic");
    assert_eq!(ledger::fault_count(), 0);
}
