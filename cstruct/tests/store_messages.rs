//! What the worked example says when something fails, and what its types print for debugging.
#![cfg(feature = "store")]

use std::error::Error as _;
use std::fmt::{self, Debug};
use std::io::{self, Read};
use std::time::Duration;

use cstruct::kit::{CloseError, FillError, InteriorNul, Keeper, NoMemory, Null, SliceError, Tagged, slice_from_c};
use cstruct::{
    Arena, CStruct, Context, Error, FileOriginRef, InterruptibleContext, Loading, Meter, SourceOriginRef, Status,
    Table, Text, TextOriginRef, TextRef, Writer,
};

mod balanced;
use balanced::balanced;

const CSV: &[u8] = b"n,v\na,1\nb,2\n";

fn said(value: &dyn Debug) -> String {
    format!("{value:?}")
}

#[track_caller]
fn says(error: &Error, text: &str) {
    assert_eq!(error.to_string(), text);
    assert!(error.source().is_none(), "it says all there is to say");
}

fn table() -> Table {
    let mut table = Table::new().expect("there is memory");
    for (value, name) in [(1, c"a"), (2, c"b")] {
        table.push(CStruct::named(value, name).expect("there is memory")).expect("it is new");
    }
    table
}

#[test]
fn each_status_is_said_in_cs_own_words() {
    let texts = [
        (Status::Done, "no more"),
        (Status::Invalid, "invalid argument"),
        (Status::NoMemory, "out of memory"),
        (Status::Io, "input or output failed"),
        (Status::Parse, "malformed text"),
        (Status::Busy, "still in use"),
        (Status::Full, "no room left"),
        (Status::Duplicate, "name is there already"),
        (Status::NotFound, "not found"),
        (Status::TooSmall, "room is too small"),
        (Status::Saturated, "count is at its limit"),
        (Status::Moved, "object was moved"),
        (Status::WrongThread, "wrong thread"),
        (Status::Stopped, "stopped by the caller"),
        (Status::Unsupported, "not supported here"),
        (Status::Version, "unknown version"),
    ];
    for (status, text) in texts {
        assert_eq!((status.text(), status.to_string().as_str()), (text, text));
        says(&Error::Refused(status), &format!("the C library refused: {text}"));
    }
    assert_eq!(Status::Unknown(9_999).to_string(), "unknown status (9999)");
}

#[test]
fn an_error_of_ours_says_what_to_do() {
    let text = "the text has a NUL at byte 1, where C would take it to end; remove it";
    says(&Error::InteriorNul { position: 1 }, text);
    assert_eq!(Error::from(InteriorNul { position: 1 }), Error::InteriorNul { position: 1 });
    let text = "the name of record 3 is not UTF-8 after byte 2; borrow it as a `CStr` instead";
    says(&Error::NotUtf8 { record: 3, valid_up_to: 2 }, text);
    says(&Error::TooSmall { needed: 5 }, "the room is too small: bring room for 5 elements");
    let empty = CStruct::from_records([]).expect_err("there is none");
    says(&empty, "a list needs at least one record");
    assert_eq!(io::Error::from(empty).kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn a_text_that_cannot_be_read_is_said_in_cs_sentence() {
    balanced(|| {
        let error = Context::from_csv(b"n,v\na,x\n").expect_err("x is no number");
        let Error::Read { status: Status::Parse, message, at: Some(at) } = &error else { panic!("{error:?}") };
        assert_eq!((at.line, error.to_string().as_str()), (2, message.as_str()));
        assert!(message.contains("line 2"), "{message}");
        assert!(error.source().is_none());
    });
}

#[test]
fn an_error_of_the_kit_becomes_one_of_ours() {
    let null = Null::of::<TextRef>();
    assert_eq!(Error::from(null), Error::Null(null));
    says(&Error::from(null), &null.to_string());

    // SAFETY: a negative length is refused.
    let slice: SliceError = unsafe { slice_from_c::<u8>(b"".as_ptr(), -1) }.expect_err("negative");
    assert_eq!(Error::from(slice), Error::Slice(slice));
    says(&Error::from(slice), &slice.to_string());

    assert_eq!(Error::from(FillError::Failed(Status::Busy)), Error::Refused(Status::Busy));
    let memory = FillError::NoMemory(NoMemory { len: 3, size: 8 });
    assert_eq!(Error::from(memory), Error::Refused(Status::NoMemory));
    let fill = FillError::<Status>::NotText;
    assert_eq!(Error::from(fill), Error::Fill(fill));
    says(&Error::from(fill), &fill.to_string());
}

#[test]
fn what_came_back_with_an_error_is_dropped_where_only_the_error_goes_on() {
    fn push_twice(table: &mut Table) -> Result<(), Error> {
        table.push(CStruct::named(1, c"a")?)?;
        table.push(CStruct::named(2, c"a")?)?;
        Ok(())
    }
    balanced(|| {
        let mut table = Table::new().expect("there is memory");
        assert_eq!(push_twice(&mut table), Err(Error::Refused(Status::Duplicate)));
        let gone = CloseError::<(), _>::Gone(Error::Refused(Status::Io));
        assert_eq!(Error::from(gone), Error::Refused(Status::Io));

        let folder = tempfile::tempdir().expect("it is possible");
        let open = || -> Result<_, Error> { Ok(Writer::open(folder.path().join("it.csv"))?.with_buffer(Vec::new())?) };
        assert_eq!(open().map(drop), Err(Error::Refused(Status::Invalid)));
    });
}

#[test]
fn a_readers_error_is_the_cause_as_it_was() {
    #[derive(Debug)]
    struct Cable;
    impl fmt::Display for Cable {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("somebody pulled the cable")
        }
    }
    impl std::error::Error for Cable {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&fmt::Error)
        }
    }
    struct Unplugged;
    impl Read for Unplugged {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, Cable))
        }
    }
    balanced(|| {
        let error = Context::from_reader(Unplugged).expect_err("it cannot be read");
        assert_eq!(error.to_string(), "somebody pulled the cable");
        assert!(
            error.source().is_some_and(|cause| cause.is::<fmt::Error>()),
            "what the message says is not said again"
        );
        let Error::Io(reader) = &error else { panic!("{error:?}") };
        assert_eq!((reader.kind(), reader.raw_os_error()), (io::ErrorKind::ConnectionReset, None));

        // One of the system is another, whatever it says.
        let missing = Writer::open("/nowhere/at/all").expect_err("there is no such folder");
        assert!(missing.source().is_none());
        assert_ne!(missing, error);
        let Error::Io(system) = &missing else { panic!("{missing:?}") };
        assert_eq!((system.kind(), system.raw_os_error()), (io::ErrorKind::NotFound, Some(2)));
    });
}

