//! Arrays as C hands them over, with an address and a length that need not be right.

use std::ffi::CStr;
use std::fmt::Debug;
use std::ptr;

use arbitrary::{Arbitrary, Unstructured};
use cstruct::kit::{
    CArray, CStrArray, Each, Length, SliceError, SliceFault, TextElement, slice_from_c, slice_from_c_mut,
};

use crate::strict::{Answer, Strict};
use crate::texts_and_arrays::{answer, block};

/// A type of plain elements, all of whose bytes count.
pub(crate) trait Plain: Copy + Eq + Debug {
    /// One with these bytes.
    fn of(bytes: &[u8]) -> Self;
}

impl<const N: usize> Plain for [u8; N] {
    fn of(bytes: &[u8]) -> Self {
        bytes.try_into().expect("as many bytes")
    }
}

macro_rules! plain {
    ($($Number:ty),+) => {$(
        impl Plain for $Number {
            fn of(bytes: &[u8]) -> Self {
                <$Number>::from_ne_bytes(bytes.try_into().expect("as many bytes"))
            }
        }
    )+};
}

plain!(u8, u16, u64);

fn elements<T: Plain>(bytes: &[u8]) -> Vec<T> {
    bytes.chunks_exact(size_of::<T>()).map(T::of).collect()
}

// ---- An address and a length --------------------------------------------------------------------------------------------------

/// What C hands over.
pub(crate) struct Hostile<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) null: bool,
    pub(crate) misaligned: bool,
    /// A number that fits into 64 bits, with a sign or without.
    pub(crate) len: i128,
    /// Chooses the type of the length.
    pub(crate) kind: u8,
}

/// What came of it, three times.
struct Handed<T: Plain> {
    borrowed: Result<Vec<T>, SliceError>,
    changeable: Result<Vec<T>, SliceError>,
    array: Result<CArray<T, Strict>, SliceError>,
}

impl Hostile<'_> {
    /// What must come of it: so many elements, a fault, or nothing that may be tried: a length that is possible but longer than the
    /// block is a lie that nobody can find out.
    fn expected<T: Plain>(&self) -> Option<Result<usize, SliceFault>> {
        let Ok(len) = usize::try_from(self.len) else {
            return Some(Err(SliceFault::Negative));
        };
        let too_long = len.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX.unsigned_abs());
        Some(match len {
            0 if self.null => Ok(0),
            _ if self.null => Err(SliceFault::Null),
            _ if self.misaligned && align_of::<T>() > 1 => Err(SliceFault::Misaligned),
            _ if too_long => Err(SliceFault::TooLong),
            len if len <= self.bytes.len() / size_of::<T>() => Ok(len),
            _ => return None,
        })
    }

    pub(crate) fn hand_over<T: Plain>(&self) {
        let Some(expected) = self.expected::<T>() else { return };
        let first: *mut T =
            if self.null { ptr::null_mut() } else { Strict::block(self.bytes, usize::from(self.misaligned)).cast() };
        let expected = expected.map(|len| elements(&self.bytes[..len * size_of::<T>()]));

        let handed = self.with_length(first);
        assert_eq!(handed.borrowed.map_err(|error| error.fault()), expected);
        assert_eq!(handed.changeable.map_err(|error| error.fault()), expected);
        match (handed.array, expected) {
            (Ok(array), Ok(expected)) => {
                assert_eq!(*array, *expected);
                let (raw, len) = CArray::into_raw(array);
                assert!(Strict::told().is_empty());
                // SAFETY: the same array, given up.
                drop(unsafe { CArray::<T, Strict>::from_raw(raw, len) }.expect("it was one before"));
                assert_eq!(Strict::told(), if self.null { vec![] } else { vec![len] });
            }
            (Err(error), Err(expected)) => {
                assert_eq!(error.fault(), expected);
                assert!(Strict::told().is_empty(), "what C gave is not believed, and not released");
                if !self.null {
                    Strict::release(first.cast());
                }
            }
            (array, expected) => panic!("it is {array:?}, and should be {expected:?}"),
        }
    }

    /// With a length of the type that `kind` chooses, or of one into which it fits.
    fn with_length<T: Plain>(&self, first: *mut T) -> Handed<T> {
        macro_rules! try_types {
            ($($kind:literal $Length:ty),+) => {$(
                if self.kind % 10 == $kind && let Ok(len) = <$Length>::try_from(self.len) {
                    return hand_over(first, len);
                }
            )+};
        }
        try_types!(0 i8, 1 i16, 2 i32, 3 i64, 4 isize, 5 u8, 6 u16, 7 u32, 8 u64, 9 usize);
        match u64::try_from(self.len) {
            Ok(len) => hand_over(first, len),
            Err(_) => hand_over(first, i64::try_from(self.len).expect("it fits into 64 bits")),
        }
    }
}

