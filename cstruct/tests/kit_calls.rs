//! What crosses in one call: lent, stored through an out-parameter, set, and told when it fails.

#![allow(clippy::unwrap_used, reason = "a test that unwraps says where it failed")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block plays the C library or calls it, with pointers that were made on the same lines"
)]

use core::cell::{Cell, RefCell};
use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::ptr::{self, NonNull};
use cstruct::kit::{
    CText, Dealloc, Failure, Foreign, Null, OnceToken, Opaque, Opts, Owned, Release, Released, checked, copied_text,
    copied_value, in_my_buffer, lend, out, static_object, static_text, with_setting, with_text,
};
use static_assertions::{assert_not_impl_any, const_assert_eq};
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static LIVE: Cell<i32> = const { Cell::new(0) };
    static LAST: RefCell<CString> = RefCell::new(CString::from(c""));
}

struct Thing(u32);

fn c_thing(value: u32) -> *mut Thing {
    LIVE.set(LIVE.get() + 1);
    Box::into_raw(Box::new(Thing(value)))
}

#[repr(transparent)]
struct ThingRef(Opaque<Thing>);
// SAFETY: transparent.
unsafe impl Foreign for ThingRef {
    type Raw = Thing;
}
// SAFETY: releases the thing. As C does, it overwrites the last error.
unsafe impl Release for ThingRef {
    type Handle = NonNull<Thing>;
    type Error = Infallible;
    unsafe fn release(handle: NonNull<Thing>) -> Released<Infallible> {
        LIVE.set(LIVE.get() - 1);
        LAST.set(CString::from(c"released"));
        // SAFETY: given up by the caller.
        drop(unsafe { Box::from_raw(handle.as_ptr()) });
        Released::Gone
    }
}
impl ThingRef {
    fn value(&self) -> u32 {
        // SAFETY: live.
        unsafe { (*self.as_ptr()).0 }
    }
}
type Thingy = Owned<ThingRef>;

#[derive(Debug, PartialEq)]
enum Error {
    Status(i32),
    Null,
    Told(i32, Option<u32>),
}
impl From<Null> for Error {
    fn from(_: Null) -> Self {
        Error::Null
    }
}

#[test]
fn a_lent_text_has_its_nul_and_no_other() {
    let long = "x".repeat(10_000);
    for text in ["", "short", &"y".repeat(255), &"y".repeat(256), &long] {
        let len = lend::cstr(text, |p| unsafe { CStr::from_ptr(p) }.to_bytes() == text.as_bytes());
        assert_eq!(len, Ok(true));
    }
    let error = lend::cstr("ab\0c", |_| panic!("not called")).unwrap_err();
    assert_eq!(error.position, 2);
    assert!(error.to_string().contains("byte 2"));
    assert_eq!(lend::cstr_or_null(None::<&str>, |p| p.is_null()), Ok(true));
    assert_eq!(lend::cstr_or_null(Some("x"), |p| p.is_null()), Ok(false));
    // What was moved in is held until the call has returned.
    let held = lend::cstr(String::from("temporary"), |p| unsafe { CStr::from_ptr(p) }.count_bytes());
    assert_eq!(held, Ok(9));
}

#[test]
fn a_lent_slice_has_a_length_of_the_type_of_c() {
    assert_eq!(lend::slice(&[1_u8, 2], |_, len: i32| len), Ok(2));
    let error = lend::slice(&[0_u8; 128], |_, _: i8| panic!("not called")).unwrap_err();
    assert_eq!((error.len, error.into), (128, "i8"));
    assert_eq!(lend::slice(&[0_u8; 0], |p, _: u32| p.is_null()), Ok(false));
    assert_eq!(lend::slice_or_null(&[0_u8; 0], |p, _: u32| p.is_null()), Ok(true));
    assert_eq!(lend::slice_or_null(&[5_u8], |p, _: u32| unsafe { p.read() }), Ok(5));
    let mut room = [1, 2];
    lend::slice_mut(&mut room, |p: *mut i32, _: u8| unsafe { p.add(1).write(7) }).unwrap();
    assert_eq!(room, [1, 7]);
}

