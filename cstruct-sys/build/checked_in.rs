//! The checked-in bindings: they serve where libclang is not, as long as they are those of this header and target.

use super::{CHECKED_IN, HEADER, Lines, REFRESH, REFRESH_VARIABLE, fingerprint, native, outline, read};

/// The text of the checked-in bindings, or why they will not do; `why_not_fresh` says why new ones cannot be made.
pub(crate) fn bindings(why_not_fresh: &str) -> Result<String, Lines> {
    if std::env::var_os(REFRESH_VARIABLE).is_some() {
        return Err(with_advice(vec![format!("{CHECKED_IN} cannot be refreshed: {why_not_fresh}")]));
    }
    if !native::has_64_bits() {
        let what = format!("{CHECKED_IN} is for targets with 64 bits, and this one has fewer; {why_not_fresh}");
        return Err(with_advice(vec![what]));
    }
    let (header, text) = (read(HEADER)?, read(CHECKED_IN)?);
    match mismatch(&header, &text) {
        None => Ok(text),
        Some(mut lines) => {
            lines.insert(1, format!("new bindings cannot be made: {why_not_fresh}"));
            Err(with_advice(lines))
        }
    }
}

/// None when `bindings` were made from `header`; otherwise what is different.
pub(crate) fn mismatch(header: &str, bindings: &str) -> Option<Lines> {
    if fingerprint::recorded_in(bindings) == Some(fingerprint::of(header).as_str()) {
        return None;
    }
    let mut lines = vec![format!("{HEADER} is not the header that {CHECKED_IN} was made from")];
    let changes = outline::differences(&outline::of_bindings(bindings), &outline::of_header(header));
    if changes.is_empty() {
        lines.push("no declaration changed; comments or words of the contract did".to_owned());
    }
    lines.extend(changes);
    Some(lines)
}

fn with_advice(mut lines: Lines) -> Lines {
    if cfg!(feature = "bindgen") {
        lines.push(
            "install libclang with root: `apt-get install libclang1` (Fedora: clang-libs, macOS: llvm from Homebrew)"
                .to_owned(),
        );
        lines.push(
            "or without root: `pip install libclang`, then `export LIBCLANG_PATH=$(python3 -c 'import clang, os; \
             print(os.path.join(clang.__path__[0], \"native\"))')`"
                .to_owned(),
        );
    } else {
        lines.push("turn the feature `bindgen` of cstruct-sys on, with libclang installed".to_owned());
    }
    lines.push(format!("then refresh the checked-in bindings: `{REFRESH}`"));
    lines
}