fn hand_over<T: Plain>(first: *mut T, len: impl Length) -> Handed<T> {
    // SAFETY: as many elements; or an address or a length of no slice, which is found out before anything is read.
    let borrowed = unsafe { slice_from_c(first.cast_const(), len) }.map(<[T]>::to_vec);
    // SAFETY: as above; the first slice was copied, and is borrowed no more.
    let changeable = unsafe { slice_from_c_mut(first, len) }.map(|slice| slice.to_vec());
    // SAFETY: as above; the block is nobody else's.
    let array = unsafe { CArray::from_raw(first, len) };
    Handed { borrowed, changeable, array }
}

// ---- Another length -----------------------------------------------------------------------------------------------------------

/// An array of C's memory, whose length is changed some times, by an allocator that may refuse.
pub(crate) fn resized<T: Plain>(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let first = answer(bytes)?;
    let mut expected: Vec<T> = elements(block(bytes)?);
    Strict::answer(first);
    let Ok(mut array) = CArray::<T, Strict>::copy_of(&expected) else {
        assert_ne!(first, Answer::Block);
        // A block that was not aligned is given back with its length.
        assert_eq!(Strict::told(), if first == Answer::Null { vec![] } else { vec![expected.len()] });
        return Ok(());
    };
    let _ = Strict::told();
    for _ in 0..bytes.int_in_range(0..=3)? {
        let len = match u8::arbitrary(bytes)? {
            255 => usize::MAX / size_of::<T>() + 1,
            254 => isize::MAX.unsigned_abs() / size_of::<T>() + 1,
            len => usize::from(len % 64),
        };
        let fill = T::of(&[bytes.arbitrary()?; 8][..size_of::<T>()]);
        let next = answer(bytes)?;
        Strict::answer(next);
        if CArray::try_resize(&mut array, len, fill).is_ok() {
            assert!(next == Answer::Block || len == 0);
            expected.resize(len, fill);
        } else {
            assert!(next != Answer::Block || len >= 64);
        }
        assert_eq!(*array, *expected);
        let _ = Strict::told();
    }
    let released = if array.is_empty() { None } else { Some(array.len()) };
    drop(array);
    let told = Strict::told();
    assert!(released.is_none() || told.as_slice() == released.as_slice(), "{told:?}");
    Ok(())
}

// ---- Texts in an array --------------------------------------------------------------------------------------------------------

/// Texts, some of which are NULL.
pub(crate) struct Texts<'b>(Vec<Option<&'b CStr>>);

impl<'b> Texts<'b> {
    pub(crate) fn take(bytes: &mut Unstructured<'b>) -> arbitrary::Result<Self> {
        let len = bytes.int_in_range(0..=6)?;
        let texts = (0..len).map(|_| Ok(CStr::from_bytes_until_nul(block(bytes)?).ok()));
        Ok(Texts(texts.collect::<arbitrary::Result<_>>()?))
    }

    /// An array of pointers to texts of their own, as C has it.
    fn made(&self, with_null: bool) -> *mut TextElement<Each<Strict>> {
        let pointer = |text: &Option<&CStr>| match text {
            Some(text) => Strict::block(text.to_bytes_with_nul(), 0),
            None => ptr::null_mut(),
        };
        let null = with_null.then_some(ptr::null_mut());
        let pointers = self.0.iter().map(pointer).chain(null).flat_map(|text| text.expose_provenance().to_ne_bytes());
        Strict::block(&pointers.collect::<Vec<_>>(), 0).cast()
    }

    fn told(&self, len: usize) -> Vec<usize> {
        let texts = self.0.iter().take(len).flatten().map(|text| text.count_bytes() + 1);
        texts.collect()
    }

    /// With their number.
    pub(crate) fn counted(&self) {
        let len = self.0.len();
        // SAFETY: as many texts of their own, or NULL, in a block of their own.
        let array = unsafe { CStrArray::<Strict, Each<Strict>>::from_raw(self.made(false), len) };
        let array = array.expect("it is an array");
        assert!(array.iter().map(TextElement::text).eq(self.0.iter().copied()));
        drop(array);
        let told = [self.told(len), vec![len]].concat();
        assert_eq!(Strict::told(), told);
    }

    /// With a NULL behind them, which is looked for in the first `max`.
    pub(crate) fn null_terminated(&self, max: u8) {
        let elements = self.0.len() + 1;
        let len = self.0.iter().position(Option::is_none).unwrap_or(self.0.len());
        let max = usize::from(max) % (elements + 1);
        let first = self.made(true);
        // SAFETY: up to `max` elements, each a text of its own or NULL, in a block of their own.
        match unsafe { CArray::<_, Strict>::from_null_terminated(first, max) } {
            Ok(array) => {
                assert!(len < max);
                assert!(array.iter().map(TextElement::text).eq(self.0[..len].iter().copied()));
                drop(array);
                assert_eq!(Strict::told(), [self.told(len), vec![len + 1]].concat());
                // What is behind the NULL is nobody's.
                Strict::release_all();
            }
            Err(error) => {
                assert_eq!(error.fault(), SliceFault::Unterminated);
                assert!(len >= max);
                // SAFETY: nothing was released; this many elements there are.
                drop(unsafe { CStrArray::<Strict, Each<Strict>>::from_raw(first, elements) });
                assert_eq!(Strict::told(), [self.told(elements), vec![elements]].concat());
            }
        }
    }
}
