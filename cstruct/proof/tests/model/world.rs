//! All objects of a run, each beside what it should hold.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use cstruct::kit::{Bounds, Deferred, Parcel, ReleaseQueue, Ticket};
use cstruct::{Arena, Blob, CStruct, CStructData, CStructRef, Change, Context, Cursor, Query, Table, Text, live};

use super::op::{Kind, Op};

/// What the model knows of a list.
pub(crate) type Model = Vec<CStructData>;

/// An object beside its model.
#[derive(Debug)]
pub(crate) struct Both<T, M = Model> {
    pub(crate) real: T,
    pub(crate) model: M,
}

/// A table beside its model; what its watcher should have been told, and was told.
pub(crate) struct Tables {
    pub(crate) table: Table,
    pub(crate) model: Model,
    pub(crate) capacity: usize,
    pub(crate) watched: Option<Vec<(Change, i32)>>,
    pub(crate) heard: Arc<Mutex<Vec<(Change, i32)>>>,
    pub(crate) attached: Option<i32>,
}

/// A query: how far it is, and what it looks for.
pub(crate) struct Walker {
    pub(crate) query: Query<Rc<Context>>,
    pub(crate) model: Rc<Model>,
    pub(crate) prefix: String,
    pub(crate) at: usize,
}

pub(crate) struct World {
    pub(crate) lists: Vec<Both<CStruct>>,
    pub(crate) table: Tables,
    /// A blob and what it should hold; counts of one blob share the model.
    pub(crate) blobs: Vec<Both<Blob, Rc<Vec<u8>>>>,
    pub(crate) context: Option<Both<Rc<Context>, Rc<Model>>>,
    pub(crate) queries: Vec<Walker>,
    pub(crate) cursors: Vec<(Both<Cursor<CStruct>>, usize)>,
    pub(crate) texts: Vec<Both<Text, Vec<u8>>>,
    pub(crate) arenas: Vec<Arena>,
    pub(crate) deferred: Vec<Both<Deferred<CStruct>>>,
    pub(crate) tickets: Vec<(Ticket<CStruct>, u64, Model)>,
    pub(crate) parcels: Vec<Parcel<Arena>>,
    pub(crate) queue: ReleaseQueue,
    /// What waits in the queue, oldest first: its number, and how many objects it is; 0 when it was taken out.
    pub(crate) waiting: VecDeque<(u64, u64)>,
    pub(crate) handed_over: u64,
}

pub(crate) const PLACES: usize = 4;
/// More than that of a kind only costs time.
const MOST: usize = 12;

impl World {
    pub(crate) fn new() -> World {
        World {
            lists: Vec::new(),
            table: Tables::new(3),
            blobs: Vec::new(),
            context: None,
            queries: Vec::new(),
            cursors: Vec::new(),
            texts: Vec::new(),
            arenas: Vec::new(),
            deferred: Vec::new(),
            tickets: Vec::new(),
            parcels: Vec::new(),
            queue: ReleaseQueue::new(Bounds::count(PLACES)),
            waiting: VecDeque::new(),
            handed_over: 0,
        }
    }

    /// Does it to the objects and to the model. Where there is nothing to do it to, that is made.
    pub(crate) fn run(&mut self, op: Op) {
        use Kind::*;
        if !self.try_to(op) {
            let make = match op.kind {
                BlobNew | BlobClone | BlobShare | BlobDrop | BlobRaw | BlobRetain => BlobNew,
                QueryStep | QueryRewind | QueryEnd if self.context.is_some() => QueryNew,
                CursorStep | CursorEnd if !self.lists.is_empty() => CursorOwns,
                TextAgain | TextEnd if !self.lists.is_empty() => TextNew,
                TakeBack | DropDeferred if !self.lists.is_empty() => Defer,
                TicketTake | TicketDrop if !self.lists.is_empty() => HandOver,
                Unpack | DropAtHome | DropAbroad if self.parcels.is_empty() && !self.arenas.is_empty() => Pack,
                ArenaCopy | ArenaAlloc | ArenaEnd | Pack if self.arenas.is_empty() => ArenaNew,
                _ => New,
            };
            assert!(self.try_to(Op { kind: make, ..op }), "{make:?} can be done");
        }
        self.lists.truncate(MOST);
        self.blobs.truncate(MOST);
        self.texts.truncate(MOST);
    }

