//! Prints the catalogue as a table: `cargo run -p cstruct-misuse`.

use std::io;
use std::path::Path;

use cstruct_misuse::catalogue::{self, CLASSES, ROWS};

fn main() -> io::Result<()> {
    let pairs = catalogue::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pairs"))?;
    println!("| rows | mistake | the compiler says | class of bugs | program |\n|---|---|---|---|---|");
    for mut pair in pairs.clone() {
        if let Ok(inside) = pair.path.strip_prefix(env!("CARGO_MANIFEST_DIR")) {
            pair.path = inside.to_owned();
        }
        println!("{pair}");
    }
    let without = |all: &[&str], has: &dyn Fn(&str) -> bool, between: &str| {
        all.iter().copied().filter(|name| !has(name)).collect::<Vec<_>>().join(between)
    };
    let rows = without(&ROWS, &|row| pairs.iter().any(|pair| pair.rows.iter().any(|of| of == row)), ", ");
    let classes = without(&CLASSES, &|class| pairs.iter().any(|pair| pair.class.as_deref() == Some(class)), "; ");
    println!("\n{} pairs. Rows without one: {rows}. Classes without one: {classes}.", pairs.len());
    Ok(())
}
