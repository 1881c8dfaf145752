//! Loading in the background: the callback comes exactly once, whatever is done meanwhile.
mod raw;

use raw::*;
use std::cell::UnsafeCell;
use std::ffi::{CStr, CString, c_void};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::ptr::{null, null_mut};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// What the callback was told.
struct Told {
    status: Status,
    /// A `cstruct_ctx`, NULL included.
    ctx: usize,
    thread: std::thread::ThreadId,
}

/// A request with its path, on the heap, until it is dropped.
struct Load {
    request: Box<UnsafeCell<MaybeUninit<cstruct_load>>>,
    path: CString,
    tell: Box<Sender<Told>>,
    told: Receiver<Told>,
}

unsafe extern "C" fn done(user: *mut c_void, request: *mut cstruct_load, status: Status, ctx: *mut cstruct_ctx) {
    assert!(!request.is_null());
    let told = Told { status, ctx: ctx.expose_provenance(), thread: std::thread::current().id() };
    c!(&*user.cast::<Sender<Told>>()).send(told).expect("the test waits");
}

impl Load {
    fn new(path: CString) -> Load {
        let (tell, told) = channel();
        // Nobody may count on zeroes in the request.
        let mut request = MaybeUninit::<cstruct_load>::uninit();
        c!(request.as_mut_ptr().write_bytes(0xA5, 1));
        Load { request: Box::new(UnsafeCell::new(request)), path, tell: Box::new(tell), told }
    }

    fn raw(&self) -> *mut cstruct_load {
        self.request.get().cast()
    }

    fn start(&self, options: *const cstruct_open_options) -> Status {
        let user = (&raw const *self.tell).cast_mut().cast();
        c!(cstruct_load_start(self.raw(), self.path.as_ptr(), options, Some(done), user))
    }

    /// Waits for the callback, and sees that no second one comes.
    fn wait(self) -> (Status, *mut cstruct_ctx) {
        let told = self.told.recv_timeout(Duration::from_secs(30)).expect("it is called");
        assert_ne!(told.thread, std::thread::current().id());
        assert!(self.told.recv_timeout(Duration::from_millis(5)).is_err(), "called twice");
        (told.status, std::ptr::with_exposed_provenance_mut(told.ctx))
    }
}

fn message(ctx: *const cstruct_ctx) -> String {
    c!(CStr::from_ptr(cstruct_errmsg(ctx))).to_str().expect("it is possible").to_owned()
}

fn file(name: &str, contents: &str) -> CString {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::write(&path, contents).expect("it is possible");
    CString::new(path.into_os_string().into_vec()).expect("it is possible")
}

#[test]
fn the_callback_gets_what_open_would_have_answered() {
    let _alone = alone();
    let load = Load::new(file("good.csv", "n,v,s\na,1,0.5\nb,2,1.5\n"));
    let path = load.path.clone();
    assert_eq!(load.start(null()), OK);
    let (status, ctx) = load.wait();
    assert_eq!((status, c!(cstruct_count(ctx))), (OK, 2));
    let origin = c!(cstruct_ctx_origin(ctx)).cast::<cstruct_origin_file>();
    assert_eq!(c!(CStr::from_ptr((*origin).path)), path.as_c_str());
    assert_eq!(c!(cstruct_close(ctx)), OK);

    for (path, expected, said) in [
        (c"/nowhere".to_owned(), Status::CSTRUCT_IO, "cannot open `/nowhere`"),
        (file("bad.csv", "n,v\na,x\n"), Status::CSTRUCT_PARSE, "line 2, column 3: "),
    ] {
        let load = Load::new(path);
        assert_eq!(load.start(null()), OK, "the start is not where it fails");
        let (status, ctx) = load.wait();
        assert_eq!(status, expected);
        assert!(message(ctx).starts_with(said), "{}", message(ctx));
        assert_eq!(c!(cstruct_close(ctx)), OK);
    }
}

