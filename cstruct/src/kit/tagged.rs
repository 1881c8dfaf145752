//! Objects that are also something else, and objects that say what they are.
//!
//! ```text
//!   struct base { int tag; … };         FileRef: IsA<SourceRef>        upcast: free
//!   struct file { struct base b; … };   FileRef: Variant<SourceRef>    downcast: looks at the tag
//! ```
//!
//! A C function whose *opcode* decides the type of its argument and who owns it (`setopt(h, op, …)`) is answered the same way, with
//! the knowledge at one place each: one typed method an opcode, and the opcode itself is never passed in.

use core::pin::Pin;
use core::ptr::NonNull;

use super::{Foreign, Owned, Release};

/// Every object of this type is also a `Base`, at the same address.
///
/// ```
/// use cstruct::kit::{Foreign, IsA, Null};
/// use cstruct::wrap;
/// # mod sys {
/// #     #[repr(C)] pub struct shape { pub id: i32 }
/// #     #[repr(C)] pub struct circle { pub base: shape, pub radius: f64 }
/// #     pub unsafe fn shape_id(shape: *const shape) -> i32 { unsafe { (*shape).id } }
/// # }
///
/// wrap! { pub struct ShapeRef(sys::shape); }
/// wrap! { pub struct CircleRef(sys::circle); }
///
/// // SAFETY: "struct circle begins with a struct shape, and may be passed as one".
/// unsafe impl IsA<ShapeRef> for CircleRef {}
///
/// impl ShapeRef {
///     pub fn id(&self) -> i32 {
///         // SAFETY: a live shape.
///         unsafe { sys::shape_id(self.as_ptr()) }
///     }
/// }
///
/// # let mut raw = sys::circle { base: sys::shape { id: 4 }, radius: 1.0 };
/// // SAFETY: a live circle, longer than the reference.
/// let circle = unsafe { CircleRef::from_ptr(&raw mut raw) }?;
/// assert_eq!(circle.upcast().id(), 4);
/// # Ok::<(), Null>(())
/// ```
///
/// # Safety
///
/// A pointer to a live `Self::Raw` is a pointer to a live `Base::Raw`. All that safe code may do to a `Base` may be done to this
/// object, on every thread where `Base` or `Self` may be used, and leaves it one of this type.
pub unsafe trait IsA<Base: Foreign>: Foreign {
    /// The same object, seen as the base.
    #[inline]
    fn upcast(&self) -> &Base {
        // SAFETY: it is a live `Base` at this address (this trait's contract); both types are transparent over `Opaque`.
        unsafe { &*(&raw const *self).cast::<Base>() }
    }

    /// The same object, seen as the base, to change it.
    #[inline]
    fn upcast_mut(self: Pin<&mut Self>) -> Pin<&mut Base> {
        // SAFETY: it is not moved out of: only its address is passed on.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: a cast of the one exclusive reference, valid as in `upcast`.
        let cast = unsafe { &mut *(&raw mut *this).cast::<Base>() };
        // SAFETY: it was pinned, and is the same object.
        unsafe { Pin::new_unchecked(cast) }
    }
}

/// A type with a tag that says what its objects really are.
///
/// # Safety
///
/// The tag of an object never changes.
pub unsafe trait Tagged: Foreign {
    /// The tag, as C has it; any value may occur.
    type Tag: Copy;

    /// Reads the tag.
    fn tag(&self) -> Self::Tag;

