//! The proof of being on the right thread goes to another one.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{AtHome, Home};
use std::thread;

fn only_at_home(_proof: AtHome<'_>) {}

fn main() {
    let home = Home::here();
    let proof = home.check().unwrap();
    #[cfg(wrong)]
    thread::scope(|scope| scope.spawn(|| only_at_home(proof)).join()).unwrap(); //~[wrong] E0277
    #[cfg(right)]
    thread::scope(|scope| scope.spawn(|| assert!(home.check().is_err())).join()).unwrap();
    #[cfg(right)]
    only_at_home(proof);
}