#[test]
fn options_are_used_and_a_wrong_one_is_told_in_the_callback() {
    let _alone = alone();
    let mut options = MaybeUninit::uninit();
    assert_eq!(c!(cstruct_open_options_init(options.as_mut_ptr(), CSTRUCT_OPEN_OPTIONS_VERSION)), OK);
    let mut options = Box::new(c!(options.assume_init()));
    options.delimiter = b';'.cast_signed();
    let load = Load::new(file("semicolons.csv", "n;v\na;1\n"));
    assert_eq!(load.start(&raw const *options), OK);
    let (status, ctx) = load.wait();
    assert_eq!((status, c!(cstruct_count(ctx))), (OK, 1));
    assert_eq!(c!(cstruct_close(ctx)), OK);

    options.delimiter = b'1'.cast_signed();
    let load = Load::new(c"/nowhere".to_owned());
    assert_eq!(load.start(&raw const *options), OK);
    assert_eq!(load.wait(), (INVALID, null_mut()));
}

/// A pipe that the loading thread waits at until the test has written, so a cancel surely comes in time.
#[test]
fn cancelled_it_is_called_once_with_stopped() {
    let _alone = alone();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-pipe", std::process::id()));
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("there is mkfifo");
    assert!(made.success());
    let load = Load::new(CString::new(path.clone().into_os_string().into_vec()).expect("it is possible"));
    assert_eq!(load.start(null()), OK);
    // Opening for writing waits until the thread has opened it for reading.
    let mut pipe = std::fs::File::options().write(true).open(&path).expect("it is possible");
    assert_ne!(live().0, 0, "a load is an object");
    c!(cstruct_load_cancel(load.raw()));
    c!(cstruct_load_cancel(load.raw()));
    std::io::Write::write_all(&mut pipe, b"n,v\na,1\n").expect("it is possible");
    drop(pipe);
    let request = load.raw();
    let told = load.told.recv_timeout(Duration::from_secs(30)).expect("it is called");
    c!(cstruct_load_cancel(request)); // nothing happens any more
    let ctx = std::ptr::with_exposed_provenance_mut(told.ctx);
    assert_eq!((told.status, message(ctx).as_str()), (STOPPED, "the load was cancelled"));
    assert_eq!(c!(cstruct_count(ctx)), 0);
    assert_eq!(c!(cstruct_close(ctx)), OK);
    std::fs::remove_file(path).expect("it is possible");

    // The room may be used again: the wish is forgotten.
    let again = Load { path: file("again.csv", "n,v\na,1\n"), ..load };
    assert_eq!(again.start(null()), OK);
    let (status, ctx) = again.wait();
    assert_eq!(status, OK);
    assert_eq!(c!(cstruct_close(ctx)), OK);
}

#[test]
fn many_at_once_cancelled_at_any_moment_call_back_once_each() {
    let _alone = alone();
    let path = file("many.csv", &format!("n,v,s\n{}", "a,1,2.5\n".repeat(5_000)));
    let loads: Vec<_> = (0..24).map(|_| Load::new(path.clone())).collect();
    for (i, load) in loads.iter().enumerate() {
        assert_eq!(load.start(null()), OK);
        if i % 3 == 0 {
            c!(cstruct_load_cancel(load.raw()));
        }
    }
    for (i, load) in loads.into_iter().enumerate() {
        let (status, ctx) = load.wait();
        assert!(status == OK || (status == STOPPED && i % 3 == 0), "{status:?}");
        assert_eq!(c!(cstruct_count(ctx)), if status == OK { 5_000 } else { 0 });
        assert_eq!(c!(cstruct_close(ctx)), OK);
    }
}

#[test]
fn answers_null() {
    let _alone = alone();
    let load = Load::new(c"/nowhere".to_owned());
    let (raw, path) = (load.raw(), load.path.as_ptr());
    assert_eq!(c!(cstruct_load_start(null_mut(), path, null(), Some(done), null_mut())), INVALID);
    assert_eq!(c!(cstruct_load_start(raw, null(), null(), Some(done), null_mut())), INVALID);
    assert_eq!(c!(cstruct_load_start(raw, path, null(), None, null_mut())), INVALID);
    assert!(load.told.recv_timeout(Duration::from_millis(20)).is_err(), "a start that failed does not call");
    c!(cstruct_load_cancel(null_mut()));
}
