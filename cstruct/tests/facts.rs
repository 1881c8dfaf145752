//! What users rely on about sizes, niches and auto-traits, said once and checked by the compiler.
#![cfg(feature = "store")]

use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{Null, Opaque, Owned};
use cstruct::{CStruct, CStructData, CStructRef, Context, ContextRef, Error, Library, Query, QueryRef, Records};
use static_assertions::{assert_eq_align, assert_eq_size, assert_impl_all, assert_not_impl_any};

type Pointer = *const ();

// An owner is a pointer, and so is an optional one; a keeper costs what it is.
assert_eq_size!(CStruct, Option<CStruct>, Pointer);
assert_eq_size!(Owned<CStructRef>, Option<Owned<CStructRef, ()>>, Pointer);
assert_eq_size!(Context, Option<Context>, Pointer);
assert_eq_size!(Query<&ContextRef>, Option<Query<&ContextRef>>, [Pointer; 2]);
assert_eq_size!(Query<Arc<Context>>, Option<Query<Rc<Context>>>, [Pointer; 2]);
assert_eq_size!(&CStructRef, Option<&CStructRef>, Records<'_>, Pointer);

// A borrowed type has the shape of the C struct.
assert_eq_size!(CStructRef, cstruct_sys::cstruct, Opaque<cstruct_sys::cstruct>);
assert_eq_align!(CStructRef, cstruct_sys::cstruct);

// The header says SHAREABLE of a record, and SENDABLE of a context and a query.
assert_impl_all!(CStruct: Send, Sync, Unpin);
assert_impl_all!(CStructRef: Send, Sync);
assert_impl_all!(Context: Send, Unpin);
assert_not_impl_any!(Context: Sync);
assert_not_impl_any!(ContextRef: Sync);
assert_impl_all!(QueryRef: Send);
assert_not_impl_any!(QueryRef: Sync);
// A query is sent with its context or not at all: a context that others can reach at the same time keeps it here.
assert_impl_all!(Query<Context>: Send);
assert_not_impl_any!(Query<&ContextRef>: Send, Sync);
assert_not_impl_any!(Query<Arc<Context>>: Send, Sync);
assert_not_impl_any!(Query<Rc<Context>>: Send, Sync);

// A borrowed type stays where it is.
assert_not_impl_any!(CStructRef: Unpin);
assert_not_impl_any!(ContextRef: Unpin);

// A copy of an owner would be released twice; a copy of the data is harmless.
assert_not_impl_any!(CStruct: Clone, Copy);
assert_not_impl_any!(Context: Clone, Copy);
assert_not_impl_any!(Query<Rc<Context>>: Clone, Copy);
assert_not_impl_any!(CStructRef: Clone, Copy);
assert_impl_all!(CStructData: Clone, Send, Sync, Unpin);

// Errors go anywhere.
assert_impl_all!(Error: std::error::Error, Send, Sync, Clone);
assert_impl_all!(Null: std::error::Error, Send, Sync, Copy);
assert_impl_all!(Library: std::fmt::Debug);

#[test]
fn what_must_be_dropped_says_so() {
    assert!(std::mem::needs_drop::<CStruct>());
    assert!(std::mem::needs_drop::<Query<&ContextRef>>());
    assert!(!std::mem::needs_drop::<&CStructRef>());
    assert!(!std::mem::needs_drop::<Records<'_>>());
}
