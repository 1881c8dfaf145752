//! A library that was configured without the mutexes that `Send` rests on: one test, since it is for the whole process.

use cstruct_strangers::sqlite::{Connection, Error};

#[test]
fn no_connection_opens_in_a_library_without_its_mutexes() {
    // SAFETY: "must be called before the library is initialized", and nothing else in this process uses it.
    let status = unsafe { libsqlite3_sys::sqlite3_config(libsqlite3_sys::SQLITE_CONFIG_SINGLETHREAD) };
    assert_eq!(status, 0);
    let error = Connection::open_in_memory().expect_err("the flag is not heeded");
    assert_eq!(error, Error::NotThreadSafe);
    assert!(error.to_string().contains("SQLITE_THREADSAFE=1"));
}
