//! Bindings from the header itself, where libclang is.

use std::path::Path;

use super::clang::Library;
use super::{
    CHECKED_IN, HEADER, Lines, REFRESH, REFRESH_VARIABLE, fingerprint, generate, model, native, outline, read, rules,
};

/// Reads the contract, makes the bindings, and says where the checked-in ones differ.
pub(crate) fn bindings(library: &Library, out: &Path) -> Result<String, Lines> {
    let args = native::clang_args();
    let path = Path::new(HEADER);
    let header = model::read(library, path, &args).map_err(|errors| {
        errors.into_iter().map(|(line, error)| format!("{HEADER}:{line}: {error}")).collect::<Lines>()
    })?;
    let faults = rules::check(&header, HEADER);
    if !faults.is_empty() {
        return Err(faults);
    }
    let made = generate::generate(path, &header, &args, out).map_err(|error| vec![error.replace('\n', "; ")])?;
    let text = with_fingerprint(&made, &read(HEADER)?);
    if std::env::var_os(REFRESH_VARIABLE).is_some() {
        refresh(&text)?;
    } else {
        compare(&text);
    }
    Ok(text)
}

/// The two lines above the bindings say where they come from.
fn with_fingerprint(made: &str, header: &str) -> String {
    let label = fingerprint::LABEL;
    let hash = fingerprint::of(header);
    format!("// Made by bindgen from {HEADER}. Do not edit; refresh: {REFRESH}\n{label}{hash}\n\n{made}")
}

fn refresh(text: &str) -> Result<(), Lines> {
    if std::fs::read_to_string(CHECKED_IN).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::write(CHECKED_IN, text).map_err(|error| vec![format!("{CHECKED_IN} cannot be written: {error}")])?;
    println!("cargo::warning={CHECKED_IN} was refreshed from {HEADER}");
    Ok(())
}

/// Other targets have other bindings, rightly; the checked-in ones are for those with 64 bits and the common C ABI.
fn compare(text: &str) {
    if !native::is_reference_target() {
        return;
    }
    let old = std::fs::read_to_string(CHECKED_IN).unwrap_or_default().replace("\r\n", "\n");
    if old == text {
        return;
    }
    println!("cargo::warning={HEADER} has changed: new bindings are in use, and {CHECKED_IN} is out of date");
    let changes = outline::differences(&outline::of_bindings(&old), &outline::of_bindings(text));
    if changes.is_empty() {
        println!("cargo::warning=no declaration changed; comments, words or the form of the text did");
    }
    for change in changes {
        println!("cargo::warning={change}");
    }
    println!("cargo::warning=to refresh it: {REFRESH}");
}
