//! A system that refuses: no thread, no file, no lock, a read that fails or is interrupted, a clock that jumps.
//!
//! This program stands in for some functions of libc. They do what libc's do, except once where a test says so, on its own thread.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
mod raw;

use raw::*;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use std::ptr::{null, null_mut};
use std::time::Duration;

const IO: Status = Status::CSTRUCT_IO;
const UNSUPPORTED: Status = Status::CSTRUCT_UNSUPPORTED;
const ENOENT: c_int = 2;
const EINTR: c_int = 4;
const EIO: c_int = 5;
const EAGAIN: c_int = 11;
const ENOMEM: c_int = 12;
const EINVAL: c_int = 22;
const ENFILE: c_int = 23;
const EMFILE: c_int = 24;
const ENOSPC: c_int = 28;
const ENOTSUP: c_int = 95;
const NO_ERROR_OF_THIS_NUMBER: c_int = 99_999;

// ---- Standing in ----

type Reads = &'static [Result<&'static [u8], c_int>];

thread_local! {
    /// The function that is refused next, and with which error.
    static REFUSED: Cell<Option<(&'static str, c_int)>> = const { Cell::new(None) };
    /// What `pread` gives: bytes or an error.
    static READS: Cell<Reads> = const { Cell::new(&[]) };
    /// What `clock_gettime` tells.
    static TIMES: Cell<&'static [Time]> = const { Cell::new(&[]) };
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Time(i64, c_long);

// SAFETY: as declared in errno.h and dlfcn.h.
unsafe extern "C" {
    fn __errno_location() -> *mut c_int;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// libc's function of that name: the next one behind this program's.
fn libc(name: &CStr) -> *mut c_void {
    let next = std::ptr::without_provenance_mut(usize::MAX);
    let found = c!(dlsym(next, name.as_ptr()));
    assert!(!found.is_null());
    found
}

fn taken(name: &str) -> Option<c_int> {
    let refused = REFUSED.get().filter(|refused| refused.0 == name);
    refused.inspect(|_| REFUSED.set(None)).map(|refused| refused.1)
}

fn next<T: Copy>(of: &'static std::thread::LocalKey<Cell<&'static [T]>>) -> Option<T> {
    let (first, rest) = of.get().split_first()?;
    of.set(rest);
    Some(*first)
}

/// `answer`, with that error in `errno`.
fn failed<T>(error: c_int, answer: T) -> T {
    c!(__errno_location().write(error));
    answer
}

macro_rules! stand_in {
    ($(fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty: $before:expr;)*) => {$(
        // SAFETY: it does what libc's function of that name does, or fails as that one may.
        #[unsafe(no_mangle)]
        extern "C" fn $name($($arg: $type),*) -> $result {
            let before: Option<$result> = $before;
            if let Some(answer) = before {
                return answer;
            }
            let name = CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes()).expect("it ends with a NUL");
            let real = c!(std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($type),*) -> $result>(libc(name)));
            c!(real($($arg),*))
        }
    )*};
}

stand_in! {
    fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int: taken("open").map(|error| failed(error, -1));
    fn sysconf(name: c_int) -> c_long: taken("sysconf").map(|error| failed(error, -1));
    fn pthread_condattr_init(attributes: *mut c_void) -> c_int: taken("pthread_condattr_init");
    fn pthread_condattr_setclock(attributes: *mut c_void, clock: c_int) -> c_int: taken("pthread_condattr_setclock");
    fn pthread_mutex_init(mutex: *mut c_void, attributes: *const c_void) -> c_int: taken("pthread_mutex_init");
    fn pthread_attr_init(attributes: *mut c_void) -> c_int: taken("pthread_attr_init");
    fn pthread_attr_setdetachstate(attributes: *mut c_void, state: c_int) -> c_int: taken("pthread_attr_setdetachstate");
    fn pthread_sigmask(how: c_int, set: *const c_void, old: *mut c_void) -> c_int: taken("pthread_sigmask");
    fn pthread_create(thread: *mut c_void, attributes: *const c_void, start: *mut c_void, argument: *mut c_void) -> c_int:
        taken("pthread_create");
    fn getauxval(kind: c_ulong) -> c_ulong: taken("getauxval").map(|error| failed(error, 0));
    fn fopen(path: *const c_char, mode: *const c_char) -> *mut c_void: taken("fopen").map(|error| failed(error, null_mut()));
    fn fread(room: *mut c_void, size: usize, count: usize, file: *mut c_void) -> usize: taken("fread").map(|error| {
        REFUSED.set(Some(("ferror", error)));
        failed(error, 0)
    });
    fn ferror(file: *mut c_void) -> c_int: taken("ferror");
    fn fclose(file: *mut c_void) -> c_int: taken("fclose").map(|error| {
        // Refused or not, the file is gone.
        let close = c!(std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void) -> c_int>(libc(c"fclose")));
        c!(close(file));
        failed(error, -1)
    });
    fn setvbuf(file: *mut c_void, buffer: *mut c_char, mode: c_int, size: usize) -> c_int: taken("setvbuf");
    fn pread(file: c_int, room: *mut c_void, len: usize, at: i64) -> isize: next(&READS).map(|read| match read {
        Ok(bytes) => {
            c!(room.cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len().min(len)));
            isize::try_from(bytes.len().min(len)).expect("it is short")
        }
        Err(error) => failed(error, -1),
    });
    fn clock_gettime(clock: c_int, out: *mut Time) -> c_int: next(&TIMES).map(|time| {
        c!(out.write(time));
        0
    });
}

