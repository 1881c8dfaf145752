//! A record as plain Rust data.

use alloc::borrow::ToOwned;
use alloc::ffi::CString;
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
    fn copy_record(&self, index: usize) -> Result<CStructData, Error> {
        let text = |name: &CStr| {
            let not_utf8 =
                |error: core::str::Utf8Error| Error::NotUtf8 { record: index, valid_up_to: error.valid_up_to() };
            name.to_str().map(ToOwned::to_owned).map_err(not_utf8)
        };
        Ok(CStructData {
            value: self.value(),
            name: self.name().map(text).transpose()?,
            samples: self.samples().to_vec(),
        })
    }
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
    fn copy_in(&self) -> Result<CStruct, Error> {
        let mut record = match &self.name {
            None => CStruct::new(self.value)?,
            Some(name) => {
                let interior_nul = |error: alloc::ffi::NulError| Error::InteriorNul { position: error.nul_position() };
                CStruct::named(self.value, &CString::new(name.as_str()).map_err(interior_nul)?)?
            }
        };
        record.pin_mut().append(&self.samples)?;
        Ok(record)
    }
}

impl TryFrom<&CStructRef> for CStructData {
    type Error = Error;

    #[cfg_attr(feature = "ledger", track_caller)]
    fn try_from(record: &CStructRef) -> Result<CStructData, Error> {
        record.copy_out()
    }
}

impl TryFrom<&CStructRef> for Vec<CStructData> {
    type Error = Error;

    #[cfg_attr(feature = "ledger", track_caller)]
    fn try_from(list: &CStructRef) -> Result<Vec<CStructData>, Error> {
        list.records().enumerate().map(|(index, record)| record.copy_record(index)).collect()
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
        CStruct::try_from_records(data.iter().map(CopyIn::copy_in))
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
