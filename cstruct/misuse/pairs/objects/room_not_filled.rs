//! C's memory is given back without being filled.
//! rows: 26; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{DoesNotFit, Room, RoomFilled};

fn fill(room: Room<'_>) -> Result<RoomFilled<'_>, DoesNotFit> {
    #[cfg(wrong)]
    return Ok(drop(room)); //~[wrong] E0308
    #[cfg(right)]
    room.copy_from(b"text")
}

fn main() {
    let mut theirs = [0xff_u8; 8];
    // SAFETY: eight bytes of our own, for the time of the call.
    unsafe { Room::lend((&raw mut theirs).cast(), theirs.len(), fill) }.unwrap();
    assert_eq!(&theirs, b"text\0\0\0\0");
}
