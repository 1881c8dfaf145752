//! Reading a number from a record.

use cbox::CSemiBox;
use cstruct::kit::Foreign as _;
use cstruct::{CStruct, CStructRef};
use cstruct_sys as sys;
use cxx::UniquePtr;

use crate::job::{BY_FIELD, C, Items, Job, RAW, Way};
use crate::keep::{keep, use_up};
use crate::loops;
use crate::peers::Record;
use crate::peers::boxes::Boxed;
use crate::peers::cxx::ffi::Held;
use crate::peers::foreign::Foreign;
use crate::peers::kit::Series;
use crate::peers::newtype::Newtype;

/// Eight readings a turn, so that the turn itself weighs little.
const EIGHT: Items = Items::the_same(8);

macro_rules! eight {
    ($statement:expr) => {{
        $statement;
        $statement;
        $statement;
        $statement;
        $statement;
        $statement;
        $statement;
        $statement;
    }};
}

const NO_RECORD: &str = "mbox and malloced cannot hold a record";

/// By a call.
pub(super) const CALL: Job = Job {
    name: "read-call",
    what: "the number of a record, from C's function",
    items: EIGHT,
    counted: Some(1000),
    absent: NO_RECORD,
    ways: |_| {
        let record = one();
        let c = move |count| {
            // SAFETY: the record is live.
            unsafe { loops::loop_value(count, record.as_ptr()) };
        };
        vec![
            Way::reference(C, c),
            Way::reference(RAW, call_raw()),
            Way::ours("&SeriesRef", series()).at_most(1.0, RAW),
            Way::peer("newtype", call(Newtype::make(7, None))),
            Way::peer("foreign-types", call(Foreign::make(7, None))),
            Way::peer("cbox", call(<CSemiBox<'static, Boxed> as Record>::make(7, None))),
            Way::peer("cxx", call(<UniquePtr<Held> as Record>::make(7, None))),
        ]
    },
};

/// Without one.
pub(super) const FIELD: Job = Job {
    name: "read-field",
    what: "the same from the field, against C's function",
    items: EIGHT,
    counted: Some(1000),
    absent: "no peer reads fields",
    ways: |_| {
        let (record, same, borrowed) = (one(), one(), one());
        let c = move |count| {
            // SAFETY: the record is live.
            unsafe { loops::loop_value(count, record.as_ptr()) };
        };
        let field = move |count| {
            // SAFETY: the record is live.
            unsafe { loops::loop_field(count, same.as_ptr()) };
        };
        let read = move |count| {
            let mut record: &CStructRef = &borrowed;
            for _ in 0..count {
                eight!({
                    record = keep(record);
                    use_up(record.value())
                });
            }
        };
        vec![
            Way::reference(C, c),
            Way::reference(BY_FIELD, field),
            Way::ours("&CStructRef", read).at_most(0.2, C).at_most(1.0, BY_FIELD),
        ]
    },
};

fn one() -> CStruct {
    CStruct::new(7).expect("there is memory")
}

/// Through an owner, which is in memory as it is in a field of something.
fn call<R: Record + 'static>(record: R) -> impl FnMut(u64) + 'static {
    move |count| {
        for _ in 0..count {
            eight!(use_up(keep(&record).value()));
        }
    }
}

fn call_raw() -> impl FnMut(u64) + 'static {
    let owner = one();
    move |count| {
        // SAFETY: the record is live.
        let mut record = unsafe { &*owner.as_ptr().cast_const() };
        for _ in 0..count {
            eight!({
                record = keep(record);
                // SAFETY: the record is live.
                use_up(unsafe { sys::cstruct_value(record) });
            });
        }
    }
}

fn series() -> impl FnMut(u64) + 'static {
    let owner = Series::make(7, None);
    move |count| {
        let mut record = &*owner;
        for _ in 0..count {
            eight!({
                record = keep(record);
                use_up(record.value())
            });
        }
    }
}
