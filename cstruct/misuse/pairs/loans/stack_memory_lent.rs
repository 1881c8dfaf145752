//! Memory of a stack frame is lent to C, which goes on using it.
//! rows: 16; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Loan;

fn main() {
    let mut ring = vec![0_u32; 4];
    #[cfg(wrong)]
    let lent = &mut ring[..]; //~[wrong] E0597
    #[cfg(right)]
    let lent = std::mem::take(&mut ring);
    // SAFETY: there is no C library here that could use it.
    let loan = unsafe { Loan::new(lent) };
    assert_eq!(loan.len(), 4);
}
