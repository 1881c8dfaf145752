//! CSV, read through the safe layer, written back and read again.
//!
//! Beside "it does not crash" three things are asked: read in pieces it is the same as read at once, down to the message and the place of a
//! mistake; it is what a few lines of Rust read; and what was read is the same after it was written and read again.

use std::ffi::CStr;
use std::io::{self, Read};

use cstruct::{CStruct, CStructRef, Context, Cursor, Error, OpenOptions, Status, Writer};

use crate::reader::{BOM, Line, Rules};
use crate::{balanced, same_samples};

/// The first byte, or the first five, say how it is read; the rest is the file.
///
/// # Panics
///
/// When something is wrong.
pub fn csv(data: &[u8]) {
    let Some((how, bytes)) = How::take(data) else { return };
    balanced(|| read(&how, bytes));
}

/// The same with what takes longer: the file is repeated until it does not fit into the window that it is read through, or what was read
/// is written to a file of the system's.
///
/// # Panics
///
/// When something is wrong.
pub fn csv_files(data: &[u8]) {
    let Some((how, bytes)) = How::take(data) else { return };
    if how.first & 2 == 0 {
        return balanced(|| read(&How { to_file: true, ..how }, bytes));
    }
    balanced(|| longer_than_the_window(&How { piece: how.piece * WINDOW / 40, ..how }, bytes));
}

/// Of the reader, in bytes, and some more.
const WINDOW: usize = 70 * 1024;

/// How it is read: usually, or by the four bytes behind the first.
struct How {
    delimiter: u8,
    quote: u8,
    max_line: u64,
    missing: &'static CStr,
    /// Bytes that a reader gives at a time; 0 is all at once.
    piece: usize,
    /// Written to a file, and not only to texts.
    to_file: bool,
    /// The byte that says it.
    first: u8,
}

const MISSING: [&CStr; 4] = [c"", c"NA", c"-", c"1"];

impl How {
    /// Takes it from the front of the bytes.
    fn take(data: &[u8]) -> Option<(How, &[u8])> {
        let (&first, data) = data.split_first()?;
        let usual = How {
            delimiter: b',',
            quote: b'"',
            max_line: u64::MAX,
            missing: c"",
            piece: usize::from(first >> 4),
            to_file: false,
            first,
        };
        if first & 1 == 0 {
            return Some((usual, data));
        }
        let (&[delimiter, quote, max_line, missing], data) = data.split_first_chunk()?;
        let missing = MISSING[usize::from(missing) % MISSING.len()];
        Some((How { delimiter, quote, max_line: u64::from(max_line), missing, ..usual }, data))
    }

    /// Whether the library takes such options: two bytes that are in no number and end no line.
    fn is_accepted(&self) -> bool {
        let separates = |byte: u8| !byte.is_ascii_alphanumeric() && !b"+-.\r\n\0".contains(&byte);
        separates(self.delimiter) && separates(self.quote) && self.delimiter != self.quote && self.max_line != 0
    }

    fn options(&self) -> OpenOptions<'_> {
        let options = OpenOptions::new().expect("this version is known");
        let options = options.delimiter(self.delimiter).quote(self.quote).max_line(self.max_line);
        if self.missing.is_empty() { options } else { options.missing(self.missing) }
    }
}

fn read(how: &How, bytes: &[u8]) {
    let options = how.options();
    let whole = Context::from_csv_with(bytes, &options);
    if how.piece != 0 {
        let pieces = Context::from_reader_with(Pieces { rest: bytes, most: how.piece }, &options);
        assert_same_result(&whole, &pieces);
    }
    if !how.is_accepted() {
        return assert_eq!(whole.err(), Some(Error::Refused(Status::Invalid)));
    }
    if how.max_line > bytes.len() as u64 {
        let rules = Rules { delimiter: how.delimiter, quote: how.quote, missing: how.missing.to_bytes() };
        assert_as_expected(rules.read(bytes), &whole);
    }
    match whole {
        Ok(mut context) => {
            look(&context);
            let list = context.pin_mut().take().expect("no query lives");
            if let Some(list) = list {
                write_and_read_again(&list, how.to_file);
            }
        }
        Err(error) => is_told_well(&error, bytes),
    }
}

/// The lines behind the first, over and over: if they can be read once, then as often as one likes, and are the same each time.
fn longer_than_the_window(how: &How, bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else { return };
    let (header, lines) = bytes.split_at(end + 1);
    let named = header.strip_prefix(BOM).unwrap_or(header).iter().any(|byte| !b"\r\n".contains(byte));
    if !named || header.contains(&how.quote) {
        return;
    }
    let lines = [lines, b"\n"].concat();
    let times = WINDOW / lines.len() + 1;
    let often = [header, &lines.repeat(times)].concat();
    if let Ok(once) = Context::from_csv_with(&[header, &lines].concat(), &how.options()) {
        let often = Context::from_csv_with(&often, &how.options()).expect("once it can be read");
        assert_eq!(often.count(), once.count() * times);
        let (mut these, mut those) = (all(&once), all(&often));
        while let Some(that) = those.step().expect("it is not moved") {
            let mut this = these.step().expect("it is not moved");
            if this.is_none() {
                these.rewind();
                this = these.step().expect("it is not moved");
            }
            assert!(this.is_some_and(|this| same(this, that)), "it is another record at last: {that:?}");
        }
    }
    read(how, &often);
}

/// Gives so many bytes at a time.
struct Pieces<'b> {
    rest: &'b [u8],
    most: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(room.len());
        self.rest.read(&mut room[..most])
    }
}

