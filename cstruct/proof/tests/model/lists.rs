//! Lists: made, changed, linked, taken apart, cloned, copied, given up and adopted again.

use std::ffi::CString;

use cstruct::kit::{CloseError, CopyOut};
use cstruct::{CStruct, CStructData, CStructRef, Error, Status};
use std::pin::Pin;

use super::op::{Kind, Op};
use super::world::{Both, Model, World, check, name, place};

/// What a record of these numbers is.
pub(crate) fn data(op: Op) -> CStructData {
    let samples = (0..op.at % 3).map(|sample| f64::from(op.number) / 2.0 + f64::from(sample)).collect();
    CStructData { value: i32::from(op.number), name: name(op.with), samples }
}

fn nth(list: Pin<&mut CStructRef>, index: usize) -> Pin<&mut CStructRef> {
    (0..index).fold(list, |at, _| at.next_mut().expect("the model is as long"))
}

impl World {
    pub(crate) fn list(&mut self, op: Op) -> bool {
        if op.kind == Kind::New {
            let data = data(op);
            let real = CStruct::try_from(&data).expect("there is memory");
            self.lists.push(Both { real, model: vec![data] });
            return true;
        }
        let Some(at) = place(&self.lists, op.at) else { return false };
        if matches!(op.kind, Kind::Link | Kind::Unlink) {
            return self.link(op, at);
        }
        let Both { real, model } = &mut self.lists[at];
        let index = usize::from(op.with) % model.len();
        let record = &mut model[index];
        match op.kind {
            Kind::SetValue => {
                record.value = i32::from(op.number);
                nth(real.pin_mut(), index).set_value(record.value);
            }
            Kind::SetName => {
                record.name = name(op.number.unsigned_abs());
                let name = record.name.clone().map(|name| CString::new(name).expect("no NUL"));
                nth(real.pin_mut(), index).set_name(name.as_deref()).expect("there is memory");
            }
            Kind::Append => {
                let more = vec![f64::from(op.number) / 2.0; usize::from(op.number.unsigned_abs())];
                record.samples.extend(&more);
                nth(real.pin_mut(), index).append(&more).expect("there is memory");
            }
            Kind::Clear => {
                record.samples.clear();
                nth(real.pin_mut(), index).clear();
            }
            Kind::CloneList => {
                let real = real.try_clone().expect("there is memory");
                let model = model.clone();
                check(&real, &model);
                self.lists.push(Both { real, model });
                return true;
            }
            Kind::CopyList => {
                let copied = real.copy_out().expect("names are ASCII");
                assert_eq!(copied, model[0]);
                let again = CStruct::try_from(&model[..]).expect("there is memory");
                assert!(again == *real || model.iter().any(|record| record.samples.iter().any(|x| x.is_nan())));
            }
            Kind::RawList => {
                let Both { real, model } = self.lists.swap_remove(at);
                let raw = CStruct::into_raw(real);
                // SAFETY: the pointer that was just given up.
                let real = unsafe { CStruct::from_raw(raw) }.expect("not NULL");
                self.lists.push(Both { real, model });
                return true;
            }
            Kind::CloseList => {
                let Ok(()) = self.lists.swap_remove(at).real.close();
                return true;
            }
            _ => {
                drop(self.lists.swap_remove(at));
                return true;
            }
        }
        check(real, model);
        true
    }

    /// Links one list behind a record of another, or takes it off there.
    fn link(&mut self, op: Op, at: usize) -> bool {
        if op.kind == Kind::Unlink {
            let Both { real, model } = &mut self.lists[at];
            let index = usize::from(op.with) % model.len();
            let rest = nth(real.pin_mut(), index).unlink();
            let split = model.split_off(index + 1);
            assert_eq!(rest.is_some(), !split.is_empty());
            check(real, model);
            if let Some(real) = rest {
                self.lists.push(Both { real, model: split });
            }
            return true;
        }
        if self.lists.len() < 2 {
            return false;
        }
        let Both { real: rest, model: tail } = self.lists.swap_remove(at);
        let onto = place(&self.lists, op.with).expect("one is left");
        let Both { real, model } = &mut self.lists[onto];
        let index = op.number.unsigned_abs() as usize % model.len();
        match nth(real.pin_mut(), index).link(rest) {
            Ok(()) => {
                assert_eq!(index + 1, model.len(), "nothing followed");
                model.extend(tail);
                check(real, model);
            }
            Err(refused) => {
                assert!(index + 1 < model.len(), "something followed");
                let rest = handed_back(refused, Status::Busy);
                self.lists.push(Both { real: rest, model: tail });
            }
        }
        true
    }

    /// Takes a list out of the pool.
    pub(crate) fn pick(&mut self, at: u8) -> Option<(CStruct, Model)> {
        let at = place(&self.lists, at)?;
        let Both { real, model } = self.lists.swap_remove(at);
        Some((real, model))
    }
}

/// What C refused, for that reason.
#[track_caller]
pub(crate) fn handed_back<T>(refused: CloseError<T, Error>, status: Status) -> T {
    assert_eq!(refused.error(), &Error::Refused(status));
    refused.into_handle().expect("it was handed back")
}
