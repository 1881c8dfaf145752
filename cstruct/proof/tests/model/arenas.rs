//! Arenas: what is in them is freed with them; in a parcel they travel, and end at home.

use cstruct::Arena;
use cstruct::kit::Parcel;

use super::op::{Kind, Op};
use super::world::{PLACES, World, place};

impl World {
    pub(crate) fn arena(&mut self, op: Op) -> bool {
        let at = place(&self.arenas, op.at);
        let packed = place(&self.parcels, op.at);
        match (op.kind, at, packed) {
            (Kind::ArenaNew, ..) if self.arenas.len() < 8 => self.arenas.push(Arena::new().expect("there is memory")),
            (Kind::ArenaCopy, Some(at), _) => {
                let Some(list) = place(&self.lists, op.with) else { return false };
                let copy = self.arenas[at].copy(&self.lists[list].real).expect("there is memory");
                assert!(*copy == self.lists[list].model[0]);
            }
            (Kind::ArenaAlloc, Some(at), _) => {
                let len = usize::from(op.with) * 100;
                let room = self.arenas[at].alloc(len).expect("there is memory");
                assert!(room.len() == len && room.iter().all(|byte| *byte == 0));
                room.fill(7);
            }
            (Kind::ArenaEnd, Some(at), _) => self.arenas.swap_remove(at).close().expect("this is its thread"),
            (Kind::Pack, Some(at), _) => {
                let arena = self.arenas.swap_remove(at);
                self.parcels.push(Parcel::new(arena, &self.queue));
            }
            (Kind::Unpack, _, Some(at)) if self.arenas.len() < 8 => {
                self.arenas.push(self.parcels.swap_remove(at).open().expect("this is home"));
            }
            (Kind::DropAtHome, _, Some(at)) => drop(self.parcels.swap_remove(at)),
            // It would wait for room, and home for its thread.
            (Kind::DropAbroad, _, Some(at)) if self.waiting.len() < PLACES => {
                let parcel = self.parcels.swap_remove(at);
                std::thread::scope(|scope| {
                    scope.spawn(move || {
                        assert!(parcel.look().is_err(), "this is not home");
                        drop(parcel);
                    });
                });
                self.came_in(1);
            }
            _ => return false,
        }
        true
    }
}
