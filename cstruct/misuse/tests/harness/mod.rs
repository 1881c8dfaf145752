//! How the programs are compiled and judged: `ui_test` with the expected codes only, and never the text of a message.

use std::path::Path;

use ui_test::custom_flags::edition::Edition;
use ui_test::custom_flags::rustfix::RustfixMode;
use ui_test::dependencies::DependencyBuilder;
use ui_test::per_test_config::TestConfig;
use ui_test::{Config, Error, ignore_output_conflict};

/// The settings for the programs in one of this crate's folders.
pub fn config(folder: &str) -> Config {
    let mut config = Config::rustc(folder);
    config.out_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    config.output_conflict_handling = ignore_output_conflict;
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

/// Shows what a program prints when it is run, beside the results.
pub fn show_output(path: &Path, output: &[u8], _errors: &mut Vec<Error>, _config: &TestConfig) {
    if path.to_string_lossy().ends_with("run.stdout") {
        print!("{}", String::from_utf8_lossy(output));
    }
}
