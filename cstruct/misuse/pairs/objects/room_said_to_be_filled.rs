//! C's memory is declared as filled, and nobody vouches for it.
//! rows: 26; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{DoesNotFit, Room, RoomFilled};

fn fill(mut room: Room<'_>) -> Result<RoomFilled<'_>, DoesNotFit> {
    for byte in room.as_uninit() {
        byte.write(7);
    }
    #[cfg(wrong)]
    return Ok(room.assume_filled()); //~[wrong] E0133
    #[cfg(right)]
    // SAFETY: every byte was written.
    Ok(unsafe { room.assume_filled() })
}

fn main() {
    let mut theirs = [0xff_u8; 8];
    // SAFETY: eight bytes of our own, for the time of the call.
    unsafe { Room::lend((&raw mut theirs).cast(), theirs.len(), fill) }.unwrap();
    assert_eq!(theirs, [7; 8]);
}
