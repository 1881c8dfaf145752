//! Interfaces of C that Rust implements: one allocation, freed once, whoever frees it.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in this file, and each call keeps the rule that it states; a test fails by panicking"
)]

use core::cell::Cell;
use core::ffi::c_int;
use core::marker::PhantomPinned;
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{Callbacks, CloseError, Consumed, Interface, check_version};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// The C library: a device that its users implement. C counts the calls in the prefix.
#[repr(C)]
struct Device {
    version: u32,
    calls: u32,
    read: unsafe extern "C" fn(this: *mut Device, depth: c_int) -> c_int,
    write: unsafe extern "C" fn(this: *mut Device, depth: c_int) -> c_int,
    close: Option<unsafe extern "C" fn(this: *mut Device)>,
}

unsafe extern "C" fn device_read(device: *mut Device, depth: c_int) -> c_int {
    unsafe {
        (*device).calls += 1;
        ((*device).read)(device, depth)
    }
}

unsafe extern "C" fn device_write(device: *mut Device, depth: c_int) -> c_int {
    unsafe {
        (*device).calls += 1;
        ((*device).write)(device, depth)
    }
}

unsafe extern "C" fn device_close(device: *mut Device) {
    if let Some(close) = unsafe { (*device).close } {
        unsafe { close(device) };
    }
}

/// What a Rust implementor does.
struct Tape {
    total: i32,
    address: Cell<usize>,
    raw: Cell<*mut Device>,
    freed: Rc<Cell<u32>>,
    _pinned: PhantomPinned,
}

impl Drop for Tape {
    fn drop(&mut self) {
        assert!(self.address.get() == 0 || self.address.get() == (&raw const *self).addr(), "it was moved");
        self.freed.set(self.freed.get() + 1);
    }
}

unsafe extern "C" fn read(this: *mut Device, depth: c_int) -> c_int {
    let read = |tape: core::pin::Pin<&Tape>| {
        tape.address.set((&raw const *tape).addr());
        if depth == 0 { tape.total } else { 10 + unsafe { device_read(tape.raw.get(), depth - 1) } }
    };
    unsafe { Interface::<Device, Tape>::call(this, read, -7) }
}

unsafe extern "C" fn write(this: *mut Device, depth: c_int) -> c_int {
    let write = |tape: core::pin::Pin<&mut Tape>| {
        let raw = tape.raw.get();
        unsafe { tape.get_unchecked_mut() }.total += 1;
        match depth {
            0 => 1,
            -1 => {
                unsafe { device_close(raw) };
                2
            }
            -2 => panic!("in the table"),
            _ => unsafe { device_read(raw, 0) },
        }
    };
    unsafe { Interface::<Device, Tape>::call_mut(this, write, -7) }
}

fn device(freed: &Rc<Cell<u32>>, callbacks: &Arc<Callbacks>) -> Interface<Device, Tape> {
    let close: unsafe extern "C" fn(*mut Device) = Interface::<Device, Tape>::free;
    let table = Device { version: 2, calls: 0, read, write, close: Some(close) };
    check_version(table.version, 1..=2).unwrap();
    let (address, raw) = (Cell::new(0), Cell::new(core::ptr::null_mut()));
    let tape = Tape { total: 5, address, raw, freed: Rc::clone(freed), _pinned: PhantomPinned };
    let device = Interface::local(table, tape, callbacks);
    let raw = device.as_ptr();
    let tell = |tape: core::pin::Pin<&Tape>| tape.raw.set(raw);
    unsafe { Interface::<Device, Tape>::call(raw, tell, ()) };
    device
}

#[test]
fn a_shared_function_is_entered_again_and_an_exclusive_one_keeps_others_out() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let device = device(&freed, &callbacks);
    let raw = device.as_ptr();
    assert_eq!(unsafe { device_read(raw, 3) }, 35);
    assert_eq!(unsafe { device_write(raw, 0) }, 1);
    assert_eq!(unsafe { device_read(raw, 0) }, 6);
    assert_eq!(unsafe { device_write(raw, 1) }, -7, "reading inside writing is answered with the default");
    assert_eq!(unsafe { (*raw).calls }, 8, "C writes into its prefix");
    assert!(!device.is_running());
    drop(device);
    assert_eq!(freed.get(), 1);
}

#[test]
fn c_frees_it_through_its_table() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let device = device(&freed, &callbacks);
    let raw = unsafe { device.hand_over(Consumed::<_, ()>::Taken) }.unwrap();
    assert_eq!((unsafe { device_read(raw, 0) }, freed.get()), (5, 0));
    unsafe { device_close(raw) };
    assert_eq!(freed.get(), 1);
    unsafe { Interface::<Device, Tape>::free(core::ptr::null_mut()) };
}

#[test]
fn c_frees_it_from_inside_one_of_its_functions() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let device = device(&freed, &callbacks);
    let raw = unsafe { device.hand_over(Consumed::<_, ()>::Taken) }.unwrap();
    assert_eq!((unsafe { device_write(raw, -1) }, freed.get()), (2, 1));
}

#[test]
fn refused_it_comes_back_and_lost_it_is_gone() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let refused = unsafe { device(&freed, &callbacks).hand_over(|_| Consumed::<(), _>::HandedBack("full")) };
    let Err(CloseError::StillOpen { handle, error: "full" }) = refused else { panic!("handed back") };
    assert_eq!((unsafe { device_read(handle.as_ptr(), 0) }, freed.get()), (5, 0));
    let lost = |raw| {
        unsafe { device_close(raw) };
        Consumed::<(), _>::Lost("gone")
    };
    assert!(matches!(unsafe { handle.hand_over(lost) }, Err(CloseError::Gone("gone"))));
    assert_eq!(freed.get(), 1);
}

#[test]
fn forgotten_it_stays() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let device = device(&freed, &callbacks);
    let raw = device.as_ptr();
    let device = core::mem::ManuallyDrop::new(device);
    assert_eq!((unsafe { device_read(raw, 0) }, freed.get()), (5, 0));
    drop(core::mem::ManuallyDrop::into_inner(device));
    assert_eq!(freed.get(), 1);
}

#[test]
fn a_table_of_another_version_is_refused_by_name() {
    let error = check_version(3, 1..=2).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table is of version 3, and the library understands 1 to 2; build against the library that is linked"
    );
    assert!(check_version(1, 1..=2).is_ok());
}

#[cfg(feature = "std")]
#[test]
fn a_panic_in_the_table_waits() {
    let (freed, callbacks) = (Rc::default(), Arc::<Callbacks>::default());
    let device = device(&freed, &callbacks);
    let raw = device.as_ptr();
    assert_eq!((unsafe { device_write(raw, -2) }, unsafe { device_read(raw, 0) }), (-7, -7));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| callbacks.resume())).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"in the table"));
    assert_eq!(unsafe { device_read(raw, 0) }, 6);
    drop(device);
    assert_eq!(freed.get(), 1);
}

#[test]
fn threads() {
    assert_eq!(size_of::<Option<Interface<Device, Tape>>>(), size_of::<usize>());
    assert_impl_all!(Interface<Device, u32>: Send, Unpin);
    assert_not_impl_any!(Interface<Device, Rc<u32>>: Send, Sync, Clone);
}
