//! A sequence of calls of a table, beside a map that does the same.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::mem;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arbitrary::{Arbitrary, Unstructured};
use cstruct::kit::CloseError;
use cstruct::{CStruct, CStructRef, Change, Error, Status, Table};

use crate::balanced;

/// The bytes are calls, by the rules of `arbitrary`, and the first is how many records the table may hold.
///
/// # Panics
///
/// When something is wrong.
pub fn table(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    balanced(|| {
        let capacity = NonZero::new(usize::from(bytes.arbitrary::<u8>().unwrap_or_default() % 32));
        let mut beside = Beside::new(capacity);
        while !bytes.is_empty() && beside.call(&mut bytes).is_ok() {}
        beside.end();
    });
}

/// The table, and what is known of it.
struct Beside {
    table: Table,
    capacity: usize,
    records: BTreeMap<CString, i32>,
    /// What the watcher was told, and what it should have been.
    told: Arc<Mutex<Vec<(Change, i32)>>>,
    happened: Vec<(Change, i32)>,
    watched: bool,
    attached: Option<u8>,
    /// How many attached values were dropped, and how many should have been.
    dropped: Arc<AtomicUsize>,
    replaced: usize,
    /// A read section was forgotten: from then on nothing goes in or out.
    still: bool,
}

/// Goes with a table, and is counted when it ends.
struct Attached(u8, Arc<AtomicUsize>);

impl Drop for Attached {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

impl Beside {
    fn new(capacity: Option<NonZero<usize>>) -> Beside {
        Beside {
            table: capacity.map_or_else(Table::new, Table::limited_to).expect("there is memory"),
            capacity: capacity.map_or(usize::MAX, NonZero::get),
            records: BTreeMap::new(),
            told: Arc::default(),
            happened: Vec::new(),
            watched: false,
            attached: None,
            dropped: Arc::default(),
            replaced: 0,
            still: false,
        }
    }

    fn call(&mut self, bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        match bytes.int_in_range(0..=15)? {
            0..=2 => self.push(&record(bytes)?),
            3 => self.push_or_free(&record(bytes)?),
            4 | 5 => self.take(&name(bytes)?),
            6 => self.find(&name(bytes)?),
            7 => self.each(bytes.arbitrary()?),
            8 => self.walk(),
            9 => self.sorted(bytes.ratio(1, 8)?),
            10 | 11 => self.batch(bytes)?,
            12 => self.watch(),
            13 => self.unwatch(),
            14 => self.attach(bytes.arbitrary()?),
            _ => self.detach(),
        }
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(*told, self.happened);
        assert_eq!(self.table.len(), self.records.len());
        assert_eq!(self.dropped.load(Ordering::Relaxed), self.replaced);
        Ok(())
    }

    /// Why the table as it is does not take this record; nothing if it does.
    fn refuses(&self, record: &Record) -> Option<Status> {
        match &record.name {
            _ if record.followed => Some(Status::Invalid),
            None => Some(Status::Invalid),
            Some(_) if self.still => Some(Status::Busy),
            Some(_) if self.records.len() >= self.capacity => Some(Status::Full),
            Some(name) if self.records.contains_key(name) => Some(Status::Duplicate),
            Some(_) => None,
        }
    }

    fn is_in(&mut self, record: &Record) {
        let name = record.name.clone().expect("it was taken");
        self.records.insert(name, record.value);
        self.happens(Change::Pushed, record.value);
    }

    fn happens(&mut self, change: Change, value: i32) {
        if self.watched {
            self.happened.push((change, value));
        }
    }

