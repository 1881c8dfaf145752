//! The jobs, in the order in which they are shown.

mod close;
mod copy;
pub(crate) mod lists;
mod load;
mod make;
mod read;
mod share;
mod walk;

use crate::job::Job;

/// All of them.
pub const ALL: [&Job; 17] = [
    &make::BARE,
    &make::FILLED,
    &make::SCOPE,
    &make::TEXT,
    &close::CLOSE,
    &read::CALL,
    &read::FIELD,
    &share::ALONE,
    &share::CONTENDED,
    &copy::SMALL,
    &copy::LARGE,
    &copy::LIST,
    &copy::IN,
    &walk::TABLE,
    &walk::LIST,
    &walk::EACH,
    &load::CSV,
];
