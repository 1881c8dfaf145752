//! What the build does after a change, seen from outside: a copy of the crate is built by cargo, edited, and built again.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking; that is how it says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// A workspace with nothing but a copy of this crate. The target folder stays, so that only the first run is slow.
struct Copy {
    root: PathBuf,
    features: &'static [&'static str],
}

impl Copy {
    fn new(name: &str, features: &'static [&'static str]) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let krate = root.join("cstruct-sys");
        if krate.exists() {
            fs::remove_dir_all(&krate).unwrap();
        }
        for folder in ["c", "src", "build"] {
            copy_folder(&source.join(folder), &krate.join(folder));
        }
        for file in ["Cargo.toml", "build.rs"] {
            fs::copy(source.join(file), krate.join(file)).unwrap();
        }
        let workspace = fs::read_to_string(source.join("../Cargo.toml")).unwrap();
        let alone = workspace.lines().map(|line| match line.split_once(" = ") {
            Some((key @ ("members" | "default-members"), _)) => format!("{key} = [\"cstruct-sys\"]"),
            _ => line.to_owned(),
        });
        fs::write(root.join("Cargo.toml"), alone.collect::<Vec<_>>().join("\n")).unwrap();
        fs::copy(source.join("../Cargo.lock"), root.join("Cargo.lock")).unwrap();
        Self { root, features }
    }

    /// Builds; the answer is whether it succeeded, and what cargo said.
    fn build(&self) -> (bool, String) {
        self.build_with(&[])
    }

    fn build_with(&self, variables: &[(&str, &str)]) -> (bool, String) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "-v", "--offline", "--color", "never"]).args(self.features).current_dir(&self.root);
        cargo.env("CARGO_TARGET_DIR", self.root.join("target")).env_remove("CSTRUCT_SYS_REFRESH").env_remove("CFLAGS");
        // The copy is one of its own; a build of ours that is being measured or instrumented is not repeated.
        cargo.env_remove("RUSTFLAGS").env_remove("CARGO_BUILD_TARGET");
        let output = cargo.envs(variables.iter().copied()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // The command lines of rustc are not what cargo says to a person.
        let said: Vec<_> = said.lines().filter(|line| !line.trim_start().starts_with("Running ")).collect();
        (output.status.success(), said.join("\n"))
    }

    /// Builds, which must succeed; true if anything had to be compiled.
    fn rebuilds(&self) -> bool {
        let (built, said) = self.build();
        assert!(built, "{said}");
        assert!(said.contains("Fresh cstruct-sys") != said.contains("Compiling cstruct-sys"), "{said}");
        said.contains("Compiling cstruct-sys")
    }

    fn touch(&self, path: &str) {
        let file = fs::File::options().append(true).open(self.root.join("cstruct-sys").join(path)).unwrap();
        file.set_modified(SystemTime::now()).unwrap();
    }

    fn edit(&self, path: &str, old: &str, new: &str) {
        let path = self.root.join("cstruct-sys").join(path);
        let text = fs::read_to_string(&path).unwrap();
        let edited = text.replacen(old, new, 1);
        assert_ne!(text, edited, "{} has no {old:?}", path.display());
        fs::write(path, edited).unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn assert_says(said: &str, lines: &[&str]) {
    for line in lines {
        assert!(said.contains(line), "{line:?} is not said in:\n{said}");
    }
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
}

#[test]
fn a_touch_rebuilds_and_no_touch_does_not() {
    let copy = Copy::new("touch", &["--no-default-features"]);
    let (built, said) = copy.build();
    assert!(built, "{said}");
    assert!(!copy.rebuilds(), "nothing was touched");
    for path in ["c/cstruct.h", "c/internal.h", "c/record.c", "src/bindings.rs"] {
        copy.touch(path);
        assert!(copy.rebuilds(), "{path} was touched");
        assert!(!copy.rebuilds(), "nothing was touched after {path}");
    }
}

#[test]
fn without_libclang_a_changed_header_is_a_clear_error() {
    let copy = Copy::new("changed", &["--no-default-features"]);
    copy.edit("c/cstruct.h", "    int32_t value;", "    int32_t value;\n    uint32_t colour;");
    copy.edit("c/cstruct.h", "void cstruct_clear(", "void cstruct_wipe(");
    let (built, said) = copy.build();
    assert!(!built, "{said}");
    assert_says(
        &said,
        &[
            "c/cstruct.h is not the header that src/bindings.rs was made from",
            "the feature `bindgen` is off",
            "field `cstruct.colour` is new",
            "function `cstruct_clear` is gone",
            "function `cstruct_wipe` is new",
            "`CSTRUCT_SYS_REFRESH=1 cargo build -p cstruct-sys`",
        ],
    );
}

#[test]
fn a_flag_that_changes_the_layout_is_refused_by_the_c_compiler() {
    let copy = Copy::new("flags", &["--no-default-features"]);
    let (built, said) = copy.build_with(&[("CFLAGS", "-fshort-enums")]);
    assert!(!built, "{said}");
    assert_says(&said, &["enum cstruct_status: its size"]);
}

/// The feature is on here: bindgen itself is compiled once, then kept.
#[test]
fn with_bindgen_a_changed_header_is_bound_or_explained() {
    let copy = Copy::new("bindgen", &[]);
    copy.edit("c/cstruct.h", "void cstruct_clear(", "int32_t cstruct_extra(void);\nvoid cstruct_clear(");

    let (built, said) = copy.build_with(&[("LIBCLANG_PATH", "/nonexistent")]);
    assert!(!built, "{said}");
    assert_says(
        &said,
        &[
            "libclang was not found",
            "function `cstruct_extra` is new",
            "apt-get install libclang1",
            "pip install libclang",
        ],
    );

    if env!("CSTRUCT_SYS_BINDINGS") != "libclang" {
        println!("new bindings are not made: {}", env!("CSTRUCT_SYS_BINDINGS"));
        return;
    }
    let (built, said) = copy.build();
    assert!(built, "{said}");
    assert_says(
        &said,
        &["new bindings are in use", "function `cstruct_extra` is new", "to refresh it: CSTRUCT_SYS_REFRESH=1"],
    );

    let (built, said) = copy.build_with(&[("CSTRUCT_SYS_REFRESH", "1")]);
    assert!(built, "{said}");
    let fresh = fs::read_to_string(copy.root.join("cstruct-sys/src/bindings.rs")).unwrap();
    assert!(fresh.contains("pub fn cstruct_extra() -> i32;"), "the checked-in bindings were not refreshed");
    let plain = Copy { root: copy.root.clone(), features: &["--no-default-features"] };
    let (built, said) = plain.build();
    assert!(built, "the refreshed bindings must serve without libclang: {said}");

    copy.edit("c/cstruct.h", "int32_t cstruct_extra(void);", "char *cstruct_extra(void);");
    let (built, said) = copy.build();
    assert!(!built, "{said}");
    assert_says(&said, &["function `cstruct_extra`: returns a pointer without a word on who owns it; write"]);
}
