//! The C side: the compiler, its flags, and the folder that both the library and its users include.

use std::path::{Path, PathBuf};
#[cfg(feature = "bindgen")]
use std::process::Command;

use super::{HEADER, Lines, echo};

const FOLDER: &str = "c";
/// Beside -Wall and -Wextra.
const WARNINGS: [&str; 3] = ["-Wpedantic", "-Wconversion", "-Wshadow"];
/// Makes warnings errors. Set where this library is developed; a user's newer compiler may warn of what ours does not.
pub(crate) const STRICT_VARIABLE: &str = "CSTRUCT_SYS_STRICT";

/// Compiles the library and, with it, the echo of `bindings`.
pub(crate) fn compile(bindings: &str, out: &Path) -> Result<(), Lines> {
    let echo = out.join("abi_echo.c");
    let header = Path::new(HEADER).file_name().and_then(|name| name.to_str()).unwrap_or(HEADER);
    std::fs::write(&echo, echo::source(bindings, header))
        .map_err(|error| vec![format!("{}: {error}", echo.display())])?;
    let mut build = compiler();
    build.files(sources()?).file(echo).include(FOLDER);
    // Clang's linker takes no function with annotated parameters into another file, and its -Wpedantic warns of each nullability.
    build.define("CSTRUCT_NO_WORDS", None);
    build.try_compile("cstruct").map_err(|error| {
        let error = error.to_string();
        vec![format!("the C compiler refused; what it says is above: {}", error.lines().next().unwrap_or_default())]
    })
}

fn compiler() -> cc::Build {
    let mut build = cc::Build::new();
    build.std("c11").warnings(true).extra_warnings(true);
    for warning in WARNINGS {
        build.flag_if_supported(warning);
    }
    if std::env::var_os(STRICT_VARIABLE).is_some() {
        build.warnings_into_errors(true);
    }
    build
}

/// All `.c` files, in the same order everywhere.
fn sources() -> Result<Vec<PathBuf>, Lines> {
    let entries = std::fs::read_dir(FOLDER).map_err(|error| vec![format!("{FOLDER} cannot be read: {error}")])?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut sources: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "c")).collect();
    sources.sort();
    Ok(sources)
}

/// What libclang must be told to read the header as the C compiler does.
#[cfg(feature = "bindgen")]
pub(crate) fn clang_args() -> Vec<String> {
    let mut args = vec!["-std=c11".to_owned()];
    // A libclang without its own headers finds the compiler's, after all others.
    if let Ok(tool) = compiler().try_get_compiler()
        && !tool.is_like_msvc()
        && let Ok(output) = Command::new(tool.path()).arg("-print-file-name=include").output()
        && output.status.success()
    {
        args.extend(["-idirafter".to_owned(), String::from_utf8_lossy(&output.stdout).trim().to_owned()]);
    }
    args
}

pub(crate) fn has_64_bits() -> bool {
    std::env::var("CARGO_CFG_TARGET_POINTER_WIDTH").is_ok_and(|width| width == "64")
}

/// Microsoft's C has signed enums, so its bindings read a little differently.
#[cfg(feature = "bindgen")]
pub(crate) fn is_reference_target() -> bool {
    has_64_bits() && std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env != "msvc")
}