#[test]
fn lists_of_handles_and_texts_are_lent_without_copies() {
    let (one, two) = unsafe { (Thingy::from_raw(c_thing(1)).unwrap(), Thingy::from_raw(c_thing(2)).unwrap()) };
    let list = [&*one, &*two];
    let sum = lend::objects(&list, |p, len: usize| {
        assert!(ptr::addr_eq(p, list.as_ptr()));
        (0..len).map(|at| unsafe { (**p.add(at)).0 }).sum::<u32>()
    });
    assert_eq!(sum, Ok(3));

    let seen = lend::objects_to_null(&[Some(&*one), None], |p| unsafe { (*p == one.as_ptr(), (*p.add(1)).is_null()) });
    assert_eq!(seen, Ok((true, true)));
    for bad in [&[][..], &[Some(&*one)], &[None, Some(&*one)], &[Some(&*one), None, None]] {
        assert!(lend::objects_to_null::<ThingRef, _>(bad, |_| panic!("not called")).is_err());
    }
    let count = lend::cstrs_to_null(&[c"a", c"b"], |p| unsafe {
        assert_eq!(CStr::from_ptr(*p.add(1)), c"b");
        (*p.add(2)).is_null()
    });
    assert!(count);
}

#[test]
fn out_parameters_are_null_before_and_adopted_after() {
    let made: Result<Thingy, Error> = unsafe {
        out::made((), |slot: *mut *mut Thing| {
            assert!((*slot).is_null());
            *slot = c_thing(1);
            Ok(())
        })
    };
    assert_eq!(made.unwrap().value(), 1);
    let failed: Result<Thingy, Error> = unsafe { out::made((), |_| Err(Error::Status(3))) };
    assert_eq!(failed.err(), Some(Error::Status(3)));
    // A failed call may have left rubbish: it is not looked at.
    let rubbish: Result<Thingy, Error> = unsafe {
        out::made((), |slot: *mut *mut Thing| {
            *slot = NonNull::dangling().as_ptr();
            Err(Error::Status(4))
        })
    };
    assert_eq!(rubbish.err(), Some(Error::Status(4)));
    let null: Result<Thingy, Error> = unsafe { out::made((), |_| Ok(())) };
    assert_eq!(null.err(), Some(Error::Null));
    let by_null = |made: bool, status: i32| -> Result<Thingy, (i32, Null)> {
        let call = |slot: *mut *mut Thing| {
            assert!(unsafe { *slot }.is_null());
            if made {
                unsafe { *slot = c_thing(2) };
            }
            status
        };
        unsafe { out::made_unless_null((), call, |status, null| (status, null)) }
    };
    assert_eq!(by_null(true, 0).unwrap().value(), 2);
    let (status, null) = by_null(false, 5).err().unwrap();
    assert_eq!((status, null.expected().contains("ThingRef")), (5, true));
    assert_eq!(by_null(false, 0).err().unwrap().0, 0, "it said yes and left NULL: an error all the same");
    let nothing = unsafe { out::made_or_nothing::<ThingRef, _, Error>((), |_| Ok(())) };
    assert!(nothing.unwrap().is_none());
    assert_eq!(LIVE.get(), 0);
}

#[test]
fn a_failure_that_hands_out_a_handle_leaks_nothing() {
    let open = |status: i32, with_handle: bool| -> Result<Thingy, Error> {
        unsafe {
            out::made_even_if_failed(
                (),
                |slot| {
                    if with_handle {
                        *slot = c_thing(8);
                    }
                    if status == 0 { Ok(()) } else { Err(status) }
                },
                |status, handle: Option<&ThingRef>| Error::Told(status, handle.map(ThingRef::value)),
            )
        }
    };
    assert_eq!(open(0, true).unwrap().value(), 8);
    assert_eq!(open(0, false).err(), Some(Error::Null));
    assert_eq!(open(5, true).err(), Some(Error::Told(5, Some(8))));
    assert_eq!(open(5, false).err(), Some(Error::Told(5, None)));
    // Adopted before `explain` runs: a panic there leaks nothing either.
    let panicked = catch_unwind(|| -> Result<Thingy, Error> {
        unsafe {
            out::made_even_if_failed(
                (),
                |slot| {
                    *slot = c_thing(8);
                    Err(1)
                },
                |_: i32, _| panic!("while explaining"),
            )
        }
    });
    assert!(panicked.is_err());

    // A value and an error object together, both adopted.
    let ((answer, value), error) = unsafe {
        out::whatever::<ThingRef, _>(|error| {
            *error = c_thing(9);
            out::whatever::<ThingRef, _>(|value| {
                *value = c_thing(1);
                -1
            })
        })
    };
    assert_eq!((answer, value.unwrap().value(), error.unwrap().value()), (-1, 1, 9));
    assert_eq!(LIVE.get(), 0);
    let number = unsafe {
        out::value(|slot: *mut u32| {
            assert_eq!(*slot, 0);
            *slot = 4;
            Ok::<_, ()>(())
        })
    };
    assert_eq!(number, Ok(4));
    assert_eq!(unsafe { out::value::<u32, _>(|_| Err(7)) }, Err(7));
}

