//! `Writer`: what was written is there after a close that said so; a failure is told by `close`, or else by the event hook.
#![cfg(feature = "store")]

mod balanced;

use std::fs;
use std::io::{self, ErrorKind};
use std::mem;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;
use std::thread;

use balanced::balanced;
use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{CloseError, Loan};
use cstruct::{CStruct, CStructRef, Context, Error, Status, Writer, WriterRef, live};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

assert_impl_all!(Writer: Send);
assert_impl_all!(Writer<Loan<Vec<u8>>>: Send);
assert_not_impl_any!(Writer<Rc<()>>: Send);
assert_not_impl_any!(Writer: Sync, Clone, Copy);
assert_not_impl_any!(WriterRef: Sync, Unpin);
assert_eq_size!(Writer, Option<Writer>, *const ());

/// The same number on every Unix.
const ENOENT: i32 = 2;
const ENOSPC: i32 = 28;

/// A file of its own for each test, removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        File(std::env::temp_dir().join(format!("cstruct-{}-{name}.csv", std::process::id())))
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).expect("it was written")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn list(len: i32) -> CStruct {
    let record = |value| {
        let mut record = CStruct::named(value, c"series")?;
        record.pin_mut().append(&[f64::from(value) / 3.0])?;
        Ok::<_, Error>(record)
    };
    CStruct::from_records((0..len).map(|value| record(value).expect("memory"))).expect("one at least")
}

#[test]
fn what_was_written_is_there_after_close() {
    balanced(|| {
        let (file, list) = (File::new("round-trip"), list(1000));
        let mut writer = Writer::open(&file.0).expect("it is possible");
        writer.write_list(&list).expect("it is possible");
        writer.close().expect("it is possible");
        assert_eq!(
            Context::open(&file.0)
                .expect("it is possible")
                .pin_mut()
                .take()
                .expect("it is possible")
                .expect("it is possible"),
            list
        );
    });
}

#[test]
fn only_one_record_is_written_and_all_have_as_many_samples() {
    balanced(|| {
        let (file, list) = (File::new("one"), list(2));
        let mut writer = Writer::open(&file.0).expect("it is possible");
        writer.write(&list).expect("it is possible");
        assert_eq!(writer.write(&CStruct::new(9).expect("it is possible")), Err(Error::Refused(Status::Invalid)));
        writer.write(&list).expect("it is possible");
        writer.close().expect("it is possible");
        assert_eq!(file.text(), "name,value,s1\nseries,0,0\nseries,0,0\n");
    });
}

#[test]
fn none_is_a_header_line() {
    balanced(|| {
        let file = File::new("none");
        drop(Writer::open(&file.0).expect("it is possible"));
        assert_eq!(file.text(), "name,value\n");
    });
}

#[test]
fn a_file_that_cannot_be_made_is_an_error_with_the_number() {
    balanced(|| {
        let Err(Error::Io(error)) = Writer::open("/no/such/folder/x.csv") else { panic!("it was made") };
        assert_eq!((error.kind(), error.raw_os_error()), (ErrorKind::NotFound, Some(ENOENT)));
        assert_eq!(Writer::open("a\0b").unwrap_err(), Error::InteriorNul { position: 1 });
    });
}

#[test]
fn a_full_disk_shows_at_the_close_and_the_writer_is_gone() {
    balanced(|| {
        let before = live().objects;
        let mut writer = Writer::open("/dev/full").expect("it is possible");
        writer.write(&CStruct::new(1).expect("it is possible")).expect("it is possible"); // it waits in memory
        let refused = writer.close().unwrap_err();
        assert_eq!(live().objects, before);
        assert!(matches!(&refused, CloseError::Gone(Error::Io(error)) if error.raw_os_error() == Some(ENOSPC)));
        assert_eq!(refused.to_string(), format!("closed, but {}", io::Error::from_raw_os_error(ENOSPC)));
        assert_eq!(io::Error::from(refused.into_error()).kind(), ErrorKind::StorageFull);
    });
}

