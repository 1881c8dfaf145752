//! The table: records pushed, refused and taken; watchers, a value attached, batches, a close that is refused.

use core::ops::ControlFlow;
use std::ffi::CString;
use std::num::NonZero;
use std::sync::{Arc, Mutex};

use cstruct::kit::CloseError;
use cstruct::{Batch, CStruct, CStructData, Change, Error, Status, Table};

use super::lists::handed_back;
use super::op::{Kind, Op};
use super::world::{Both, Model, Tables, World, check, name};

impl Tables {
    pub(crate) fn new(capacity: usize) -> Tables {
        let table = match NonZero::new(capacity) {
            Some(limit) => Table::limited_to(limit),
            None => Table::new(),
        };
        let table = table.expect("there is memory");
        let heard = Arc::new(Mutex::new(Vec::new()));
        Tables { table, model: Vec::new(), capacity, watched: None, heard, attached: None }
    }

    fn tell(&mut self, change: Change, value: i32) {
        if let Some(watched) = &mut self.watched {
            watched.push((change, value));
        }
    }

    fn went_in(&mut self, records: Model) {
        for record in records {
            self.tell(Change::Pushed, record.value);
            self.model.push(record);
        }
    }

    pub(crate) fn check(&self) {
        assert_eq!(self.table.len(), self.model.len());
        for (record, model) in self.table.records().zip(&self.model) {
            assert!(*record == *model, "{record:?}, {model:?}");
        }
        let heard = self.heard.lock().expect("no panic in it");
        assert_eq!(*heard, self.watched.clone().unwrap_or_default());
        assert_eq!(self.table.attached::<i32>().expect("its type").copied(), self.attached);
    }
}

/// Why so many more do not go in, if they do not: the checks in C's order.
fn refuses(there: &Model, capacity: usize, more: &[CStructData]) -> Option<Status> {
    if capacity != 0 && there.len() + more.len() > capacity {
        return Some(Status::Full);
    }
    let mut there: Vec<_> = there.iter().map(|record| &record.name).collect();
    for record in more {
        if there.contains(&&record.name) {
            return Some(Status::Duplicate);
        }
        there.push(&record.name);
    }
    None
}

/// Only a record with a name goes in, and alone.
fn fits(model: &Model) -> bool {
    model.len() == 1 && model[0].name.is_some()
}

impl World {
    pub(crate) fn on_table(&mut self, op: Op) -> bool {
        let done = match op.kind {
            Kind::Push | Kind::PushOrFree => self.push(op),
            Kind::Commit | Kind::RollBack => self.batch(op),
            _ => self.change(op),
        };
        self.table.check();
        done
    }

    fn push(&mut self, op: Op) -> bool {
        let Some((record, model)) = self.pick(op.at) else { return false };
        let this = &mut self.table;
        let refused = if fits(&model) { refuses(&this.model, this.capacity, &model) } else { Some(Status::Invalid) };
        if op.kind == Kind::PushOrFree {
            assert_eq!(this.table.push_or_free(record), refused.map_or(Ok(()), |status| Err(Error::Refused(status))));
        } else if let Err(error) = this.table.push(record) {
            let real = handed_back(error, refused.expect("the model takes it"));
            check(&real, &model);
            self.lists.push(Both { real, model });
            return true;
        }
        if refused.is_none() {
            this.went_in(model);
        }
        true
    }

    /// Two records or fewer go in together, or not at all.
    fn batch(&mut self, op: Op) -> bool {
        let picked: Vec<_> = (0..op.with % 3).filter_map(|_| self.pick(op.at)).collect();
        let this = &mut self.table;
        let mut batch = this.table.batch().expect("no other lives");
        let (mut inside, mut back) = (Vec::new(), Vec::new());
        for (record, model) in picked {
            match batch.push(record) {
                Ok(()) => {
                    assert!(fits(&model));
                    inside.extend(model);
                }
                Err(refused) => {
                    assert!(!fits(&model));
                    back.push(Both { real: handed_back(refused, Status::Invalid), model });
                }
            }
        }
        assert_eq!(batch.table().len(), this.model.len());
        let refused = refuses(&this.model, this.capacity, &inside);
        if op.kind == Kind::RollBack {
            if op.number < 0 { batch.rollback() } else { drop(batch) }
        } else {
            let refused_by_c = batch.commit().err().map(CloseError::into_error);
            assert_eq!(refused_by_c, refused.map(Error::Refused));
            if refused.is_none() {
                self.table.went_in(inside);
            }
        }
        self.lists.extend(back);
        true
    }

