//! Copies across the border: plain Rust data out of a C object, and a C object out of plain Rust data.

/// Copies a C object out into plain Rust data, which C has no part in.
///
/// The copy is deep and validated: what Rust's types promise (a text is UTF-8, an enum has one of its values) is checked here, and
/// nothing in the result points into C's memory. A type whose memory C goes on using has no such copy, and does not implement this.
///
/// ```
/// use cstruct::kit::{CopyIn, CopyOut, Foreign, Null};
/// use cstruct::wrap;
/// # mod sys {
/// #     pub struct point { pub x: f64, pub y: f64 }
/// #     pub unsafe fn point_new(x: f64, y: f64) -> *mut point { Box::into_raw(Box::new(point { x, y })) }
/// #     pub unsafe fn point_x(point: *const point) -> f64 { unsafe { (*point).x } }
/// #     pub unsafe fn point_y(point: *const point) -> f64 { unsafe { (*point).y } }
/// #     pub unsafe fn point_free(point: *mut point) { drop(unsafe { Box::from_raw(point) }) }
/// # }
///
/// wrap! {
///     pub struct Point = Owned<PointRef>;
///     pub struct PointRef(sys::point);
///     unsafe { release = sys::point_free; }
/// }
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct PointData { pub x: f64, pub y: f64 }
///
/// /// The point is at no place.
/// #[derive(Debug, PartialEq)]
/// pub struct Nowhere;
///
/// impl CopyOut for PointRef {
///     type Data = PointData;
///     type Error = Nowhere;
///
///     fn copy_out(&self) -> Result<PointData, Nowhere> {
///         // SAFETY: a live point.
///         let x = unsafe { sys::point_x(self.as_ptr()) };
///         // SAFETY: a live point.
///         let y = unsafe { sys::point_y(self.as_ptr()) };
///         if x.is_finite() && y.is_finite() { Ok(PointData { x, y }) } else { Err(Nowhere) }
///     }
/// }
///
/// impl CopyIn for PointData {
///     type Owner = Point;
///     type Error = Null;
///
///     fn copy_in(&self) -> Result<Point, Null> {
///         // SAFETY: any numbers.
///         let raw = unsafe { sys::point_new(self.x, self.y) };
///         // SAFETY: "NULL, or yours, to be released with point_free".
///         unsafe { Point::from_raw(raw) }
///     }
/// }
///
/// let data = PointData { x: 1.0, y: 2.0 };
/// let point = data.copy_in()?; // C's own
/// let copy = point.copy_out();
/// drop(point);
/// assert_eq!(copy, Ok(data)); // and ours, good without C
/// assert_eq!(PointData { x: f64::NAN, y: 0.0 }.copy_in()?.copy_out(), Err(Nowhere));
/// # Ok::<(), Null>(())
/// ```
pub trait CopyOut {
    /// The plain data.
    type Data;
    /// What makes a copy impossible.
    type Error;

    /// Makes the copy.
    ///
    /// # Errors
    ///
    /// When the object holds what the data type cannot.
    fn copy_out(&self) -> Result<Self::Data, Self::Error>;
}

/// Makes a C object with the contents of plain Rust data.
///
/// The object is C's own copy: it is made by C's functions and released by them. [`CopyOut`] has an example of both.
pub trait CopyIn {
    /// The owner of the C object.
    type Owner;
    /// What makes a copy impossible.
    type Error;

    /// Makes the object.
    ///
    /// # Errors
    ///
    /// When the data holds what C cannot, such as a text with a NUL inside, or C has no memory. What was made until then is
    /// released.
    fn copy_in(&self) -> Result<Self::Owner, Self::Error>;
}
