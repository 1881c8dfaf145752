//! One operation, and how it is made at random.

use proptest::prelude::*;

macro_rules! kinds {
    ($($kind:ident),* $(,)?) => {
        /// What is done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind { $($kind),* }
        const KINDS: &[Kind] = &[$(Kind::$kind),*];
    };
}

kinds! {
    New, SetValue, SetName, Append, Clear, Link, Unlink, CloneList, CloseList, DropList, RawList, CopyList,
    Push, PushOrFree, Take, Find, Each, Watch, Unwatch, Attach, Detach, CloseTable, Commit, RollBack, ForgetBatch,
    BlobNew, BlobClone, BlobShare, BlobDrop, BlobRaw, BlobRetain,
    Read, BorrowedQuery, QueryNew, QueryStep, QueryRewind, QueryEnd, TakeAll, CloseRefused,
    Write, WriteLent,
    CursorOwns, CursorStep, CursorEnd, CursorInPlace,
    TextNew, TextAgain, TextEnd,
    ArenaNew, ArenaCopy, ArenaAlloc, ArenaEnd,
    Defer, DropDeferred, TakeBack, HandOver, TicketTake, TicketDrop, ReleaseSome, Flush,
    Pack, Unpack, DropAtHome, DropAbroad,
}

/// An operation: what, on which objects (counted round what there is), with which small number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Op {
    pub(crate) kind: Kind,
    pub(crate) at: u8,
    pub(crate) with: u8,
    pub(crate) number: i8,
}

/// Sequences of up to `longest` operations. They shrink to shorter ones, of earlier kinds and of smaller numbers.
pub(crate) fn sequences(longest: usize) -> impl Strategy<Value = Vec<Op>> {
    let op = (0..KINDS.len(), 0_u8..16, 0_u8..16, -8_i8..8);
    proptest::collection::vec(
        op.prop_map(|(kind, at, with, number)| Op { kind: KINDS[kind], at, with, number }),
        1..=longest,
    )
}
