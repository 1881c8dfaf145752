//! C's memory is written to after it was declared as filled.
//! rows: 26; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::{DoesNotFit, Room, RoomFilled};

fn fill(room: Room<'_>) -> Result<RoomFilled<'_>, DoesNotFit> {
    let mut room = room;
    #[cfg(right)]
    room.as_uninit()[0].write(7);
    let filled = room.copy_from(b"text")?;
    #[cfg(wrong)]
    room.as_uninit()[0].write(7); //~[wrong] E0382
    Ok(filled)
}

fn main() {
    let mut theirs = [0xff_u8; 8];
    // SAFETY: eight bytes of our own, for the time of the call.
    unsafe { Room::lend((&raw mut theirs).cast(), theirs.len(), fill) }.unwrap();
    assert_eq!(&theirs, b"text\0\0\0\0");
}
