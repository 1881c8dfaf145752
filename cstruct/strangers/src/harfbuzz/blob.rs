//! Bytes of a font file.

use core::ffi::{c_int, c_uint};
use core::pin::Pin;
use std::sync::Arc;

use cstruct::kit::{
    CloseError, Consumed, Foreign, Hook, Loan, Owned, ReadLoan, Registered, Shared, StableAddress, StableAddressMut,
    lend::{self, LengthError},
    slice_from_c, slice_from_c_mut, static_object,
};
use cstruct::wrap;
use harfbuzz_sys as sys;

use super::Error;

wrap! {
    /// One count of a blob.
    ///
    /// It is made as an [`Owned<BlobRef>`](Owned), whose bytes may be changed; [`into`](Into::into) turns that into one that is shared,
    /// whose bytes never change any more.
    ///
    /// ```
    /// use cstruct_strangers::harfbuzz::{Blob, BlobRef};
    ///
    /// let mut blob = BlobRef::copy_of(b"font")?;
    /// blob.pin_mut().data_mut()?[0] = b'F';
    /// let blob: Blob = blob.into();
    /// let again = blob.clone();
    /// drop(blob);
    /// assert_eq!(again.data(), b"Font");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    #[doc(alias = "hb_blob_t")]
    pub struct Blob = Shared<BlobRef>;

    /// A blob, borrowed.
    #[derive(Debug)]
    pub struct BlobRef(sys::hb_blob_t);

    unsafe {
        retain = sys::hb_blob_reference, |_| Ok(()) => core::convert::Infallible; // it returns its argument
        release = sys::hb_blob_destroy;
        clone = "the count has no limit and reference() no failure";
        owned = "all objects are created with an initial reference count of 1";
        send = "the lifecycle functions are thread-safe, and only an exclusive borrow changes the bytes";
        sync = "what takes `&self` reads, or sets the flag \"immutable\", which is atomic";
    }
}

impl From<Owned<BlobRef>> for Blob {
    fn from(blob: Owned<BlobRef>) -> Blob {
        Shared::from(blob).into()
    }
}

impl AsRef<[u8]> for BlobRef {
    fn as_ref(&self) -> &[u8] {
        self.data()
    }
}

/// Making one: each memory mode has its method.
///
/// `HB_MEMORY_MODE_READONLY_MAY_MAKE_WRITABLE` has none: it changes the protection of whole pages of memory, which nobody here owns.
impl BlobRef {
    /// A copy, made at once: `HB_MEMORY_MODE_DUPLICATE`.
    ///
    /// # Errors
    ///
    /// No memory; 2 GiB and more.
    #[doc(alias = "hb_blob_create")]
    pub fn copy_of(bytes: &[u8]) -> Result<Owned<BlobRef>, Error> {
        // SAFETY: the bytes are copied, and nothing is to be destroyed.
        lend::slice(bytes, |first, len| unsafe { create(first, len, sys::HB_MEMORY_MODE_DUPLICATE, Hook::none()) })?
    }

    /// Bytes that live as long as the program: `HB_MEMORY_MODE_READONLY`, and nothing to destroy.
    ///
    /// # Errors
    ///
    /// As for [`copy_of`](BlobRef::copy_of).
    #[doc(alias = "hb_blob_create")]
    pub fn from_static(bytes: &'static [u8]) -> Result<Owned<BlobRef>, Error> {
        // SAFETY: the bytes live for ever, are not written in this mode, and nothing is to be destroyed.
        lend::slice(bytes, |first, len| unsafe { create(first, len, sys::HB_MEMORY_MODE_READONLY, Hook::none()) })?
    }

    /// Bytes that others may be reading too: `HB_MEMORY_MODE_READONLY`.
    ///
    /// HarfBuzz drops the owner with the last count, or earlier: when [`data_mut`](BlobRef::data_mut) has copied the bytes.
    ///
    /// # Errors
    ///
    /// As for [`copy_of`](BlobRef::copy_of); the owner is dropped then.
    #[doc(alias = "hb_blob_create")]
    pub fn from_owner<B>(bytes: B) -> Result<Owned<BlobRef>, Error>
    where
        B: StableAddress<Item = u8> + Send + Sync,
    {
        // SAFETY: HarfBuzz does not write in this mode, and calls destroy when it has done with the bytes.
        let loan = unsafe { ReadLoan::new(bytes) };
        let first = loan.as_ptr();
        let len = lend::slice(&loan, |_, len| len)?;
        // SAFETY: the region of the loan, which is not written in this mode, and lives until destroy was called.
        give(loan, |hook| unsafe { create(first, len, sys::HB_MEMORY_MODE_READONLY, hook) })
    }

    /// Bytes that HarfBuzz has to itself, and changes in place: `HB_MEMORY_MODE_WRITABLE`.
    ///
    /// # Errors
    ///
    /// As for [`copy_of`](BlobRef::copy_of); the owner is dropped then.
    #[doc(alias = "hb_blob_create")]
    pub fn from_owner_mut<B>(bytes: B) -> Result<Owned<BlobRef>, Error>
    where
        B: StableAddressMut<Item = u8> + Send,
    {
        // SAFETY: HarfBuzz calls destroy when it has done with the bytes, and any bytes are `u8`.
        let loan = unsafe { Loan::new(bytes) };
        let first = loan.as_mut_ptr().cast_const();
        let len = c_int::try_from(loan.len()).map_err(|_| LengthError { len: loan.len(), into: "i32" })?;
        // SAFETY: the region of the loan, which HarfBuzz has to itself until destroy was called.
        give(loan, |hook| unsafe { create(first, len, sys::HB_MEMORY_MODE_WRITABLE, hook) })
    }

