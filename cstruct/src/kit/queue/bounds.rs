//! How much may wait, what happens to the rest, and how it went.

/// How much may wait in a queue.
///
/// ```
/// use cstruct::kit::{Bounds, ReleaseQueue};
///
/// let queue = ReleaseQueue::new(Bounds::count(1000).and_weight(64 << 20));
/// assert_eq!(queue.stats().capacity, 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub(super) count: usize,
    pub(super) weight: usize,
}

impl Bounds {
    /// So many objects, rounded up to a power of two. Their slots, a cache line each, are made at once.
    ///
    /// One that was [taken out](super::Ticket) counts until its turn.
    pub const fn count(count: usize) -> Bounds {
        Bounds { count, weight: usize::MAX }
    }

    /// And so much weight, in the unit in which the objects' is given, such as bytes.
    ///
    /// One that is heavier by itself counts as just so much: it goes in alone. So the least bound is 1, by which those that weigh anything
    /// go in one by one.
    pub const fn and_weight(self, weight: usize) -> Bounds {
        Bounds { weight: if weight == 0 { 1 } else { weight }, ..self }
    }
}

/// What dropping a deferred owner does, away from home, when the queue does not take it.
///
/// *At home* it is released in any case: room is made by releasing the oldest; inside a release, and after the end of the queue, the
/// object itself is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Full {
    /// It is released here and now, also when the home has ended: before those that this thread handed over earlier.
    #[default]
    ReleaseHere,
    /// It waits for room: it spins a little, then it looks again after up to 0.8 ms of sleep. Where home waits for the dropping thread, both
    /// wait for ever. After home has ended the object is stranded.
    Block,
    /// It is stranded: leaked, counted, and told to [`event`](super::super::event).
    Strand,
}

/// How a queue is, and how it went; each figure is exact when nobody else is using the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueStats {
    /// How many may wait.
    pub capacity: usize,
    /// How many wait.
    pub backlog: usize,
    /// Their weight, and that of the one being released.
    pub backlog_weight: usize,
    /// The most that ever waited.
    pub high_water: usize,
    /// The most weight that ever waited, as each release found it.
    pub high_water_weight: usize,
    /// How many ended in their turn, at home. One that C refused to release is among them; [`event`](super::super::event) was told.
    pub released: u64,
    /// How many were taken out before their turn.
    pub taken_out: u64,
    /// How many were released where they were dropped, because the queue did not take them.
    pub released_on_the_spot: u64,
    /// How many are leaked, because home had ended, or by [`Full::Strand`].
    pub stranded: u64,
}
