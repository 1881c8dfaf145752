//! An interrupter stops one step from any thread, and never reaches a closed context.
#![cfg(feature = "store")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cstruct::kit::{CloseError, Closed};
use cstruct::{Context, Error, Interrupter, InterruptibleContext, Query, Status};
use static_assertions::{assert_impl_all, assert_not_impl_any};

mod balanced;
use balanced::balanced;

assert_impl_all!(Interrupter: Send, Sync, Clone);
assert_impl_all!(InterruptibleContext: Send);
assert_not_impl_any!(InterruptibleContext: Sync, Clone);

const STOPPED: Error = Error::Refused(Status::Stopped);

fn open(csv: &str) -> InterruptibleContext {
    InterruptibleContext::new(Context::from_csv(csv.as_bytes()).expect("it is possible"))
}

/// The value of the next record.
fn step<K>(query: &mut Query<K>) -> Result<Option<i32>, Error> {
    Ok(query.step()?.map(|record| record.value()))
}

#[test]
fn one_step_is_stopped_and_the_next_goes_on() {
    balanced(|| {
        let context = open("n,v\na,1\na,2\n");
        let stop = context.interrupter();
        let mut query = context.query(c"a").expect("it is possible");
        assert_eq!(step(&mut query), Ok(Some(1)));
        thread::scope(|scope| scope.spawn(|| stop.call()).join().expect("it is possible")).expect("it is possible");
        assert_eq!(step(&mut query), Err(STOPPED));
        assert_eq!(step(&mut query), Ok(Some(2)));
        assert_eq!(step(&mut query), Ok(None));
    });
}

#[test]
fn after_the_end_it_is_an_error_by_name() {
    balanced(|| {
        let context = open("n,v\na,1\n");
        let (stop, other) = (context.interrupter(), context.interrupter());
        let context = context.into_context();
        assert_eq!(stop.call(), Err(Closed), "it hung up");
        let again = InterruptibleContext::new(context);
        assert_eq!((other.call(), again.interrupter().call()), (Err(Closed), Ok(())));
        assert_eq!(step(&mut again.query(c"").expect("it is possible")), Err(STOPPED), "the context itself remembers");
        let stop = again.interrupter();
        assert!(again.close().is_ok());
        assert_eq!(stop.clone().call(), Err(Closed));
    });
}

#[test]
fn a_refused_close_leaves_it_reachable() {
    balanced(|| {
        #[allow(clippy::arc_with_non_send_sync, reason = "any keeper serves")]
        let context = Arc::new(open("n,v\na,1\n"));
        let mut query = Query::new(Arc::clone(&context), c"").expect("it is possible");
        context.interrupter().call().expect("it is possible");
        assert_eq!(step(&mut query), Err(STOPPED), "a stored query, too");
        let stop = context.interrupter();
        drop(context);
        assert_eq!(stop.call(), Ok(()), "the query keeps the context");
        drop(query);
        assert_eq!(stop.call(), Err(Closed));

        // A query that is never ended makes C refuse. It goes, without its keeper, by its raw pointer.
        let context = open("n,v\na,1\n");
        let query = cstruct::kit::Owned::from(context.query(c"").expect("it is possible"));
        // SAFETY: the context, which is borrowed here, refuses to end before it.
        let (raw, _) = unsafe { cstruct::kit::Owned::into_parts(query) };
        let stop = context.interrupter();
        let Err(CloseError::StillOpen { handle, error: Error::Refused(Status::Busy) }) = context.close() else {
            panic!("a query lives");
        };
        assert_eq!(stop.call(), Ok(()));
        // SAFETY: it is the query of above, of this context, and ours.
        drop(unsafe { Query::from_raw(raw.as_ptr(), &*handle) }.expect("it is possible"));
        assert!(handle.close().is_ok());
        assert_eq!(stop.call(), Err(Closed));
    });
}

#[test]
fn calls_from_everywhere_while_it_is_used_and_closed() {
    balanced(|| {
        let csv = format!("n,v\n{}", "a,1\n".repeat(2_000));
        for _ in 0..20 {
            let context = open(&csv);
            let stop = context.interrupter();
            let started = AtomicBool::new(false);
            thread::scope(|scope| {
                let callers: Vec<_> = (0..2)
                    .map(|_| {
                        scope.spawn(|| {
                            while stop.call().is_ok() {
                                started.store(true, Ordering::Relaxed);
                            }
                        })
                    })
                    .collect();
                while !started.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_micros(100));
                }
                let mut query = context.query(c"z").expect("it is possible");
                for _ in 0..10 {
                    assert!(matches!(step(&mut query), Ok(None) | Err(STOPPED)));
                }
                drop(query);
                drop(context);
                for caller in callers {
                    caller.join().expect("it is possible");
                }
            });
        }
    });
}
