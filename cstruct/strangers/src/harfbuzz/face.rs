//! A typeface, without a size.

use core::ffi::c_void;
use core::pin::Pin;
use core::ptr;
use std::sync::Arc;

use cstruct::kit::{CloseError, Consumed, Foreign, Hook, Owned, Registered, Shared};
use cstruct::wrap;
use harfbuzz_sys as sys;

use super::error::made;
use super::{Blob, Error, Tag};
use crate::this_thread;

wrap! {
    /// One count of a face.
    ///
    /// It is made as an [`Owned<FaceRef>`](Owned), which can be set up, and then shared; or at once.
    ///
    /// ```
    /// use cstruct_strangers::harfbuzz::{Blob, BlobRef, Face, FaceRef};
    ///
    /// let blob: Blob = BlobRef::from_static(b"no font")?.into();
    /// let mut face = FaceRef::new(&blob, 0)?;
    /// face.pin_mut().set_upem(2048)?;
    /// let face: Face = face.into();
    /// assert_eq!(face.upem(), 2048);
    /// # Ok::<(), cstruct_strangers::harfbuzz::Error>(())
    /// ```
    #[derive(Debug)]
    #[doc(alias = "hb_face_t")]
    pub struct Face = Shared<FaceRef>;

    /// A face, borrowed.
    #[derive(Debug)]
    pub struct FaceRef(sys::hb_face_t);

    unsafe {
        retain = sys::hb_face_reference, |_| Ok(()) => core::convert::Infallible; // it returns its argument
        release = sys::hb_face_destroy;
        clone = "the count has no limit and reference() no failure";
        owned = "all objects are created with an initial reference count of 1";
        send = "the lifecycle functions are thread-safe; what a face loads late it loads atomically";
        sync = "objects are thread-safe after they were set up, and only an exclusive borrow sets one up";
    }
}

impl From<Owned<FaceRef>> for Face {
    fn from(face: Owned<FaceRef>) -> Face {
        Shared::from(face).into()
    }
}

impl Face {
    /// The face with that number in a font file, as it is.
    ///
    /// # Errors
    ///
    /// As for [`FaceRef::new`].
    pub fn new(blob: &Blob, index: u32) -> Result<Face, Error> {
        FaceRef::new(blob, index).map(Face::from)
    }
}

/// Making one.
impl FaceRef {
    /// The face with that number in a font file, to be set up. It takes a count of the blob, which is immutable from now on.
    ///
    /// Bytes that are no font are no error: the face has no tables then.
    ///
    /// # Errors
    ///
    /// No memory.
    #[doc(alias = "hb_face_create")]
    pub fn new(blob: &Blob, index: u32) -> Result<Owned<FaceRef>, Error> {
        // HarfBuzz repairs a damaged file in place, or in a copy, unless it is immutable; others may hold a slice of it.
        blob.make_immutable();
        // SAFETY: a live blob, of which HarfBuzz takes a count.
        let face = unsafe { sys::hb_face_create(blob.as_ptr(), index) };
        // SAFETY: "the new face object", with a count of one, or the empty one.
        unsafe { made(face, empty()) }
    }

    /// A face whose tables come from a function, which may be called from any thread, and more than once for a table. HarfBuzz drops it with
    /// the last count of the face; a panic of its destructor ends there.
    ///
    /// # Errors
    ///
    /// No memory; the function is dropped then.
    #[doc(alias = "hb_face_create_for_tables")]
    pub fn from_tables<F>(tables: F) -> Result<Owned<FaceRef>, Error>
    where
        F: Fn(Tag) -> Option<Blob> + Send + Sync + 'static,
    {
        type Tables = unsafe extern "C" fn(*mut sys::hb_face_t, sys::hb_tag_t, *mut c_void) -> *mut sys::hb_blob_t;
        let create = |hook: Hook<Tables>| {
            // SAFETY: function, user data and destroy belong together.
            let face = unsafe { sys::hb_face_create_for_tables(hook.function(), hook.user(), hook.destroy()) };
            // SAFETY: "the new face object", with a count of one, or the empty one.
            match unsafe { made(face, empty()) } {
                Ok(face) => Consumed::Taken(face),
                Err(error) => Consumed::Lost(error),
            }
        };
        let tables = Registered::new(tables, &Arc::default());
        // SAFETY: destroy is called once, with the last count of the face, or at once when there is none.
        unsafe { tables.hand_over(table::<F> as Tables, create) }.map_err(CloseError::into_error)
    }
}

