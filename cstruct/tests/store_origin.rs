//! An origin says what it is, and is seen as nothing else.
#![cfg(feature = "store")]

use cstruct::kit::{IsA, Tagged};
use cstruct::{
    CStruct, Context, ContextRef, Error, FileOriginRef, OriginKind, OriginRef, SourceOriginRef, Status, TextOriginRef,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_impl_all!(OriginRef: Send, Sync);
assert_impl_all!(FileOriginRef: Send, Sync);
assert_not_impl_any!(OriginRef: Clone, Copy, Unpin);
assert_not_impl_any!(ContextRef: Sync);

const CSV: &[u8] = b"n,v\na,1\n";

/// Which of the three downcasts succeed.
fn is(origin: &OriginRef) -> [bool; 3] {
    [
        origin.downcast::<FileOriginRef>().is_some(),
        origin.downcast::<TextOriginRef>().is_some(),
        origin.downcast::<SourceOriginRef>().is_some(),
    ]
}

#[test]
fn each_way_of_opening_has_its_own() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-origin.csv", std::process::id()));
    std::fs::write(&path, CSV).expect("it is possible");
    let context = Context::open(&path).expect("it is possible");
    assert_eq!((context.origin().tag(), is(context.origin())), (OriginKind::File, [true, false, false]));
    let file = context.origin().downcast::<FileOriginRef>().expect("it is possible");
    assert_eq!(file.path().to_bytes(), path.as_os_str().as_encoded_bytes());
    assert!(std::ptr::eq(file.upcast(), context.origin()));
    assert!(format!("{:?}", context.origin()).starts_with("File { path: "));
    std::fs::remove_file(path).expect("it is possible");

    let context = Context::from_csv(CSV).expect("it is possible");
    assert_eq!((context.origin().tag(), is(context.origin())), (OriginKind::Text, [false, true, false]));
    assert_eq!(context.origin().downcast::<TextOriginRef>().map(TextOriginRef::length), Some(CSV.len()));

    let context = Context::from_reader(CSV).expect("it is possible");
    assert_eq!((context.origin().tag(), is(context.origin())), (OriginKind::Source, [false, false, true]));
    assert_eq!(context.origin().downcast::<SourceOriginRef>().map(SourceOriginRef::bytes), Some(CSV.len() as u64));
}

#[test]
fn it_may_be_looked_at_on_another_thread() {
    let context = Context::from_csv(CSV).expect("it is possible");
    let origin = context.origin();
    let there = std::thread::scope(|scope| scope.spawn(|| origin.tag()).join().expect("it is possible"));
    assert_eq!((there, context.count()), (OriginKind::Text, 1));
}

#[test]
fn it_does_not_end_with_the_records() {
    let mut context = Context::from_csv(CSV).expect("it is possible");
    let list = context.pin_mut().take().expect("it is possible");
    assert_eq!(list.as_deref().map(|record| record.value()), Some(1));
    assert_eq!(context.origin().tag(), OriginKind::Text);
    let nothing: Option<CStruct> = context.pin_mut().take().expect("it is possible");
    assert!(nothing.is_none());
    assert!(matches!(Context::open("/nowhere"), Err(Error::Read { status: Status::Io, .. })));
}
