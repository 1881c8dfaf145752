//! Writing CSV, and being told when it did not arrive.

mod owners;

use core::ffi::CStr;
use core::ptr;
use cstruct_sys::*;
use owners::*;

struct Writer(*mut cstruct_writer);

impl Writer {
    fn open(path: &CStr) -> Self {
        let mut out = ptr::null_mut();
        // SAFETY: the path ends with a NUL and `out` is writable.
        assert_eq!(unsafe { cstruct_writer_open(path.as_ptr(), &raw mut out) }, OK);
        Self(out)
    }

    fn write(&self, record: &Record) -> cstruct_status {
        // SAFETY: both are alive.
        unsafe { cstruct_writer_write(self.0, record.raw()) }
    }

    fn buffer(&self, room: &mut [u8]) -> cstruct_status {
        // SAFETY: the room has that length; callers keep it until the writer is closed.
        unsafe { cstruct_writer_buffer(self.0, room.as_mut_ptr().cast(), room.len()) }
    }

    fn close(self) -> cstruct_status {
        // SAFETY: the writer is this value's own, and it is gone whatever the answer.
        unsafe { cstruct_writer_close(self.0) }
    }
}

fn no_space_left() -> bool {
    std::io::Error::last_os_error().kind() == std::io::ErrorKind::StorageFull
}

#[test]
fn what_is_written_reads_back_the_same() {
    let path = path("writer.csv");
    let writer = Writer::open(&path);
    let samples = [0.1 + 0.2, f64::MIN_POSITIVE, -0.0, f64::INFINITY, f64::MAX, 5e-324];
    let first = Record::new(i32::MIN, Some(c"two\nlines, \"quoted\""), &samples);
    assert_eq!(writer.write(&first), OK);
    assert_eq!(writer.write(&Record::new(1, None, &[f64::NAN; 6])), OK);
    assert_eq!(writer.write(&Record::new(1, None, &[1.0])), cstruct_status::CSTRUCT_INVALID);
    assert_eq!(writer.close(), OK);

    let (status, ctx) = open(&path);
    assert_eq!(status, OK);
    let ctx = ctx.unwrap();
    assert_eq!(ctx.count(), 2);
    let list = ctx.take().unwrap();
    assert_eq!(list.name(), first.name());
    let bits = |record: &Record| record.samples().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&list), bits(&first));
    assert_eq!(std::fs::read(path.to_str().unwrap()).unwrap(), list.csv());
    std::fs::remove_file(path.to_str().unwrap()).unwrap();
}

#[test]
fn a_file_of_no_records_reads_back_as_none() {
    let path = path("none.csv");
    assert_eq!(Writer::open(&path).close(), OK);
    assert_eq!(std::fs::read(path.to_str().unwrap()).unwrap(), b"name,value\n");
    let (status, ctx) = open(&path);
    assert_eq!((status, ctx.unwrap().count()), (OK, 0));
    std::fs::remove_file(path.to_str().unwrap()).unwrap();
}

#[test]
fn a_full_disk_shows_at_the_close_at_the_latest() {
    let record = Record::new(1, Some(c"a"), &[1.0]);
    let writer = Writer::open(c"/dev/full");
    assert_eq!(writer.write(&record), OK);
    assert_eq!(writer.close(), cstruct_status::CSTRUCT_IO);
    assert!(no_space_left());

    assert_eq!(Writer::open(c"/dev/full").close(), cstruct_status::CSTRUCT_IO);
    assert!(no_space_left());

    let writer = Writer::open(c"/dev/full");
    let refused = (0..1_000_000).map(|_| writer.write(&record)).find(|&status| status != OK);
    assert_eq!(refused, Some(cstruct_status::CSTRUCT_IO));
    assert_eq!(writer.write(&record), cstruct_status::CSTRUCT_IO, "nothing is written behind a gap");
    assert_eq!(writer.close(), cstruct_status::CSTRUCT_IO);
    assert!(no_space_left());
}

#[test]
fn the_writer_collects_in_the_callers_buffer() {
    let path = path("buffer.csv");
    let mut room = vec![0_u8; 4096];
    let writer = Writer::open(&path);
    assert_eq!(writer.buffer(&mut []), cstruct_status::CSTRUCT_INVALID);
    assert_eq!(writer.buffer(&mut room), OK);
    assert_eq!(writer.buffer(&mut room), cstruct_status::CSTRUCT_BUSY);
    assert_eq!(writer.write(&Record::new(7, Some(c"a"), &[])), OK);
    assert_eq!(std::fs::read(path.to_str().unwrap()).unwrap(), b"");
    assert_eq!(writer.close(), OK);
    let want = b"name,value\na,7\n";
    assert_eq!(std::fs::read(path.to_str().unwrap()).unwrap(), want);
    assert_eq!(&room[..want.len()], want);

    let writer = Writer::open(&path);
    assert_eq!(writer.write(&Record::new(7, None, &[])), OK);
    assert_eq!(writer.buffer(&mut room), cstruct_status::CSTRUCT_BUSY);
    assert_eq!(writer.close(), OK);
    std::fs::remove_file(path.to_str().unwrap()).unwrap();
}

#[test]
fn a_path_that_cannot_be_written_hands_out_nothing() {
    let mut out = ptr::dangling_mut();
    // SAFETY: the path ends with a NUL and `out` is writable.
    let status = unsafe { cstruct_writer_open(c"/nonexistent/x.csv".as_ptr(), &raw mut out) };
    let why = std::io::Error::last_os_error();
    assert_eq!((status, out.is_null()), (cstruct_status::CSTRUCT_IO, true));
    assert_eq!(why.kind(), std::io::ErrorKind::NotFound);
    // SAFETY: the header says that NULL does nothing.
    assert_eq!(unsafe { cstruct_writer_close(ptr::null_mut()) }, OK);
}