#[test]
fn an_in_out_slot_takes_back_what_c_left() {
    let mut owner = Some(unsafe { Thingy::from_raw(c_thing(1)) }.unwrap());
    let free = |p: *mut Thing| drop(unsafe { Thingy::from_raw(p) });
    unsafe {
        out::replaced(&mut owner, |slot| {
            free(*slot);
            *slot = c_thing(2)
        })
    };
    assert_eq!(owner.as_ref().unwrap().value(), 2);
    let panicked = catch_unwind(AssertUnwindSafe(|| unsafe {
        out::replaced(&mut owner, |slot| {
            free(*slot);
            *slot = c_thing(3);
            panic!("after the call")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(owner.as_ref().unwrap().value(), 3);
    unsafe {
        out::replaced(&mut owner, |slot| {
            free(*slot);
            *slot = ptr::null_mut()
        })
    };
    assert!(owner.is_none());
    unsafe { out::replaced(&mut owner, |slot| assert!((*slot).is_null())) };
    assert_eq!(LIVE.get(), 0);
}

fn write(room: *mut u8, bytes: &[u8]) {
    unsafe { room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

struct Options {
    version: u32,
    name: *const c_char,
}
const_assert_eq!(size_of::<Opts<'static, Options>>(), size_of::<Options>());
assert_not_impl_any!(Opts<'static, Options>: Send, Sync, Clone, Copy);
assert_not_impl_any!(cstruct::kit::ProcessToken: Clone, Copy, Default);

#[test]
fn options_are_made_by_the_init_of_c() {
    let init = |known: u32| {
        move |options: *mut Options| {
            if known != 1 {
                return Err("version");
            }
            unsafe { (*options).version = 1 };
            Ok(())
        }
    };
    let name = CString::from(c"name");
    let mut options = unsafe { Opts::init(init(1)) }.unwrap();
    unsafe { options.raw_mut() }.name = name.as_ptr();
    let seen = unsafe { &*options.as_ptr() };
    assert_eq!((seen.version, unsafe { CStr::from_ptr(seen.name) }), (1, c"name"));
    assert_eq!(unsafe { Opts::<Options>::init(init(2)) }.err(), Some("version"));
    assert_eq!(format!("{options:?}"), "Opts { .. }");
}

#[test]
fn static_and_shared() {
    static FOREVER: Thing = Thing(3);
    assert_eq!(unsafe { static_text(c"v1".as_ptr()) }, Ok(c"v1"));
    assert!(unsafe { static_text(ptr::null()) }.is_err());
    assert!(unsafe { copied_text(ptr::null()) }.is_err());
    assert!(unsafe { copied_value(ptr::null::<u32>()) }.is_err());
    let mut shared = *b"one\0";
    let copy = unsafe { copied_text(shared.as_ptr().cast()) }.unwrap();
    shared[0] = b'x';
    assert_eq!(copy.as_c_str(), c"one");
    assert_eq!(unsafe { copied_value(shared.as_ptr()) }.unwrap(), b'x');
    assert_eq!(
        unsafe { copied_value(shared.as_ptr().wrapping_add(1).cast::<u64>()) }.is_err(),
        !(shared.as_ptr() as usize + 1).is_multiple_of(8)
    );
    let forever = unsafe { static_object::<ThingRef>(&raw const FOREVER) }.unwrap();
    assert_eq!(forever.value(), 3);
}

#[test]
fn the_last_error_is_read_before_any_release() {
    let fail = || {
        LAST.set(CString::from(c"disk full"));
        Err::<(), _>(28)
    };
    let held = unsafe { Thingy::from_raw(c_thing(1)) }.unwrap();
    let answer = checked(
        held,
        |_| fail(),
        |_, status| (status, LAST.with_borrow(|last| unsafe { copied_text(last.as_ptr()) }).unwrap()),
    );
    assert_eq!(answer, Err((28, CString::from(c"disk full"))));
    assert_eq!(LAST.take().as_c_str(), c"released", "the release came after");
    assert_eq!(checked((), |()| Ok::<_, ()>(1), |(), ()| panic!("not asked")), Ok::<_, ()>(1));

    let told = unsafe {
        in_my_buffer::<4, (), _>(|room| {
            write(room.cast(), b"bad\0");
            Err(1)
        })
    };
    assert_eq!(told, Err(Failure { status: 1, message: CString::from(c"bad") }));
    let cut = unsafe {
        in_my_buffer::<4, (), _>(|room| {
            write(room.cast(), b"endl");
            Err(1)
        })
    };
    assert_eq!(cut.unwrap_err().message.as_c_str(), c"endl");
    let silent = unsafe { in_my_buffer::<4, (), _>(|_| Err(1)) };
    assert!(silent.unwrap_err().message.is_empty());
}

struct Free;
// SAFETY: releases a text of `CString::into_raw`.
unsafe impl Dealloc<c_char> for Free {
    unsafe fn dealloc(text: NonNull<c_char>, _: usize) {
        LIVE.set(LIVE.get() - 1);
        // SAFETY: given up by the caller.
        drop(unsafe { CString::from_raw(text.as_ptr()) });
    }
}

#[test]
fn a_text_that_comes_with_a_failure_is_released() {
    let run = |status: i32, text: bool| unsafe {
        with_text::<Free, _, _>(|slot| {
            if text {
                LIVE.set(LIVE.get() + 1);
                *slot = CString::from(c"near WHERE").into_raw();
            }
            if status == 0 { Ok(()) } else { Err(status) }
        })
    };
    let failure = run(1, true).unwrap_err();
    assert_eq!(failure.message.as_deref(), Some(c"near WHERE"));
    assert!(failure.to_string().contains("near WHERE"));
    drop(failure);
    assert!(run(1, false).unwrap_err().message.is_none());
    assert!(run(0, true).is_ok(), "a warning, released");
    assert_eq!(LIVE.get(), 0);
    let _: Option<CText<Free>> = None;
}

#[cfg(all(feature = "std", feature = "libc"))]
#[test]
fn errno_is_read_at_once() {
    use cstruct::kit::errno;
    let path = CString::from(c"/nonexistent/file");
    let error = errno(path, |path| unsafe { libc::open(path.as_ptr(), libc::O_RDONLY) }, |fd| *fd < 0);
    assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    assert_eq!(errno((), |()| 3, |fd| *fd < 0).unwrap(), 3);
}

#[test]
fn a_token_is_given_once_and_a_setting_put_back() {
    static ONCE: OnceToken = OnceToken::new("the locale");
    let given: Vec<_> = (0..4).map(|_| std::thread::spawn(|| ONCE.take())).collect();
    let given: Vec<_> = given.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(given.iter().filter(|token| token.is_ok()).count(), 1);
    assert!(ONCE.take().unwrap_err().to_string().contains("the locale"));

    let level = Cell::new(1);
    let swap = |value| Ok::<_, &str>(level.replace(value));
    let nested = with_setting(2, swap, || with_setting(3, swap, || level.get()));
    assert_eq!((nested, level.get()), (Ok(Ok(3)), 1));
    let panicked = catch_unwind(AssertUnwindSafe(|| with_setting(9, swap, || panic!("inside"))));
    assert!(panicked.is_err());
    assert_eq!(level.get(), 1, "put back while unwinding");
    let refused = with_setting(2, |_| Err::<i32, _>("no"), || panic!("not run"));
    assert_eq!(refused, Err::<(), _>("no"));
}
