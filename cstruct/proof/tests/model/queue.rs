//! The release queue: what is deferred or handed over ends in its turn, or is taken back before.

use cstruct::kit::{Deferred, NotTaken};

use super::op::{Kind, Op};
use super::world::{Both, PLACES, World, check, place};

impl World {
    pub(crate) fn came_in(&mut self, objects: u64) {
        self.waiting.push_back((self.handed_over, objects));
        self.handed_over += 1;
    }

    /// The oldest that was not taken out, and the places of those that were, before it.
    fn oldest_ends(&mut self) -> bool {
        while let Some((_, objects)) = self.waiting.pop_front() {
            if objects > 0 {
                return true;
            }
        }
        false
    }

    pub(crate) fn later(&mut self, op: Op) -> bool {
        match op.kind {
            Kind::Defer => {
                let Some((list, model)) = self.pick(op.at) else { return false };
                self.deferred.push(Both { real: Deferred::new(list, &self.queue), model });
            }
            Kind::DropDeferred | Kind::TakeBack => {
                let Some(at) = place(&self.deferred, op.at) else { return false };
                let Both { real, model } = self.deferred.swap_remove(at);
                if op.kind == Kind::TakeBack {
                    self.lists.push(Both { real: Deferred::into_inner(real), model });
                } else {
                    while self.waiting.len() == PLACES {
                        self.oldest_ends();
                    }
                    drop(real);
                    self.came_in(model.len() as u64);
                }
            }
            Kind::HandOver => {
                let Some((list, model)) = self.pick(op.at) else { return false };
                match self.queue.hand_over(list) {
                    Ok(ticket) => {
                        assert!(self.waiting.len() < PLACES);
                        self.tickets.push((ticket, self.handed_over, model.clone()));
                        self.came_in(model.len() as u64);
                    }
                    Err(NotTaken::Full(real)) => {
                        assert_eq!(self.waiting.len(), PLACES);
                        self.lists.push(Both { real, model });
                    }
                    Err(NotTaken::Ended(_)) => panic!("the queue lives"),
                }
            }
            Kind::TicketTake | Kind::TicketDrop => {
                let Some(at) = place(&self.tickets, op.at) else { return false };
                let (ticket, number, model) = self.tickets.swap_remove(at);
                if op.kind == Kind::TicketDrop {
                    return true;
                }
                let slot = self.waiting.iter_mut().find(|(waiting, _)| *waiting == number);
                let taken = ticket.take();
                assert_eq!(taken.is_ok(), slot.is_some(), "in time, or too late");
                if let (Ok(real), Some((_, objects))) = (taken, slot) {
                    *objects = 0;
                    check(&real, &model);
                    self.lists.push(Both { real, model });
                }
            }
            Kind::ReleaseSome => {
                let budget = usize::from(op.at) % 3;
                let released = (0..budget).filter(|_| self.oldest_ends()).count();
                assert_eq!(self.queue.release_some(budget), released);
            }
            _ => {
                let released = self.waiting.iter().filter(|(_, objects)| *objects > 0).count();
                assert_eq!(self.queue.flush(), released);
                self.waiting.clear();
            }
        }
        true
    }
}
