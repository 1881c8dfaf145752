//! How the programs are compiled and judged: `ui_test` with the expected codes only, and never the text of a message.

use std::collections::HashSet;
use std::path::Path;

use ui_test::custom_flags::edition::Edition;
use ui_test::custom_flags::rustfix::RustfixMode;
use ui_test::dependencies::DependencyBuilder;
use ui_test::diagnostics::Diagnostics;
use ui_test::diagnostics::rustc::rustc_diagnostics_extractor;
use ui_test::{Config, ignore_output_conflict};

/// The settings for the programs in one of this crate's folders.
pub(crate) fn config(folder: &str) -> Config {
    let mut config = Config::rustc(folder);
    config.out_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    config.output_conflict_handling = ignore_output_conflict;
    config.diagnostic_extractor = each_code_once;
    let flags = [
        // A misspelt `cfg(worng)` would leave its line out of both revisions.
        "--check-cfg=cfg(right, wrong)",
        "-Dunexpected_cfgs",
        // Small and quick.
        "-Cdebuginfo=0",
        "-Cstrip=symbols",
    ];
    config.program.args.extend(flags.map(Into::into));

    let mut dependencies = DependencyBuilder::default();
    for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CFLAGS"] {
        // The programs are compiled without them (a sanitizer, a cfg), so what they are linked with must be too.
        dependencies.program.envs.push((flags.into(), None));
    }
    let defaults = config.comment_defaults.base();
    defaults.set_custom("dependencies", dependencies);
    defaults.set_custom("edition", Edition("2024".into()));
    defaults.set_custom("rustfix", RustfixMode::Disabled);
    config
}

/// What the compiler says, with each code once a line.
///
/// How often it repeats itself differs from one compiler to the next; which codes it gives for which line hardly does.
fn each_code_once(path: &Path, stderr: &[u8]) -> Diagnostics {
    let mut said = rustc_diagnostics_extractor(path, stderr);
    for messages in said.messages.iter_mut().chain([&mut said.messages_from_unknown_file_or_line]) {
        let mut seen = HashSet::new();
        messages.retain(|message| message.code.is_none() || seen.insert((message.level as u8, message.code.clone())));
    }
    said
}
