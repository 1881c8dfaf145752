//! Which request of a run is refused, and how.

use core::fmt;
use core::str::FromStr;

/// Whether one request is refused, or all from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// This request alone: what comes after it succeeds, as with one large request among small ones.
    Once,
    /// This request and all after it: memory has run out.
    Sticky,
}

/// One run of a scenario: which request is refused, counted from 1, and how.
///
/// Its text is what `CSTRUCT_TORTURE_POINT` is set to, behind a name and a slash if one scenario alone is meant.
///
/// ```
/// use cstruct::testing::{Mode, Point};
///
/// let point: Point = "17:sticky".parse()?;
/// assert_eq!(point, Point { number: 17, mode: Mode::Sticky });
/// assert_eq!(point.to_string(), "17:sticky");
/// assert!("17".parse::<Point>().is_err());
/// # Ok::<(), cstruct::testing::NotAPoint>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// Which request, from 1.
    pub number: u64,
    /// It alone, or those after it too.
    pub mode: Mode,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Once => "once",
            Mode::Sticky => "sticky",
        })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.mode)
    }
}

impl FromStr for Point {
    type Err = NotAPoint;

    fn from_str(text: &str) -> Result<Point, NotAPoint> {
        let (number, mode) = text.split_once(':').ok_or(NotAPoint)?;
        let number = number.parse().ok().filter(|&number| number > 0).ok_or(NotAPoint)?;
        let mode = match mode {
            "once" => Mode::Once,
            "sticky" => Mode::Sticky,
            _ => return Err(NotAPoint),
        };
        Ok(Point { number, mode })
    }
}

/// A text that names no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPoint;

impl fmt::Display for NotAPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a point; write a number from 1 and a mode, as in `17:once` or `17:sticky`")
    }
}

impl core::error::Error for NotAPoint {}