fn assert_same_result(whole: &Result<Context, Error>, pieces: &Result<Context, Error>) {
    match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            assert_eq!(whole.count(), pieces.count());
            let (mut these, mut those) = (all(whole), all(pieces));
            while let Some(this) = these.step().expect("it is not moved") {
                let that = those.step().expect("it is not moved").expect("as many");
                assert!(same(this, that), "{this:?} and in pieces {that:?}");
            }
        }
        (Err(whole), Err(pieces)) => assert_eq!(whole, pieces),
        _ => panic!("at once it is {whole:?}, and in pieces {pieces:?}"),
    }
}

/// All records of a context.
fn all(context: &Context) -> cstruct::Query<&cstruct::ContextRef> {
    context.query(c"").expect("there is memory")
}

fn same(this: &CStructRef, that: &CStructRef) -> bool {
    this.value() == that.value() && this.name() == that.name() && same_samples(this.samples(), that.samples())
}

fn assert_as_expected(expected: Option<Vec<Line>>, got: &Result<Context, Error>) {
    let (Some(expected), Ok(context)) = (&expected, got) else {
        assert!(expected.is_none() && got.is_err(), "it is {got:?}, and should be {expected:?}");
        return;
    };
    assert_eq!(context.count(), expected.len());
    let mut records = all(context);
    for (name, value, samples) in expected {
        let record = records.step().expect("it is not moved").expect("as many");
        let as_expected = record.name().map(CStr::to_bytes) == name.as_deref()
            && record.value() == *value
            && same_samples(record.samples(), samples);
        assert!(as_expected, "it is {record:?}, and should be {name:?}, {value}, {samples:?}");
    }
}

/// The ways to look at what was read agree.
fn look(context: &Context) {
    let mut all = all(context);
    let mut count = 0;
    let mut first = None;
    while let Some(record) = all.step().expect("it is not moved") {
        let statistics = record.statistics();
        let present = record.samples().iter().filter(|sample| !sample.is_nan()).count();
        assert_eq!(usize::try_from(statistics.count), Ok(present));
        first = first.or_else(|| record.name().map(CStr::to_owned));
        count += 1;
    }
    assert_eq!(count, context.count());
    if let Some(first) = first {
        let mut query = context.query(&first).expect("there is memory");
        let found = query.step().expect("it is not moved").and_then(|record| record.name());
        assert!(found.is_some_and(|name| name.to_bytes().starts_with(first.to_bytes())));
    }
}

/// An error has a message, and a place that is in the file.
fn is_told_well(error: &Error, bytes: &[u8]) {
    let Error::Read { status: Status::Parse, message, at: Some(at) } = error else { panic!("{error:?}") };
    let lines = 1 + bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
    assert!(!message.is_empty() && (1..=lines).contains(&at.line), "{error:?} in {lines} lines");
    assert!((1..=bytes.len() as u64 + 1).contains(&at.column), "{error:?}");
}

fn write_and_read_again(list: &CStruct, to_file: bool) {
    let mut text = header(list.samples().len());
    let mut room = Vec::new();
    for record in list {
        let line = record.format_into(&mut room).expect("there is memory");
        says_the_samples(record, line.to_bytes());
        text.extend_from_slice(line.to_bytes());
        text.push(b'\n');
    }
    let line = list.format().expect("there is memory");
    assert!(text[header(list.samples().len()).len()..].starts_with(line.to_bytes()));
    assert_eq!(list.formatted_size(), Ok(line.count_bytes() + 1));

    let again = Context::from_csv(&text);
    assert_holds(list, again, &text);
    if to_file {
        let file = tempfile::NamedTempFile::new().expect("there is room for a file");
        let mut writer = Writer::open(file.path()).expect("it may be written");
        writer.write_list(list).expect("it may be written");
        writer.close().expect("it is written");
        let written = std::fs::read(file.path()).expect("it may be read");
        assert_holds(list, Context::open(file.path()), &written);
    }
}

fn header(samples: usize) -> Vec<u8> {
    let mut header = b"name,value".to_vec();
    header.extend_from_slice(&b",s".repeat(samples));
    header.push(b'\n');
    header
}

/// The numbers in a line are, for Rust, the samples.
fn says_the_samples(record: &CStructRef, line: &[u8]) {
    let mut fields = line.rsplit(|&byte| byte == b',');
    for sample in record.samples().iter().rev() {
        let field = fields.next().and_then(|field| str::from_utf8(field).ok()).expect("a number is ASCII");
        let said = if field.is_empty() { f64::NAN } else { field.parse().expect("a number") };
        assert!(same_samples(&[said], &[*sample]), "{sample:?} is written as {field:?}");
    }
}

fn assert_holds(list: &CStruct, read: Result<Context, Error>, text: &[u8]) {
    let text = text.escape_ascii();
    let mut context = read.unwrap_or_else(|error| panic!("{error}, in {text}"));
    let again = context.pin_mut().take().expect("no query lives").expect("there is a record");
    let mut these = Cursor::new(&**list).expect("a list may be walked");
    let mut those = Cursor::new(&*again).expect("a list may be walked");
    loop {
        let (this, that) = (these.step().expect("it is not moved"), those.step().expect("it is not moved"));
        match (this, that) {
            (Some(this), Some(that)) if same(this, that) => {}
            (None, None) => return,
            _ => panic!("{this:?} was written as {text}, which is {that:?}"),
        }
    }
}