/// Does it while that function fails once, and finds that it was called.
fn refusing<T>(name: &'static str, error: c_int, work: impl FnOnce() -> T) -> T {
    REFUSED.set(Some((name, error)));
    let done = work();
    assert_eq!(REFUSED.take(), None, "nobody called it");
    done
}

// ---- A meter ----

const NOTHING: cstruct_reading = cstruct_reading { at_us: 0, bytes: 0 };

/// A meter that takes its first reading and then sleeps, with that reading; or why there is none.
fn first_reading() -> Result<cstruct_reading, Status> {
    let (mut ring, mut meter) = ([NOTHING], std::ptr::dangling_mut());
    let status = c!(cstruct_meter_start(ring.as_mut_ptr(), 1, u64::MAX, &raw mut meter));
    if status != OK {
        assert!(meter.is_null());
        return Err(status);
    }
    c!(cstruct_meter_stop(meter));
    Ok(ring[0])
}

#[test]
fn a_meter_needs_a_thread_a_lock_a_clock_and_a_file() {
    let _alone = alone();
    for (name, error, status) in [
        ("sysconf", EINVAL, UNSUPPORTED),
        ("open", EMFILE, IO),
        ("open", ENFILE, IO),
        ("open", ENOMEM, IO),
        ("open", ENOENT, UNSUPPORTED),
        ("pthread_condattr_init", ENOMEM, IO),
        ("pthread_condattr_setclock", EINVAL, UNSUPPORTED),
        ("pthread_condattr_setclock", ENOTSUP, UNSUPPORTED),
        ("pthread_mutex_init", EAGAIN, IO),
        ("pthread_sigmask", EINVAL, IO),
        ("pthread_create", EAGAIN, IO),
    ] {
        let refused = refusing(name, error, first_reading);
        assert_eq!(refused.err(), Some(status), "{name}");
        assert_eq!(live(), (0, 0), "{name}");
    }
    assert!(first_reading().is_ok());
}

/// What the system says, and how many pages that are.
type Told = (Reads, Result<u64, Status>);
const TOLD: [Told; 9] = [
    (&[Ok(b"9 1 3\n")], Ok(1)),
    (&[Err(EINTR), Err(EINTR), Ok(b"9 120 3\n")], Ok(120)),
    (&[Ok(b"9 7")], Ok(7)),
    (&[Ok(b"9 7kB")], Ok(7)),
    (&[Err(EIO)], Err(UNSUPPORTED)),
    (&[Ok(b"")], Err(UNSUPPORTED)),
    (&[Ok(b"97\n")], Err(UNSUPPORTED)),
    (&[Ok(b"9 ")], Err(UNSUPPORTED)),
    (&[Ok(b"9 kB")], Err(UNSUPPORTED)),
];

#[test]
fn a_meter_reads_the_second_number_or_nothing() {
    let _alone = alone();
    let reading = |reads| {
        READS.set(reads);
        let reading = first_reading();
        assert!(READS.take().is_empty());
        reading.map(|reading| reading.bytes)
    };
    let page = reading(TOLD[0].0).expect("a good line");
    assert!(page.is_power_of_two() && page >= 4096);
    for (reads, pages) in TOLD {
        assert_eq!(reading(reads), pages.map(|pages| pages * page), "{reads:?}");
    }
}

#[test]
fn a_clock_that_goes_back_makes_no_huge_time() {
    let _alone = alone();
    TIMES.set(&[Time(5, 0), Time(4, 999_999_999)]);
    assert_eq!(first_reading().expect("a meter").at_us, 0);
    TIMES.set(&[Time(5, 999_999_000), Time(6, 1000)]);
    assert_eq!(first_reading().expect("a meter").at_us, 2);
    assert!(TIMES.take().is_empty());
}