    fn push(&mut self, record: &Record) {
        let answer = match self.table.push(record.make()) {
            Ok(()) => None,
            Err(CloseError::StillOpen { handle, error: Error::Refused(status) }) => {
                record.is_whole(&handle);
                Some(status)
            }
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(answer, self.refuses(record), "{record:?}");
        if answer.is_none() {
            self.is_in(record);
        }
    }

    fn push_or_free(&mut self, record: &Record) {
        let answer = self.table.push_or_free(record.make());
        assert_eq!(answer, self.refuses(record).map_or(Ok(()), |status| Err(Error::Refused(status))));
        if answer.is_ok() {
            self.is_in(record);
        }
    }

    fn take(&mut self, name: &CStr) {
        let taken = self.table.take(name);
        if self.still {
            return assert_eq!(taken, Err(Error::Refused(Status::Busy)));
        }
        let taken = taken.expect("nothing stands in the way");
        let value = self.records.remove(name);
        assert_eq!(taken.as_ref().map(|record| record.value()), value);
        assert!(taken.is_none_or(|record| record.name() == Some(name) && record.next().is_none()));
        if let Some(value) = value {
            self.happens(Change::Taken, value);
        }
    }

    fn find(&self, name: &CStr) {
        let found = self.table.find(name);
        assert_eq!(found.map(CStructRef::value), self.records.get(name).copied());
        assert!(found.is_none_or(|record| record.name() == Some(name)));
    }

    /// Looks at up to `most` records.
    fn each(&mut self, most: u8) {
        let most = usize::from(most);
        let mut seen = 0;
        let records = &self.records;
        let ended = self.table.each(|record| {
            is_in_map(records, record);
            seen += 1;
            if seen >= most { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) }
        });
        let ended = ended.expect("nothing stands in the way");
        assert_eq!(seen, records.len().min(most.max(1)));
        assert_eq!(ended.is_break(), seen != 0 && seen >= most);
    }

    fn walk(&self) {
        let forth: Vec<_> = self.table.records().map(CStructRef::name).collect();
        let mut back: Vec<_> = self.table.records().rev().map(CStructRef::name).collect();
        back.reverse();
        assert_eq!(forth, back);
        assert_eq!(forth.len(), self.records.len());
        assert!(self.table.at(forth.len()).is_none());
        self.table.records().for_each(|record| is_in_map(&self.records, record));
    }

    /// In a read section the records are in the order of their names, bytewise, as they are in the map.
    fn sorted(&mut self, forgotten: bool) {
        let mut outer = self.table.read_section().expect("there is memory");
        let section = outer.nested().expect("there is memory");
        let sorted: Vec<_> = section.sorted().map(|record| (record.name(), record.value())).collect();
        let expected: Vec<_> = self.records.iter().map(|(name, value)| (Some(&**name), *value)).collect();
        assert_eq!(sorted, expected);
        assert!(section.sorted_at(expected.len()).is_none());
        section.end().expect("it was begun");
        if forgotten {
            mem::forget(outer);
            self.still = true;
        }
    }

