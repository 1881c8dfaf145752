//! The worked example's constructors are the ledger's places: the line is the user's, not the wrapper's.
#![cfg(all(feature = "ledger", feature = "store"))]

use cstruct::kit::ledger::{self, Level};
use cstruct::kit::{CopyIn, CopyOut};
use cstruct::{Arena, Blob, CStruct, Context, Cursor, Query, Table, Writer};

/// Keeps what is made, and says where the ledger thinks that it was made.
fn places<T>(make: impl FnOnce() -> T) -> Vec<(String, u32)> {
    ledger::raise_level(Level::Sites);
    let mut kept = None;
    let report = ledger::scope(|| kept = Some(make()));
    report.entries().iter().map(|entry| (entry.location().file().to_owned(), entry.location().line())).collect()
}

macro_rules! is_made_here {
    ($make:expr) => {
        let (places, line) = (places(|| $make), line!());
        assert!(!places.is_empty(), "{} is not in the ledger", stringify!($make));
        for place in places {
            assert_eq!(place, (file!().to_owned(), line), "{}", stringify!($make));
        }
    };
}

#[test]
fn what_the_store_makes_is_made_where_its_user_says_so() {
    is_made_here!(CStruct::new(1));
    is_made_here!(CStruct::named(1, c"one"));
    is_made_here!(Blob::new(b"bytes"));
    is_made_here!(Arena::new());
    is_made_here!(Table::new());
    is_made_here!(Context::from_csv(b"name,value\none,1\n"));
    let mut record = CStruct::named(1, c"one").expect("there is memory");
    record.pin_mut().append(&[1.0]).expect("there is memory");
    is_made_here!(record.try_clone());
    is_made_here!(record.format());
    is_made_here!(record.copy_samples());
    is_made_here!(Cursor::new(&*record));
    let context = Context::from_csv(b"name,value\none,1\n").expect("it is CSV");
    is_made_here!(Query::new(&*context, c"one"));
    let blob = Blob::new(b"bytes").expect("there is memory");
    is_made_here!(blob.try_clone());
    let folder = tempfile::tempdir().expect("a folder");
    is_made_here!(Writer::open(folder.path().join("out.csv")));
    let data = record.copy_out().expect("it is UTF-8");
    is_made_here!(data.copy_in());
}
