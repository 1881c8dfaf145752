//! A C allocator that is told everything: it ends the process at the first release of what is not its own, and remembers the length
//! that came with each.
//!
//! Each block is exactly as long as asked for, so that the address sanitizer sees the first byte read behind it.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::{Cell, RefCell};
use std::ptr::{self, NonNull};

use cstruct::kit::{Alloc, Dealloc, Realloc};

thread_local! {
    static BLOCKS: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
    static TOLD: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<Answer> = const { Cell::new(Answer::Block) };
}

/// What the allocator answers when it is asked for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Block,
    Null,
    /// A block whose address is odd, which only bytes may have.
    Misaligned,
}

/// Where a user has it, and what was allocated.
struct Block {
    first: *mut u8,
    base: *mut u8,
    layout: Layout,
}

/// The deallocator, with the lengths that it is told.
#[derive(Debug)]
pub(crate) struct Strict;

/// The alignment of `malloc`.
const ALIGN: usize = 16;

impl Strict {
    /// A block with these bytes, `offset` behind an aligned address.
    pub(crate) fn block(bytes: &[u8], offset: usize) -> *mut u8 {
        let first = Strict::room(bytes.len(), offset);
        // SAFETY: a fresh block of as many bytes.
        unsafe { first.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        first
    }

    fn room(len: usize, offset: usize) -> *mut u8 {
        // `alloc` must not be asked for nothing.
        let layout = Layout::from_size_align((len + offset).max(1), ALIGN).expect("it is as long as its input");
        // SAFETY: at least one byte.
        let base = unsafe { alloc(layout) };
        assert!(!base.is_null(), "there is memory");
        // SAFETY: within the block, or its end.
        let first = unsafe { base.add(offset) };
        BLOCKS.with_borrow_mut(|blocks| blocks.push(Block { first, base, layout }));
        first
    }

    /// Releases a block without a word about its length.
    pub(crate) fn release(first: *mut u8) {
        let found = BLOCKS.with_borrow_mut(|blocks| {
            let at = blocks.iter().position(|block| block.first == first)?;
            Some(blocks.swap_remove(at))
        });
        let Some(Block { base, layout, .. }) = found else {
            eprintln!("a block is released that is not live: twice, or at another address");
            std::process::abort();
        };
        // SAFETY: allocated with this layout, and out of the list: released once.
        unsafe { dealloc(base, layout) };
    }

    /// Releases all blocks that live.
    pub(crate) fn release_all() {
        while let Some(first) = BLOCKS.with_borrow(|blocks| blocks.last().map(|block| block.first)) {
            Strict::release(first);
        }
    }

    /// What the next requests are answered with.
    pub(crate) fn answer(answer: Answer) {
        NEXT.set(answer);
    }

    /// The lengths that releases were told since the last look, in their order.
    pub(crate) fn told() -> Vec<usize> {
        TOLD.take()
    }

    /// How many blocks live.
    pub(crate) fn live() -> usize {
        BLOCKS.with_borrow(Vec::len)
    }
}

// SAFETY: it releases the block, or ends the process.
unsafe impl<T> Dealloc<T> for Strict {
    unsafe fn dealloc(block: NonNull<T>, len: usize) {
        TOLD.with_borrow_mut(|told| told.push(len));
        Strict::release(block.as_ptr().cast());
    }
}

// SAFETY: NULL, or a fresh block of `len` elements.
unsafe impl<T> Alloc<T> for Strict {
    fn alloc(len: usize) -> *mut T {
        let bytes = len.checked_mul(size_of::<T>()).filter(|bytes| *bytes < 1 << 20);
        match (bytes, NEXT.get()) {
            (None, _) | (_, Answer::Null) => ptr::null_mut(),
            (Some(bytes), Answer::Block) => Strict::room(bytes, 0).cast(),
            (Some(bytes), Answer::Misaligned) => Strict::room(bytes, 1).cast(),
        }
    }
}

// SAFETY: NULL, and the block is as it was; or a fresh, aligned one with what fits of the old, which is released.
unsafe impl<T> Realloc<T> for Strict {
    unsafe fn realloc(block: NonNull<T>, old_len: usize, new_len: usize) -> *mut T {
        if NEXT.get() == Answer::Misaligned {
            return ptr::null_mut();
        }
        let new: *mut T = <Strict as Alloc<T>>::alloc(new_len);
        if !new.is_null() {
            // SAFETY: both blocks have as many, and the new one is fresh.
            unsafe { new.copy_from_nonoverlapping(block.as_ptr(), old_len.min(new_len)) };
            Strict::release(block.as_ptr().cast());
        }
        new
    }
}
