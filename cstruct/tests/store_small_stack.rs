//! A list of a million records is loaded, copied out, compared and released on a stack of 256 KiB, on every way out.
#![cfg(feature = "store")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use cstruct::{CStruct, CStructData, Context, live};

const RECORDS: usize = 1_000_000;
const STACK: usize = 256 * 1024;

fn load() -> CStruct {
    let mut csv = b"name,value,s1\n".to_vec();
    for index in 0..RECORDS {
        csv.extend_from_slice(format!("r{index},{index},0.5\n").as_bytes());
    }
    let mut context = Context::from_csv(&csv).expect("it is good CSV");
    context.pin_mut().take().expect("no query is open").expect("there are records")
}

fn work() {
    let before = live();
    let list = load();
    assert_eq!(live().objects - before.objects, RECORDS as u64);

    let data = Vec::<CStructData>::try_from(&*list).expect("the names are UTF-8");
    assert_eq!((data.len(), data[RECORDS - 1].value), (RECORDS, RECORDS as i32 - 1));
    let again = CStruct::try_from(&data[..]).expect("there is memory");
    let clone = again.try_clone().expect("there is memory");
    assert!(list == clone);
    let Ok(()) = clone.close();
    drop(again);

    let panicked = catch_unwind(AssertUnwindSafe(move || {
        let _released_while_unwinding = list;
        resume_unwind(Box::new("on purpose"));
    }));
    assert!(panicked.is_err());
    assert_eq!(live(), before);
}

#[test]
fn a_million_records_need_no_stack() {
    let small = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread can be started");
    small.join().expect("the work is done without an overflow");
}
