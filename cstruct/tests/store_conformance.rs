//! The worked example keeps what it demands of others: every owner of it, by the library's own count of live objects.
#![cfg(all(feature = "testing", feature = "store"))]

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use cstruct::testing::conformance;
use cstruct::{Arena, Blob, CStruct, Context, Cursor, Meter, Query, Table, Writer, live};

fn record() -> CStruct {
    CStruct::named(1, c"one").expect("there is memory")
}

fn context() -> Context {
    Context::from_csv(b"name,value\none,1\n").expect("it is CSV")
}

conformance! {
    mod a_record: CStruct = record;
    live = || live().objects;
    is = owned, one_pointer, send, sync, deferred;
}

conformance! {
    mod a_context: Context = context;
    live = || live().objects;
    is = owned, one_pointer, send, !sync;
}

conformance! {
    mod a_query: Query<Arc<Context>> = || {
        // It may be stored: its context lives as long as it does.
        #[allow(clippy::arc_with_non_send_sync, reason = "the query counts its context on one thread")]
        let context = Arc::new(context());
        Query::new(context, c"one").expect("there is memory")
    };
    live = || live().objects;
    is = child, niche, !send, !sync, thread_bound;
}

conformance! {
    mod a_table: Table = || Table::new().expect("there is memory");
    live = || live().objects;
    is = child, niche, send, !sync;
}

conformance! {
    mod a_blob: Blob = || Blob::new(b"bytes").expect("there is memory");
    live = || live().objects;
    is = shared, one_pointer, send, sync, deferred;
}

conformance! {
    mod a_cursor: Cursor<Rc<CStruct>> = || Cursor::new(Rc::new(record())).expect("there is memory");
    live = || live().objects;
    is = child, niche, !send, !sync;
}

conformance! {
    mod an_arena: Arena = || Arena::new().expect("there is memory");
    live = || live().objects;
    is = owned, one_pointer, !send, !sync, thread_bound;
}

conformance! {
    mod a_meter: Meter = || Meter::start(1, Duration::MAX).expect("the system tells");
    live = || live().objects;
    is = child, no_niche, send, !sync;
    close = |meter: Meter| assert_eq!(meter.stop().len(), 1);
}

conformance! {
    mod a_writer: Writer = || Writer::open("/dev/null").expect("it can be written to");
    live = || live().objects;
    is = child, one_pointer, send, !sync;
}
