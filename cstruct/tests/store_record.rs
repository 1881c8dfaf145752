//! A record and a list: made, read, changed, copied, compared; and after each test C has nothing left.
#![cfg(feature = "store")]

use std::error::Error as _;
use std::sync::{Mutex, MutexGuard};

use cstruct::kit::{CloseError, CopyIn, CopyOut};
use cstruct::{CStruct, CStructData, Error, Live, Status, live};

/// Counts of the process: one test at a time, and nothing left over.
struct Balanced {
    before: Live,
    _one_at_a_time: MutexGuard<'static, ()>,
}

fn balanced() -> Balanced {
    static ONE: Mutex<()> = Mutex::new(());
    let one = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    Balanced { before: live(), _one_at_a_time: one }
}

impl Drop for Balanced {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(live(), self.before, "something is left in C");
        }
    }
}

fn data(value: i32, name: &str, samples: &[f64]) -> CStructData {
    CStructData { value, name: Some(name.to_owned()), samples: samples.to_vec() }
}

fn list() -> CStruct {
    let records = [data(1, "one", &[1.0]), data(2, "two", &[]), data(3, "three", &[3.0, 3.5])];
    CStruct::try_from(&records[..]).expect("there is memory")
}

#[test]
fn a_record_reads_back_what_was_put_in() -> Result<(), Error> {
    let _balanced = balanced();
    let mut record = CStruct::named(-7, c"")?;
    assert_eq!((record.value(), record.name(), record.samples()), (-7, Some(c""), &[][..]));
    record.pin_mut().set_value(i32::MIN);
    record.pin_mut().set_name(Some(c"renamed"))?;
    record.pin_mut().reserve(100)?;
    record.pin_mut().append(&[1.0, f64::NAN])?;
    record.pin_mut().append(&[])?;
    record.pin_mut().append(&[f64::INFINITY])?;
    assert_eq!(record.value(), i32::MIN);
    assert_eq!(record.name(), Some(c"renamed"));
    assert_eq!(record.samples().len(), 3);
    let statistics = record.statistics();
    assert_eq!((statistics.count, statistics.missing, statistics.max), (2, 1, f64::INFINITY));
    record.pin_mut().clear();
    record.pin_mut().set_name(None)?;
    assert_eq!((record.name(), record.samples()), (None, &[][..]));
    assert!(CStruct::new(0)?.name().is_none());
    Ok(())
}

#[test]
fn a_record_is_made_whole_in_one_call() -> Result<(), Error> {
    let _balanced = balanced();
    let whole = CStruct::with(7, Some("größer"), &[1.0, 2.0])?;
    let mut by_parts = CStruct::named(7, c"größer")?;
    by_parts.pin_mut().append(&[1.0, 2.0])?;
    assert_eq!(whole, by_parts);
    assert_eq!(CStruct::with(1, None, &[])?, CStruct::new(1)?);
    assert_eq!(CStruct::with(1, Some(""), &[])?, CStruct::named(1, c"")?);
    for (name, position) in [("\0", 0), ("a\0b\0", 1), ("end\0", 3)] {
        assert_eq!(CStruct::with(1, Some(name), &[1.0]), Err(Error::InteriorNul { position }));
    }
    Ok(())
}

#[test]
fn room_that_does_not_exist_is_an_error_and_changes_nothing() -> Result<(), Error> {
    let _balanced = balanced();
    let mut record = CStruct::new(1)?;
    record.pin_mut().append(&[1.0])?;
    for more in [usize::MAX, usize::MAX / 8, isize::MAX as usize] {
        assert_eq!(record.pin_mut().reserve(more), Err(Error::Refused(Status::NoMemory)));
    }
    assert_eq!(record.samples(), [1.0]);
    Ok(())
}

