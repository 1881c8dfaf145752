//! Making a record, and releasing it at the end of its scope.

use core::ffi::CStr;
use core::hint::black_box;

use cbox::{CSemiBox, DisposeRef};
use cstruct::CStruct;
use cstruct::kit::{CText, LibcFree};

use crate::job::{C, Items, Job, RAW, Way};
use crate::loops;
use crate::peers::Record;
use crate::peers::boxes::Boxed;
use crate::peers::cxx::ffi::Held;
use crate::peers::foreign::Foreign;
use crate::peers::kit::Series;
use crate::peers::newtype::Newtype;
use crate::peers::raw::Raw;

const NAME: &CStr = c"temperature, indoor";
const SAMPLES: [f64; 16] = [20.5; 16];
const NO_FREE: &str = "mbox and malloced release with free, which is not how a record is released";

/// Nothing in it.
pub(super) const BARE: Job = Job {
    name: "bare",
    what: "make and release a record",
    items: Items::ONE,
    counted: Some(1000),
    absent: NO_FREE,
    ways: |_| {
        // SAFETY: nothing is asked for.
        let c = |count| unsafe { loops::loop_bare(count) };
        ways(
            c,
            bare::<Raw>,
            bare::<CStruct>,
            bare::<Series>,
            [bare::<Newtype>, bare::<Foreign>, bare::<Semi>, bare::<Unique>],
        )
    },
};

/// A name and samples in it.
pub(super) const FILLED: Job = Job {
    name: "filled",
    what: "the same with a name and 16 samples",
    items: Items::ONE,
    counted: Some(1000),
    absent: NO_FREE,
    ways: |_| {
        // SAFETY: a C string, and an array with its length, that live for ever.
        let c = |count| unsafe { loops::loop_filled(count, NAME.as_ptr(), SAMPLES.as_ptr(), SAMPLES.len()) };
        ways(
            c,
            filled::<Raw>,
            filled::<CStruct>,
            filled::<Series>,
            [filled::<Newtype>, filled::<Foreign>, filled::<Semi>, filled::<Unique>],
        )
    },
};

/// Two, which a panic must release too. C and raw calls would leak them.
pub(super) const SCOPE: Job = Job {
    name: "scope",
    what: "two records in a scope with a call that may panic",
    items: Items::ONE,
    counted: Some(1000),
    absent: NO_FREE,
    ways: |_| {
        // SAFETY: nothing is asked for.
        let c = |count| unsafe { loops::loop_scope(count) };
        ways(
            c,
            scope::<Raw>,
            scope::<CStruct>,
            scope::<Series>,
            [scope::<Newtype>, scope::<Foreign>, scope::<Semi>, scope::<Unique>],
        )
    },
};

type Unique = cxx::UniquePtr<Held>;
type Semi = CSemiBox<'static, Boxed>;
type Loop = fn(u64);

fn ways(
    c: impl FnMut(u64) + 'static,
    raw: Loop,
    store: Loop,
    kit: Loop,
    [newtype, foreign, semi, unique]: [Loop; 4],
) -> Vec<Way> {
    vec![
        Way::reference(C, c),
        Way::reference(RAW, raw),
        Way::ours("CStruct", store).at_most(1.0, RAW),
        Way::ours("the kit alone", kit).at_most(1.0, RAW),
        Way::peer("newtype", newtype),
        Way::peer("foreign-types", foreign),
        Way::peer("cbox", semi),
        Way::peer("cxx", unique),
    ]
}

#[allow(clippy::cast_possible_truncation, reason = "any number will do")]
fn bare<R: Record>(count: u64) {
    for i in 0..count {
        R::make(i as i32, None).end();
    }
}

#[allow(clippy::cast_possible_truncation, reason = "any number will do")]
fn filled<R: Record>(count: u64) {
    for i in 0..count {
        let mut record = R::make(i as i32, Some(NAME));
        record.append(&SAMPLES);
        record.end();
    }
}

#[allow(clippy::cast_possible_truncation, reason = "any number will do")]
fn scope<R: Record>(count: u64) {
    for i in 0..count {
        let first = R::make(i as i32, None);
        let second = R::make(i as i32, None);
        may_panic(false);
        second.end();
        first.end();
    }
}

#[inline(never)]
fn may_panic(stop: bool) {
    assert!(!black_box(stop), "nobody asks for this");
}

/// A block of malloc's.
pub(super) const TEXT: Job = Job {
    name: "text",
    what: "adopt a text of malloc's, and release it with free",
    items: Items::ONE,
    counted: Some(1000),
    absent: "foreign-types and cxx have no type for it",
    ways: |_| {
        vec![
            // SAFETY: a C string that lives for ever.
            Way::reference(C, |count| unsafe { loops::loop_text(count, NAME.as_ptr()) }),
            Way::reference(RAW, |count| {
                each(count, |text| {
                    assert!(!text.is_null());
                    // SAFETY: malloc's, and ours.
                    unsafe { libc::free(text.cast()) };
                })
            }),
            Way::ours("CText", |count| {
                each(count, |text| {
                    // SAFETY: a C string of malloc's that is ours, or NULL.
                    drop(unsafe { CText::<LibcFree>::from_raw(text) }.expect("there is memory"));
                })
            })
            .at_most(1.0, RAW),
            Way::peer("cbox", |count| each(count, |text| drop(CSemiBox::<Text>::new(text)))),
            Way::peer("mbox", |count| {
                each(count, |text| {
                    // SAFETY: malloc's, and ours.
                    drop(unsafe { mbox::MBox::from_raw(text) });
                })
            }),
            Way::peer("malloced", |count| {
                each(count, |text| {
                    // SAFETY: malloc's, and ours.
                    drop(unsafe { malloced::Malloced::from_raw(text) });
                })
            }),
        ]
    },
};

/// What a `CSemiBox` of a text leads to; its release is `free`.
enum Text {}

impl DisposeRef for Text {
    type RefTo = libc::c_char;
}

#[inline(always)]
fn each(count: u64, mut end: impl FnMut(*mut libc::c_char)) {
    for _ in 0..count {
        // SAFETY: a C string.
        let text = unsafe { libc::strdup(NAME.as_ptr()) };
        end(black_box(text));
    }
}
