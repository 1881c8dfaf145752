//! bindgen, asked so that the answer is the same on every machine and with every libclang from 14 to 22.

use std::path::Path;

use bindgen::{Builder, EnumVariation, Formatter, RustEdition, RustTarget};

use super::model::{Header, has};
use super::polish::polish;

/// The bindings of the header at `path`, whose contents are `header`.
///
/// libclang must have been loaded: without it bindgen panics.
pub(crate) fn generate(path: &Path, header: &Header, clang_args: &[String], scratch: &Path) -> Result<String, String> {
    let rust_target = RustTarget::stable(85, 0).map_err(|error| error.to_string())?;
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut builder = Builder::default()
        .header(path.to_string_lossy())
        .allowlist_file(format!(r"(.*[/\\])?{}", file_name.replace('.', r"\.")))
        // Where headers are is told by the C compiler, not guessed by a clang that may be another version.
        .detect_include_paths(false)
        .clang_args(clang_args)
        // The header's comments are plain ones.
        .clang_arg("-fparse-all-comments")
        .rust_target(rust_target)
        .rust_edition(RustEdition::Edition2024)
        .formatter(Formatter::Prettyplease)
        .disable_header_comment()
        // A Rust enum with a value that it does not know is undefined behaviour; a struct round an integer is not.
        .default_enum_style(EnumVariation::NewType { is_bitfield: false, is_global: false })
        .prepend_enum_name(false)
        .generate_cstr(true)
        .layout_tests(true)
        .enable_function_attribute_detection()
        .wrap_unsafe_ops(true)
        .use_core()
        .size_t_is_usize(true)
        .clang_macro_fallback()
        .clang_macro_fallback_build_dir(scratch);
    // A copy of a struct that owns something is a second owner: only what the header calls plain may be copied.
    for record in header.records.iter().filter(|record| !has(&record.words, "plain")) {
        builder = builder.no_copy(&record.name);
    }
    let bindings = builder.generate().map_err(|error| error.to_string())?;
    Ok(polish(&bindings.to_string(), header))
}
