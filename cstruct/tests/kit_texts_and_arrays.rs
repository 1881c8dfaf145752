//! What C made and we release is released once, with its own function, whatever is wrong with it.

#![allow(clippy::unwrap_used, reason = "a test that unwraps says where it failed")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block plays the C library or calls it, with pointers that were made on the same lines"
)]

use core::cell::Cell;
use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::ptr::{self, NonNull};
use cstruct::kit::{
    Alloc, CArray, CBox, CStrArray, CText, CopyOut, Dealloc, Each, Foreign, FreeAnywhere, Opaque, OwnedElement,
    Realloc, Release, Released, SliceFault, TextElement, TextError, slice_from_c, slice_from_c_mut, text_within,
};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert_eq};

/// The fake C library: `calloc`, `free` with the length that was asked for, and objects.
mod c {
    use super::*;
    use std::alloc::{Layout, alloc_zeroed, dealloc};

    thread_local! {
        pub(super) static LIVE: Cell<isize> = const { Cell::new(0) };
        pub(super) static LAST_LEN: Cell<usize> = const { Cell::new(0) };
        pub(super) static NO_MEMORY: Cell<bool> = const { Cell::new(false) };
    }

    const HEAD: usize = 16;

    pub(super) unsafe extern "C" fn alloc(bytes: usize) -> *mut u8 {
        if NO_MEMORY.get() || bytes > 1 << 30 {
            return ptr::null_mut();
        }
        LIVE.set(LIVE.get() + 1);
        let layout = Layout::from_size_align(bytes + HEAD, HEAD).unwrap();
        let block = unsafe { alloc_zeroed(layout) };
        unsafe { block.cast::<usize>().write(bytes) };
        unsafe { block.add(HEAD) }
    }

    pub(super) unsafe extern "C" fn free(block: *mut u8, len: usize) {
        LIVE.set(LIVE.get() - 1);
        LAST_LEN.set(len);
        let block = unsafe { block.sub(HEAD) };
        let bytes = unsafe { block.cast::<usize>().read() };
        unsafe { dealloc(block, Layout::from_size_align(bytes + HEAD, HEAD).unwrap()) };
    }