#[test]
fn a_beat_that_was_missed_is_not_made_up_for() {
    let _alone = alone();
    // It begins in the first seconds of the machine, so that the first beat is long over, and a second is full at once.
    TIMES.set(&[Time(1, 999_999_999), Time(1, 999_999_999)]);
    let (mut ring, mut meter) = ([NOTHING; 2], null_mut());
    assert_eq!(c!(cstruct_meter_start(ring.as_mut_ptr(), 2, 1_500_000, &raw mut meter)), OK);
    let begun = std::time::Instant::now();
    while c!(cstruct_meter_taken(meter)) < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the beat that is over is left out");
        std::thread::sleep(Duration::from_millis(1));
    }
    c!(cstruct_meter_stop(meter));
    assert!(ring[0].at_us == 0 && ring[1].at_us > 0, "{ring:?}");
}

// ---- Files ----

unsafe extern "C" fn never(_: *mut c_void, _: *mut cstruct_load, _: Status, _: *mut cstruct_ctx) {
    unreachable!("it was not started")
}

#[test]
fn a_load_needs_a_thread() {
    let _alone = alone();
    for (name, error) in [
        ("pthread_attr_init", ENOMEM),
        ("pthread_attr_setdetachstate", EINVAL),
        ("pthread_sigmask", EINVAL),
        ("pthread_create", EAGAIN),
    ] {
        let mut request = std::mem::MaybeUninit::uninit();
        let start = || c!(cstruct_load_start(request.as_mut_ptr(), c"x".as_ptr(), null(), Some(never), null_mut()));
        assert_eq!(refusing(name, error, start), IO, "{name}");
        assert_eq!(live(), (0, 0), "{name}");
    }
}

/// Opens a file that is no CSV; how that ended, and in which words.
fn opened() -> (Status, String) {
    let mut ctx = null_mut();
    let path = text(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let status = c!(cstruct_open(path.as_ptr(), null(), &raw mut ctx));
    assert!(!ctx.is_null());
    let message = c!(CStr::from_ptr(cstruct_errmsg(ctx))).to_str().expect("ASCII").to_owned();
    assert_eq!(c!(cstruct_close(ctx)), OK);
    (status, message)
}

#[test]
fn a_file_that_is_refused_says_why() {
    let _alone = alone();
    let usual = opened();
    assert_eq!(usual.0, Status::CSTRUCT_PARSE);
    assert_eq!(refusing("fread", EINTR, opened), usual, "an interrupted read goes on");
    let (status, message) = refusing("fread", EIO, opened);
    assert_eq!(status, IO);
    assert!(message.starts_with("cannot read `") && message.ends_with(": Input/output error"), "{message}");
    let (status, message) = refusing("fopen", NO_ERROR_OF_THIS_NUMBER, opened);
    assert_eq!(status, IO);
    assert!(message.starts_with("cannot open `") && message.ends_with(": error 99999 of the system"), "{message}");
}

#[test]
fn a_writer_writes_without_the_buffer_that_was_refused() {
    let _alone = alone();
    let (mut writer, mut buffer) = (null_mut(), [0; 64]);
    assert_eq!(c!(cstruct_writer_open(c"/dev/null".as_ptr(), &raw mut writer)), OK);
    let give = || c!(cstruct_writer_buffer(writer, buffer.as_mut_ptr(), 64));
    assert_eq!(refusing("setvbuf", EINVAL, give), UNSUPPORTED);
    assert_eq!(c!(cstruct_writer_buffer(writer, buffer.as_mut_ptr(), 64)), OK, "another one may be given");
    let record = record(1, "x");
    assert_eq!(c!(cstruct_writer_write(writer, record)), OK);
    c!(cstruct_free(record));
    assert_eq!(c!(cstruct_writer_close(writer)), OK);
}

#[test]
fn a_writer_tells_the_first_refusal_at_its_close() {
    let _alone = alone();
    let mut writer = null_mut();
    assert_eq!(c!(cstruct_writer_open(c"/dev/full".as_ptr(), &raw mut writer)), OK);
    let long = record(1, &"x".repeat(1 << 16));
    assert_eq!(c!(cstruct_writer_write(writer, long)), IO);
    c!(cstruct_free(long));
    assert_eq!(refusing("fclose", EIO, || c!(cstruct_writer_close(writer))), IO);
    assert_eq!(c!(*__errno_location()), ENOSPC);
}

#[test]
fn a_table_needs_no_random_bytes() {
    let _alone = alone();
    let table = refusing("getauxval", ENOENT, || raw::table::table(0));
    for name in ["a", "b", "a name of more than eight bytes"] {
        assert_eq!(raw::table::push(table, record(1, name)), OK);
    }
    assert!(!raw::table::find(table, "b").is_null());
    raw::table::free(table);
}
