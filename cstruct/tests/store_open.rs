//! Opening with options, from a reader, from memory: each answer of the reader, panics included, comes out as it went in.
#![cfg(feature = "store")]

mod balanced;

use std::error::Error as _;
use std::fmt;
use std::io::{self, Cursor, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use balanced::balanced;
use cstruct::{Context, Error, IoError, OpenOptions, OpenOptionsRef, Position, Status, version, version_number};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_impl_all!(OpenOptions<'static>: Send);
assert_not_impl_any!(OpenOptions<'static>: Sync, Clone, Copy);
assert_not_impl_any!(OpenOptionsRef: Sync);
assert_impl_all!(IoError: Send, Sync, Clone);
assert_impl_all!(Error: Send, Sync, Clone);

/// The same number on every Unix.
const EIO: i32 = 5;

/// A reader made of a closure.
struct From<F>(F);

impl<F: FnMut(&mut [u8]) -> io::Result<usize>> Read for From<F> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        (self.0)(room)
    }
}

const CSV: &[u8] = b"name,value,s1\nin,1,20.5\nout,2,\n";

/// Hands out one byte at a time, and is interrupted between them.
fn drip(bytes: &[u8]) -> impl Read {
    let (mut bytes, mut interrupted) = (bytes.iter(), false);
    From(move |room: &mut [u8]| {
        interrupted = !interrupted;
        if interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        Ok(bytes.next().map_or(0, |byte| {
            room[0] = *byte;
            1
        }))
    })
}

#[test]
fn a_reader_is_read_to_its_end() {
    balanced(|| {
        let expected = Context::from_csv(CSV)
            .expect("it is possible")
            .pin_mut()
            .take()
            .expect("it is possible")
            .expect("it is possible");
        let mut reader = Cursor::new(CSV);
        assert_eq!(
            Context::from_reader(&mut reader)
                .expect("it is possible")
                .pin_mut()
                .take()
                .expect("it is possible")
                .expect("it is possible")
                .format()
                .expect("it is possible"),
            expected.format().expect("it is possible")
        );
        assert_eq!(reader.position(), CSV.len() as u64);
        assert_eq!(Context::from_reader(drip(CSV)).expect("it is possible").count(), 2);
        assert!(matches!(Context::from_reader(io::empty()), Err(Error::Read { status: Status::Parse, .. })));
    });
}

#[test]
fn one_that_is_larger_than_every_buffer_arrives_whole() {
    balanced(|| {
        let mut csv = String::from("name,value,s1\n");
        for value in 0..100_000 {
            csv.push_str(&format!("\"series, {value}\",{value},0.5\n"));
        }
        assert!(csv.len() > 2_000_000);
        assert_eq!(Context::from_reader(csv.as_bytes()).expect("it is possible").count(), 100_000);
        let line = format!("name,value\n{},1\n", "x".repeat(3_000_000));
        let context = Context::from_reader(line.as_bytes()).expect("it is possible");
        assert_eq!(
            context
                .query(c"")
                .expect("it is possible")
                .step()
                .expect("it is possible")
                .expect("it is possible")
                .name()
                .expect("it is possible")
                .count_bytes(),
            3_000_000
        );
    });
}

#[test]
fn a_reader_sees_initialised_room_only() {
    balanced(|| {
        let mut rest = CSV;
        let looks = From(|room: &mut [u8]| {
            // Under valgrind a branch on an uninitialised byte is an error.
            assert!(room.iter().map(|byte| usize::from(*byte)).sum::<usize>() < usize::MAX);
            rest.read(&mut room[..7])
        });
        assert_eq!(Context::from_reader(looks).expect("it is possible").count(), 2);
    });
}

#[derive(Debug)]
struct Mine(Rc<str>);
impl fmt::Display for Mine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug)]
struct Inner(u32);
impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inner {}", self.0)
    }
}
impl std::error::Error for Inner {}

#[derive(Debug)]
struct Outer(Inner);
impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer")
    }
}
impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn an_error_of_the_reader_comes_out_as_it_was() {
    balanced(|| {
        let mut first = true;
        let breaks =
            From(
                |room: &mut [u8]| {
                    if std::mem::take(&mut first) { (&CSV[..20]).read(room) } else { Err(io::Error::other(Inner(42))) }
                },
            );
        let error = Context::from_reader(breaks).unwrap_err();
        assert_eq!(error.to_string(), "inner 42");
        let Error::Io(error) = error else { panic!("{error:?}") };
        let clone = error.clone();
        assert_eq!(clone, error);
        // Behind a clone it is held; alone it is the very one.
        let held = io::Error::from(error);
        assert!(held.get_ref().is_some_and(|inner| inner.is::<IoError>()));
        assert_eq!(held.to_string(), "inner 42");
        drop(held);
        let own = io::Error::from(clone).downcast::<Inner>().expect("it is possible");
        assert_eq!(own.0, 42);
    });
}

#[test]
fn a_number_of_the_system_comes_out_as_a_number() {
    balanced(|| {
        let error = Context::from_reader(From(|_: &mut [u8]| Err(io::Error::from_raw_os_error(EIO)))).unwrap_err();
        assert!(matches!(&error, Error::Io(io) if io.raw_os_error() == Some(EIO)));
        assert!(error.source().is_none(), "the text is the error's own");
        let answer =
            |code| Context::from_reader(From(|_: &mut [u8]| Err(io::Error::from_raw_os_error(code)))).unwrap_err();
        assert_eq!(answer(EIO), error, "numbers are equal by themselves");
        assert_ne!(answer(EIO + 1), error);
        let wrapped = io::Error::new(ErrorKind::TimedOut, Outer(Inner(1)));
        let mut once = Some(wrapped);
        let error = Context::from_reader(From(|_: &mut [u8]| Err(once.take().expect("it is possible")))).unwrap_err();
        assert!(error.source().is_some_and(|inner| inner.is::<Inner>()));
        assert!(
            matches!(&error, Error::Io(io) if std::error::Error::source(io).is_some_and(|inner| inner.is::<Inner>()))
        );
        assert_ne!(error, Context::from_reader(From(|_: &mut [u8]| Err(ErrorKind::TimedOut.into()))).unwrap_err());
        assert_eq!(io::Error::from(error).kind(), ErrorKind::TimedOut);
    });
}

