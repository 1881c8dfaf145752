//! Deep copies: out of C, made and dropped, against C's own; and back into C.

use core::ffi::CStr;
use core::hint::black_box;
use core::ptr;

use cstruct::kit::{CopyOut as _, Foreign as _};
use cstruct::{CStruct, CStructData, CStructFlat, CStructRef};
use cstruct_sys::{self as sys, cstruct_status};

use super::lists::{data, list};
use crate::job::{C, Items, Job, RAW, Way};
use crate::loops;

const ABSENT: &str = "the peers do not copy";

/// A small record.
pub(super) const SMALL: Job = Job {
    name: "copy-16",
    what: "copy a record with 16 samples out of C, and drop the copy",
    items: Items::ONE,
    counted: Some(200),
    absent: ABSENT,
    ways: |_| ways(1, 16, 1.20, 0.75),
};

/// A large record.
pub(super) const LARGE: Job = Job {
    name: "copy-1024",
    what: "the same with 1,024 samples",
    items: Items::ONE,
    counted: Some(200),
    absent: ABSENT,
    ways: |_| ways(1, 1024, 1.10, 0.95),
};

/// A list.
pub(super) const LIST: Job = Job {
    name: "copy-list",
    what: "the same with a list of 1,000 records, 4 samples each",
    items: Items::the_same(1000),
    counted: Some(4),
    absent: ABSENT,
    ways: |records| ways(records, 4, 0.80, 0.15),
};

fn ways(records: usize, samples: usize, data: f64, block: f64) -> Vec<Way> {
    let list = list(records, samples);
    let [c, raw, clone, copy, into_one, hand, flat] = core::array::from_fn(|_| list.clone());
    vec![
        // SAFETY: the list is live.
        Way::reference(C, move |count| unsafe { loops::loop_dup(count, c.as_ptr()) }),
        Way::reference(RAW, move |count| dup_raw(&raw, count)),
        Way::ours("CStruct", move |count| {
            for _ in 0..count {
                drop(clone.try_clone().expect("there is memory"));
            }
        })
        .at_most(1.0, RAW),
        Way::ours("CStructData", move |count| {
            for _ in 0..count {
                // One record, or a list of them.
                match records {
                    1 => drop(black_box(copy.copy_out().expect("the names are UTF-8"))),
                    _ => drop(black_box(Vec::<CStructData>::try_from(&**copy).expect("the names are UTF-8"))),
                }
            }
        })
        .at_most(data, C),
        Way::ours("CStructFlat", move |count| {
            for _ in 0..count {
                drop(black_box(CStructFlat::try_from(&**into_one).expect("the names are UTF-8")));
            }
        })
        .at_most(block, C),
        Way::peer("by hand", move |count| {
            for _ in 0..count {
                match records {
                    1 => drop(black_box(node(&hand).0)),
                    _ => drop(black_box(by_hand(&hand))),
                }
            }
        }),
        // SAFETY: the list is live.
        Way::reference("C, flat", move |count| unsafe { loops::loop_flat(count, flat.as_ptr()) }),
    ]
}

fn dup_raw(list: &CStructRef, count: u64) {
    for _ in 0..count {
        let mut copy = ptr::null_mut();
        // SAFETY: the list is live, and `copy` may be written.
        let status = unsafe { sys::cstruct_dup(list.as_ptr(), &raw mut copy) };
        assert!(status == cstruct_status::CSTRUCT_OK);
        // SAFETY: OWNED(cstruct_free): ours.
        unsafe { sys::cstruct_free(copy) };
    }
}

/// A record as somebody without the kit would copy it.
struct Node {
    _value: i32,
    _name: Option<String>,
    _samples: Vec<f64>,
}

/// A copy of one, and what follows.
fn node(at: &CStructRef) -> (Node, *const sys::cstruct) {
    let at: *const sys::cstruct = at.as_ptr();
    // SAFETY: a live record, which is not changed.
    let record = unsafe { &*at };
    let name = (!record.name.is_null()).then(|| {
        // SAFETY: TEXT, part of the record.
        let name = unsafe { CStr::from_ptr(record.name) };
        name.to_str().expect("the names are UTF-8").to_owned()
    });
    let samples = if record.samples.is_null() {
        Vec::new()
    } else {
        // SAFETY: COUNTED(samples_len), part of the record.
        unsafe { core::slice::from_raw_parts(record.samples, record.samples_len) }.to_vec()
    };
    (Node { _value: record.value, _name: name, _samples: samples }, record.next)
}

fn by_hand(list: &CStructRef) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut at = Some(list);
    while let Some(record) = at {
        let (copy, next) = node(record);
        nodes.push(copy);
        // SAFETY: NULL, or a live record of the same list.
        at = unsafe { CStructRef::from_ptr(next) }.ok();
    }
    nodes
}

/// The way back.
pub(super) const IN: Job = Job {
    name: "copy-in",
    what: "copy a list of 1,000 records from Rust into C, against C's copy of the same list",
    items: Items::the_same(1000),
    counted: Some(4),
    absent: ABSENT,
    ways: |records| {
        let list = list(records, 4);
        let data = data(records, 4);
        vec![
            // SAFETY: the list is live.
            Way::reference(C, move |count| unsafe { loops::loop_dup(count, list.as_ptr()) }),
            Way::ours("CStructData", move |count| {
                for _ in 0..count {
                    drop(CStruct::try_from(&data[..]).expect("there is memory"));
                }
            })
            .at_most(1.05, C),
        ]
    },
};
