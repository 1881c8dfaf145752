//! The allocation behind [`Registered`](super::Registered) and [`Interface`](super::Interface): a value of ours that C calls.
//!
//! ```text
//!   C's pointer ──►  ┌────────┬───────┬───────────┬───────┐
//!                    │ prefix │ entry │ callbacks │ value │
//!                    └────────┴───────┴───────────┴───────┘
//!                     C reads and writes it; `()` for plain user data
//! ```

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::cell::UnsafeCell;
use core::marker::PhantomPinned;
use core::ptr::NonNull;

use super::Callbacks;
use super::entry::{Access, Entry};
use super::panic::catch;
use super::tracked;

/// # Invariants
///
/// It is on the heap, does not move, and is freed by the one to whom `entry` says so. `value` is accessed by those whom `entry`
/// let in, in the way that they asked for.
#[repr(C)]
pub(super) struct Block<V, T> {
    prefix: UnsafeCell<V>,
    entry: Entry,
    callbacks: Arc<Callbacks>,
    value: UnsafeCell<T>,
    pinned: PhantomPinned,
}

impl<V, T> Block<V, T> {
    pub(super) fn new(prefix: V, value: T, callbacks: Arc<Callbacks>) -> NonNull<Self> {
        NonNull::from(Box::leak(Box::new(Block {
            prefix: UnsafeCell::new(prefix),
            entry: Entry::new(),
            callbacks,
            value: UnsafeCell::new(value),
            pinned: PhantomPinned,
        })))
    }

    /// Runs a call of C on the value, or answers `default`: when it may not enter, and after a panic.
    ///
    /// # Safety
    ///
    /// The block lives, and its end is not asked for between now and the entering. The pointer that `run` gets is used as
    /// `access` says and not after `run`; shared access on several threads at once needs `T: Sync`.
    #[inline]
    pub(super) unsafe fn run<R>(this: NonNull<Self>, access: Access, run: impl FnOnce(*mut T) -> R, default: R) -> R {
        // SAFETY: it lives, as the caller says; while this call is inside it is not freed.
        let block = unsafe { this.as_ref() };
        if !block.entry.enter(access) {
            return default;
        }
        let result = block.callbacks.run(|| run(block.value.get()), default);
        if block.entry.leave(access) {
            // SAFETY: `leave` told us to free it. `block` is not used any more.
            unsafe { Block::free(this) };
        }
        result
    }

    /// Asks for the end: at once, or when the last call has left.
    ///
    /// # Safety
    ///
    /// The block lives, and this is asked once.
    pub(super) unsafe fn doom(this: NonNull<Self>) {
        // SAFETY: it lives, as the caller says.
        let entry = unsafe { &this.as_ref().entry };
        if entry.doom() {
            // SAFETY: `doom` told us to free it.
            unsafe { Block::free(this) };
        }
    }

    /// # Safety
    ///
    /// The block lives, and `entry` said that the caller frees it.
    unsafe fn free(this: NonNull<Self>) {
        // SAFETY: it is from `Box::leak` in `new`, and nobody else is inside or will be.
        let block = unsafe { Box::from_raw(this.as_ptr()) };
        tracked::unregistered::<Self, _>(this);
        let callbacks = Arc::clone(&block.callbacks);
        // C may be behind us. The value is dropped where it is: it may be pinned.
        if let Err(panic) = catch(|| drop(block)) {
            callbacks.panics().store(panic);
        }
    }

    /// Takes the value out again, if no call is inside; otherwise nothing happens.
    ///
    /// # Safety
    ///
    /// The block lives, C does not have it any more, its end was not asked for, and the value was never pinned. It is gone if there is a result.
    pub(super) unsafe fn into_value(this: NonNull<Self>) -> Option<T> {
        // SAFETY: it lives, as the caller says.
        if !unsafe { &this.as_ref().entry }.is_idle() {
            return None;
        }
        // SAFETY: it is from `Box::leak` in `new`; nobody is inside, and nobody can enter.
        let block = unsafe { Box::from_raw(this.as_ptr()) };
        tracked::unregistered::<Self, _>(this);
        Some(block.value.into_inner())
    }

    /// The pointer for C, which may read and write the prefix.
    pub(super) fn prefix(this: NonNull<Self>) -> NonNull<V> {
        // `repr(C)`: the first field is where the struct is.
        this.cast()
    }

    /// Whether a call is inside.
    ///
    /// # Safety
    ///
    /// The block lives.
    pub(super) unsafe fn is_running(this: NonNull<Self>) -> bool {
        // SAFETY: it lives, as the caller says.
        !unsafe { &this.as_ref().entry }.is_idle()
    }
}