#[test]
fn a_panic_of_the_reader_goes_on_behind_c() {
    balanced(|| {
        let payload = Mine("not in the mood".into());
        let mut calls = 0;
        let panics = From(|room: &mut [u8]| {
            calls += 1;
            match calls {
                1 => (&CSV[..20]).read(room),
                _ => panic!("{payload}"),
            }
        });
        let panic = catch_unwind(AssertUnwindSafe(|| Context::from_reader(panics))).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("not in the mood"));
        assert_eq!(calls, 2, "it is not called again");
    });
}

#[test]
fn a_reader_that_says_too_much_is_not_believed() {
    balanced(|| {
        let error = Context::from_reader(From(|room: &mut [u8]| Ok(room.len() + 1))).unwrap_err();
        assert!(error.to_string().contains("correct its `read`"), "{error}");
        let error = Context::from_reader(From(|_: &mut [u8]| Ok(usize::MAX))).unwrap_err();
        assert!(matches!(error, Error::Io(_)));
    });
}

#[test]
fn a_reader_may_use_the_library_itself() {
    balanced(|| {
        let mut nested = 0;
        let mut rest = CSV;
        let uses = From(|room: &mut [u8]| {
            nested += Context::from_reader(drip(CSV)).expect("it is possible").count();
            rest.read(room)
        });
        assert_eq!(Context::from_reader(uses).expect("it is possible").count(), 2);
        assert_eq!(nested, 4);
    });
}

#[test]
fn options_say_how_it_is_read() {
    balanced(|| {
        let missing = c"n/a".to_owned();
        let options = OpenOptions::new().expect("it is possible").delimiter(b';').quote(b'\'').missing(&missing);
        let csv = b"name;value;s1\n'a;b';1;n/a\n";
        for context in [
            Context::from_csv_with(csv, &options).expect("it is possible"),
            Context::from_reader_with(&csv[..], &options).expect("it is possible"),
            Context::from_text_with(&cstruct::TextRef::view(csv), &options).expect("it is possible"),
        ] {
            let mut all = context.query(c"").expect("it is possible");
            let record = all.step().expect("it is possible").expect("it is possible");
            assert_eq!((record.name(), record.samples()[0].is_nan()), (Some(c"a;b"), true));
        }
        assert_eq!(
            format!("{options:?}"),
            r#"OpenOptions { delimiter: ';', quote: '\'', max_line: 67108864, missing: Some("n/a") }"#
        );
    });
}

#[test]
fn options_apply_to_files_and_bad_ones_are_refused() {
    balanced(|| {
        let path = std::env::temp_dir().join(format!("cstruct-{}-options.csv", std::process::id()));
        std::fs::write(&path, "name|value\nabc|1\n").expect("it is possible");
        let new = || OpenOptions::new().expect("it is possible").delimiter(b'|');
        assert_eq!(Context::open_with(&path, &new()).expect("it is possible").count(), 1);
        let too_long = Context::open_with(&path, &new().max_line(4)).unwrap_err();
        assert!(matches!(too_long, Error::Read { at: Some(Position { line: 1, .. }), .. }), "{too_long:?}");
        for bad in [new().max_line(0), new().quote(b'|'), new().delimiter(b'7'), new().delimiter(0)] {
            assert_eq!(Context::open_with(&path, &bad).unwrap_err(), Error::Refused(Status::Invalid));
        }
        std::fs::remove_file(&path).expect("it is possible");
        assert!(matches!(Context::open(&path), Err(Error::Read { status: Status::Io, message, at: None })
            if message.contains(&*path.to_string_lossy())));
        assert_eq!(Context::open("a\0b").unwrap_err(), Error::InteriorNul { position: 1 });
    });
}

#[test]
fn what_is_static_needs_no_owner() {
    balanced(|| {
        let usual = OpenOptionsRef::usual();
        let made = OpenOptions::new().expect("it is possible");
        assert_eq!(format!("{usual:?}"), format!("{made:?}"));
        assert!(std::ptr::eq(usual, OpenOptionsRef::usual()));
        assert_eq!(Context::from_csv_with(CSV, usual).expect("it is possible").count(), 2);
        assert_eq!((version(), version_number()), ("0.1.0", 1000));
        assert_eq!(Status::Busy.text(), Status::Busy.to_string());
        assert_eq!(Status::Unknown(77).to_string(), "unknown status (77)");
    });
}

#[test]
fn an_error_is_an_io_error_where_one_is_wanted() {
    let kind = |csv: &[u8]| io::Error::from(Context::from_csv(csv).unwrap_err()).kind();
    balanced(|| {
        assert_eq!(kind(b"name,value\n1,2,3\n"), ErrorKind::InvalidData);
        assert_eq!(io::Error::from(Error::Refused(Status::NoMemory)).kind(), ErrorKind::OutOfMemory);
        assert_eq!(io::Error::from(Error::InteriorNul { position: 1 }).kind(), ErrorKind::InvalidInput);
        let busy = io::Error::from(Error::Refused(Status::Busy));
        assert_eq!(busy.downcast::<Error>().ok(), Some(Error::Refused(Status::Busy)));
    });
}
