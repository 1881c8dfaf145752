//! The steps of the build, one idea a file.
//!
//! | step | file |
//! |---|---|
//! | the header is read and its contract checked | `clang`, `clang_type`, `model`, `words`, `arguments`, `rules` |
//! | the bindings are made, or the checked-in ones taken | `fresh`, `generate`, `polish`, `checked_in`, `fingerprint` |
//! | what changed is named | `outline`, `ctypes` |
//! | the C side is compiled, and confirms what the bindings believe | `native`, `echo` |

pub(crate) mod checked_in;
pub(crate) mod ctypes;
pub(crate) mod echo;
pub(crate) mod fingerprint;
pub(crate) mod native;
pub(crate) mod outline;

#[cfg(feature = "bindgen")]
pub(crate) mod arguments;
#[cfg(feature = "bindgen")]
pub(crate) mod clang;
#[cfg(feature = "bindgen")]
pub(crate) mod clang_type;
#[cfg(feature = "bindgen")]
pub(crate) mod fresh;
#[cfg(feature = "bindgen")]
pub(crate) mod generate;
#[cfg(feature = "bindgen")]
pub(crate) mod model;
#[cfg(feature = "bindgen")]
pub(crate) mod polish;
#[cfg(feature = "bindgen")]
pub(crate) mod rules;
#[cfg(feature = "bindgen")]
pub(crate) mod words;

/// What stopped the build, one line each.
pub(crate) type Lines = Vec<String>;

pub(crate) const HEADER: &str = "c/cstruct.h";
pub(crate) const CHECKED_IN: &str = "src/bindings.rs";
/// Asks for new checked-in bindings.
pub(crate) const REFRESH_VARIABLE: &str = "CSTRUCT_SYS_REFRESH";
/// How to ask for them.
pub(crate) const REFRESH: &str = "CSTRUCT_SYS_REFRESH=1 cargo build -p cstruct-sys";

/// A file of this crate, as text; what cannot be read stops the build with its name.
pub(crate) fn read(path: &str) -> Result<String, Lines> {
    std::fs::read_to_string(path).map_err(|error| vec![format!("{path} cannot be read: {error}")])
}
