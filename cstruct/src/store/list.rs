//! A record with those that follow it, as a list.

use core::iter::FusedIterator;

use super::{CStruct, CStructRef, Error};
use crate::kit::CloseError;

impl CStructRef {
    /// This record and all that follow it.
    ///
    /// ```
    /// use cstruct::CStruct;
    ///
    /// let list = CStruct::from_records([CStruct::new(1)?, CStruct::new(2)?])?;
    /// assert_eq!(list.records().map(|record| record.value()).collect::<Vec<_>>(), [1, 2]);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    #[inline]
    pub fn records(&self) -> Records<'_> {
        Records { at: Some(self) }
    }
}

/// Borrows a list's records one after the other; made by [`CStructRef::records`].
#[derive(Clone, Debug)]
pub struct Records<'a> {
    at: Option<&'a CStructRef>,
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a CStructRef;

    #[inline]
    fn next(&mut self) -> Option<&'a CStructRef> {
        let record = self.at?;
        self.at = record.next();
        Some(record)
    }
}

impl FusedIterator for Records<'_> {}

impl<'a> IntoIterator for &'a CStructRef {
    type Item = &'a CStructRef;
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.records()
    }
}

impl<'a> IntoIterator for &'a CStruct {
    type Item = &'a CStructRef;
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.records()
    }
}

impl CStruct {
    /// Links lists into one, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when there is none.
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn from_records(records: impl IntoIterator<Item = CStruct>) -> Result<CStruct, Error> {
        CStruct::try_from_records(records.into_iter().map(Ok))
    }

    /// The same from records that may fail to be made; the first failure releases what was linked so far.
    #[inline]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub(crate) fn try_from_records(
        records: impl IntoIterator<Item = Result<CStruct, Error>>,
    ) -> Result<CStruct, Error> {
        let mut records = records.into_iter();
        let mut list = records.next().ok_or(Error::Empty)??;
        let mut last = list.pin_mut();
        for record in records {
            // A list that was linked on as a whole brings its own end.
            while last.next().is_some() {
                let Some(next) = last.next_mut() else { unreachable!("it was just seen") };
                last = next;
            }
            last.as_mut().link(record?).map_err(CloseError::into_error)?;
        }
        Ok(list)
    }
}
