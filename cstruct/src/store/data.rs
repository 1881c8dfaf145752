//! A record as plain Rust data.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use super::{CStruct, CStructRef, Error};
use crate::kit::{CopyIn, CopyOut};

/// One record copied out: plain Rust data, which C has no part in and nobody releases.
///
/// A list is a `Vec` of them.
///
/// ```
/// use cstruct::kit::{CopyIn, CopyOut};
/// use cstruct::{CStruct, CStructData};
///
/// let data = vec![
///     CStructData { value: 1, name: Some("a".into()), samples: vec![0.5] },
///     CStructData { value: 2, name: None, samples: vec![] },
/// ];
/// let list = CStruct::try_from(&data[..])?; // C's own copy
/// assert_eq!(Vec::try_from(&*list)?, data); // and ours again
/// assert_eq!(list.copy_out()?, data[0]); // the first record only
/// assert_eq!(data[1].copy_in()?.value(), 2);
/// # Ok::<(), cstruct::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[doc(alias = "cstruct")]
pub struct CStructData {
    /// The number.
    pub value: i32,
    /// The name, if it has one.
    pub name: Option<String>,
    /// The samples.
    pub samples: Vec<f64>,
}

impl CStructRef {
    #[inline]
    fn copy_record(&self, index: usize) -> Result<CStructData, Error> {
        let name = match self.name().map(CStr::to_str) {
            None => None,
            Some(Ok(name)) => Some(name.to_owned()),
            Some(Err(error)) => return Err(not_utf8(index, error.valid_up_to())),
        };
        Ok(CStructData { value: self.value(), name, samples: self.samples().to_vec() })
    }
}

#[cold]
pub(super) fn not_utf8(record: usize, valid_up_to: usize) -> Error {
    Error::NotUtf8 { record, valid_up_to }
}

/// Copies this one record; `Vec::try_from` copies those that follow as well.
impl CopyOut for CStructRef {
    type Data = CStructData;
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::NotUtf8`] for a name that is not UTF-8.
    fn copy_out(&self) -> Result<CStructData, Error> {
        self.copy_record(0)
    }
}

/// Copies this one record; `CStruct::try_from` copies a slice of them as a list.
impl CopyIn for CStructData {
    type Owner = CStruct;
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::InteriorNul`] for a name with a NUL inside; when C has no memory.
    #[cfg_attr(feature = "ledger", track_caller)]
    fn copy_in(&self) -> Result<CStruct, Error> {
        CStruct::with(self.value, self.name.as_deref(), &self.samples)
    }
}

impl TryFrom<&CStructRef> for CStructData {
    type Error = Error;

    fn try_from(record: &CStructRef) -> Result<CStructData, Error> {
        record.copy_out()
    }
}

impl TryFrom<&CStructRef> for Vec<CStructData> {
    type Error = Error;

    fn try_from(list: &CStructRef) -> Result<Vec<CStructData>, Error> {
        let mut data = Vec::new();
        for (index, record) in list.records().enumerate() {
            data.push(record.copy_record(index)?);
        }
        Ok(data)
    }
}

impl TryFrom<&CStructData> for CStruct {
    type Error = Error;

    #[cfg_attr(feature = "ledger", track_caller)]
    fn try_from(data: &CStructData) -> Result<CStruct, Error> {
        data.copy_in()
    }
}

impl TryFrom<&[CStructData]> for CStruct {
    type Error = Error;

    #[cfg_attr(feature = "ledger", track_caller)]
    fn try_from(data: &[CStructData]) -> Result<CStruct, Error> {
        CStruct::try_from_records(data.iter().map(|one| one.copy_in()))
    }
}

/// The same contents, and nothing follows. A sample that is not a number equals none.
impl PartialEq<CStructData> for CStructRef {
    fn eq(&self, data: &CStructData) -> bool {
        self.next().is_none()
            && self.value() == data.value
            && self.name().map(CStr::to_bytes) == data.name.as_deref().map(str::as_bytes)
            && self.samples() == data.samples
    }
}