    pub(super) fn text(bytes: &[u8]) -> *mut c_char {
        let block = unsafe { alloc(bytes.len()) };
        unsafe { block.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        block.cast()
    }

    pub(super) fn array<T: Copy>(elements: &[T]) -> *mut T {
        let block = unsafe { alloc(size_of_val(elements)) }.cast::<T>();
        unsafe { block.copy_from_nonoverlapping(elements.as_ptr(), elements.len()) };
        block
    }

    pub(super) struct Thing(#[allow(dead_code, reason = "the object has a size")] u32);

    pub(super) fn thing() -> *mut Thing {
        array(&[7_u32]).cast()
    }
}

/// The library's own release function.
struct Free;
// SAFETY: the fake library releases what it made.
unsafe impl<T> Dealloc<T> for Free {
    unsafe fn dealloc(block: NonNull<T>, len: usize) {
        // SAFETY: given up by the caller.
        unsafe { c::free(block.as_ptr().cast(), len) }
    }
}
// SAFETY: fresh blocks of the fake library.
unsafe impl<T> Alloc<T> for Free {
    fn alloc(len: usize) -> *mut T {
        let Some(bytes) = len.checked_mul(size_of::<T>()) else {
            return ptr::null_mut();
        };
        // SAFETY: any size may be asked for.
        unsafe { c::alloc(bytes) }.cast()
    }
}
// SAFETY: NULL leaves the old block; else the old one is released.
unsafe impl<T> Realloc<T> for Free {
    unsafe fn realloc(block: NonNull<T>, old_len: usize, new_len: usize) -> *mut T {
        let new: *mut T = Free::alloc(new_len);
        if !new.is_null() {
            // SAFETY: both blocks have that many.
            unsafe { new.copy_from_nonoverlapping(block.as_ptr(), old_len.min(new_len)) };
            // SAFETY: given up by the caller.
            unsafe { c::free(block.as_ptr().cast(), old_len) };
        }
        new
    }
}

/// The same, and documented as safe on any thread.
struct FreeOnAnyThread;
// SAFETY: as for `Free`.
unsafe impl<T> Dealloc<T> for FreeOnAnyThread {
    unsafe fn dealloc(block: NonNull<T>, len: usize) {
        // SAFETY: given up by the caller.
        unsafe { c::free(block.as_ptr().cast(), len) }
    }
}
// SAFETY: it is never sent in these tests; only the bounds are looked at.
unsafe impl FreeAnywhere for FreeOnAnyThread {}

#[repr(transparent)]
struct ThingRef(Opaque<c::Thing>);
// SAFETY: transparent.
unsafe impl Foreign for ThingRef {
    type Raw = c::Thing;
}
// SAFETY: releases the thing.
unsafe impl Release for ThingRef {
    type Handle = NonNull<c::Thing>;
    type Error = Infallible;
    unsafe fn release(handle: NonNull<c::Thing>) -> Released<Infallible> {
        // SAFETY: given up by the caller.
        unsafe { c::free(handle.as_ptr().cast(), 1) };
        Released::Gone
    }
}

const_assert_eq!(size_of::<CText<Free>>(), 2 * size_of::<usize>());
const_assert_eq!(size_of::<Option<CText<Free>>>(), 2 * size_of::<usize>());
const_assert_eq!(size_of::<CArray<f64, Free>>(), 2 * size_of::<usize>());
const_assert_eq!(size_of::<Option<CBox<u32, Free>>>(), size_of::<usize>());
const_assert_eq!(size_of::<OwnedElement<ThingRef>>(), size_of::<usize>());
const_assert_eq!(size_of::<TextElement>(), size_of::<usize>());
assert_not_impl_any!(CText<Free>: Send, Sync, Clone, Copy);
assert_not_impl_any!(CArray<f64, Free>: Send, Sync, Clone, Copy);
assert_not_impl_any!(CBox<f64, Free>: Send, Sync, Clone, Copy);
assert_not_impl_any!(CArray<OwnedElement<ThingRef>, FreeOnAnyThread>: Send, Sync);
assert_not_impl_any!(CStrArray<Free>: Send, Sync);
assert_impl_all!(CText<FreeOnAnyThread>: Send, Sync);
assert_impl_all!(CArray<f64, FreeOnAnyThread>: Send, Sync);
assert_impl_all!(CStrArray<FreeOnAnyThread, Each<FreeOnAnyThread>>: Send, Sync);
assert_not_impl_any!(CStrArray<FreeOnAnyThread, Each<Free>>: Send, Sync);

#[test]
fn a_text_is_read_and_released_once() {
    let text: CText<Free> = unsafe { CText::from_raw(c::text(b"abc\0")) }.unwrap();
    assert_eq!(&*text, c"abc");
    assert_eq!(text.copy_out().unwrap(), "abc");
    assert_eq!(format!("{text:?}"), "\"abc\"");
    drop(text);
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 4));

    let empty: CText<Free> = unsafe { CText::from_raw(c::text(b"\0")) }.unwrap();
    assert!(empty.is_empty());
    let raw = CText::into_raw(empty);
    assert_eq!(c::LIVE.get(), 1);
    drop(unsafe { CText::<Free>::from_raw(raw) });
    assert_eq!(c::LIVE.get(), 0);

    let null = unsafe { CText::<Free>::from_raw(ptr::null_mut()) }.unwrap_err();
    assert!(null.expected().contains("CText") && null.location().file().ends_with("arrays.rs"));

    let latin: CText<Free> = unsafe { CText::from_raw(c::text(b"\xe9\0")) }.unwrap();
    assert!(latin.to_str().is_err() && latin.copy_out().is_err());
}

