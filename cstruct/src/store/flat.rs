//! A list copied out into one block of memory.
//!
//! ```text
//!   CStructFlat            one allocation
//!   ┌───────┬─────┐        ┌────────┬────────┬─────┬─────────────┬──────────────────────┐
//!   │ block │ len ├──────► │ head 0 │ head 1 │  …  │ all samples │ all names, with NULs │
//!   └───────┴─────┘        └────────┴────────┴─────┴─────────────┴──────────────────────┘
//! ```
//!
//! A copy of a list as [`Vec<CStructData>`](super::CStructData) has an allocation for each name and for each array of samples. Here
//! there is one in all, and it is read as `&str` and `&[f64]`: for copies that are made often, sent elsewhere, and not changed.

use alloc::vec::Vec;
use core::ffi::CStr;
use core::fmt;
use core::iter::FusedIterator;
use core::mem::MaybeUninit;
use core::ptr;
use core::slice;
use core::str;

use super::data::not_utf8;
use super::{CStruct, CStructData, CStructRef, Error};

/// A record and all that follow it, copied out into one block: plain Rust data, which C has no part in.
///
/// ```
/// use cstruct::{CStruct, CStructFlat, Context};
///
/// let list = Context::from_csv(b"name,value,s1,s2\nin,1,20,21\nout,2,5,6\n")?.pin_mut().take()?.expect("there are records");
/// let flat = CStructFlat::try_from(&*list)?;
/// drop(list); // the copy is on its own
/// let names: Vec<_> = flat.records().map(|record| record.name).collect();
/// assert_eq!(names, [Some("in"), Some("out")]);
/// assert_eq!(flat.record(1).map(|record| record.samples), Some(&[5.0, 6.0][..]));
/// assert_eq!(CStruct::try_from(&flat)?.records().count(), 2); // and back
/// # Ok::<(), cstruct::Error>(())
/// ```
///
/// # Invariants
///
/// `block` begins with `len` initialised heads. The samples and the name of each, if it has one, are within the block, initialised, and the
/// name is UTF-8. There is at least one record.
pub struct CStructFlat {
    block: Vec<Word>,
    len: usize,
}

/// Aligned for heads and samples.
type Word = MaybeUninit<u64>;

/// Where the parts of a record are, counted from the beginning of the block.
#[derive(Clone, Copy)]
struct Head {
    value: i32,
    has_name: bool,
    /// In bytes.
    name_at: usize,
    name_len: usize,
    /// In words.
    samples_at: usize,
    samples_len: usize,
}

const HEAD: usize = size_of::<Head>() / size_of::<Word>();
const _: () = assert!(size_of::<Head>().is_multiple_of(size_of::<Word>()) && align_of::<Head>() <= align_of::<Word>());
const _: () = assert!(size_of::<f64>() == size_of::<Word>() && align_of::<f64>() <= align_of::<Word>());

/// One record of a [`CStructFlat`], borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlatRecord<'f> {
    /// The number.
    pub value: i32,
    /// The name, if it has one.
    pub name: Option<&'f str>,
    /// The samples.
    pub samples: &'f [f64],
}

/// Making one.
impl CStructFlat {
    /// Looks at the list twice: how much there is, and what.
    fn copy(list: &CStructRef) -> Result<CStructFlat, Error> {
        let (mut len, mut samples, mut names) = (0_usize, 0_usize, 0_usize);
        for record in list.records() {
            len += 1;
            samples += record.samples().len();
            names += record.name().map_or(0, |name| name.count_bytes() + 1);
        }
        // No sum overflows: there is as much in C's memory. It is asked for at once, and not initialised twice.
        let samples_at = len * HEAD;
        let names_at = (samples_at + samples) * size_of::<Word>();
        let words = samples_at + samples + names.div_ceil(size_of::<Word>());
        let mut block: Vec<Word> = Vec::with_capacity(words);
        // SAFETY: there is room for so many, and words need not be initialised.
        unsafe { block.set_len(words) };

        let mut filler = Filler { block: &mut block, samples_at, name_at: names_at };
        let mut filled = 0;
        for record in list.records() {
            filler.put(filled, record);
            filled += 1;
        }
        let written = filler.name_at - names_at;
        assert!(filled == len, "{GREW}");
        // SAFETY: `names_at` is within the block, or its end when there are no names.
        let first = unsafe { block.as_ptr().cast::<u8>().add(names_at) };
        // SAFETY: the filler has written so many bytes from there on.
        let all_names = unsafe { slice::from_raw_parts(first, written) };
        // All at once: as each name ends with a NUL, none can lend a byte to the next.
        let bad = str::from_utf8(all_names).err().map(|error| names_at + error.valid_up_to());
        // INVARIANT: the filler has written all heads, and they lead to what it has written; the names are UTF-8 if none is bad.
        let flat = CStructFlat { block, len };
        match bad {
            None => Ok(flat),
            Some(at) => Err(flat.bad_name(at)),
        }
    }

    /// The error for a byte of a name that is not UTF-8.
    #[cold]
    fn bad_name(&self, at: usize) -> Error {
        let heads = self.heads().iter().enumerate();
        let mut named = heads.filter(|(_, head)| head.has_name && at <= head.name_at + head.name_len);
        named.next().map_or(Error::Empty, |(record, head)| not_utf8(record, at - head.name_at))
    }
}

/// Writes records into a block, front to back. The positions never go beyond the block: see `put`.
struct Filler<'b> {
    block: &'b mut [Word],
    samples_at: usize,
    name_at: usize,
}

