//! Containers: to look, to walk, to take out, and who frees the items.
//!
//! A mutator takes `Pin<&mut C>`, so the compiler refuses it while an [`Items`] or a borrowed item is still used.

use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::{Deref, Range};
use core::pin::Pin;
use core::ptr::NonNull;

use super::{Foreign, Release, Released};

/// Walks a container by index, and borrows it meanwhile.
///
/// ```
/// use cstruct::kit::Items;
///
/// struct Table([i32; 3]); // stands for a borrowed type over C
/// impl Table {
///     fn iter(&self) -> impl ExactSizeIterator<Item = &i32> + DoubleEndedIterator {
///         // `self.len()` and `self.at(i)` call C.
///         Items::new(self, self.0.len(), |table, index| &table.0[index])
///     }
/// }
/// let table = Table([1, 2, 3]);
/// assert_eq!(table.iter().len(), 3);
/// assert_eq!(table.iter().rev().copied().collect::<Vec<_>>(), [3, 2, 1]);
/// ```
pub struct Items<'c, C, F> {
    of: &'c C,
    left: Range<usize>,
    at: F,
}

impl<'c, C, F> Items<'c, C, F> {
    /// Walks the indices below `len`. Where C may have a NULL in a place, `at` returns an `Option`.
    #[inline]
    pub fn new<I>(of: &'c C, len: usize, at: F) -> Self
    where
        F: Fn(&'c C, usize) -> I,
    {
        Items { of, left: 0..len, at }
    }
}

impl<'c, C, I, F: Fn(&'c C, usize) -> I> Iterator for Items<'c, C, F> {
    type Item = I;

    #[inline]
    fn next(&mut self) -> Option<I> {
        self.left.next().map(|index| (self.at)(self.of, index))
    }

    #[inline]
    fn nth(&mut self, skip: usize) -> Option<I> {
        self.left.nth(skip).map(|index| (self.at)(self.of, index))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<'c, C, I, F: Fn(&'c C, usize) -> I> DoubleEndedIterator for Items<'c, C, F> {
    #[inline]
    fn next_back(&mut self) -> Option<I> {
        self.left.next_back().map(|index| (self.at)(self.of, index))
    }
}

impl<'c, C, I, F: Fn(&'c C, usize) -> I> ExactSizeIterator for Items<'c, C, F> {}

impl<'c, C, I, F: Fn(&'c C, usize) -> I> FusedIterator for Items<'c, C, F> {}

impl<C, F: Clone> Clone for Items<'_, C, F> {
    fn clone(&self) -> Self {
        Items { of: self.of, left: self.left.clone(), at: self.at.clone() }
    }
}

impl<C, F> fmt::Debug for Items<'_, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("left", &self.left).finish_non_exhaustive()
    }
}

/// A walk on which each item is gone when the next one comes.
///
/// It is no `Iterator`, which would let two items be held at once. One loop serves every such walk:
///
/// ```
/// use cstruct::kit::Cursor;
///
/// struct Rows { at: u8 } // stands for an owner of a C cursor
/// impl Cursor for Rows {
///     type Item<'row> = &'row u8;
///     type Error = &'static str;
///     fn next(&mut self) -> Result<Option<&u8>, &'static str> {
///         self.at += 1;
///         Ok((self.at <= 3).then_some(&self.at))
///     }
/// }
///
/// let mut rows = Rows { at: 0 };
/// let mut sum = 0;
/// while let Some(row) = rows.next()? {
///     sum += row;
/// }
/// assert_eq!(sum, 6);
/// # Ok::<(), &'static str>(())
/// ```
pub trait Cursor {
    /// What a step lends.
    type Item<'item>
    where
        Self: 'item;

    /// Why a step failed.
    type Error;

    /// Steps on, and lends what is there; `None` at the end.
    ///
    /// # Errors
    ///
    /// As C says. Whether a further step may be made is the cursor's to say.
    fn next(&mut self) -> Result<Option<Self::Item<'_>>, Self::Error>;
}

/// Takes items out of a container, one after the other, until there are none.
///
/// What is not taken stays in the container.
///
/// ```
/// use cstruct::kit::Drain;
/// use core::pin::Pin;
///
/// let mut queue = vec![1, 2, 3]; // stands for a borrowed type over C, and `Vec::pop` for a function that calls C
/// let taken: Vec<i32> = Drain::new(Pin::new(&mut queue), |mut queue| queue.pop()).take(2).collect();
/// assert_eq!(taken, [3, 2]);
/// assert_eq!(queue, [1]);
/// ```
pub struct Drain<'c, C, F> {
    of: Pin<&'c mut C>,
    take: F,
}

impl<'c, C, F> Drain<'c, C, F> {
    /// `take` takes one item out, and says `None` when there is none.
    #[inline]
    pub fn new<I>(of: Pin<&'c mut C>, take: F) -> Self
    where
        F: FnMut(Pin<&mut C>) -> Option<I>,
    {
        Drain { of, take }
    }
}

impl<C, I, F: FnMut(Pin<&mut C>) -> Option<I>> Iterator for Drain<'_, C, F> {
    type Item = I;

