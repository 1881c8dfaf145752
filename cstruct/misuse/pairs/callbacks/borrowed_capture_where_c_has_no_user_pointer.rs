//! A closure that borrows from the stack is passed where C may call it as long as the process lives.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use cstruct::kit::Stateless;
use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(right)]
static CALLS: AtomicU32 = AtomicU32::new(0);

fn at_exit<F: Fn() + Copy + Send + Sync + 'static>(function: F) -> Stateless<F> {
    Stateless::new(function)
}

fn main() {
    #[cfg(wrong)]
    let calls = AtomicU32::new(0);
    #[cfg(right)]
    use CALLS as calls;
    //~[wrong]v E0373
    at_exit(|| drop(calls.fetch_add(1, Ordering::Relaxed)));
}
