//! `Blob`: counts are adopted, taken and given back; the limit is an error; the bytes are good on any thread.
#![cfg(feature = "store")]

mod balanced;

use std::sync::Arc;
use std::thread;

use balanced::balanced;
use cstruct::kit::Shared;
use cstruct::{Blob, BlobRef, Context, Error, Status, live};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

assert_impl_all!(Blob: Send, Sync, Eq);
assert_impl_all!(BlobRef: Send, Sync);
assert_not_impl_any!(Blob: Clone, Copy);
assert_not_impl_any!(BlobRef: Unpin);
assert_eq_size!(Blob, Option<Blob>, *const ());

#[test]
fn it_is_a_copy_that_ends_with_its_last_count() {
    balanced(|| {
        let before = live().objects;
        let mut bytes = b"some bytes".to_vec();
        let blob = Blob::new(&bytes).expect("it is possible");
        bytes.clear();
        let other = blob.try_clone().expect("it is possible");
        assert_eq!((blob.count(), live().objects), (2, before + 1));
        assert!(Blob::ptr_eq(&blob, &other));
        let Ok(()) = blob.close();
        assert_eq!((other.bytes(), other.count(), live().objects), (&b"some bytes"[..], 1, before + 1));
        drop(other);
        assert_eq!(live().objects, before);
    });
}

#[test]
fn none_is_a_blob_too() {
    balanced(|| {
        let empty = Blob::new(&[]).expect("it is possible");
        assert_eq!(empty.bytes(), b"");
        assert_eq!(empty, Blob::try_from(&[][..]).expect("it is possible"));
        assert!(!Blob::ptr_eq(&empty, &Blob::new(&[]).expect("it is possible")));
        assert_ne!(empty, Blob::new(&[0]).expect("it is possible"));
        assert_eq!(format!("{empty:?}"), "Blob { len: 0, count: 1 }");
    });
}

#[test]
fn a_count_too_many_is_refused_and_takes_nothing() {
    balanced(|| {
        let blob = Blob::new(b"x").expect("it is possible");
        let mut counts: Vec<Blob> = (1..Blob::MAX_COUNT).map(|_| blob.try_clone().expect("it is possible")).collect();
        assert_eq!(blob.count(), Blob::MAX_COUNT);
        assert_eq!(blob.try_clone().unwrap_err(), Error::Refused(Status::Saturated));
        assert_eq!(blob.share().unwrap_err(), Error::Refused(Status::Saturated));
        assert_eq!(blob.count(), Blob::MAX_COUNT);
        counts.pop();
        assert_eq!(blob.try_clone().expect("it is possible").count(), Blob::MAX_COUNT);
    });
}

#[test]
fn who_was_lent_one_may_take_a_count() {
    fn keep(lent: &BlobRef) -> Blob {
        lent.share().expect("it is possible")
    }
    balanced(|| {
        let blob = Blob::new(b"lent").expect("it is possible");
        let kept = keep(&blob);
        drop(blob);
        assert_eq!((kept.as_ref(), kept.count()), (&b"lent"[..], 1));
    });
}

#[test]
fn a_count_that_went_through_a_pointer_is_adopted_again() {
    balanced(|| {
        let raw = Blob::into_raw(Blob::new(b"raw").expect("it is possible"));
        // SAFETY: live, and its one count is ours.
        let borrowed = unsafe { Blob::retain(raw) }.expect("it is possible");
        assert_eq!(borrowed.count(), 2);
        // SAFETY: the count that `into_raw` gave up.
        let adopted = unsafe { Blob::adopt(raw) }.expect("it is possible");
        drop(borrowed);
        assert_eq!((adopted.bytes(), adopted.count()), (&b"raw"[..], 1));
        // SAFETY: NULL is an error.
        let null = unsafe { Blob::adopt(std::ptr::null_mut()) }.unwrap_err();
        assert!(null.to_string().contains("BlobRef"), "{null}");
        let _generic: Shared<BlobRef> = adopted.into();
    });
}

#[test]
fn counts_are_taken_and_bytes_read_on_many_threads_at_once() {
    balanced(|| {
        let blob = Arc::new(Blob::new(b"name,value\na,1\nb,2\n").expect("it is possible"));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (shared, own) = (Arc::clone(&blob), blob.try_clone().expect("it is possible"));
                thread::spawn(move || {
                    for _ in 0..200 {
                        let another = shared.try_clone().expect("it is possible");
                        assert_eq!(another, own);
                    }
                    Context::from_csv(own.bytes()).expect("it is possible").count()
                })
            })
            .collect();
        assert_eq!(
            threads.into_iter().map(|thread| thread.join().expect("it is possible")).collect::<Vec<_>>(),
            [2; 4]
        );
        assert_eq!(blob.count(), 1);
    });
}
