//! The fingerprint that ties checked-in bindings to the header they were made from.
//!
//! FNV-1a with 128 bits: it tells an edited header from the old one. It is no protection against someone who wants to
//! deceive the build; such a person can edit the bindings too.

/// The line of the bindings that holds it begins like this.
pub(crate) const LABEL: &str = "// Fingerprint of the header: ";

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The same for LF and CR LF, so that a checkout on Windows changes nothing.
pub(crate) fn of(header: &str) -> String {
    let hash = header
        .bytes()
        .filter(|byte| *byte != b'\r')
        .fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("fnv1a-{hash:032x}")
}

/// The one that is written in the text of some bindings.
pub(crate) fn recorded_in(bindings: &str) -> Option<&str> {
    bindings.lines().find_map(|line| line.strip_prefix(LABEL)).map(str::trim)
}