impl Filler<'_> {
    #[inline]
    fn put(&mut self, index: usize, record: &CStructRef) {
        let samples = record.samples();
        let name = record.name().map(CStr::to_bytes_with_nul);
        let head = Head {
            value: record.value(),
            has_name: name.is_some(),
            name_at: self.name_at,
            name_len: name.map_or(0, |name| name.len() - 1),
            samples_at: self.samples_at,
            samples_len: samples.len(),
        };
        // A list that has grown between two looks would be a fault of whoever lent it; it must not become one of memory here.
        self.word_room(index * HEAD, HEAD).copy_from_slice(&as_words(head));
        // SAFETY: a sample is a word, and words may be anything.
        let words = unsafe { slice::from_raw_parts(samples.as_ptr().cast::<Word>(), samples.len()) };
        self.word_room(self.samples_at, samples.len()).copy_from_slice(words);
        self.samples_at += samples.len();
        if let Some(name) = name {
            let room = size_of_val(self.block);
            assert!(name.len() <= room - self.name_at, "{GREW}");
            // SAFETY: within the block, as just asserted.
            let to = unsafe { self.block.as_mut_ptr().cast::<u8>().add(self.name_at) };
            // SAFETY: C's memory and the block, which has room, do not overlap.
            unsafe { ptr::copy_nonoverlapping(name.as_ptr(), to, name.len()) };
            self.name_at += name.len();
        }
    }

    #[inline]
    fn word_room(&mut self, at: usize, len: usize) -> &mut [Word] {
        self.block.get_mut(at..at + len).expect(GREW)
    }
}

const GREW: &str = "the list is as it was when it was measured";

/// The bytes of a head, padding included.
#[inline]
fn as_words(head: Head) -> [Word; HEAD] {
    let mut words = [Word::uninit(); HEAD];
    // SAFETY: there is room for exactly one head (asserted above), aligned.
    unsafe { words.as_mut_ptr().cast::<Head>().write(head) };
    words
}

impl TryFrom<&CStructRef> for CStructFlat {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::NotUtf8`] for a name that is not UTF-8.
    fn try_from(list: &CStructRef) -> Result<CStructFlat, Error> {
        CStructFlat::copy(list)
    }
}

impl Clone for CStructFlat {
    fn clone(&self) -> CStructFlat {
        // INVARIANT: the same bytes.
        CStructFlat { block: self.block.clone(), len: self.len }
    }
}

/// Turning it into something else.
impl From<FlatRecord<'_>> for CStructData {
    fn from(record: FlatRecord<'_>) -> CStructData {
        CStructData { value: record.value, name: record.name.map(Into::into), samples: record.samples.into() }
    }
}

impl TryFrom<&CStructFlat> for CStruct {
    type Error = Error;

    /// # Errors
    ///
    /// When C has no memory.
    fn try_from(flat: &CStructFlat) -> Result<CStruct, Error> {
        let copy = |one: FlatRecord<'_>| CStruct::with(one.value, one.name, one.samples);
        CStruct::try_from_records(flat.records().map(copy))
    }
}

/// Using it.
impl CStructFlat {
    /// How many records there are; at least one.
    #[allow(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many bytes it takes, in one block.
    pub fn size(&self) -> usize {
        size_of_val(&self.block[..])
    }

    /// The record with this index.
    pub fn record(&self, index: usize) -> Option<FlatRecord<'_>> {
        self.heads().get(index).map(|head| self.read(head))
    }

    /// All records, in their order.
    pub fn records(&self) -> FlatRecords<'_> {
        FlatRecords { flat: self, heads: self.heads().iter() }
    }

    #[inline]
    fn heads(&self) -> &[Head] {
        // SAFETY: the block begins with so many (invariant), and is aligned for them (asserted above).
        unsafe { slice::from_raw_parts(self.block.as_ptr().cast(), self.len) }
    }

    #[inline]
    fn read(&self, head: &Head) -> FlatRecord<'_> {
        // SAFETY: within the block (invariant).
        let samples = unsafe { self.block.as_ptr().add(head.samples_at) };
        // SAFETY: initialised, and as many (invariant); words are aligned for them.
        let samples = unsafe { slice::from_raw_parts(samples.cast(), head.samples_len) };
        let name = head.has_name.then(|| {
            // SAFETY: within the block (invariant).
            let name = unsafe { self.block.as_ptr().cast::<u8>().add(head.name_at) };
            // SAFETY: initialised, and as many (invariant).
            let name = unsafe { slice::from_raw_parts(name, head.name_len) };
            // SAFETY: UTF-8 (invariant).
            unsafe { str::from_utf8_unchecked(name) }
        });
        FlatRecord { value: head.value, name, samples }
    }
}

impl<'f> IntoIterator for &'f CStructFlat {
    type Item = FlatRecord<'f>;
    type IntoIter = FlatRecords<'f>;

    fn into_iter(self) -> FlatRecords<'f> {
        self.records()
    }
}

/// The records of a [`CStructFlat`]; made by [`records`](CStructFlat::records).
#[derive(Clone)]
pub struct FlatRecords<'f> {
    flat: &'f CStructFlat,
    heads: slice::Iter<'f, Head>,
}

impl<'f> Iterator for FlatRecords<'f> {
    type Item = FlatRecord<'f>;

    #[inline]
    fn next(&mut self) -> Option<FlatRecord<'f>> {
        self.heads.next().map(|head| self.flat.read(head))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.heads.size_hint()
    }
}

impl ExactSizeIterator for FlatRecords<'_> {}

impl FusedIterator for FlatRecords<'_> {}

/// The same records in the same order. A sample that is not a number equals none.
impl PartialEq for CStructFlat {
    fn eq(&self, other: &CStructFlat) -> bool {
        self.records().eq(other.records())
    }
}

/// The records, as a list.
impl fmt::Debug for CStructFlat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl fmt::Debug for FlatRecords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
