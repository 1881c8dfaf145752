//! Containers and their element policies, tagged objects, and objects bound to a thread.

use core::cell::Cell;
use core::convert::Infallible;
use core::pin::Pin;
use core::ptr::NonNull;

use cstruct::kit::{
    Container, Cursor, Drain, EndsAs, Foreign, IsA, Items, ItemsToo, Opaque, Owned, Release, ReleaseAs, Released,
    ShellOnly, Tagged, ThreadBound, Variant,
};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

thread_local! {
    static FREED: Cell<(u32, u32)> = const { Cell::new((0, 0)) }; // (shells, items)
}

#[repr(C)]
struct Item {
    kind: i32,
}

/// An item of kind 1 is one of these.
#[repr(C)]
struct File {
    base: Item,
    fd: i32,
}

#[repr(transparent)]
struct ItemRef(Opaque<Item>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for ItemRef {
    type Raw = Item;
}

/// "Frees an item of any kind."
fn item_free(item: *mut Item) {
    FREED.set((FREED.get().0, FREED.get().1 + 1));
    // SAFETY: it comes from one of the two boxes of `plain` and `file`, which its kind tells.
    let kind = unsafe { (*item).kind };
    if kind == 1 {
        // SAFETY: as above.
        drop(unsafe { Box::from_raw(item.cast::<File>()) });
    } else {
        // SAFETY: as above.
        drop(unsafe { Box::from_raw(item) });
    }
}

// SAFETY: `item_free` releases it.
unsafe impl Release for ItemRef {
    type Handle = NonNull<Item>;
    type Error = Infallible;

    unsafe fn release(handle: NonNull<Item>) -> Released<Infallible> {
        item_free(handle.as_ptr());
        Released::Gone
    }
}

#[repr(transparent)]
struct FileRef(Opaque<File>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for FileRef {
    type Raw = File;
}

// SAFETY: `item_free` releases a file too.
unsafe impl Release for FileRef {
    type Handle = NonNull<File>;
    type Error = Infallible;

    unsafe fn release(handle: NonNull<File>) -> Released<Infallible> {
        item_free(handle.as_ptr().cast());
        Released::Gone
    }
}

// SAFETY: the kind never changes.
unsafe impl Tagged for ItemRef {
    type Tag = i32;

    fn tag(&self) -> i32 {
        // SAFETY: the item lives.
        unsafe { (*self.as_ptr()).kind }
    }
}

// SAFETY: a file begins with an item.
unsafe impl IsA<ItemRef> for FileRef {}

// SAFETY: kind 1 is a file, and nothing else is.
unsafe impl Variant<ItemRef> for FileRef {
    fn is(kind: i32) -> bool {
        kind == 1
    }
}

// SAFETY: both are released by `item_free`.
unsafe impl EndsAs<ItemRef> for FileRef {}

fn plain() -> Owned<ItemRef> {
    // SAFETY: the box is ours.
    unsafe { Owned::from_raw(Box::into_raw(Box::new(Item { kind: 0 }))) }.expect("not NULL")
}

fn file(fd: i32) -> Owned<FileRef> {
    let file = File { base: Item { kind: 1 }, fd };
    // SAFETY: the box is ours.
    unsafe { Owned::from_raw(Box::into_raw(Box::new(file))) }.expect("not NULL")
}

fn fd(file: &FileRef) -> i32 {
    // SAFETY: the file lives.
    unsafe { (*file.as_ptr()).fd }
}

#[test]
fn an_upcast_is_the_same_object_and_a_downcast_looks_at_the_tag() {
    let (item, mut file) = (plain(), file(5));
    let base: &ItemRef = file.upcast();
    assert_eq!(base.as_ptr().cast(), file.as_ptr());
    assert_eq!(base.downcast::<FileRef>().map(fd), Some(5));
    assert!(item.downcast::<FileRef>().is_none());
    let base: Pin<&mut ItemRef> = file.pin_mut().upcast_mut();
    assert_eq!(base.downcast_mut::<FileRef>().ok().map(|file| fd(&file)), Some(5));
}

#[test]
fn owners_are_cast_and_released_once() {
    let base: Owned<ItemRef> = Owned::upcast(file(6));
    let Ok(file) = Owned::downcast::<FileRef>(base) else {
        panic!("it is a file");
    };
    assert_eq!(fd(&file), 6);
    let base: Owned<ItemRef> = Owned::upcast(file);
    drop(base);
    let Err(item) = Owned::downcast::<FileRef>(plain()) else {
        panic!("it is no file");
    };
    drop(item);
    assert_eq!(FREED.take(), (0, 2));
}

struct List {
    items: Vec<*mut Item>,
}

#[repr(transparent)]
struct ListRef(Opaque<List>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for ListRef {
    type Raw = List;
}

// SAFETY: the shell alone.
unsafe impl ReleaseAs<ShellOnly<'_>> for ListRef {
    type Error = Infallible;

    unsafe fn release_as(handle: NonNull<List>) -> Released<Infallible> {
        FREED.set((FREED.get().0 + 1, FREED.get().1));
        // SAFETY: the box of `list`.
        drop(unsafe { Box::from_raw(handle.as_ptr()) });
        Released::Gone
    }
}

// SAFETY: the items, then the shell.
unsafe impl ReleaseAs<ItemsToo> for ListRef {
    type Error = Infallible;

    unsafe fn release_as(handle: NonNull<List>) -> Released<Infallible> {
        // SAFETY: the list lives.
        let list = unsafe { handle.as_ref() };
        list.items.iter().copied().for_each(item_free);
        // SAFETY: the other policy frees the shell, which is ours.
        unsafe { <ListRef as ReleaseAs<ShellOnly<'_>>>::release_as(handle) }
    }
}

impl ListRef {
    fn len(&self) -> usize {
        // SAFETY: the list lives, and no other reference to it is used.
        unsafe { &*self.as_ptr() }.items.len()
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &ItemRef> + DoubleEndedIterator + Clone {
        Items::new(self, self.len(), |list: &ListRef, index| {
            // SAFETY: as in `len`.
            let item = unsafe { &*list.as_ptr() }.items[index];
            // SAFETY: an item lives while its list is not mutated.
            unsafe { ItemRef::from_ptr(item) }.expect("no NULL in it")
        })
    }
}

fn list<E>() -> Owned<Container<ListRef, E>>
where
    ListRef: ReleaseAs<E>,
{
    let list = Box::new(List { items: Vec::new() });
    // SAFETY: the box is ours, and empty.
    unsafe { Owned::from_raw(Box::into_raw(list)) }.expect("not NULL")
}

fn push(list: Pin<&mut Container<ListRef, ItemsToo>>, item: Owned<ItemRef>) {
    // SAFETY: the list lives, and takes the item.
    unsafe { &mut *list.as_ptr() }.items.push(Owned::into_raw(item));
}

fn pop(list: Pin<&mut Container<ListRef, ItemsToo>>) -> Option<Owned<ItemRef>> {
    // SAFETY: the list lives.
    let item = unsafe { &mut *list.as_ptr() }.items.pop()?;
    // SAFETY: it is ours now.
    unsafe { Owned::from_raw(item) }.ok()
}

fn push_ref<'i>(list: Pin<&mut Container<ListRef, ShellOnly<'i>>>, item: &'i ItemRef) {
    // SAFETY: the list lives, and the item outlives it.
    unsafe { &mut *list.as_ptr() }.items.push(item.as_ptr());
}

/// A list that may be used on any thread, with the items that it owns.
#[repr(transparent)]
struct SentRef(Opaque<List>);

// SAFETY: transparent over `Opaque`.
unsafe impl Foreign for SentRef {
    type Raw = List;
}

// SAFETY: it and its items are bound to no thread.
unsafe impl Send for SentRef {}
// SAFETY: reading it changes nothing.
unsafe impl Sync for SentRef {}

assert_impl_all!(Container<SentRef, ItemsToo>: Send, Sync);
// Items that are borrowed are used elsewhere at the same time, so they have a say.
assert_not_impl_any!(Container<SentRef, ShellOnly<'static>>: Send, Sync);
assert_not_impl_any!(Container<SentRef, ShellOnly<'static, ItemRef>>: Send, Sync);
assert_impl_all!(Container<SentRef, ShellOnly<'static, u8>>: Send, Sync);
assert_not_impl_any!(Container<ListRef, ShellOnly<'static, u8>>: Send, Sync);
assert_eq_size!(Option<Owned<Container<ListRef, ItemsToo>>>, usize);
assert_not_impl_any!(ThreadBound: Send, Sync);
assert_eq_size!(ThreadBound, ());

#[test]
fn a_list_that_owns_frees_its_items_and_one_that_borrows_does_not() {
    let mut owning = list::<ItemsToo>();
    push(owning.pin_mut(), plain());
    push(owning.pin_mut(), Owned::upcast(file(1)));
    drop(owning);
    assert_eq!(FREED.take(), (1, 2));

    let item = plain();
    let mut borrowing = list::<ShellOnly<'_>>();
    push_ref(borrowing.pin_mut(), &item);
    assert_eq!(borrowing.len(), 1);
    drop(borrowing);
    assert_eq!(FREED.take(), (1, 0));
    drop(item);
    assert_eq!(FREED.take(), (0, 1));
}

#[test]
fn items_are_walked_both_ways_and_taken_out_as_owners() {
    let mut owning = list::<ItemsToo>();
    for number in 0..3 {
        push(owning.pin_mut(), Owned::upcast(file(number)));
    }
    let numbers = |item: &ItemRef| item.downcast::<FileRef>().map(fd);
    assert_eq!(owning.iter().map(numbers).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    let mut rest = owning.iter();
    assert_eq!(rest.nth(1).and_then(numbers), Some(1));
    assert_eq!((rest.len(), rest.clone().next_back().and_then(numbers)), (1, Some(2)));
    assert_eq!((rest.next().and_then(numbers), rest.next().is_none()), (Some(2), true));

    drop(rest);
    let taken: Vec<_> = Drain::new(owning.pin_mut(), pop).take(2).collect();
    assert_eq!((owning.len(), FREED.take()), (1, (0, 0)));
    drop(taken);
    assert_eq!(FREED.take(), (0, 2));
    drop(owning);
    assert_eq!(FREED.take(), (1, 1));
}

/// A C cursor with one buffer, and an error at the end of its file.
struct Lines {
    buffer: [u8; 1],
    left: u8,
}

impl Cursor for Lines {
    type Item<'line> = &'line [u8];
    type Error = &'static str;

    fn next(&mut self) -> Result<Option<&[u8]>, &'static str> {
        self.left = self.left.checked_sub(1).ok_or("torn")?;
        self.buffer = [self.left];
        Ok(Some(&self.buffer))
    }
}

#[test]
fn a_cursor_lends_and_its_error_comes_out() {
    fn sum(lines: &mut Lines) -> Result<u8, (u8, &'static str)> {
        let mut sum = 0;
        while let Some(line) = lines.next().map_err(|error| (sum, error))? {
            sum += line[0];
        }
        Ok(sum)
    }
    let mut lines = Lines { buffer: [0], left: 4 };
    assert_eq!(sum(&mut lines), Err((6, "torn")));
}

#[cfg(feature = "std")]
#[test]
fn home_is_known_from_abroad() {
    use cstruct::kit::{AtHome, Home};
    assert_not_impl_any!(AtHome<'static>: Send, Sync);

    let home = Home::here();
    assert_eq!(home.check().map(|at_home| *at_home.home()).ok(), Some(home));
    let error = std::thread::spawn(move || home.check().map(|_| ())).join().expect("no panic").expect_err("abroad");
    assert!(error.to_string().contains("belongs to"), "{error}");
}