#[test]
fn a_list_is_walked_cut_and_linked() -> Result<(), Error> {
    let _balanced = balanced();
    let mut list = list();
    assert_eq!(list.records().map(|record| record.value()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((&list).into_iter().count(), 3);

    let tail = list.pin_mut().next_mut().and_then(|second| second.unlink()).expect("three follows two");
    assert_eq!((list.records().count(), tail.records().count()), (2, 1));
    assert!(list.pin_mut().next_mut().and_then(|second| second.unlink()).is_none());

    let refused = list.pin_mut().link(tail).expect_err("two follows one");
    assert_eq!(refused.error(), &Error::Refused(Status::Busy));
    let CloseError::StillOpen { handle: tail, .. } = refused else { panic!("it is handed back") };
    list.pin_mut().next_mut().expect("two").link(tail).map_err(CloseError::into_error)?;
    assert_eq!(list, self::list());

    let joined = CStruct::from_records([list, self::list(), CStruct::new(9)?])?;
    assert_eq!(joined.records().map(|record| record.value()).collect::<Vec<_>>(), [1, 2, 3, 1, 2, 3, 9]);
    assert_eq!(CStruct::from_records([]).map(drop), Err(Error::Empty));
    Ok(())
}

#[test]
fn a_clone_is_deep_and_equality_is_on_the_data() -> Result<(), Error> {
    let _balanced = balanced();
    let first = list();
    let mut second = first.try_clone()?;
    assert_eq!(first, second);
    second.pin_mut().next_mut().expect("two").set_value(20);
    assert_ne!(first, second);
    assert!(first.same_record(&second), "the first records are still the same");
    drop(first);
    assert_eq!(second.records().map(|record| record.value()).collect::<Vec<_>>(), [1, 20, 3]);
    assert_ne!(*second, *second.next().expect("two"), "a shorter list is another one");

    let mut unknown = CStruct::new(0)?;
    unknown.pin_mut().append(&[f64::NAN])?;
    assert_ne!(unknown, unknown.try_clone()?, "not a number equals nothing");
    Ok(())
}

#[test]
fn data_goes_in_and_out_unchanged() -> Result<(), Error> {
    let _balanced = balanced();
    let records = vec![data(i32::MAX, "größer", &[0.1, -0.0, f64::MIN_POSITIVE]), CStructData::default()];
    let list = CStruct::try_from(&records[..])?;
    assert_eq!(Vec::try_from(&*list)?, records);
    assert_eq!(list.copy_out()?, records[0]);
    assert_eq!(CStructData::try_from(&*list)?, records[0]);
    assert_eq!(*CStruct::try_from(&records[0])?, records[0]);
    assert_ne!(*list, records[0], "a list is not its first record");
    assert_eq!(*records[1].copy_in()?, records[1]);
    assert_eq!(CStruct::try_from(&[][..]).map(drop), Err(Error::Empty));
    Ok(())
}

#[test]
fn what_cannot_cross_says_where_and_leaks_nothing() -> Result<(), Error> {
    let _balanced = balanced();
    let records = [data(1, "fine", &[1.0]), data(2, "nul\0inside", &[])];
    assert_eq!(CStruct::try_from(&records[..]).map(drop), Err(Error::InteriorNul { position: 3 }));

    let bad = CStruct::named(2, c"ok\xff")?;
    let list = CStruct::from_records([CStruct::new(1)?, bad])?;
    let error = Vec::<CStructData>::try_from(&*list).expect_err("a name is not UTF-8");
    assert_eq!(error, Error::NotUtf8 { record: 1, valid_up_to: 2 });
    assert!(error.to_string().contains("record 1"), "{error}");
    assert_eq!(list.next().and_then(|second| second.name()), Some(c"ok\xff"), "as a CStr it can be read");
    Ok(())
}

#[test]
fn an_owner_can_be_given_up_and_taken_back() -> Result<(), Error> {
    let _balanced = balanced();
    let raw = CStruct::into_raw(CStruct::new(5)?);
    // SAFETY: the pointer that was just given up, and nobody else has it.
    let record = unsafe { CStruct::from_raw(raw) }?;
    assert_eq!(record.value(), 5);
    let Ok(()) = record.close();

    let line = line!() + 2;
    // SAFETY: NULL is answered with an error.
    let null = unsafe { CStruct::from_raw(std::ptr::null_mut()) }.expect_err("NULL is no record");
    assert_eq!((null.location().file(), null.location().line()), (file!(), line));
    let error = Error::from(null);
    assert!(error.to_string().contains("CStructRef") && error.source().is_none(), "{error}");
    Ok(())
}

#[test]
fn debug_shows_the_data() -> Result<(), Error> {
    let _balanced = balanced();
    let mut record = CStruct::named(1, c"a")?;
    record.pin_mut().append(&[0.5])?;
    assert_eq!(format!("{record:?}"), r#"[Record { value: 1, name: Some("a"), samples: [0.5] }]"#);
    Ok(())
}

#[test]
fn a_record_is_released_on_another_thread() -> Result<(), Error> {
    let _balanced = balanced();
    let list = list();
    let shared = &list;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(move || assert_eq!(shared.records().count(), 3));
        }
    });
    std::thread::spawn(move || drop(list)).join().expect("the thread does not panic");
    Ok(())
}
