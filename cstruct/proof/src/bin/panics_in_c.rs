//! Panics in a function that C calls; for the test that builds it with `panic=abort`.

use std::ops::ControlFlow;

use cstruct::{CStruct, Table};

fn main() -> Result<(), cstruct::Error> {
    let mut table = Table::new()?;
    table.push(CStruct::named(1, c"a")?)?;
    let _all = table.each(|_| -> ControlFlow<()> { panic!("panicked in the walk") });
    eprintln!("went on");
    Ok(())
}
