//! The harness bites: each program in `bites/` is a pair with one fault, and the fault is found.

mod harness;

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ui_test::status_emitter::{RevisionStyle, StatusEmitter, Summary, TestStatus};
use ui_test::test_result::TestResult;
use ui_test::{Error, default_file_filter, default_per_file_config, run_tests_generic};

#[test]
fn every_fault_is_found() {
    let found = Found::default();
    let run =
        run_tests_generic(vec![harness::config("bites")], default_file_filter, default_per_file_config, found.clone());
    assert!(run.is_err(), "a folder of faulty pairs passed");

    let mut found = found.0.lock().unwrap().clone();
    found.sort();
    let expected = [
        "another_code wrong: a listed code is missing",
        "another_code wrong: an error is not listed",
        "misspelt_cfg right: it should compile, or run",
        "misspelt_cfg wrong: an error is not listed",
        "one_error_too_many wrong: an error is not listed",
        "right_does_not_compile right: it should compile, or run",
        "right_panics right.run: it should compile, or run",
        "wrong_compiles wrong: a listed code is missing",
        "wrong_compiles wrong: it should not compile",
    ];
    assert_eq!(found, expected);
}

/// Collects the faults that the harness finds.
#[derive(Clone, Default)]
struct Found(Arc<Mutex<Vec<String>>>);

impl StatusEmitter for Found {
    fn register_test(&self, path: PathBuf) -> Box<dyn TestStatus> {
        Box::new(Program { path, revision: String::new(), found: self.clone() })
    }

    fn finalize(&self, _: usize, _: usize, _: usize, _: usize, _: bool) -> Box<dyn Summary> {
        Box::new(())
    }
}

/// One program, in one revision.
struct Program {
    path: PathBuf,
    revision: String,
    found: Found,
}

impl Program {
    fn says(error: &Error) -> String {
        match error {
            Error::ExitStatus { expected: 0, .. } => "it should compile, or run".into(),
            Error::ExitStatus { .. } => "it should not compile".into(),
            Error::CodeNotFound { .. } => "a listed code is missing".into(),
            Error::ErrorsWithoutPattern { .. } => "an error is not listed".into(),
            other => format!("{other:?}"),
        }
    }
}

impl TestStatus for Program {
    fn done(&self, result: &TestResult, _aborted: bool) {
        let Err(errored) = result else { return };
        let name = self.path.file_stem().unwrap_or_default().display();
        let mut found = self.found.0.lock().expect("no reporter panics");
        if errored.errors.is_empty() {
            found.push(format!("{name} {}: {errored:?}", self.revision));
        }
        found.extend(errored.errors.iter().map(|error| format!("{name} {}: {}", self.revision, Program::says(error))));
    }

    fn for_revision(&self, revision: &str, _style: RevisionStyle) -> Box<dyn TestStatus> {
        Box::new(Program { path: self.path.clone(), revision: revision.into(), found: self.found.clone() })
    }

    fn for_path(&self, path: &Path) -> Box<dyn TestStatus> {
        Box::new(Program { path: path.into(), revision: String::new(), found: self.found.clone() })
    }

    fn failed_test<'a>(&'a self, _: &'a str, _: &'a [u8], _: &'a [u8]) -> Box<dyn Debug + 'a> {
        Box::new(())
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn revision(&self) -> &str {
        &self.revision
    }
}