    /// The blob without bytes. It is never released, and cannot be changed.
    ///
    /// # Panics
    ///
    /// Never: it is there.
    #[must_use]
    #[doc(alias = "hb_blob_get_empty")]
    pub fn empty() -> &'static BlobRef {
        // SAFETY: a function without arguments.
        let empty = unsafe { sys::hb_blob_get_empty() };
        // SAFETY: "the singleton empty blob" is a constant, on which every function does nothing.
        unsafe { static_object(empty) }.expect("HarfBuzz never returns NULL for an object")
    }
}

/// # Safety
///
/// The bytes are as the mode asks for them until the destroy function of the hook was called; if it has none, for ever.
unsafe fn create(
    first: *const u8,
    len: c_int, // a blob is shorter than 2 GiB
    mode: sys::hb_memory_mode_t,
    hook: Hook<()>,
) -> Result<Owned<BlobRef>, Error> {
    // SAFETY: as the caller says; a `len` that is the length of a slice is not negative.
    let blob = unsafe { sys::hb_blob_create(first.cast(), len as c_uint, mode, hook.user(), hook.destroy()) };
    // SAFETY: "the new blob, or the empty blob": with a count of one, or one that needs none.
    let blob = unsafe { Owned::<BlobRef>::from_raw(blob) }?;
    if blob.data().len() == len as usize { Ok(blob) } else { Err(Error::NoMemory) }
}

/// Gives HarfBuzz what it destroys when it has done with the bytes.
fn give<L: Send + 'static>(
    loan: L,
    create: impl FnOnce(Hook<()>) -> Result<Owned<BlobRef>, Error>,
) -> Result<Owned<BlobRef>, Error> {
    let call = |hook| match create(hook) {
        Ok(blob) => Consumed::Taken(blob),
        Err(error) => Consumed::Lost(error),
    };
    // SAFETY: "destroy: called when data is not needed any more": once, with the last count, before that when the bytes were copied,
    // or at once when the blob is empty or cannot be made. There is no function.
    unsafe { Registered::new(loan, &Arc::default()).hand_over((), call) }.map_err(CloseError::into_error)
}

/// Using it.
impl BlobRef {
    /// The bytes.
    ///
    /// # Panics
    ///
    /// Never, unless HarfBuzz breaks its word.
    #[doc(alias = "hb_blob_get_data")]
    pub fn data(&self) -> &[u8] {
        let mut len = 0;
        // SAFETY: a live blob, and room for the length.
        let data = unsafe { sys::hb_blob_get_data(self.as_ptr(), &raw mut len) };
        // SAFETY: `len` bytes that live as long as the blob. Only `data_mut` changes them, and a face that is made from a blob that is not
        // immutable; the first takes it exclusively, and the second makes it immutable before.
        unsafe { slice_from_c(data.cast(), len) }.expect("bytes and their length")
    }

    /// The bytes, to change them. HarfBuzz copies them first unless they are its own, and lets go of their owner then.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`]; no memory.
    ///
    /// # Panics
    ///
    /// Never, unless HarfBuzz breaks its word.
    #[doc(alias = "hb_blob_get_data_writable")]
    pub fn data_mut(self: Pin<&mut Self>) -> Result<&mut [u8], Error> {
        if self.is_immutable() {
            return Err(Error::Immutable);
        }
        let mut len = 0;
        // SAFETY: a live blob, borrowed exclusively, and room for the length.
        let data = unsafe { sys::hb_blob_get_data_writable(self.as_ptr(), &raw mut len) };
        if data.is_null() {
            return Err(Error::NoMemory);
        }
        // SAFETY: `len` bytes of a blob that is borrowed exclusively.
        Ok(unsafe { slice_from_c_mut(data.cast(), len) }.expect("bytes and their length"))
    }

    /// Whether the bytes can never change any more.
    #[doc(alias = "hb_blob_is_immutable")]
    pub fn is_immutable(&self) -> bool {
        // SAFETY: a live blob.
        unsafe { sys::hb_blob_is_immutable(self.as_ptr()) != 0 }
    }

    /// Makes the bytes unchangeable. A face does so with its blob.
    #[doc(alias = "hb_blob_make_immutable")]
    pub fn make_immutable(&self) {
        // SAFETY: a live blob; the flag is atomic.
        unsafe { sys::hb_blob_make_immutable(self.as_ptr()) };
    }
}

impl Blob {
    /// A part of the bytes. It has a count of the whole.
    ///
    /// # Errors
    ///
    /// No memory; a part that is not within the whole, or empty, is the [empty](BlobRef::empty) blob.
    #[doc(alias = "hb_blob_create_sub_blob")]
    pub fn sub_blob(&self, offset: u32, len: u32) -> Result<Blob, Error> {
        // SAFETY: a live blob, of which HarfBuzz takes a count.
        let part = unsafe { sys::hb_blob_create_sub_blob(self.as_ptr(), offset, len) };
        // SAFETY: "the new blob, or the empty blob": with a count of one, or one that needs none.
        let part = unsafe { Blob::adopt(part) }?;
        // "The empty blob if something failed": that it is empty as it should be cannot be told from that otherwise.
        let expected = len > 0 && (offset as usize) < self.data().len();
        if expected && part.data().is_empty() { Err(Error::NoMemory) } else { Ok(part) }
    }
}
