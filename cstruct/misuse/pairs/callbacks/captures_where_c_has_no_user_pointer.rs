//! A closure with a capture is passed where C has no argument to carry it.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run
//@[wrong] error-in-other-file: C has no argument for what this function captures

use cstruct::kit::{Callbacks, Stateless};

static CALLBACKS: Callbacks = Callbacks::new();

fn sort_by<F: Fn(i32, i32) -> i32 + Copy + Send + Sync + 'static>(numbers: &mut [i32], compare: F) {
    let _made = Stateless::new(compare);
    // SAFETY: it was made in the line above.
    numbers.sort_by(|a, b| unsafe { Stateless::<F>::call(&CALLBACKS, |f| f(*a, *b), 0) }.cmp(&0));
}

fn main() {
    #[cfg(wrong)]
    let sign = -1;
    #[cfg(right)]
    use self::MINUS as sign;
    let mut numbers = [1, 3, 2];
    sort_by(&mut numbers, move |a, b| sign * (a - b));
    assert_eq!(numbers, [3, 2, 1]);
}

#[cfg(right)]
const MINUS: i32 = -1;
