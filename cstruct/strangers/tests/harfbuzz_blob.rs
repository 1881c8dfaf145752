//! Blobs: one constructor a memory mode, and exactly when the owner of the bytes is dropped.

use core::ptr::NonNull;
use cstruct::kit::{Owned, StableAddress, StableAddressMut};
use cstruct_strangers::harfbuzz::{Blob, BlobRef, Error, Face};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bytes that tell how often their owner was dropped.
struct Bytes(Vec<u8>, Arc<AtomicU32>);

impl Bytes {
    fn new(bytes: &[u8]) -> (Bytes, Arc<AtomicU32>) {
        let drops = Arc::default();
        (Bytes(bytes.to_vec(), Arc::clone(&drops)), drops)
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

// SAFETY: as for the `Vec`, which is not touched otherwise.
unsafe impl StableAddress for Bytes {
    type Item = u8;
    fn region(&self) -> NonNull<[u8]> {
        self.0.region()
    }
}
// SAFETY: as above.
unsafe impl StableAddressMut for Bytes {
    fn region_mut(&mut self) -> NonNull<[u8]> {
        self.0.region_mut()
    }
}

fn times(drops: &AtomicU32) -> u32 {
    drops.load(Ordering::Relaxed)
}

#[test]
fn a_copy_is_of_now() {
    let mut bytes = *b"before";
    let mut blob = BlobRef::copy_of(&bytes).expect("memory");
    bytes.fill(b'x');
    assert_eq!(blob.data(), b"before");
    blob.pin_mut().data_mut().expect("a copy of its own")[0] = b'B';
    assert_eq!((blob.data(), bytes), (&b"Before"[..], *b"xxxxxx"));
}

#[test]
fn an_owner_ends_with_the_last_count() {
    let (bytes, drops) = Bytes::new(b"shared");
    let address = bytes.0.as_ptr();
    let blob: Blob = BlobRef::from_owner(bytes).expect("memory").into();
    assert_eq!(blob.data().as_ptr(), address, "nothing was copied");
    let (second, part) = (blob.clone(), blob.sub_blob(2, 3).expect("memory"));
    assert!(Blob::ptr_eq(&blob, &second) && !Blob::ptr_eq(&blob, &part));
    drop((blob, second));
    assert_eq!((part.data(), times(&drops)), (&b"are"[..], 0));
    std::thread::spawn(move || drop(part)).join().expect("no panic");
    assert_eq!(times(&drops), 1);
}

#[test]
fn an_owner_ends_early_when_its_bytes_were_copied() {
    let (bytes, drops) = Bytes::new(b"read only");
    let address = bytes.0.as_ptr();
    let mut blob = BlobRef::from_owner(bytes).expect("memory");
    let copy = blob.pin_mut().data_mut().expect("memory");
    copy[0] = b'R';
    assert_ne!(copy.as_ptr(), address);
    assert_eq!(times(&drops), 1);
    let blob: Blob = blob.into();
    assert_eq!(blob.data(), b"Read only");
    drop(blob);
    assert_eq!(times(&drops), 1, "not twice");
}

#[test]
fn an_exclusive_owner_is_changed_in_place() {
    let (bytes, drops) = Bytes::new(b"mine");
    let address = bytes.0.as_ptr();
    let mut blob = BlobRef::from_owner_mut(bytes).expect("memory");
    let data = blob.pin_mut().data_mut().expect("it is writable");
    data.reverse();
    assert_eq!(data.as_ptr(), address);
    assert_eq!((blob.data(), times(&drops)), (&b"enim"[..], 0));
    let Ok(()) = blob.close();
    assert_eq!(times(&drops), 1);
}

#[test]
fn no_bytes_are_no_object_and_the_owner_ends_at_once() {
    let (bytes, drops) = Bytes::new(b"");
    let mut blob = BlobRef::from_owner(bytes).expect("the empty blob");
    assert_eq!((blob.data(), times(&drops)), (&b""[..], 1));
    assert_eq!(blob.as_ptr_for_test(), BlobRef::empty().as_ptr_for_test());
    assert_eq!(blob.pin_mut().data_mut(), Err(Error::Immutable));
    // Counts of the singleton are no counts: any number may be given back.
    let blob: Blob = blob.into();
    drop((blob.clone(), blob.clone(), blob));
    assert!(BlobRef::empty().is_immutable() && BlobRef::empty().data().is_empty());
}

trait Address {
    fn as_ptr_for_test(&self) -> usize;
}

impl Address for BlobRef {
    fn as_ptr_for_test(&self) -> usize {
        (&raw const *self).addr()
    }
}

#[test]
fn what_was_made_immutable_says_so() {
    let mut blob = BlobRef::copy_of(b"for ever").expect("memory");
    assert!(!blob.is_immutable());
    blob.make_immutable();
    assert_eq!(blob.pin_mut().data_mut(), Err(Error::Immutable));
    assert_eq!(blob.data(), b"for ever");
}

#[test]
fn a_face_does_not_repair_bytes_that_somebody_looks_at() {
    // A collection of one font, whose offset leads out of the file: HarfBuzz would set it to 0.
    let mut file = Vec::from(*b"ttcf\0\x01\0\0\0\0\0\x01\xFF\xFF\xFF\xF0");
    file.resize(64, 0);
    let blob: Blob = BlobRef::copy_of(&file).expect("memory").into();
    let data = blob.data();
    let _face = Face::new(&blob, 0).expect("memory");
    assert_eq!((data, data.as_ptr()), (&file[..], blob.data().as_ptr()));
    assert!(blob.is_immutable());
}

#[test]
fn counts_meet_from_many_threads() {
    let (bytes, drops) = Bytes::new(&[7; 1000]);
    let blob: Blob = BlobRef::from_owner(bytes).expect("memory").into();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let face = Face::new(&blob.clone(), 0).expect("memory");
                    assert!(Blob::ptr_eq(&face.blob().expect("memory"), &blob));
                    assert_eq!(blob.sub_blob(10, 5).expect("memory").data(), [7; 5]);
                }
            });
        }
    });
    let owned: Owned<BlobRef> = BlobRef::from_static(b"static").expect("memory");
    assert_eq!((owned.data(), times(&drops)), (&b"static"[..], 0));
    drop(blob);
    assert_eq!(times(&drops), 1);
}
