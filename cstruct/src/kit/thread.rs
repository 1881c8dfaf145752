//! Objects that stay on the thread that made them.
//!
//! A borrowed type is not `Send` unless the author says so, so a thread-bound object needs no word. This is for the rest: a marker for
//! types that hold no pointer, which Rust takes for `Send`, and a check at run time where the thread is known only then (a callback, a
//! queue).
//!
//! Where a flag at open decides whether an object is bound, the two kinds are two types: a flag that is a value cannot
//! decide whether a type is `Send`.

use core::fmt;
use core::marker::PhantomData;

/// Makes the struct that has it as a field neither `Send` nor `Sync`.
///
/// That is a value, or the type that says how a handle [is released](super::Release) which is a number or a pair.
///
/// ```
/// use cstruct::kit::ThreadBound;
///
/// /// A number that means something on its own thread only.
/// struct Slot {
///     index: u32,
///     bound: ThreadBound,
/// }
/// let slot = Slot { index: 3, bound: ThreadBound::new() };
/// assert_eq!(size_of_val(&slot), size_of::<u32>());
/// # let _ = (slot.index, slot.bound);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ThreadBound(PhantomData<*mut ()>);

impl ThreadBound {
    /// The marker.
    #[inline]
    pub const fn new() -> Self {
        ThreadBound(PhantomData)
    }
}

impl fmt::Debug for ThreadBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThreadBound")
    }
}

/// The thread that something belongs to; it may be asked for from everywhere.
///
/// ```
/// use cstruct::kit::Home;
///
/// let home = Home::here();
/// assert!(home.check().is_ok());
/// std::thread::spawn(move || assert!(home.check().is_err())).join().expect("no panic");
/// ```
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Home(std::thread::ThreadId);

#[cfg(feature = "std")]
impl Home {
    /// The current thread.
    pub fn here() -> Home {
        Home(std::thread::current().id())
    }

    /// A proof of being at home, for as long as it is not moved away, which it cannot be.
    ///
    /// # Errors
    ///
    /// [`WrongThread`] on every other thread. An id is not used again after its thread has ended.
    pub fn check(&self) -> Result<AtHome<'_>, WrongThread> {
        let here = Home::here();
        if here == *self {
            Ok(AtHome { home: self, bound: ThreadBound::new() })
        } else {
            Err(WrongThread { home: *self, here })
        }
    }
}

/// The proof that the current thread is a given [`Home`]; neither `Send` nor `Sync`.
///
/// Functions that are legal only at home take it.
///
/// # Invariants
///
/// It was made on the thread `home`, and does not leave it.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug)]
pub struct AtHome<'h> {
    home: &'h Home,
    bound: ThreadBound,
}

#[cfg(feature = "std")]
impl<'h> AtHome<'h> {
    /// Where this is.
    pub fn home(self) -> &'h Home {
        let ThreadBound(PhantomData) = self.bound;
        self.home
    }
}

/// This is not the thread that it belongs to.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongThread {
    home: Home,
    here: Home,
}

#[cfg(feature = "std")]
impl fmt::Display for WrongThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "used on {:?}, but it belongs to {:?}; do it there", self.here.0, self.home.0)
    }
}

#[cfg(feature = "std")]
impl core::error::Error for WrongThread {}
