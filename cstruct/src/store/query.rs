//! `cstruct_query`: a walk over some records of a context, and a child of it.

use core::ffi::CStr;
use core::fmt;
use core::pin::Pin;
use core::ptr;

use cstruct_sys as sys;

use super::error::check;
use super::{CStructRef, ContextRef, Error, Status};
use crate::kit::{Foreign, Keeper};
use crate::wrap;

wrap! {
    /// A query: ended with `cstruct_query_end`, before its context may be closed.
    ///
    /// `K` says how the context is kept: `&ContextRef` for a query that stays in the scope, `Arc<Context>` or
    /// `Rc<Context>` for one that is stored.
    ///
    /// ```
    /// use cstruct::{Context, Query};
    /// use std::collections::HashMap;
    /// use std::rc::Rc;
    ///
    /// let context = Rc::new(Context::from_csv(b"name,value,s1\nin,1,20\nout,2,5\n")?);
    /// let mut queries: HashMap<&str, Query<Rc<Context>>> = HashMap::new();
    /// queries.insert("outside", Query::new(context, c"out")?); // keeps the context, in a struct without a lifetime
    ///
    /// let outside = queries.get_mut("outside").expect("it was put there");
    /// let record = outside.step()?.expect("one name begins like that");
    /// assert_eq!(record.value(), 2);
    /// # Ok::<(), cstruct::Error>(())
    /// ```
    pub struct Query<K> = Owned<QueryRef, K>;

    /// A query, borrowed.
    pub struct QueryRef(sys::cstruct_query);

    unsafe {
        release = sys::cstruct_query_end;
        send = "cstruct.h: CSTRUCT_SENDABLE; its context must come along, which the keeper's own Send decides";
    }
}

impl<K: Keeper<ContextRef>> Query<K> {
    /// Starts before the first record whose name begins with `prefix`; with `c""` before the first of all.
    ///
    /// # Errors
    ///
    /// When C has no memory.
    #[doc(alias = "cstruct_query_new")]
    #[cfg_attr(feature = "ledger", track_caller)]
    pub fn new(context: K, prefix: &CStr) -> Result<Query<K>, Error> {
        let mut out = ptr::null_mut();
        // SAFETY: the context is live, and not in use on another thread (not `Sync`); `prefix` lives during the call and is
        // copied; `out` may be written.
        let status = unsafe { sys::cstruct_query_new(context.parent().as_ptr(), prefix.as_ptr(), &raw mut out) };
        check(status)?;
        // SAFETY: OWNED(cstruct_query_end), valid on this status; CHILD_OF(ctx): `context` keeps that alive.
        Ok(unsafe { Query::from_raw(out, context) }?)
    }
}

impl<K> Query<K> {
    /// The next record, or `None` after the last. It is lent until the next step.
    ///
    /// # Errors
    ///
    /// [`Status::Stopped`] when it was [interrupted](super::Interrupter); the next step goes on where this one was.
    #[doc(alias = "cstruct_query_step")]
    pub fn step(&mut self) -> Result<Option<&CStructRef>, Error> {
        self.pin_mut().step()
    }

    /// Starts again before the first.
    #[doc(alias = "cstruct_query_rewind")]
    pub fn rewind(&mut self) {
        self.pin_mut().rewind();
    }
}

impl QueryRef {
    fn step(self: Pin<&mut Self>) -> Result<Option<&CStructRef>, Error> {
        let mut out = ptr::null();
        // SAFETY: the query is live and borrowed exclusively, its context lives (keeper), and `out` may be written.
        let status = unsafe { sys::cstruct_query_step(self.as_ptr(), &raw mut out) };
        match Status::of(status) {
            // SAFETY: BORROWED(self, changed): good until the query is stepped again, which needs it exclusively, and so
            // not while the result is borrowed.
            None => Ok(Some(unsafe { CStructRef::from_ptr(out) }?)),
            Some(Status::Done) => Ok(None),
            Some(status) => Err(Error::Refused(status)),
        }
    }

    fn rewind(self: Pin<&mut Self>) {
        // SAFETY: the query is live and borrowed exclusively.
        unsafe { sys::cstruct_query_rewind(self.as_ptr()) }
    }
}

impl fmt::Debug for QueryRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Query<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
