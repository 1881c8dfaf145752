//! Blobs: counts taken, given back, sent through a pointer, and taken from a pointer.

use std::rc::Rc;

use cstruct::Blob;
use cstruct::kit::Foreign;

use super::op::{Kind, Op};
use super::world::{Both, World, place};

impl World {
    pub(crate) fn blob(&mut self, op: Op) -> bool {
        if op.kind == Kind::BlobNew {
            let bytes = vec![op.with; usize::from(op.at)];
            self.blobs.push(Both { real: Blob::new(&bytes).expect("there is memory"), model: Rc::new(bytes) });
            return true;
        }
        let Some(at) = place(&self.blobs, op.at) else { return false };
        let Both { real, model } = &self.blobs[at];
        let model = Rc::clone(model);
        let another = match op.kind {
            Kind::BlobClone => real.try_clone().expect("far from the highest count"),
            Kind::BlobShare => real.share().expect("far from the highest count"),
            // SAFETY: live, and with a count of ours besides.
            Kind::BlobRetain => unsafe { Blob::retain(real.as_ptr()) }.expect("far from the highest count"),
            Kind::BlobRaw => {
                let raw = Blob::into_raw(self.blobs.swap_remove(at).real);
                // SAFETY: the count that was just given up.
                unsafe { Blob::adopt(raw) }.expect("not NULL")
            }
            _ => {
                drop(self.blobs.swap_remove(at));
                return true;
            }
        };
        self.blobs.push(Both { real: another, model });
        true
    }

    pub(crate) fn check_blobs(&self) {
        for blob in &self.blobs {
            assert_eq!(blob.real.bytes(), &blob.model[..]);
            assert_eq!(blob.real.count() as usize, Rc::strong_count(&blob.model));
            for other in &self.blobs {
                assert_eq!(Blob::ptr_eq(&blob.real, &other.real), Rc::ptr_eq(&blob.model, &other.model));
            }
        }
    }
}
