//! Every program in `pairs/` fails with exactly the codes that it lists, and its twin compiles; every row of the table of
//! conventions has a pair; every program in `optimised/` runs.

mod harness;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use cstruct_misuse::catalogue;
use ui_test::per_test_config::TestConfig;
use ui_test::status_emitter::StatusEmitter;
use ui_test::{Args, default_file_filter, default_per_file_config, run_tests_generic};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    // Flags of the standard runner that mean nothing here must not stop `cargo test --workspace -- …`.
    let known = |arg: &String| !["--show-output", "--include-ignored"].contains(&arg.as_str());
    let args = Args::default().parse_args(std::env::args().skip(1).filter(known))?;
    let pairs = catalogue::read(Path::new("pairs"))?;
    catalogue::check_rows(&pairs)?;
    for folder in ["pairs", "optimised"] {
        let mut config = harness::config(folder);
        config.with_args(&args);
        config.output_conflict_handling = show_output;
        let emitter: Box<dyn StatusEmitter> = args.format.into();
        run_tests_generic(vec![config], default_file_filter, default_per_file_config, emitter)?;
    }
    Ok(())
}

/// Shows what a program of `optimised/` prints, beside the results.
fn show_output(path: &Path, output: &[u8], _errors: &mut Vec<ui_test::Error>, _config: &TestConfig) {
    if path.starts_with("optimised") && path.to_string_lossy().ends_with("run.stdout") {
        print!("{}", String::from_utf8_lossy(output));
    }
}