#[test]
fn a_full_disk_shows_earlier_when_the_buffer_is_small_and_then_always() {
    balanced(|| {
        let mut writer = Writer::open("/dev/full")
            .expect("it is possible")
            .with_buffer(vec![0; 8].into_boxed_slice())
            .expect("it is possible");
        let list = list(10);
        let first = writer.write_list(&list).unwrap_err();
        assert!(matches!(&first, Error::Io(error) if error.kind() == ErrorKind::StorageFull), "{first}");
        assert_eq!(writer.write(&list), Err(first.clone()), "no record behind a gap");
        assert_eq!(writer.close().unwrap_err().into_error(), first);
    });
}

#[test]
fn a_failing_drop_is_told_to_the_hook() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static TELL: Hook = Hook(|event| {
        assert!(matches!(event, Event::Failed { .. }), "it is gone, not leaked");
        TOLD.lock().expect("it is possible").push(event.to_string());
    });
    balanced(|| {
        set_hook(&TELL);
        drop(Writer::open("/dev/full").expect("it is possible"));
        drop(Writer::open("/dev/full").expect("it is possible").with_buffer(vec![0; 64]).expect("it is possible"));
        drop(Writer::open("/dev/null").expect("it is possible"));
        let told = mem::take(&mut *TOLD.lock().expect("it is possible"));
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|event| event.contains("WriterRef") && event.contains(&format!("os error {ENOSPC}"))),
            "{told:?}"
        );
    });
}

#[test]
fn a_lent_buffer_is_used_until_the_close() {
    balanced(|| {
        let (file, list) = (File::new("lent"), list(500));
        let mut writer =
            Writer::open(&file.0).expect("it is possible").with_buffer(vec![0; 4096]).expect("it is possible");
        assert_eq!(Writer::keeper(&writer).len(), 4096);
        writer.write_list(&list).expect("it is possible");
        let mut moved = thread::spawn(move || writer).join().expect("it is possible"); // the buffer stays where it is
        moved.write_list(&list).expect("it is possible");
        moved.close().expect("it is possible");
        assert_eq!(Context::open(&file.0).expect("it is possible").count(), 1000);

        let forever = Box::leak(Box::new([0; 16])).as_mut_slice();
        let raw = &raw mut *forever;
        let mut leaked = Writer::open(&file.0).expect("it is possible").with_buffer(forever).expect("it is possible");
        leaked.write_list(&list).expect("it is possible");
        leaked.close().expect("it is possible");
        // SAFETY: it was leaked above, and its use has ended.
        drop(unsafe { Box::from_raw(raw) });
        assert_eq!(Context::open(&file.0).expect("it is possible").count(), 500);
    });
}

#[test]
fn a_refused_buffer_is_handed_back_with_the_writer() {
    balanced(|| {
        let file = File::new("refused");
        let refused = Writer::open(&file.0).expect("it is possible").with_buffer(Vec::new()).unwrap_err();
        assert_eq!(refused.error, Error::Refused(Status::Invalid));
        let mut writer = refused.owner;
        writer.write(&list(1)).expect("it is possible");
        let refused = writer.with_buffer(vec![7; 3]).unwrap_err();
        assert_eq!((refused.dependency, refused.error), (vec![7; 3], Error::Refused(Status::Busy)));
        refused.owner.close().expect("it is possible");
        assert_eq!(file.text(), "name,value,s1\nseries,0,0\n");
    });
}

#[test]
fn a_function_of_io_results_needs_no_conversion() {
    fn export(list: &CStructRef, file: &File) -> io::Result<()> {
        let mut writer = Writer::open(&file.0)?.with_buffer(vec![0; 64]).map_err(Error::from)?;
        writer.write_list(list)?;
        Ok(writer.close().map_err(CloseError::into_error)?)
    }
    balanced(|| {
        let file = File::new("io-result");
        export(&list(3), &file).expect("it is possible");
        assert_eq!(file.text().lines().count(), 4);
        assert_eq!(export(&list(3), &File("/no/such/folder/x".into())).unwrap_err().kind(), ErrorKind::NotFound);
        let uneven =
            CStruct::from_records([list(1), CStruct::new(1).expect("it is possible")]).expect("it is possible");
        assert_eq!(export(&uneven, &file).unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}