    fn change(&mut self, op: Op) -> bool {
        let this = &mut self.table;
        let wanted = name(op.with);
        let text = CString::new(wanted.clone().unwrap_or_default()).expect("no NUL");
        let there = this.model.iter().position(|record| record.name == wanted && wanted.is_some());
        match op.kind {
            Kind::Take => {
                let taken = this.table.take(&text).expect("C is not busy");
                assert_eq!(taken.is_some(), there.is_some());
                if let (Some(real), Some(index)) = (taken, there) {
                    let record = this.model.swap_remove(index);
                    this.tell(Change::Taken, record.value);
                    self.lists.push(Both { real, model: vec![record] });
                }
            }
            Kind::Find => {
                let found = this.table.find(&text);
                assert_eq!(found.map(|record| record.value()), there.map(|index| this.model[index].value));
            }
            Kind::Each => {
                let (mut seen, stop) = (0, usize::from(op.at) % 4);
                let result = this.table.each(|_| {
                    seen += 1;
                    if seen > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                assert_eq!(result.expect("no error").is_break(), this.model.len() > stop);
                assert_eq!(seen, this.model.len().min(stop + 1));
            }
            Kind::Watch => {
                let heard = Arc::new(Mutex::new(Vec::new()));
                let told = Arc::clone(&heard);
                let watch = move |change, record: &cstruct::CStructRef| {
                    told.lock().expect("no panic in it").push((change, record.value()));
                };
                this.table.watch(watch).expect("C is not busy");
                assert_eq!(Arc::strong_count(&this.heard), 1, "the watcher before was dropped");
                (this.heard, this.watched) = (heard, Some(Vec::new()));
            }
            Kind::Unwatch => {
                this.table.unwatch().expect("C is not busy");
                assert_eq!(Arc::strong_count(&this.heard), 1, "the watcher was dropped");
                this.heard.lock().expect("no panic in it").clear();
                this.watched = None;
            }
            Kind::Attach => {
                this.table.attach(i32::from(op.number)).expect("C is not busy");
                this.attached = Some(i32::from(op.number));
            }
            Kind::Detach => {
                this.table.detach().expect("C is not busy");
                this.attached = None;
            }
            Kind::ForgetBatch => return self.forget_batch(),
            _ => {
                let before = core::mem::replace(this, Tables::new(usize::from(op.at) % 6));
                before.check();
                let Tables { table, heard, .. } = before;
                table.close().expect("no batch lives");
                assert_eq!(Arc::strong_count(&heard), 1, "the watcher went with its table");
            }
        }
        true
    }

    /// A close is refused while a batch lives that Rust has lost sight of, and goes well when it has ended.
    fn forget_batch(&mut self) -> bool {
        let Tables { table, model, .. } = core::mem::replace(&mut self.table, Tables::new(0));
        let mut table = table;
        let mut batch = table.batch().expect("no other lives");
        batch.push(CStruct::named(1, c"z").expect("there is memory")).expect("it has a name");
        // SAFETY: the table does not end before the batch: C refuses.
        let (batch, _) = unsafe { Batch::into_parts(batch) };
        let table = handed_back(table.close().expect_err("a batch lives"), Status::Busy);
        assert_eq!(table.len(), model.len());
        // SAFETY: the batch that was just taken apart.
        unsafe { cstruct_sys::cstruct_batch_rollback(batch) };
        table.close().expect("no batch lives");
        true
    }
}
