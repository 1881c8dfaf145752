//! What C says that it wrote is believed without a word.
//! rows: 20; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::SizedBy;

fn main() {
    let mut room = Vec::<i32>::new();
    let call = |first: *mut i32| {
        // SAFETY: there is room for one.
        unsafe { first.write(300) };
        Ok::<(), i32>(())
    };
    #[cfg(wrong)]
    SizedBy(1).fill(&mut room, call).unwrap(); //~[wrong] E0133
    // SAFETY: it writes one.
    #[cfg(right)]
    unsafe { SizedBy(1).fill(&mut room, call) }.unwrap();
    assert_eq!(room, [300]);
}
