//! A list copied out into one block says the same as the list, and leans on nothing.
#![cfg(feature = "store")]

use std::sync::Arc;
use std::thread;

use cstruct::kit::CopyIn;
use cstruct::{CStruct, CStructData, CStructFlat, Error, FlatRecord};

fn data() -> Vec<CStructData> {
    vec![
        CStructData { value: 1, name: Some("å".into()), samples: vec![0.5, f64::INFINITY, -0.0] },
        CStructData { value: -2, name: None, samples: vec![] },
        CStructData { value: i32::MAX, name: Some(String::new()), samples: vec![1e300] },
        CStructData { value: 4, name: Some("a longer name than a word, and then some".into()), samples: vec![] },
    ]
}

fn list() -> CStruct {
    CStruct::try_from(&data()[..]).expect("there is memory")
}

#[test]
fn it_says_what_the_list_said_after_the_list_has_ended() {
    let list = list();
    let flat = CStructFlat::try_from(&*list).expect("the names are UTF-8");
    drop(list);
    let copies: Vec<CStructData> = flat.records().map(CStructData::from).collect();
    assert_eq!(copies, data());
    assert_eq!((flat.len(), flat.records().len()), (4, 4));
    assert_eq!(flat.record(1), Some(FlatRecord { value: -2, name: None, samples: &[] }));
    assert_eq!(flat.record(4), None);
}

#[test]
fn the_way_back_into_c_gives_the_same_list() {
    let flat = CStructFlat::try_from(&*list()).expect("the names are UTF-8");
    assert_eq!(CStruct::try_from(&flat).expect("there is memory"), list());
}

#[test]
fn a_sample_keeps_its_bits() {
    let odd = f64::from_bits(0x7ff8_0000_0000_1234);
    let record = CStructData { value: 0, name: None, samples: vec![odd] }.copy_in().expect("there is memory");
    let flat = CStructFlat::try_from(&*record).expect("there is no name");
    assert_eq!(flat.record(0).map(|record| record.samples[0].to_bits()), Some(odd.to_bits()));
    assert_ne!(flat, flat.clone(), "what is not a number equals nothing, as in the list");
}

#[test]
fn its_size_counts_every_sample() {
    let size = |samples| {
        let record = CStructData { value: 0, name: None, samples }.copy_in().expect("there is memory");
        CStructFlat::try_from(&*record).expect("there is no name").size()
    };
    assert_eq!(size(vec![0.5; 12]), size(vec![]) + 12 * size_of::<f64>());
    assert!(size(vec![]) >= size_of::<i32>());
}

#[test]
fn what_is_the_same_is_equal_and_shown_alike() {
    let flat = CStructFlat::try_from(&*list()).expect("the names are UTF-8");
    assert_eq!(flat, CStructFlat::try_from(&*list()).expect("the names are UTF-8"));
    let records = format!("{:?}", flat.records().collect::<Vec<_>>());
    assert!(records.contains("a longer name than a word"), "{records}");
    assert_eq!(format!("{flat:?}"), records);
    assert_eq!(format!("{:?}", flat.records()), records);
}

#[test]
fn a_clone_is_another_block() {
    let flat = CStructFlat::try_from(&*list()).expect("the names are UTF-8");
    let clone = flat.clone();
    let address = |flat: &CStructFlat| flat.record(0).map(|record| record.samples.as_ptr());
    assert_ne!(address(&flat), address(&clone));
    drop(flat);
    assert_eq!(clone.records().map(CStructData::from).collect::<Vec<_>>(), data());
}

#[test]
fn a_name_that_is_not_utf8_is_told_with_its_place() {
    let mut list = CStruct::from_records([
        CStruct::named(1, c"good").expect("there is memory"),
        CStruct::new(2).expect("there is memory"),
        CStruct::named(3, c"ab\xff").expect("there is memory"),
    ])
    .expect("there are some");
    let told = |list: &CStruct| CStructFlat::try_from(&**list).expect_err("it is not UTF-8");
    assert_eq!(told(&list), Error::NotUtf8 { record: 2, valid_up_to: 2 });
    assert_eq!(Vec::<CStructData>::try_from(&*list).expect_err("it is not UTF-8"), told(&list));

    // Half a character at the end of one name, and the other half at the beginning of the next.
    list.pin_mut().set_name(Some(c"\xc3")).expect("there is memory");
    list.pin_mut().next_mut().expect("it follows").set_name(Some(c"\xa5")).expect("there is memory");
    assert_eq!(told(&list), Error::NotUtf8 { record: 0, valid_up_to: 0 });
}

#[test]
fn threads_may_share_it() {
    let flat = Arc::new(CStructFlat::try_from(&*list()).expect("the names are UTF-8"));
    let other = Arc::clone(&flat);
    let there = thread::spawn(move || other.records().map(|record| record.samples.len()).sum::<usize>());
    assert_eq!(there.join().expect("it does not panic"), 4);
}

#[test]
fn a_long_list_takes_one_block_of_the_size_of_its_data() {
    let records = (0..100_000).map(|value| CStruct::named(value, c"seven77").expect("there is memory"));
    let list = CStruct::from_records(records).expect("there are some");
    let flat = CStructFlat::try_from(&*list).expect("the names are UTF-8");
    assert!(flat.records().map(|record| record.value).eq(0..100_000));
    assert!(flat.size() <= 100_000 * 64, "{}", flat.size());
}
