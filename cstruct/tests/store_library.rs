//! The library's beginning and end: an allocator is chosen before the first object, and the end waits for the last.
//!
//! It is one test, since the library is the process's.
#![cfg(feature = "store")]

use cstruct::kit::CloseError;
use cstruct::{CStruct, Error, Library, Live, Status, live, version, version_number};

#[test]
fn it_is_configured_before_the_first_object_and_ends_after_the_last() -> Result<(), Box<dyn std::error::Error>> {
    // While an object lives it is too late.
    let early = CStruct::named(1, c"early")?;
    assert_eq!(Library::start_counting().map(drop), Err(Error::Refused(Status::Busy)));
    assert_eq!(Library::start().map(drop), Err(Error::Refused(Status::Busy)));
    drop(early);

    // And while it is in use no allocator can be chosen.
    let plain = Library::start()?;
    assert_eq!(plain.allocations(), None, "nobody counts");
    assert_eq!(Library::start_counting().map(drop), Err(Error::Refused(Status::Busy)));
    plain.shutdown()?;

    // With the hook, C's own counter and ours agree at every moment.
    let library = Library::start_counting()?;
    let books = || library.allocations().expect("it counts");
    let (allocations, bytes) = (books().allocs, books().live_bytes);
    assert_eq!(bytes, 0);
    Library::start()?.shutdown()?; // not the last one
    let mut record = CStruct::named(2, c"late")?;
    record.pin_mut().append(&[0.5; 100])?;
    assert!(books().allocs > allocations);
    assert_eq!(books().live_bytes, live().bytes);
    assert_eq!(library.live(), live());
    let text = format!("Library {{ live: {:?}, allocations: Some({:?}) }}", live(), books());
    assert_eq!(format!("{library:?}"), text);

    // The peak begins anew from what lives now.
    let large = CStruct::named(3, c"large")?;
    drop(large);
    assert!(books().peak_bytes > books().live_bytes);
    library.restart_peak();
    assert_eq!(books().peak_bytes, books().live_bytes);

    // The end is refused, and gives the library back.
    let refused = library.shutdown();
    let Err(CloseError::StillOpen { handle: library, error }) = refused else { panic!("{refused:?}") };
    assert_eq!(error, Error::Refused(Status::Busy));
    drop(record);
    let books = library.allocations().expect("it counts");
    assert_eq!((books.live(), books.live_bytes), (0, 0));
    library.shutdown()?;
    assert_eq!(live(), Live { objects: 0, bytes: 0 });

    // What is static is good before, between and after.
    let number: Vec<u32> = version().split('.').map(str::parse).collect::<Result<_, _>>()?;
    assert_eq!(number.iter().fold(0, |sum, part| sum * 1000 + part), version_number());
    Ok(())
}
