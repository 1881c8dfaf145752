//! A context and its queries, which keep it by a count or by a borrow.

use std::ffi::CString;
use std::rc::Rc;

use cstruct::{CStructData, Context, Error, Query, Status};

use super::lists::handed_back;
use super::op::{Kind, Op};
use super::texts::csv;
use super::world::{Both, Model, Walker, World, check, name, place};

/// The next record from there that begins so, and its place.
fn next<'m>(model: &'m Model, prefix: &str, from: usize) -> Option<(usize, &'m CStructData)> {
    let matches = |record: &CStructData| record.name.as_deref().unwrap_or("").starts_with(prefix);
    model.iter().enumerate().skip(from).find(|(_, record)| matches(record))
}

impl World {
    /// The contexts that live: the current one, and those that their queries keep.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &Rc<Model>> {
        let mut all: Vec<&Rc<Model>> = self.queries.iter().map(|query| &query.model).collect();
        all.extend(self.context.iter().map(|context| &context.model));
        all.sort_unstable_by_key(|model| Rc::as_ptr(model));
        all.dedup_by_key(|model| Rc::as_ptr(model));
        all.into_iter()
    }

    pub(crate) fn check_context(&self) {
        if let Some(context) = &self.context {
            assert_eq!(context.real.count(), context.model.len());
        }
    }

    pub(crate) fn on_context(&mut self, op: Op) -> bool {
        let prefix = name(op.with).unwrap_or_default();
        let text = CString::new(prefix.clone()).expect("no NUL");
        match op.kind {
            Kind::Read => {
                let Some(at) = place(&self.lists, op.at) else { return false };
                let model = self.lists[at].model.clone();
                let Some(bytes) = csv(&model) else { return false };
                let real = Rc::new(Context::from_csv(&bytes).expect("it is good CSV"));
                self.context = Some(Both { real, model: Rc::new(model) });
                return true;
            }
            Kind::QueryStep | Kind::QueryRewind | Kind::QueryEnd => return self.walk(op),
            _ => {}
        }
        let Some(context) = &mut self.context else { return false };
        match op.kind {
            Kind::BorrowedQuery => {
                let mut query = context.real.query(&text).expect("there is memory");
                let mut from = 0;
                while let Some((index, record)) = next(&context.model, &prefix, from) {
                    assert_eq!(query.step().expect("no error").expect("one more").value(), record.value);
                    from = index + 1;
                }
                assert!(query.step().expect("no error").is_none());
            }
            Kind::QueryNew if self.queries.len() < 8 => {
                let query = Query::new(Rc::clone(&context.real), &text).expect("there is memory");
                self.queries.push(Walker { query, model: Rc::clone(&context.model), prefix, at: 0 });
            }
            Kind::QueryNew => return false,
            Kind::TakeAll => {
                let Some(real) = Rc::get_mut(&mut context.real) else { return false };
                let taken = real.pin_mut().take().expect("no query lives");
                let model = core::mem::take(Rc::get_mut(&mut context.model).expect("as many counts"));
                assert_eq!(taken.is_some(), !model.is_empty());
                if let Some(real) = taken {
                    check(&real, &model);
                    self.lists.push(Both { real, model });
                }
            }
            _ => return self.close_refused(),
        }
        true
    }

    fn walk(&mut self, op: Op) -> bool {
        let Some(at) = place(&self.queries, op.at) else { return false };
        let walker = &mut self.queries[at];
        match op.kind {
            Kind::QueryStep => {
                let expected = next(&walker.model, &walker.prefix, walker.at);
                let found = walker.query.step().expect("no error");
                assert_eq!(found.map(|record| record.value()), expected.map(|(_, record)| record.value));
                walker.at = expected.map_or(walker.model.len(), |(index, _)| index + 1);
            }
            Kind::QueryRewind => {
                walker.query.rewind();
                walker.at = 0;
            }
            _ => drop(self.queries.swap_remove(at)),
        }
        true
    }

    /// A close is refused while a query lives that Rust has lost sight of, and goes well when it has ended.
    fn close_refused(&mut self) -> bool {
        let Some(Both { real, model }) = self.context.take() else { return false };
        let context = match Rc::try_unwrap(real) {
            Ok(context) => context,
            Err(real) => {
                self.context = Some(Both { real, model });
                return false;
            }
        };
        let query = context.query(c"").expect("there is memory");
        // SAFETY: the context does not end before the query: C refuses.
        let (query, _) = unsafe { Query::into_parts(query) };
        let mut context = handed_back(context.close().expect_err("a query lives"), Status::Busy);
        let refused = context.pin_mut().take().map(drop).expect_err("a query lives");
        assert!(matches!(refused, Error::Read { status: Status::Busy, .. }));
        // SAFETY: the query that was just taken apart, and its context.
        drop(unsafe { Query::from_raw(query, &*context) }.expect("not NULL"));
        context.close().expect("no query lives");
        true
    }
}