#[test]
fn a_text_without_its_nul_is_an_error_and_released() {
    let bad = unsafe { CText::<Free>::from_raw_bounded(c::text(b"abcd"), 4) };
    assert_eq!(bad.err(), Some(TextError::Unterminated { max: 4 }));
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 4));

    let good = unsafe { CText::<Free>::from_raw_bounded(c::text(b"ab\0d"), 4) }.unwrap();
    assert_eq!(&*good, c"ab");
    drop(good);

    let parts = unsafe { CText::<Free>::from_raw_parts(c::text(b"abc\0"), 3) }.unwrap();
    assert_eq!(&*parts, c"abc");
    drop(parts);
    let short = unsafe { CText::<Free>::from_raw_parts(c::text(b"a\0c\0"), 3) };
    assert!(matches!(short.err(), Some(TextError::InteriorNul(at)) if at.position == 1));
    assert_eq!(c::LAST_LEN.get(), 4);
    let open = unsafe { CText::<Free>::from_raw_parts(c::text(b"abcd"), 3) };
    assert_eq!(open.err(), Some(TextError::Unterminated { max: 4 }));
    let none = unsafe { CText::<Free>::from_raw_parts(ptr::null_mut(), 0) };
    assert!(matches!(none.err(), Some(TextError::Null(_))));
    assert_eq!(c::LIVE.get(), 0);

    let field = *b"ab\0zzz";
    assert_eq!(unsafe { text_within(field.as_ptr().cast(), 6) }, Ok(c"ab"));
    let cut = unsafe { text_within(field.as_ptr().cast(), 2) };
    assert_eq!(cut, Err(TextError::Unterminated { max: 2 }));
}

#[test]
fn what_c_will_release_is_made_with_its_allocator() {
    let text = CText::<Free>::copy_of("für C").unwrap();
    assert_eq!(text.to_str(), Ok("für C"));
    let raw = CText::into_raw(text);
    assert_eq!(unsafe { CStr::from_ptr(raw) }.to_str(), Ok("für C"));
    unsafe { c::free(raw.cast(), 0) };
    let bad = CText::<Free>::copy_of("a\0b").unwrap_err();
    assert!(bad.to_string().contains("byte 1"));

    let (raw, len) = CArray::into_raw(CArray::<u16, Free>::copy_of(&[1, 2, 3]).unwrap());
    assert_eq!((len, unsafe { raw.add(2).read() }), (3, 3));
    unsafe { c::free(raw.cast(), 0) };

    let mut boxed = CBox::<u64, Free>::new(5).unwrap();
    *boxed += 1;
    let raw = CBox::into_raw(boxed);
    let back = unsafe { CBox::<u64, Free>::from_raw(raw) }.unwrap();
    assert_eq!(*back, 6);
    drop(back);
    assert!(unsafe { CBox::<u64, Free>::from_raw(ptr::null_mut()) }.is_err());

    #[repr(align(4096))]
    #[derive(Clone, Copy)]
    struct Page(#[allow(dead_code, reason = "only its alignment matters")] u8);
    // Not aligned for a page, but for a few addresses: refused and given back, or fine.
    for _ in 0..4 {
        drop(CBox::<Page, Free>::new(Page(0)));
        drop(CArray::<Page, Free>::copy_of(&[Page(0)]));
    }
    c::NO_MEMORY.set(true);
    assert!(matches!(CText::<Free>::copy_of("x"), Err(TextError::NoMemory(_))));
    assert!(CBox::<Droppy, Free>::new(Droppy).is_err());
    assert_eq!(DROPS.get(), 1, "the value is dropped when there is no memory for it");
    c::NO_MEMORY.set(false);
    drop(CBox::<Droppy, Free>::new(Droppy).unwrap());
    assert_eq!(DROPS.get(), 2);
    assert_eq!(c::LIVE.get(), 0);
}

thread_local! { static DROPS: Cell<u32> = const { Cell::new(0) } }
struct Droppy;
impl Drop for Droppy {
    fn drop(&mut self) {
        DROPS.set(DROPS.get() + 1);
    }
}

#[test]
fn an_array_is_released_with_its_length() {
    let mut array: CArray<f64, Free> = unsafe { CArray::from_raw(c::array(&[1.0, 2.0]), 2_i32) }.unwrap();
    array[0] = 5.0;
    assert_eq!(array.iter().sum::<f64>(), 7.0);
    assert_eq!((&array).into_iter().count(), 2);
    drop(array);
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 2));

    // NULL and 0: nothing to release. A block of length 0 is released.
    assert!(unsafe { CArray::<f64, Free>::from_raw(ptr::null_mut(), 0_u32) }.unwrap().is_empty());
    drop(unsafe { CArray::<f64, Free>::from_raw(c::array(&[]), 0_usize) }.unwrap());
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 0));
}

