//! Prints the catalogue as a table: `cargo run -p cstruct-misuse`.

use std::io;
use std::path::Path;

use cstruct_misuse::catalogue::{self, CLASSES};

fn main() -> io::Result<()> {
    let pairs = catalogue::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pairs"))?;
    println!("| rows | mistake | the compiler says | class of bugs | program |\n|---|---|---|---|---|");
    for mut pair in pairs.clone() {
        if let Ok(inside) = pair.path.strip_prefix(env!("CARGO_MANIFEST_DIR")) {
            pair.path = inside.to_owned();
        }
        println!("{pair}");
    }
    let without: Vec<&str> =
        CLASSES.into_iter().filter(|class| !pairs.iter().any(|pair| pair.class.as_deref() == Some(class))).collect();
    println!("\n{} pairs. Classes without one: {}.", pairs.len(), list(&without, "; "));

    let per_row = catalogue::per_row(&pairs);
    let (rows, counts): (Vec<String>, Vec<String>) =
        per_row.iter().map(|(row, count)| (row.to_string(), count.to_string())).unzip();
    println!("\n| row | {} |\n|---|{}", rows.join(" | "), "---|".repeat(rows.len()));
    println!("| pairs | {} |", counts.join(" | "));
    let without: Vec<&str> = per_row.into_iter().filter(|(_, count)| *count == 0).map(|(row, _)| row).collect();
    println!("\nRows without a pair: {}.", list(&without, ", "));
    Ok(())
}

fn list(names: &[&str], between: &str) -> String {
    if names.is_empty() { "none".into() } else { names.join(between) }
}