    /// Some records, all or none.
    fn batch(&mut self, bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        let count = bytes.int_in_range(0..=4)?;
        let records = (0..count).map(|_| record(bytes)).collect::<arbitrary::Result<Vec<_>>>()?;
        let commits = bytes.ratio(3, 4)?;
        let mut batch = self.table.batch().expect("there is memory");
        let mut pushed = Vec::new();
        for record in records {
            match batch.push(record.make()) {
                Ok(()) => pushed.push(record),
                Err(CloseError::StillOpen { handle, error: Error::Refused(Status::Invalid) }) => {
                    record.is_whole(&handle);
                    assert!(record.name.is_none() || record.followed);
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(batch.table().len(), self.records.len());
        if !commits {
            batch.rollback();
            return Ok(());
        }
        let answer = match batch.commit() {
            Ok(()) => None,
            Err(CloseError::StillOpen { error: Error::Refused(status), .. }) => Some(status),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(answer, self.refuses_all(&pushed), "{pushed:?}");
        if answer.is_none() {
            pushed.iter().for_each(|record| self.is_in(record));
        }
        Ok(())
    }

    /// Why a batch of these is refused.
    fn refuses_all(&self, records: &[Record]) -> Option<Status> {
        if self.still {
            return Some(Status::Busy);
        }
        if self.records.len().saturating_add(records.len()) > self.capacity {
            return Some(Status::Full);
        }
        let twice = |(at, one): (usize, &Record)| {
            let before = records.iter().take(at).any(|other| other.name == one.name);
            before || one.name.as_ref().is_some_and(|name| self.records.contains_key(name))
        };
        records.iter().enumerate().any(twice).then_some(Status::Duplicate)
    }

    fn watch(&mut self) {
        let told = Arc::clone(&self.told);
        let watcher = move |change, record: &CStructRef| {
            told.lock().unwrap_or_else(PoisonError::into_inner).push((change, record.value()));
        };
        self.table.watch(watcher).expect("nothing stands in the way");
        self.watched = true;
        assert_eq!(Arc::strong_count(&self.told), 2);
    }

    fn unwatch(&mut self) {
        self.table.unwatch().expect("nothing stands in the way");
        self.watched = false;
        assert_eq!(Arc::strong_count(&self.told), 1);
    }

    fn attach(&mut self, value: u8) {
        self.replaced += usize::from(self.attached.replace(value).is_some());
        let attached = self.table.attach(Attached(value, Arc::clone(&self.dropped)));
        assert!(attached.is_ok());
        self.is_attached();
    }

    fn detach(&mut self) {
        self.replaced += usize::from(self.attached.take().is_some());
        self.table.detach().expect("nothing stands in the way");
        self.is_attached();
    }

    fn is_attached(&self) {
        let found = self.table.attached::<Attached>().expect("it is of this type");
        assert_eq!(found.map(|attached| attached.0), self.attached);
        assert_eq!(self.table.attached::<u8>().is_err(), self.attached.is_some());
    }

    fn end(self) {
        let all = self.replaced + usize::from(self.attached.is_some());
        self.table.close().expect("nothing of it lives");
        assert_eq!(self.dropped.load(Ordering::Relaxed), all);
        assert_eq!(Arc::strong_count(&self.told), 1);
    }
}

fn is_in_map(records: &BTreeMap<CString, i32>, record: &CStructRef) {
    let name = record.name().expect("a table takes no others");
    assert_eq!(records.get(name), Some(&record.value()), "{name:?}");
}

/// What a record is made of.
#[derive(Debug)]
struct Record {
    name: Option<CString>,
    value: i32,
    /// Another follows it, which a table does not take.
    followed: bool,
}

impl Record {
    fn make(&self) -> CStruct {
        let mut record = match &self.name {
            None => CStruct::new(self.value),
            Some(name) => CStruct::named(self.value, name),
        }
        .expect("there is memory");
        if self.followed {
            let second = CStruct::new(0).expect("there is memory");
            record.pin_mut().link(second).expect("nothing follows it");
        }
        record
    }

    fn is_whole(&self, record: &CStruct) {
        assert_eq!((record.name(), record.value()), (self.name.as_deref(), self.value));
        assert_eq!(record.next().is_some(), self.followed);
    }
}

fn record(bytes: &mut Unstructured<'_>) -> arbitrary::Result<Record> {
    let (how, value) = <(u8, i8)>::arbitrary(bytes)?;
    let name = if how % 16 == 0 { None } else { Some(name(bytes)?) };
    Ok(Record { name, value: i32::from(value), followed: how % 16 == 1 })
}

/// One of a few names, so that they meet again, or any.
fn name(bytes: &mut Unstructured<'_>) -> arbitrary::Result<CString> {
    let which = bytes.arbitrary::<u8>()?;
    if which < 192 {
        return Ok(CString::from(match which % 4 {
            0 => c"",
            1 => c"in",
            2 => c"out",
            _ => c"\xFFa longer name, of bytes",
        }));
    }
    let len = usize::from(which % 16).min(bytes.len());
    Ok(CString::new(bytes.bytes(len)?).unwrap_or_else(|nul| {
        let end = nul.nul_position();
        CString::new(&nul.into_vec()[..end]).expect("the first NUL is behind it")
    }))
}