#[test]
fn every_impossible_slice_is_refused_by_name() {
    let mut four = [1_u32, 2, 3, 4];
    let p = four.as_mut_ptr();
    let odd = p.cast::<u8>().wrapping_add(1).cast::<u32>();
    let faults = [
        (unsafe { slice_from_c(ptr::null::<u32>(), 1_u64) }, SliceFault::Null, "NULL"),
        (unsafe { slice_from_c(p.cast_const(), -1_i64) }, SliceFault::Negative, "negative"),
        (unsafe { slice_from_c(p.cast_const(), usize::MAX) }, SliceFault::TooLong, "no allocation"),
        (unsafe { slice_from_c(p.cast_const(), usize::MAX / 8 + 1) }, SliceFault::TooLong, "u32"),
        (unsafe { slice_from_c(odd.cast_const(), 1_u8) }, SliceFault::Misaligned, "not aligned"),
    ];
    for (slice, fault, word) in faults {
        let error = slice.unwrap_err();
        assert_eq!(error.fault(), fault);
        assert!(error.to_string().contains(word), "{error}");
        assert!(error.to_string().contains(file!()), "{error}");
    }
    assert!(unsafe { slice_from_c(ptr::null::<u32>(), 0_i8) }.unwrap().is_empty());
    assert!(unsafe { slice_from_c_mut(ptr::null_mut::<u32>(), 0_i8) }.unwrap().is_empty());
    unsafe { slice_from_c_mut(p, 2_i16) }.unwrap()[1] = 9;
    assert_eq!(unsafe { slice_from_c(p.cast_const(), 4_isize) }.unwrap(), [1, 9, 3, 4]);

    let leaked = c::array(&[1_u32]);
    assert!(unsafe { CArray::<u32, Free>::from_raw(leaked, -1_i32) }.is_err());
    assert_eq!(c::LIVE.get(), 1, "what is not believed is not released");
    unsafe { c::free(leaked.cast(), 1) };
}

#[test]
fn a_resize_that_fails_keeps_the_old() {
    let mut array: CArray<u16, Free> = unsafe { CArray::from_raw(c::array(&[1, 2]), 2_usize) }.unwrap();
    CArray::try_resize(&mut array, 4, 9).unwrap();
    assert_eq!(*array, [1, 2, 9, 9]);
    c::NO_MEMORY.set(true);
    assert_eq!(CArray::try_resize(&mut array, 8, 0).unwrap_err().len, 8);
    assert!(CArray::try_resize(&mut array, usize::MAX, 0).is_err());
    c::NO_MEMORY.set(false);
    assert_eq!(*array, [1, 2, 9, 9]);
    CArray::try_resize(&mut array, 1, 0).unwrap();
    assert_eq!(*array, [1]);
    CArray::try_resize(&mut array, 0, 0).unwrap();
    assert_eq!((array.len(), c::LIVE.get()), (0, 0));
    CArray::try_resize(&mut array, 0, 0).unwrap();
    CArray::try_resize(&mut array, 2, 3).unwrap();
    assert_eq!(*array, [3, 3]);
    drop(array);
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 2));
}

