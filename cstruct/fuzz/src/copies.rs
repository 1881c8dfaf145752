//! Plain Rust data, copied into C and out again: in records, and flat.

use std::ffi::CStr;

use arbitrary::{Arbitrary, Unstructured};
use cstruct::kit::{CopyIn, CopyOut};
use cstruct::{CStruct, CStructData, CStructFlat, CStructRef, Error};

use crate::balanced;

/// The bytes are records, by the rules of `arbitrary`.
///
/// # Panics
///
/// When something is wrong.
pub fn copies(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    balanced(|| {
        if bytes.ratio(1, 4).unwrap_or(false) {
            out_of_c(&names(&mut bytes));
        } else {
            in_and_out(&records(&mut bytes));
        }
    });
}

/// Names that C may hold and that need not be UTF-8.
fn names<'b>(bytes: &mut Unstructured<'b>) -> Vec<Option<&'b CStr>> {
    let mut names = Vec::new();
    while let Ok([how, len]) = <[u8; 2]>::arbitrary(bytes)
        && !bytes.is_empty()
    {
        let len = usize::from(len % 32).min(bytes.len());
        let text = bytes.bytes(len).ok().and_then(|text| CStr::from_bytes_until_nul(text).ok());
        names.push(text.filter(|_| how % 8 != 0));
    }
    names
}

/// Names that Rust may hold and that may have a NUL in them, and samples of any bits.
fn records(bytes: &mut Unstructured<'_>) -> Vec<CStructData> {
    let mut records = Vec::new();
    while let Ok([how, samples]) = <[u8; 2]>::arbitrary(bytes)
        && !bytes.is_empty()
    {
        let value = bytes.arbitrary().unwrap_or_default();
        let name = (how % 4 != 0).then(|| text(bytes, how / 4));
        let samples = (0..samples % 16).map_while(|_| (!bytes.is_empty()).then(|| bytes.arbitrary().ok())?);
        records.push(CStructData { value, name, samples: samples.collect() });
    }
    records
}

fn text(bytes: &mut Unstructured<'_>, len: u8) -> String {
    let len = usize::from(len).min(bytes.len());
    String::from_utf8_lossy(bytes.bytes(len).unwrap_or_default()).into_owned()
}

fn in_and_out(data: &[CStructData]) {
    let nul = data.iter().find_map(|record| record.name.as_ref()?.find('\0'));
    let list = match (CStruct::try_from(data), nul) {
        (Err(Error::InteriorNul { position }), Some(nul)) => return assert_eq!(position, nul),
        (Err(Error::Empty), None) => return assert!(data.is_empty()),
        (Ok(list), None) => list,
        (result, nul) => panic!("{result:?}, with a NUL at {nul:?}"),
    };
    assert_same(&Vec::try_from(&*list).expect("it was UTF-8"), data);

    let flat = CStructFlat::try_from(&*list).expect("it was UTF-8");
    assert_flat(&flat, data);
    assert_flat(&flat.clone(), data);
    let again = CStruct::try_from(&flat).expect("there is memory");
    drop(flat);
    assert_same(&Vec::try_from(&*again).expect("it was UTF-8"), data);

    let copy = again.try_clone().expect("there is memory");
    drop(again);
    assert_same(&Vec::try_from(&*copy).expect("it was UTF-8"), data);
    for (record, one) in list.records().zip(data) {
        let alone = one.copy_in().expect("it went in before");
        assert_same(&[alone.copy_out().expect("it was UTF-8")], std::slice::from_ref(one));
        assert_eq!(alone.same_record(record), one.samples.iter().all(|sample| !sample.is_nan()));
    }
}

/// Lists whose names are not all UTF-8 are refused, with the place, by both ways of copying.
fn out_of_c(names: &[Option<&CStr>]) {
    let make = |name: &Option<&CStr>| match name {
        Some(name) => CStruct::named(1, name).expect("there is memory"),
        None => CStruct::new(2).expect("there is memory"),
    };
    let Ok(list) = CStruct::from_records(names.iter().map(make)) else {
        return assert!(names.is_empty());
    };
    let bad = names.iter().enumerate().find_map(|(record, name)| {
        let valid_up_to = name.as_ref()?.to_str().err()?.valid_up_to();
        Some(Error::NotUtf8 { record, valid_up_to })
    });
    assert_eq!(Vec::<CStructData>::try_from(&*list).err(), bad);
    assert_eq!(CStructFlat::try_from(&*list).err(), bad);
    let read: Vec<_> = list.records().map(CStructRef::name).collect();
    assert_eq!(read, names);
}

/// Bit for bit: copies do not change a NaN.
fn assert_same(copy: &[CStructData], data: &[CStructData]) {
    assert_eq!(copy.len(), data.len());
    for (copy, data) in copy.iter().zip(data) {
        assert_eq!((copy.value, &copy.name), (data.value, &data.name));
        assert_eq!(bits(&copy.samples), bits(&data.samples));
    }
}

fn assert_flat(flat: &CStructFlat, data: &[CStructData]) {
    assert_eq!((flat.len(), flat.records().len()), (data.len(), data.len()));
    assert!(flat.record(data.len()).is_none());
    let copy: Vec<CStructData> = flat.records().map(Into::into).collect();
    assert_same(&copy, data);
    for (index, data) in data.iter().enumerate() {
        let copy = flat.record(index).expect("there are as many");
        assert_same(&[copy.into()], std::slice::from_ref(data));
    }
}

fn bits(samples: &[f64]) -> Vec<u64> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}
