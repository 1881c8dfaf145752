//! A load ends once, whoever lets go first, and C keeps what it was given until then.
#![cfg(feature = "store")]

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cstruct::{Error, Live, Loading, OpenOptions, Status};
use static_assertions::{assert_impl_all, assert_not_impl_any};

mod balanced;
use balanced::balanced;

assert_impl_all!(Loading: Send);
assert_not_impl_any!(Loading: Clone);

/// A file with that text, and the folder that ends with it.
fn file(csv: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("it is possible");
    let path = folder.path().join("loaded.csv");
    fs::write(&path, csv).expect("it is possible");
    (folder, path)
}

/// Waits until C has called back, and what it made was released on its thread.
fn settle() {
    while cstruct::live() != (Live { objects: 0, bytes: 0 }) {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn the_result_is_what_opening_would_have_given() {
    balanced(|| {
        let (_folder, path) = file("name,value,s1\nindoor,1,20.5\noutdoor,2,7\n");
        let context = Loading::start(&path).expect("there is a thread").wait().expect("it can be read");
        assert_eq!(context.count(), 2);

        let missing = Loading::start(path.with_extension("none")).expect("there is a thread").wait();
        assert!(matches!(&missing, Err(Error::Read { status: Status::Io, .. })), "{missing:?}");
    });
}

#[test]
fn the_options_and_the_path_are_cs_until_the_end() {
    balanced(|| {
        let (_folder, path) = file("name;value;s1\nindoor;1;20.5\n");
        let options = OpenOptions::new().expect("the version is known").delimiter(b';');
        let (said, heard) = mpsc::channel();
        let loading =
            Loading::start_with(path, options, move || said.send(thread::current().id()).expect("it is heard"));
        let loading = loading.expect("there is a thread");
        assert_ne!(heard.recv().expect("it is said"), thread::current().id(), "it is C's thread that calls");
        assert_eq!(loading.wait().expect("it can be read").count(), 1);
    });
}

#[test]
fn dropped_detached_or_cancelled_nothing_is_left() {
    balanced(|| {
        let (_folder, path) = file(&format!("name,value,s1\n{}", "indoor,1,20.5\n".repeat(10_000)));
        drop(Loading::start(&path).expect("there is a thread"));
        settle();
        Loading::start(&path).expect("there is a thread").detach();
        settle();
        let mut loading = Loading::start(&path).expect("there is a thread");
        loading.cancel();
        match loading.wait() {
            Ok(context) => assert_eq!(context.count(), 10_000, "it was read before the cancel came"),
            Err(error) => assert!(matches!(&error, Error::Read { status: Status::Stopped, .. }), "{error:?}"),
        }
    });
}

#[test]
fn a_panic_on_the_thread_of_c_goes_on_in_who_takes_the_result() {
    balanced(|| {
        let (_folder, path) = file("name,value\nindoor,1\n");
        let options = OpenOptions::new().expect("the version is known");
        let loading = Loading::start_with(path, options, || panic!("told too early")).expect("there is a thread");
        let waited = thread::spawn(move || loading.wait().map(drop)).join();
        let panic = waited.expect_err("it goes on");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"told too early"));
        settle();
    });
}