    #[inline]
    fn next(&mut self) -> Option<I> {
        (self.take)(self.of.as_mut())
    }
}

impl<C, F> fmt::Debug for Drain<'_, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain").finish_non_exhaustive()
    }
}

/// A container that frees its items with itself: pushing takes an owner.
#[derive(Clone, Copy, Debug)]
pub enum ItemsToo {}

/// A container that frees only itself: its items, which are `I`s, are borrowed for `'i`, and pushing takes a reference.
///
/// The borrowed items stay in use where they are. So, whatever is said of the container alone, it goes to another thread only if the items
/// are `Sync`, and never without the second parameter, which names their type: `ShellOnly<'i, ItemRef>`.
#[derive(Clone, Copy, Debug)]
pub struct ShellOnly<'i, I = *mut ()> {
    items: PhantomData<&'i I>,
}

/// How a container is released under one element policy.
///
/// # Safety
///
/// As for [`Release`]; and under [`ShellOnly`] the function does not touch the items.
pub unsafe trait ReleaseAs<E>: Foreign {
    /// What a failing end says.
    type Error: fmt::Debug + fmt::Display;

    /// Calls C's release function for this policy.
    ///
    /// # Safety
    ///
    /// As for [`Release::release`], and every item was put in under this policy.
    unsafe fn release_as(handle: NonNull<Self::Raw>) -> Released<Self::Error>;
}

/// A container whose element policy is part of its type, fixed when it is made.
///
/// What C has, and what answers it:
///
/// | C has | here |
/// |---|---|
/// | `count(c)`, `at(c, i)`: borrowed items | [`Items`], an iterator that borrows the container |
/// | `next(cursor)`: good until the next call | [`Cursor`], `while let Some(item) = cursor.next()?` |
/// | `pop(c)`: the item is yours now | [`Drain`], an iterator of owners |
/// | `free(c)` / `free_deep(c)` | [`Container<C, ShellOnly>`](Container) / [`Container<C, ItemsToo>`](Container): two types |
///
/// `Owned<Container<ListRef, ItemsToo>>` and `Owned<Container<ListRef, ShellOnly<'i>>>` are released by two functions. What reads a
/// list is a method of `ListRef`, to which both deref; what depends on the policy (to push, to replace, to clear) takes the
/// `Container` and its item accordingly:
///
/// ```
/// use core::pin::Pin;
/// use cstruct::kit::{Container, Foreign, ItemsToo, Opaque, Owned, ShellOnly};
/// # pub struct c_list; pub struct c_item;
/// # #[repr(transparent)] pub struct ListRef(Opaque<c_list>);
/// # unsafe impl Foreign for ListRef { type Raw = c_list; }
/// # #[repr(transparent)] pub struct ItemRef(Opaque<c_item>);
/// # unsafe impl Foreign for ItemRef { type Raw = c_item; }
/// # type Item = Box<u8>;
///
/// fn push(list: Pin<&mut Container<ListRef, ItemsToo>>, item: Item) { /* … */ }
/// fn push_ref<'i>(list: Pin<&mut Container<ListRef, ShellOnly<'i>>>, item: &'i ItemRef) { /* … */ }
/// ```
#[repr(transparent)]
pub struct Container<C, E> {
    list: C,
    // Its auto-traits are those of both: borrowed items have a say.
    policy: PhantomData<E>,
}

// SAFETY: transparent over `C`, which is transparent over `Opaque<Raw>` and has no values; nor has this, whose fields are private.
unsafe impl<C: Foreign, E> Foreign for Container<C, E> {
    type Raw = C::Raw;
}

// SAFETY: `ReleaseAs` asks for the same truth.
unsafe impl<C: ReleaseAs<E>, E> Release for Container<C, E> {
    type Handle = NonNull<C::Raw>;
    type Error = C::Error;

    #[inline]
    fn address(handle: Self::Handle) -> usize {
        handle.addr().get()
    }

    #[inline]
    unsafe fn release(handle: Self::Handle) -> Released<C::Error> {
        // SAFETY: the caller's promise; items are put in through this type, and so under its policy.
        unsafe { C::release_as(handle) }
    }
}

impl<C, E> Container<C, E> {
    /// The container, for mutators that have nothing to do with the policy, such as sorting.
    ///
    /// # Safety
    ///
    /// It is used for nothing that puts an item in, or ends one, in another way than this policy says.
    #[inline]
    pub unsafe fn list_mut(self: Pin<&mut Self>) -> Pin<&mut C> {
        // SAFETY: a projection to the one field, which is pinned as the whole is.
        unsafe { self.map_unchecked_mut(|this| &mut this.list) }
    }
}

impl<C, E> Deref for Container<C, E> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.list
    }
}

impl<C: fmt::Debug, E> fmt::Debug for Container<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}
