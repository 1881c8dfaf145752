//! SQLite as a library that is set up first and ended last: one test, since it is for the whole process.

use cstruct::kit::{CloseError, InUse, NotReady};
use cstruct_strangers::sqlite::{Connection, Error, Setup};

fn take() -> Result<Setup, Error> {
    // SAFETY: nothing else in this process uses SQLite, and no text of it is left.
    unsafe { Setup::take() }
}

#[test]
fn it_is_set_up_before_the_first_connection_and_ends_after_the_last() {
    let mut setup = take().expect("it is fresh");
    assert!(matches!(take(), Err(Error::NotReady(NotReady::Taken))));
    let early = Connection::open_in_memory().expect_err("it is being set up");
    assert_eq!(early, Error::NotReady(NotReady::Taken));

    setup.memory_status(false).expect("before the start");
    let sqlite = setup.start().expect("memory");
    assert!(matches!(take(), Err(Error::NotReady(NotReady::Running))), "too late for settings");
    let connection = sqlite.open(":memory:").expect("memory");
    assert_eq!(sqlite.memory_used(), 0, "it does not count");

    let Err(CloseError::StillOpen { handle: sqlite, error }) = sqlite.shut() else { panic!("a connection lives") };
    assert_eq!(error, InUse::Tokens(1));
    connection.execute_batch("select 1").expect("it goes on");
    connection.close().expect("no statement lives");
    sqlite.shut().expect("nothing lives");

    // It restarts, with another setting; and the last token ends it, which is a connection's here.
    let mut setup = take().expect("it was ended");
    setup.memory_status(true).expect("before the start");
    let sqlite = setup.start().expect("memory");
    let connection = sqlite.open(":memory:").expect("memory");
    assert!(sqlite.memory_used() > 0, "it counts");
    drop(sqlite);
    assert!(matches!(take(), Err(Error::NotReady(NotReady::Running))));
    drop(connection);
    drop(take().expect("it was ended"));

    // Who opens without a library says nothing about the rest of the process, so SQLite stays.
    drop(Connection::open_in_memory().expect("memory"));
    assert!(matches!(take(), Err(Error::NotReady(NotReady::Running))));
}
