//! A callback for one call is kept after the call.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use cstruct::kit::Callback;

fn main() {
    let mut kept = None;
    let mut calls = 0;
    Callback::with(
        || calls += 1,
        |callback| {
            #[cfg(right)]
            let callback = callback.user().is_null();
            kept = Some(callback); //~[wrong] E0521
        },
    );
    assert!(kept.is_some());
}
