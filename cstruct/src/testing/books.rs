//! Which blocks of a run live, with the request that made each: what a leak is named by.

use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::collections::BTreeMap;
use std::string::String;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use super::plan::rusts_own;

/// The live blocks of one source of faults.
///
/// Only what was granted to a run is written down; a block may come back from any thread, in a run or out of it. A source that is
/// not a [`Hook`](super::Hook) keeps its own, asks before each allocation, and says what came of it.
///
/// ```
/// use cstruct::testing::{Books, FaultSource, Request, Torture};
///
/// /// A library that lends one of two rooms.
/// struct Rooms(Books);
/// impl FaultSource for Rooms {
///     fn books(&self) -> &Books { &self.0 }
/// }
/// static ROOMS: Rooms = Rooms(Books::new());
///
/// fn enter() -> Option<usize> {
///     let request = ROOMS.0.asks();
///     if request == Request::Refused { return None }
///     ROOMS.0.made(request, 1, 10);
///     Some(1)
/// }
/// fn leave(room: usize) {
///     ROOMS.0.gone(room);
/// }
///
/// let report = Torture::new("in and out", &ROOMS).run(|| enter().map(leave));
/// assert_eq!(report.points(), 2);
/// ```
#[derive(Debug, Default)]
pub struct Books {
    inner: Mutex<Inner>,
    /// How many blocks are in them: so that a release outside of any run costs one load.
    len: AtomicUsize,
}

#[derive(Debug, Default)]
struct Inner {
    blocks: BTreeMap<usize, Block>,
    fault: Option<String>,
}

/// A block that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The number of the request that made it, in its run.
    pub request: u64,
    /// How many bytes were asked for.
    pub size: usize,
}

impl Books {
    /// Empty ones.
    pub const fn new() -> Books {
        Books { inner: Mutex::new(Inner { blocks: BTreeMap::new(), fault: None }), len: AtomicUsize::new(0) }
    }

    /// Asks whether a request is to be refused.
    pub fn asks(&self) -> super::Request {
        super::plan::asks(self)
    }

    /// Writes down a block that was made for a request. An exempt one is not.
    pub fn made(&self, request: super::Request, address: usize, size: usize) {
        if let super::Request::Granted(request) = request {
            self.insert(address, Block { request, size });
        }
    }

    /// Strikes a block out, if it was written down. To be called before it is released, so that its address is not given anew meanwhile.
    pub fn gone(&self, address: usize) -> Option<Block> {
        if self.len.load(SeqCst) == 0 {
            return None;
        }
        rusts_own(|| {
            let mut inner = self.inner();
            let block = inner.blocks.remove(&address);
            self.len.store(inner.blocks.len(), SeqCst);
            block
        })
    }

    /// Writes a block down again: one that was struck out to be resized, and lives on.
    pub fn insert(&self, address: usize, block: Block) {
        rusts_own(|| {
            let mut inner = self.inner();
            inner.blocks.insert(address, block);
            self.len.store(inner.blocks.len(), SeqCst);
        });
    }

    /// Notes something that the library did wrong, which fails the run. The first note counts.
    pub fn fault(&self, what: String) {
        rusts_own(|| self.inner().fault.get_or_insert(what).len());
    }

    /// How many blocks live.
    pub fn live(&self) -> usize {
        self.len.load(SeqCst)
    }

    /// Forgets what lives: blocks of a torture that has ended may be released at any time, as the memory of a thread is at its end.
    pub(super) fn begin_anew(&self) {
        rusts_own(|| {
            let mut inner = self.inner();
            inner.blocks.clear();
            self.len.store(0, SeqCst);
        });
    }

    pub(super) fn take_fault(&self) -> Option<String> {
        rusts_own(|| self.inner().fault.take())
    }

    /// The addresses that live.
    pub(super) fn addresses(&self) -> Vec<usize> {
        rusts_own(|| self.inner().blocks.keys().copied().collect())
    }

    /// What lives and is not in `before`, which is sorted; in the order of the requests.
    pub(super) fn since(&self, before: &[usize]) -> Vec<Block> {
        rusts_own(|| {
            let inner = self.inner();
            let new = inner.blocks.iter().filter(|(address, _)| before.binary_search(address).is_err());
            let mut blocks: Vec<Block> = new.map(|(_, block)| *block).collect();
            blocks.sort_by_key(|block| block.request);
            blocks
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
