//! An array is lent to C, and moves with the handle that keeps it.
//! rows: 16; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::Loan;

fn main() {
    #[cfg(wrong)]
    let ring = [0_u32; 4];
    #[cfg(right)]
    let ring = Box::new([0_u32; 4]);
    // SAFETY: there is no C library here that could use it.
    let loan = unsafe { Loan::new(ring) }; //~[wrong] E0277
    assert!(!loan.is_empty()); //~[wrong] E0599
}
