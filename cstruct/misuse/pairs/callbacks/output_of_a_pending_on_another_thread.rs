//! An operation whose callback runs on any thread has an output that must stay on one.
//! rows: 23, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Operation, Pending};
use std::ffi::c_int;

#[repr(C)]
struct read_req {
    room: *mut u8,
    len: usize,
}

/// Stands for C: nobody reads, and the callback runs at once.
unsafe extern "C" fn read_start(request: *mut read_req) -> c_int {
    // SAFETY: called once for the request, as C would later.
    unsafe { Pending::<Read>::complete(request, |_read, request| Counted::new(request.len)) };
    0
}

#[cfg(wrong)]
type Counted = std::rc::Rc<usize>;
#[cfg(right)]
type Counted = std::sync::Arc<usize>;

struct Read {
    room: Vec<u8>,
}

// SAFETY: the callback has run when the start returns.
unsafe impl Operation for Read {
    type Request = read_req;
    type Output = Counted;

    fn request(&mut self) -> read_req {
        read_req { room: self.room.as_mut_ptr(), len: self.room.len() }
    }

    unsafe fn cancel(_request: *mut read_req) {}
}

fn main() {
    // SAFETY: the request was made by the operation.
    let start = |request| if unsafe { read_start(request) } == 0 { Ok(()) } else { Err(()) };
    // SAFETY: "0, and the callback runs once".
    let pending = unsafe { Pending::start(Read { room: vec![0; 4] }, start) }.unwrap(); //~[wrong] E0277
    assert_eq!(*pending.wait(|| ()).1, 4);
}