    /// The object as a `D`, if the tag says that it is one.
    ///
    /// ```
    /// use cstruct::kit::{Foreign, IsA, Opaque, Tagged, Variant};
    /// #[repr(C)] pub struct source { kind: i32 }
    /// #[repr(C)] pub struct file_source { base: source, fd: i32 }
    ///
    /// # #[repr(transparent)] pub struct SourceRef(Opaque<source>);
    /// # unsafe impl Foreign for SourceRef { type Raw = source; }
    /// # #[repr(transparent)] pub struct FileRef(Opaque<file_source>);
    /// # unsafe impl Foreign for FileRef { type Raw = file_source; }
    /// // SAFETY: "kind never changes".
    /// unsafe impl Tagged for SourceRef {
    ///     type Tag = i32;
    ///     fn tag(&self) -> i32 {
    ///         // SAFETY: the source lives.
    ///         unsafe { (*self.as_ptr()).kind }
    ///     }
    /// }
    /// // SAFETY: a file_source begins with a source.
    /// unsafe impl IsA<SourceRef> for FileRef {}
    /// // SAFETY: "kind 1 is a file_source".
    /// unsafe impl Variant<SourceRef> for FileRef {
    ///     fn is(kind: i32) -> bool { kind == 1 }
    /// }
    ///
    /// let mut raw = file_source { base: source { kind: 1 }, fd: 5 };
    /// // SAFETY: it lives until the end.
    /// let file = unsafe { FileRef::from_ptr(&raw const raw) }?;
    /// let source: &SourceRef = file.upcast();
    /// assert!(source.downcast::<FileRef>().is_some());
    /// raw.base.kind = 2;
    /// // SAFETY: as above.
    /// let source = unsafe { SourceRef::from_ptr(&raw const raw.base) }?;
    /// assert!(source.downcast::<FileRef>().is_none());
    /// # let _ = raw.fd;
    /// # Ok::<(), cstruct::kit::Null>(())
    /// ```
    #[inline]
    fn downcast<D: Variant<Self>>(&self) -> Option<&D> {
        if !D::is(self.tag()) {
            return None;
        }
        // SAFETY: the tag says that it is a live `D` (`Variant`'s contract); both types are transparent over `Opaque`.
        Some(unsafe { &*(&raw const *self).cast::<D>() })
    }

    /// The object as a `D` to change it, or as it was.
    ///
    /// # Errors
    ///
    /// The reference itself, when the tag says that it is something else.
    #[inline]
    fn downcast_mut<D: Variant<Self>>(self: Pin<&mut Self>) -> Result<Pin<&mut D>, Pin<&mut Self>> {
        if !D::is(self.tag()) {
            return Err(self);
        }
        // SAFETY: it is not moved out of: only its address is passed on.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: a cast of the one exclusive reference, valid as in `downcast`.
        let cast = unsafe { &mut *(&raw mut *this).cast::<D>() };
        // SAFETY: it was pinned, and is the same object.
        Ok(unsafe { Pin::new_unchecked(cast) })
    }
}

/// A type that is recognised by the tag of its base.
///
/// # Safety
///
/// Every `Base` whose tag [`is`](Variant::is) accepts is a whole `Self`, and may be used as one on the threads where `Base` may be.
pub unsafe trait Variant<Base: Tagged>: IsA<Base> {
    /// Whether the tag is that of this type.
    fn is(tag: Base::Tag) -> bool;
}

/// The release function of `Base` also ends objects of this type, and the one of this type those that came as a `Base`.
///
/// Without this word an owner cannot be cast: it would be released by the wrong function.
///
/// # Safety
///
/// For an object of this type, the two release functions do the same.
pub unsafe trait EndsAs<Base: Foreign>: IsA<Base> {}

/// Turning it into an owner of its base, or back.
impl<T, K> Owned<T, K>
where
    T: Foreign + Release<Handle = NonNull<<T as Foreign>::Raw>>,
{
    /// The same object, owned as its base.
    #[inline]
    pub fn upcast<B>(this: Self) -> Owned<B, K>
    where
        T: EndsAs<B>,
        B: Foreign + Release<Handle = NonNull<<B as Foreign>::Raw>>,
    {
        let (handle, keeper) = Owned::take_apart(this);
        // SAFETY: it is a live `B` (`IsA`), ours alone, and may be released as one (`EndsAs`); the keeper is the same.
        unsafe { Owned::untold(handle.cast(), keeper) }
    }

    /// The same object, owned as a `D`, if the tag says that it is one.
    ///
    /// # Errors
    ///
    /// The owner itself, when the tag says that it is something else.
    #[inline]
    pub fn downcast<D>(this: Self) -> Result<Owned<D, K>, Self>
    where
        T: Tagged,
        D: Variant<T> + EndsAs<T> + Release<Handle = NonNull<<D as Foreign>::Raw>>,
    {
        if !D::is(this.tag()) {
            return Err(this);
        }
        let (handle, keeper) = Owned::take_apart(this);
        // SAFETY: it is a live `D` (`Variant`), ours alone, and may be released as one (`EndsAs`); the keeper is the same.
        Ok(unsafe { Owned::untold(handle.cast(), keeper) })
    }
}
