//! Memory is read while C may write to it.
//! rows: 16; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::Loan;

fn main() {
    // SAFETY: there is no C library here that could use it.
    let ring = unsafe { Loan::new(vec![0_u32; 4]) };
    #[cfg(wrong)]
    assert_eq!(ring[3], 0); //~[wrong] E0608
    #[cfg(right)]
    assert_eq!(ring.end()[3], 0);
}