#[test]
fn elements_that_are_ours_are_released_before_the_block() {
    let raw = c::array(&[c::thing(), ptr::null_mut(), c::thing()]);
    let mut things: CArray<OwnedElement<ThingRef>, Free> = unsafe { CArray::from_raw(raw.cast(), 3_u32) }.unwrap();
    assert!(things[0].object().is_some() && things[1].object().is_none());
    let taken = CArray::take(&mut things, 2).unwrap();
    assert!(CArray::take(&mut things, 2).is_none() && CArray::take(&mut things, 3).is_none());
    drop(things);
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (1, 3), "all but the one taken out; the block last");
    drop(taken);
    assert_eq!(c::LIVE.get(), 0);

    // Borrowed elements are not released.
    let mine = c::thing();
    let lent = unsafe { ThingRef::from_ptr(mine) }.unwrap();
    let raw = c::array(&[Some(lent), None]);
    let array: CArray<Option<&ThingRef>, Free> = unsafe { CArray::from_raw(raw, 2_u8) }.unwrap();
    assert_eq!(array.iter().flatten().count(), 1);
    drop(array);
    assert_eq!(c::LIVE.get(), 1);
    unsafe { c::free(mine.cast(), 1) };

    // The block goes also when an element's end panics.
    struct Bad;
    impl Drop for Bad {
        fn drop(&mut self) {
            panic!("in an element");
        }
    }
    let raw = unsafe { c::alloc(1) }.cast::<Bad>();
    let bad: CArray<Bad, Free> = unsafe { CArray::from_raw(raw, 1_u8) }.unwrap();
    assert!(std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| drop(bad))).is_err());
    assert_eq!(c::LIVE.get(), 0);
}

#[test]
fn arrays_of_texts_are_counted_or_end_with_null() {
    let raw = c::array(&[c::text(b"ada\0"), ptr::null_mut(), c::text(b"\0")]);
    let texts: CStrArray<Free, Each<Free>> = unsafe { CArray::from_raw(raw.cast(), 3_u8) }.unwrap();
    let seen: Vec<_> = texts.iter().map(TextElement::text).collect();
    assert_eq!(seen, [Some(c"ada"), None, Some(c"")]);
    drop(texts);
    assert_eq!(c::LIVE.get(), 0);

    let raw = c::array(&[c"x".as_ptr(), c"y".as_ptr(), ptr::null()]);
    let list = unsafe { CStrArray::<Free>::from_null_terminated(raw.cast_mut().cast(), 8) }.unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(format!("{list:?}"), r#"[Some("x"), Some("y")]"#);
    drop(list);
    assert_eq!((c::LIVE.get(), c::LAST_LEN.get()), (0, 3), "the NULL is counted, as a text's NUL is");

    let raw = c::array(&[c"x".as_ptr(), c"y".as_ptr()]);
    let endless = unsafe { CStrArray::<Free>::from_null_terminated(raw.cast_mut().cast(), 2) };
    assert_eq!(endless.unwrap_err().fault(), SliceFault::Unterminated);
    unsafe { c::free(raw.cast_mut().cast(), 2) };
    let null = unsafe { CStrArray::<Free>::from_null_terminated(ptr::null_mut(), 2) };
    assert_eq!(null.unwrap_err().fault(), SliceFault::Null);
}

#[cfg(feature = "libc")]
#[test]
fn malloc_and_free() {
    use cstruct::kit::LibcFree;
    let text: CText<LibcFree> = unsafe { CText::from_raw(libc::strdup(c"dup".as_ptr())) }.unwrap();
    assert_eq!(&*text, c"dup");
    let mut array = CArray::<u32, LibcFree>::copy_of(&[]).unwrap();
    CArray::try_resize(&mut array, 100, 7).unwrap();
    assert_eq!(array.iter().sum::<u32>(), 700);
    assert!(CArray::try_resize(&mut array, usize::MAX / 16, 7).is_err());
    assert_eq!(array.len(), 100);
    assert_impl_all!(CText<LibcFree>: Send, Sync);
}
