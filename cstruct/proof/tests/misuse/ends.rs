//! Ends of the process and of threads while objects live: fork, exit, abort, signals, statics, a small stack, `panic=abort`.

use std::cell::RefCell;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use cstruct::CStruct;

use super::{ABORT, Case, End, OK, case, tell_live};

pub(super) const CASES: &[Case] = &[
    case("exit_with_live_objects", || with_objects(|| std::process::exit(3)), End::Code(3), "2 objects live"),
    case("abort_with_live_objects", || with_objects(|| std::process::abort()), ABORT, "2 objects live"),
    case("a_signal_with_live_objects", || with_objects(terminate), End::Signal(libc::SIGTERM), "2 objects live"),
    case("fork_with_live_objects", || with_objects(fork), OK, "0 objects live in the child"),
    case("a_static_is_not_dropped", in_a_static, OK, "1 objects live"),
    case("released_in_an_exit_handler", at_exit, OK, "0 objects live"),
    case("released_with_a_threads_values", with_thread, OK, "0 objects live"),
    case("a_million_records_on_a_tiny_stack", tiny_stack, OK, "0 objects live"),
    case("forgotten_objects_are_counted", forgotten, OK, "1 objects live"),
    case("panic_in_a_callback_under_panic_abort", panic_abort, OK, "panicked in the walk"),
];

fn record() -> CStruct {
    CStruct::named(1, c"a").expect("there is memory")
}

fn with_objects(end: fn()) {
    let _kept = [record(), record()];
    tell_live();
    end();
}

fn terminate() {
    // SAFETY: this process has no handler for it.
    unsafe { libc::raise(libc::SIGTERM) };
}

/// The child has its own copies, and releases them.
fn fork() {
    let mine = record();
    // SAFETY: this process has one thread.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        drop(mine);
        let left = cstruct::live().objects;
        // SAFETY: the child of one thread does what it likes; it ends here.
        unsafe { libc::_exit(i32::try_from(left).unwrap_or(99)) }
    }
    let mut status = 0;
    // SAFETY: waits for the child that was just made.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert!(libc::WIFEXITED(status));
    assert_eq!(libc::WEXITSTATUS(status), 2, "the child released its own, and not the parent's two");
    assert_eq!(cstruct::live().objects, 3, "and the parent's are untouched");
    eprintln!("{} objects live in the child that it made", 0);
}

static KEPT: Mutex<Option<CStruct>> = Mutex::new(None);

fn in_a_static() {
    *KEPT.lock().expect("no panic in it") = Some(record());
    tell_live();
}

fn at_exit() {
    extern "C" fn release() {
        drop(KEPT.lock().expect("no panic in it").take());
        tell_live();
    }
    *KEPT.lock().expect("no panic in it") = Some(record());
    // SAFETY: the function does not unwind.
    assert_eq!(unsafe { libc::atexit(release) }, 0);
}

thread_local!(static LAST: RefCell<Option<CStruct>> = const { RefCell::new(None) });

fn with_thread() {
    thread::spawn(|| LAST.set(Some(record()))).join().expect("no panic");
    tell_live();
}

fn tiny_stack() {
    let list = CStruct::from_records((0..1_000_000).map(|_| record())).expect("one at least");
    let small = thread::Builder::new().stack_size(64 * 1024);
    small.spawn(move || drop(list)).expect("it can be started").join().expect("no overflow");
    tell_live();
}

fn forgotten() {
    core::mem::forget(record());
    tell_live();
}

/// A program of its own, built so that a panic aborts: C never sees it go on.
fn panic_abort() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--offline",
            "-p",
            "cstruct-proof",
            "--bin",
            "panics_in_c",
            "--target-dir",
            "target/abort",
        ])
        .env("CARGO_PROFILE_DEV_PANIC", "abort")
        .current_dir(&root)
        .status()
        .expect("cargo can be run");
    assert!(built.success(), "it is built");
    let output = Command::new(root.join("target/abort/debug/panics_in_c")).output().expect("it can be run");
    assert_eq!(End::of(output.status), ABORT);
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("went on"));
}
