//! Counts the unsafe sites of Rust files against their `// SAFETY:` comments, and fails unless each has one of its own.
//!
//! The files are the arguments: `git ls-files '*.rs' | xargs cargo run -p cstruct-figures --bin unsafe_sites`.

use std::error::Error;
use std::process::ExitCode;

use cstruct_figures::sites::{Kind, Source, Unpaired};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (mut files, mut with_unsafe, mut comments) = (0, 0, 0);
    let (mut declarations, mut argued_at_once, mut unpaired) = (0, 0, 0);
    let mut counts = Kind::ALL.map(|kind| (kind, 0));
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let source = Source::read(&text).map_err(|error| format!("{path}: {error}"))?;
        files += 1;
        with_unsafe += usize::from(source.sites.len() + source.declarations + source.argued_at_once > 0);
        comments += source.comments.len();
        declarations += source.declarations;
        argued_at_once += source.argued_at_once;
        for (kind, count) in &mut counts {
            *count += source.sites.iter().filter(|(of, _)| of == kind).count();
        }
        for alone in source.unpaired() {
            unpaired += 1;
            match alone {
                Unpaired::Site(kind, line) => println!("{path}:{line}: this {kind} has no `// SAFETY:` of its own"),
                Unpaired::Comment(line) => println!("{path}:{line}: this `// SAFETY:` argues for nothing"),
            }
        }
    }
    let sites: usize = counts.iter().map(|(_, count)| count).sum();
    let kinds: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}s")).collect();
    println!("unsafe: {sites} sites ({}) : {comments} SAFETY comments", kinds.join(", "));
    println!(
        "unsafe: beside them {declarations} declarations by `wrap!`, {argued_at_once} sites under an `allow` with its reason"
    );
    println!("unsafe: in {with_unsafe} of {files} files, {unpaired} without a partner");
    Ok(if unpaired == 0 && files > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
