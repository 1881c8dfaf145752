//! Two getters of C, one by way of the safe layer. Where C and Rust are optimised together no call is left of them; `cross-language-lto`
//! looks at the machine code of the two functions here.

use std::hint::black_box;

use cstruct::kit::Foreign as _;
use cstruct::{CStruct, CStructRef, Table, TableRef};
use cstruct_sys as sys;

/// Of a struct that the header does not show.
fn length_of_a_table(table: &TableRef) -> usize {
    table.len()
}

fn value_of_a_record(record: &CStructRef) -> i32 {
    // SAFETY: the record is live and not changed while it is borrowed shared.
    unsafe { sys::cstruct_value(record.as_ptr()) }
}

fn main() -> Result<(), cstruct::Error> {
    let mut table = Table::new()?;
    table.push(CStruct::named(7, c"indoor")?)?;
    // By addresses that the compiler does not know, or nothing would be left of the two functions either.
    let length: fn(&TableRef) -> usize = black_box(length_of_a_table);
    let value: fn(&CStructRef) -> i32 = black_box(value_of_a_record);
    assert_eq!(length(&table), 1);
    let record = CStruct::new(7)?;
    assert_eq!(value(&record), 7);
    Ok(())
}