unsafe extern "C" fn table<F>(_: *mut sys::hb_face_t, tag: sys::hb_tag_t, user: *mut c_void) -> *mut sys::hb_blob_t
where
    F: Fn(Tag) -> Option<Blob>,
{
    let find = |tables: &F| {
        let Some(blob) = tables(Tag(tag)) else { return ptr::null_mut() };
        blob.make_immutable(); // as for a whole file
        Blob::into_raw(blob) // "the caller destroys it"
    };
    let call = |tables: &F| this_thread::run(|| find(tables), ptr::null_mut());
    // SAFETY: HarfBuzz hands back the user data of this function, until it has called destroy. `F: Sync`.
    unsafe { Registered::<F>::call_shared(user, call, ptr::null_mut()) }
}

fn empty() -> *mut sys::hb_face_t {
    // SAFETY: a function without arguments.
    unsafe { sys::hb_face_get_empty() }
}

/// Using it.
impl FaceRef {
    /// The bytes that it was made from; without any for a face from tables.
    ///
    /// # Errors
    ///
    /// No memory.
    ///
    /// # Panics
    ///
    /// With what the function of [`from_tables`](FaceRef::from_tables) panics with.
    #[doc(alias = "hb_face_reference_blob")]
    pub fn blob(&self) -> Result<Blob, Error> {
        // SAFETY: a live face.
        let blob = this_thread::resuming(|| unsafe { sys::hb_face_reference_blob(self.as_ptr()) });
        // SAFETY: "transfer full": with a count that is ours.
        Ok(unsafe { Blob::adopt(blob) }?)
    }

    /// A table, which is empty if there is none.
    ///
    /// # Errors
    ///
    /// No memory.
    ///
    /// # Panics
    ///
    /// With what the function of [`from_tables`](FaceRef::from_tables) panics with.
    #[doc(alias = "hb_face_reference_table")]
    pub fn table(&self, tag: Tag) -> Result<Blob, Error> {
        // SAFETY: a live face.
        let table = this_thread::resuming(|| unsafe { sys::hb_face_reference_table(self.as_ptr(), tag.0) });
        // SAFETY: "transfer full": with a count that is ours.
        Ok(unsafe { Blob::adopt(table) }?)
    }

    /// Units in one em.
    ///
    /// # Panics
    ///
    /// With what the function of [`from_tables`](FaceRef::from_tables) panics with.
    #[doc(alias = "hb_face_get_upem")]
    pub fn upem(&self) -> u32 {
        // SAFETY: a live face.
        this_thread::resuming(|| unsafe { sys::hb_face_get_upem(self.as_ptr()) })
    }

    /// Sets the units in one em.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`].
    #[doc(alias = "hb_face_set_upem")]
    pub fn set_upem(self: Pin<&mut Self>, upem: u32) -> Result<(), Error> {
        if self.is_immutable() {
            return Err(Error::Immutable);
        }
        // SAFETY: a live face, borrowed exclusively.
        unsafe { sys::hb_face_set_upem(self.as_ptr(), upem) };
        Ok(())
    }

    /// Whether it can never change any more.
    #[doc(alias = "hb_face_is_immutable")]
    pub fn is_immutable(&self) -> bool {
        // SAFETY: a live face.
        unsafe { sys::hb_face_is_immutable(self.as_ptr()) != 0 }
    }

    /// Makes it unchangeable. A font does so with its face.
    #[doc(alias = "hb_face_make_immutable")]
    pub fn make_immutable(&self) {
        // SAFETY: a live face; the flag is atomic.
        unsafe { sys::hb_face_make_immutable(self.as_ptr()) };
    }
}
