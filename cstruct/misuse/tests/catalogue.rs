//! Every program in `pairs/` fails with exactly the codes that it lists, and its twin compiles; every program in
//! `optimised/` runs.

mod harness;

use std::path::Path;

use ui_test::color_eyre::eyre::Result;
use ui_test::status_emitter::StatusEmitter;
use ui_test::{Args, default_file_filter, default_per_file_config, run_tests_generic};

fn main() -> Result<()> {
    let args = Args::test()?;
    cstruct_misuse::catalogue::read(Path::new("pairs"))?;
    for folder in ["pairs", "optimised"] {
        let mut config = harness::config(folder);
        config.with_args(&args);
        config.output_conflict_handling = harness::show_output;
        let emitter: Box<dyn StatusEmitter> = args.format.into();
        run_tests_generic(vec![config], default_file_filter, default_per_file_config, emitter)?;
    }
    Ok(())
}
