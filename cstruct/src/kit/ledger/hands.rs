//! Whose hand wrote in a book from which number on.

use alloc::vec::Vec;
use core::fmt;
use std::thread::ThreadId;

/// The threads that had one book, one after the other.
///
/// # Invariants
///
/// The numbers ascend.
pub(super) struct Hands(Vec<Hand>);

struct Hand {
    from: u64,
    thread: Thread,
}

impl Hands {
    pub(super) fn new() -> Hands {
        Hands(Vec::new())
    }

    /// This thread writes from that number on, the lowest one that none has. Those of whose objects none is live any more are forgotten
    /// where there is no room, since a program may have any number of threads; and then there is room for as many as are kept.
    pub(super) fn add(&mut self, from: u64, thread: Thread, live: impl FnOnce() -> Vec<u64>) {
        if self.0.len() == self.0.capacity() {
            self.forget(from, live());
            self.0.reserve(self.0.len().max(4));
        }
        self.0.push(Hand { from, thread });
    }

    fn forget(&mut self, end: u64, mut live: Vec<u64>) {
        live.sort_unstable();
        let mut ends = self.0.iter().map(|hand| hand.from).skip(1).chain([end]).collect::<Vec<_>>().into_iter();
        self.0.retain(|hand| {
            let first = live.partition_point(|number| *number < hand.from);
            ends.next().zip(live.get(first)).is_some_and(|(end, number)| *number < end)
        });
    }

    /// Who wrote the record with that number.
    pub(super) fn of(&self, number: u64) -> Thread {
        let before = self.0.partition_point(|hand| hand.from <= number);
        let hand = before.checked_sub(1).and_then(|at| self.0.get(at));
        hand.map_or(Thread(None), |hand| hand.thread.clone())
    }
}

/// The thread that adopted an object.
///
/// It has std's handle of the thread, which thereby stays reachable: leak checkers find nothing lost.
#[derive(Clone, Debug)]
pub struct Thread(pub(super) Option<std::thread::Thread>);

impl Thread {
    /// Its id; none for a thread that was ending when it adopted.
    pub fn id(&self) -> Option<ThreadId> {
        self.0.as_ref().map(std::thread::Thread::id)
    }
}

impl PartialEq for Thread {
    fn eq(&self, other: &Thread) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Thread {}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_ref().map(|thread| (thread.name(), thread.id())) {
            Some((Some(name), _)) => write!(f, "thread `{name}`"),
            Some((None, id)) => write!(f, "thread {id:?}"),
            None => f.write_str("a thread that was ending"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::{Hands, Thread};

    #[test]
    fn a_thread_is_the_one_that_it_was_made_of() {
        let ended = Thread(None);
        let me = Thread(Some(std::thread::current()));
        let other = std::thread::spawn(|| Thread(Some(std::thread::current()))).join().expect("no panic");
        assert!(me.id() == Some(std::thread::current().id()) && ended.id().is_none());
        assert!(me == me.clone() && ended == Thread(None) && me != other && me != ended);
        assert_eq!(
            alloc::format!("{ended}, {other}"),
            alloc::format!("a thread that was ending, thread {:?}", other.0.as_ref().expect("one").id())
        );
    }

    #[test]
    fn threads_that_left_nothing_behind_are_forgotten() {
        let me = || Thread(Some(std::thread::current()));
        let (mut hands, mut asked) = (Hands::new(), 0);
        hands.add(1, me(), Vec::new);
        for number in 2..100_000 {
            hands.add(number, Thread(None), || {
                asked += 1;
                vec![5, 1]
            });
        }
        assert!(hands.0.len() < 10 && asked < 100_000 / 3, "{} are kept, asked {asked} times", hands.0.len());
        assert_eq!(hands.of(1), me());
        assert_eq!(hands.of(5), Thread(None));
    }

    #[test]
    fn a_thread_is_kept_while_any_of_its_numbers_lives() {
        let me = || Thread(Some(std::thread::current()));
        let mut hands = Hands::new();
        hands.add(10, me(), Vec::new);
        hands.add(20, Thread(None), || vec![19]);
        for from in 30..60 {
            hands.add(from, Thread(None), || vec![19, 29]);
        }
        assert_eq!((hands.of(19), hands.of(20)), (me(), Thread(None)));
        hands.forget(60, vec![20, 60]);
        assert!(hands.0.len() == 1 && hands.of(19) == Thread(None) && hands.of(20) == Thread(None));
    }
}
