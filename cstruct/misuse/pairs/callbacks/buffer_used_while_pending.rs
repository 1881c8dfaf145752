//! A buffer is used while C is filling it.
//! rows: 23, 16; class: borrow survives a mutator
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
    unsafe { Pending::<Read>::complete(request, |_read, request| request.len) };
    0
}

struct Read {
    room: Vec<u8>,
}

// SAFETY: the callback has run when the start returns.
unsafe impl Operation for Read {
    type Request = read_req;
    type Output = usize;

    fn request(&mut self) -> read_req {
        read_req { room: self.room.as_mut_ptr(), len: self.room.len() }
    }

    unsafe fn cancel(_request: *mut read_req) {}
}

fn main() {
    let room = vec![0; 4];
    // SAFETY: the request was made by the operation.
    let start = |request| if unsafe { read_start(request) } == 0 { Ok(()) } else { Err(()) };
    // SAFETY: "0, and the callback runs once".
    let pending = unsafe { Pending::start(Read { room }, start) }.unwrap();
    #[cfg(wrong)]
    let _first = room[0]; //~[wrong] E0382
    let (read, got) = pending.wait(|| ());
    assert_eq!((&read.room[..], got), (&[0; 4][..], 4));
}