    fn try_to(&mut self, op: Op) -> bool {
        use Kind::*;
        match op.kind {
            New | SetValue | SetName | Append | Clear | Link | Unlink | CloneList | CloseList | DropList | RawList
            | CopyList => self.list(op),
            Push | PushOrFree | Take | Find | Each | Watch | Unwatch | Attach | Detach | CloseTable | Commit
            | RollBack | ForgetBatch => self.on_table(op),
            BlobNew | BlobClone | BlobShare | BlobDrop | BlobRaw | BlobRetain => self.blob(op),
            Read | BorrowedQuery | QueryNew | QueryStep | QueryRewind | QueryEnd | TakeAll | CloseRefused => {
                self.on_context(op)
            }
            Write | WriteLent | CursorOwns | CursorStep | CursorEnd | CursorInPlace | TextNew | TextAgain | TextEnd => {
                self.text(op)
            }
            ArenaNew | ArenaCopy | ArenaAlloc | ArenaEnd | Pack | Unpack | DropAtHome | DropAbroad => self.arena(op),
            Defer | DropDeferred | TakeBack | HandOver | TicketTake | TicketDrop | ReleaseSome | Flush => {
                self.later(op)
            }
        }
    }

    /// As many objects live as the model has.
    pub(crate) fn check_count(&self, before: u64) {
        let lens = |models: &mut dyn Iterator<Item = &Model>| models.map(|model| model.len() as u64).sum::<u64>();
        let mut blobs: Vec<_> = self.blobs.iter().map(|blob| Rc::as_ptr(&blob.model)).collect();
        blobs.sort_unstable();
        blobs.dedup();
        let expected = lens(&mut self.lists.iter().map(|list| &list.model))
            + lens(&mut self.cursors.iter().map(|(cursor, _)| &cursor.model))
            + lens(&mut self.deferred.iter().map(|list| &list.model))
            + (self.cursors.len() + blobs.len() + self.queries.len() + self.arenas.len() + self.parcels.len()) as u64
            + self.texts.iter().filter(|text| !text.model.is_empty()).count() as u64
            + self.waiting.iter().map(|(_, objects)| objects).sum::<u64>()
            + 1
            + self.table.model.len() as u64
            + self.contexts().map(|model| 1 + model.len() as u64).sum::<u64>();
        assert_eq!(live().objects - before, expected, "by C's own count, and by the model's");
    }

    /// All contents are the model's; then everything ends.
    pub(crate) fn end(self) {
        for list in &self.lists {
            check(&list.real, &list.model);
        }
        for list in &self.deferred {
            check(&list.real, &list.model);
        }
        for text in &self.texts {
            assert_eq!(text.real.as_bytes(), text.model);
        }
        self.check_blobs();
        self.check_context();
        self.table.check();
        let World { queue, handed_over, deferred, tickets, .. } = self;
        let handed_over = handed_over + deferred.len() as u64;
        let taken_out = queue.stats().taken_out;
        drop((deferred, tickets));
        let stats = queue.shutdown();
        assert_eq!((stats.backlog, stats.stranded, stats.released_on_the_spot), (0, 0, 0));
        assert_eq!((stats.released + stats.taken_out, stats.taken_out), (handed_over, taken_out), "each ended once");
    }
}

/// The list holds what the model holds.
#[track_caller]
pub(crate) fn check(list: &CStructRef, model: &Model) {
    assert_eq!(Vec::<CStructData>::try_from(list).expect("names are ASCII"), *model);
}

/// A place of a pool, counted round; `None` when it is empty.
pub(crate) fn place<T>(pool: &[T], at: u8) -> Option<usize> {
    (!pool.is_empty()).then(|| usize::from(at) % pool.len())
}

/// One of six names, or none.
pub(crate) fn name(number: u8) -> Option<String> {
    [None, Some("a"), Some("b"), Some("ab"), Some("c"), Some("abc"), Some("d")][usize::from(number) % 7]
        .map(str::to_owned)
}