#[test]
fn a_context_prints_what_is_in_it_and_an_origin_where_that_is_from() {
    balanced(|| {
        let context = Context::from_csv(CSV).expect("it can be read");
        assert_eq!(said(&context), "Context { count: 2, message: \"\" }");
        let text = context.origin().downcast::<TextOriginRef>().expect("it is a text");
        assert_eq!((said(&context.origin()), said(&text)), (said(&text), format!("Text {{ length: {} }}", CSV.len())));
        let query = context.query(c"a").expect("there is memory");
        assert_eq!(said(&query), "Query { .. }");
        drop(query);

        let context = Context::from_reader(CSV).expect("it can be read");
        let source = context.origin().downcast::<SourceOriginRef>().expect("it is a source");
        assert_eq!(said(&source), format!("Source {{ bytes: {} }}", CSV.len()));

        let folder = tempfile::tempdir().expect("it is possible");
        let path = folder.path().join("it.csv");
        std::fs::write(&path, CSV).expect("it is possible");
        let context = Context::open(&path).expect("it can be read");
        let file = context.origin().downcast::<FileOriginRef>().expect("it is a file");
        assert_eq!(said(&file), format!("File {{ path: {:?} }}", file.path()));

        let mut context = InterruptibleContext::new(context);
        assert_eq!(said(&context), "Context { count: 2, message: \"\" }");
        drop(context.pin_mut().take().expect("it is possible"));
        assert_eq!(said(&context), "Context { count: 0, message: \"\" }");
    });
}

#[test]
fn a_handle_prints_what_it_has_and_no_address() {
    balanced(|| {
        let arena = Arena::new().expect("there is memory");
        assert_eq!(said(&arena), "Arena { .. }");
        let folder = tempfile::tempdir().expect("it is possible");
        let writer = Writer::open(folder.path().join("it.csv")).expect("it is possible");
        assert_eq!(said(&writer), "Writer { .. }");
        writer.close().expect("it is possible");

        // One reading is taken at once, and the period never ends.
        let meter = Meter::start(2, Duration::MAX).expect("there is a thread");
        assert_eq!(said(&meter), "Meter { taken: 1, .. }");
        drop(meter);

        let mut table = table();
        let batch = table.batch().expect("there is memory");
        assert_eq!(said(&batch), "Batch { .. }");
        batch.rollback();
        let section = table.read_section().expect("it is possible");
        let records = r#"[[Record { value: 1, name: Some("a"), samples: [] }], [Record { value: 2, name: Some("b"), samples: [] }]]"#;
        assert_eq!(said(&section), records);
    });
}

#[test]
fn a_load_says_whether_it_is_done_and_is_taken_when_it_is() {
    balanced(|| {
        let folder = tempfile::tempdir().expect("it is possible");
        let path = folder.path().join("it.csv");
        std::fs::write(&path, CSV).expect("it is possible");
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let options = cstruct::OpenOptions::new().expect("the version is known");
        let then = move || wait.recv().expect("it is told to go on");
        let mut loading = Loading::start_with(&path, options, then).expect("there is a thread");
        assert_eq!((loading.is_done(), said(&loading).as_str()), (false, "Loading { done: false, .. }"));
        loading = loading.take().expect_err("it is not done");
        go.send(()).expect("it is heard");
        while !loading.is_done() {
            std::thread::yield_now();
        }
        assert_eq!(said(&loading), "Loading { done: true, .. }");
        let Ok(context) = loading.take() else { panic!("it is done") };
        assert_eq!(context.expect("it can be read").count(), 2);
    });
}

#[test]
fn a_loop_over_a_borrowed_table_or_list_visits_its_records() {
    balanced(|| {
        let table = table();
        let mut values = Vec::new();
        for record in &table {
            values.push(record.value());
        }
        for record in &*table {
            values.push(record.value());
        }
        assert_eq!(values, [1, 2, 1, 2]);

        let records = [3, 4].map(|value| CStruct::named(value, c"n").expect("there is memory"));
        let list = CStruct::from_records(records).expect("there are two");
        let (mut values, borrowed) = (Vec::new(), &*list);
        for record in borrowed {
            values.push(record.value());
        }
        assert_eq!(values, [3, 4]);

        let text = Text::try_from(borrowed).expect("there is memory");
        assert_eq!(AsRef::<[u8]>::as_ref(&*text), text.as_bytes());
        assert!(text.as_bytes().starts_with(b"name,value"));
    });
}

#[test]
fn a_child_knows_its_parent_through_a_box_too() {
    balanced(|| {
        let context = Box::new(Context::from_csv(CSV).expect("it can be read"));
        let there: *const cstruct::ContextRef = &raw const **context;
        assert!(core::ptr::eq(Keeper::<cstruct::ContextRef>::parent(&context), there));
    });
}
