//! The pointer of a loan is asked for after the loan was ended.
//! rows: 16; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Loan;

fn main() {
    // SAFETY: there is no C library here that could use it.
    let ring = unsafe { Loan::new(vec![0_u32; 4]) };
    #[cfg(right)]
    assert!(!ring.as_mut_ptr().is_null());
    assert_eq!(ring.end(), [0; 4]);
    #[cfg(wrong)]
    assert!(!ring.as_mut_ptr().is_null()); //~[wrong] E0382
}
