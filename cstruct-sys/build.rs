//! Makes the bindings, compiles the C library, and has the C compiler confirm the bindings.
//!
//! The steps are in `build/`. What goes wrong is said in one line each; this script does not panic.

#[path = "build/mod.rs"]
mod steps;

use std::path::{Path, PathBuf};

use steps::{CHECKED_IN, HEADER, Lines, REFRESH_VARIABLE, checked_in, native};

fn main() {
    watch();
    if let Err(lines) = run() {
        for line in lines {
            println!("cargo::error={line}");
        }
    }
}

/// cc names variables that it depends on, and from then on cargo watches only what is named.
fn watch() {
    for path in ["build.rs", "build", "c", CHECKED_IN] {
        println!("cargo::rerun-if-changed={path}");
    }
    for variable in ["LIBCLANG_PATH", "LLVM_CONFIG_PATH", "CLANG_PATH", REFRESH_VARIABLE, native::STRICT_VARIABLE] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
}

fn run() -> Result<(), Lines> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let (origin, text) = bindings(&out)?;
    let path = out.join("bindings.rs");
    std::fs::write(&path, &text).map_err(|error| vec![format!("{}: {error}", path.display())])?;
    native::compile(&text, &out)?;

    // For the drift test: where the bindings in use come from.
    println!("cargo::rustc-env=CSTRUCT_SYS_BINDINGS={origin}");
    // For the C code of crates that depend on this one: DEP_CSTRUCT_INCLUDE.
    let include = Path::new(&variable("CARGO_MANIFEST_DIR")?).join(HEADER);
    println!("cargo::metadata=include={}", include.parent().unwrap_or(&include).display());
    Ok(())
}

/// The bindings, and where they come from.
#[cfg(feature = "bindgen")]
fn bindings(out: &Path) -> Result<(String, String), Lines> {
    // bindgen panics without libclang, so this comes first.
    match steps::clang::Library::load() {
        Ok(library) => Ok(("libclang".to_owned(), steps::fresh::bindings(&library, out)?)),
        Err(why) => {
            let why = format!("libclang was not found ({})", why.lines().next().unwrap_or_default());
            Ok((why.clone(), checked_in::bindings(&why)?))
        }
    }
}

/// The bindings, and where they come from.
#[cfg(not(feature = "bindgen"))]
fn bindings(_out: &Path) -> Result<(String, String), Lines> {
    let why = "the feature `bindgen` is off".to_owned();
    Ok((why.clone(), checked_in::bindings(&why)?))
}

fn variable(name: &str) -> Result<String, Lines> {
    std::env::var(name).map_err(|_| vec![format!("{name} is not set; this is a build script, and cargo runs it")])
}
