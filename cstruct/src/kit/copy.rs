//! Copies across the border: plain Rust data out of a C object, and a C object out of plain Rust data.

/// Copies a C object out into plain Rust data, which C has no part in.
///
/// The copy is deep and validated: what Rust's types promise (a text is UTF-8, an enum has one of its values) is checked here, and
/// nothing in the result points into C's memory. A type whose memory C goes on using has no such copy, and does not implement this.
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
/// The object is C's own copy: it is made by C's functions and released by them.
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
