//! What stands between the brackets of a word: each argument must name something that is there and of the right kind.

use super::model::{Call, End, Header, Record, Slot, Type, Word, has};
use super::rules::Faults;
use super::words::{Arg, FIELD, OUT, Rule};

/// What a word can see from where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'h> {
    pub(crate) header: &'h Header,
    /// The parameters of the same function, or the fields of the same struct.
    pub(crate) siblings: &'h [Slot],
    /// The struct that it stands in, if any.
    pub(crate) record: Option<&'h Record>,
    /// What the function returns, if it stands in one.
    pub(crate) returns: Option<&'h Type>,
}

impl<'h> Scope<'h> {
    pub(crate) fn of_call(header: &'h Header, call: &'h Call, record: Option<&'h Record>) -> Self {
        Self { header, siblings: &call.params, record, returns: Some(&call.result) }
    }
}

/// The word that is looked at: where it stands and what it is about.
pub(crate) struct Stand<'a> {
    pub(crate) at: &'a str,
    pub(crate) line: u32,
    pub(crate) place: u8,
    pub(crate) ty: Option<&'a Type>,
}

/// Looks at each argument of `word`; there are as many as `rule` asks for.
pub(crate) fn check_args(scope: &Scope<'_>, word: &Word, rule: &Rule, stand: &Stand<'_>, faults: &mut Faults) {
    for (arg, kind) in word.args.iter().zip(rule.args) {
        if let Err((what, write)) = check_arg(scope, word, arg, *kind, stand) {
            let said = format!("{}({})", word.name, word.args.join(", "));
            faults.say(stand.line, stand.at, &format!("says {said}, but {what}"), &write);
        }
    }
}

/// What is wrong, and what to write.
type Verdict = Result<(), (String, String)>;

fn check_arg(scope: &Scope<'_>, word: &Word, arg: &str, kind: Arg, stand: &Stand<'_>) -> Verdict {
    match kind {
        Arg::OneOf(choice) => need(choice.contains(&arg), || {
            (format!("`{arg}` is none of its choices"), format!("one of {}", choice.join(", ")))
        }),
        Arg::Ends(ways) => ends(scope, &word.name, arg, ways, stand),
        Arg::Holder => holder(scope, arg, stand),
        Arg::User => user(scope, word, arg),
        Arg::Length => {
            let is_length = arg.parse::<usize>().is_ok() || sibling(scope, arg).is_some_and(is_length);
            need(is_length, || (format!("`{arg}` is no length"), format!("a number, or a whole-number {}", kin(scope))))
        }
        Arg::Statuses => statuses(scope, arg),
        Arg::Function => need(function(scope, arg).is_some(), || undeclared(arg)),
        Arg::Until => need(arg == "replaced" || arg == "self" || function(scope, arg).is_some(), || {
            (format!("no function `{arg}` is declared"), "a declared function, replaced or self".to_owned())
        }),
        Arg::Field => need(sibling(scope, arg).is_some_and(|slot| !slot.ty.is_pointer()), || {
            (format!("`{arg}` is no plain field of it"), "the field that holds the tag".to_owned())
        }),
        Arg::Base => need(scope.siblings.first().is_some_and(|first| is_record(&first.ty, arg)), || {
            (format!("its first field is no `{arg}`"), "the type of the first field".to_owned())
        }),
        Arg::Callback => need(sibling(scope, arg).is_some_and(|slot| has(&slot.words, "callback")), || {
            (format!("`{arg}` is no {} that says callback", kin(scope)), "the one that is called at the end".to_owned())
        }),
        Arg::Destroy => {
            let pointer = sibling(scope, arg).is_some_and(|slot| slot.ty.is_callable());
            need(pointer || function(scope, arg).is_some(), || undeclared(arg))
        }
    }
}

/// The function `name` takes exactly the pointer that the word is about, and says that it ends it.
fn ends(scope: &Scope<'_>, word: &str, name: &str, ways: &[&str], stand: &Stand<'_>) -> Verdict {
    let Some(call) = function(scope, name) else {
        return Err(undeclared(name));
    };
    let depth = usize::from(stand.place == OUT);
    let Some(wanted) = stand.ty.and_then(|ty| ty.levels.get(depth)) else {
        return Err(("there is no pointer to end".to_owned(), "it on a pointer".to_owned()));
    };
    // A part of a struct may also be ended with the struct.
    let whole = scope.record.filter(|_| stand.place == FIELD);
    let fits = |param: &&Slot| {
        let taken = param.ty.levels.first().map_or("", |level| level.text.as_str());
        taken == wanted.text
            || whole.is_some_and(|record| param.ty.levels.len() == 1 && is_record(&param.ty, &record.name))
    };
    let takers: Vec<_> = call.params.iter().filter(fits).collect();
    let Some(first) = takers.first() else {
        let what = format!("`{name}` takes no `{}`", wanted.text);
        return Err((what, "a function that takes exactly this type".to_owned()));
    };
    let ender = takers.iter().find_map(|param| param.words.iter().find(|said| ways.contains(&said.name.as_str())));
    let counted = ender.is_some_and(|said| said.args.iter().any(|arg| arg == "one_count"));
    let must_count = word == "shared" && ways == ["releases"];
    match ender {
        None => {
            let what = format!("the parameter `{}` of `{name}` does not say so", first.name);
            let ways = ways.iter().map(|way| format!("CSTRUCT_{}", way.to_uppercase()));
            Err((what, format!("{} there", ways.collect::<Vec<_>>().join(" or "))))
        }
        Some(_) if must_count && !counted => {
            Err((format!("`{name}` gives back more than a count"), "CSTRUCT_RELEASES(one_count) there".to_owned()))
        }
        Some(_) if !must_count && counted => {
            Err((format!("`{name}` gives back only one count"), "CSTRUCT_SHARED(retain, release) here".to_owned()))
        }
        Some(_) => Ok(()),
    }
}

fn holder(scope: &Scope<'_>, arg: &str, stand: &Stand<'_>) -> Verdict {
    // A field may be borrowed from the struct that it is in.
    if stand.place == FIELD && arg == "self" {
        return Ok(());
    }
    match sibling(scope, arg) {
        None => Err((format!("`{arg}` is no {}", kin(scope)), format!("the name of the {} that holds it", kin(scope)))),
        Some(slot) if !slot.ty.is_pointer() || slot.ty.is_callable() => Err((
            format!("`{arg}` is no pointer to an object"),
            format!("the name of the {} that holds it", kin(scope)),
        )),
        Some(_) => Ok(()),
    }
}

/// The user data must be there, be declared as such, and live as long as the function that gets it.
fn user(scope: &Scope<'_>, word: &Word, arg: &str) -> Verdict {
    let user = sibling(scope, arg).and_then(|slot| slot.words.iter().find(|word| word.name == "user"));
    let Some(user) = user else {
        let what = format!("`{arg}` is no {} that says user", kin(scope));
        return Err((what, format!("CSTRUCT_USER(…) on the {} that is handed to it", kin(scope))));
    };
    match (word.args.get(1), user.args.first()) {
        (Some(function), Some(data)) if word.name == "callback" && function != data => {
            let what = format!("`{arg}` is there for `{data}`");
            Err((what, "the same duration for both".to_owned()))
        }
        _ => Ok(()),
    }
}

fn statuses(scope: &Scope<'_>, arg: &str) -> Verdict {
    let Some(returns) = scope.returns.filter(|ty| ty.end == End::Enum && !ty.is_pointer()) else {
        return Err(("the function returns no status".to_owned(), "it where a status is returned".to_owned()));
    };
    let undeclared = arg
        .split('|')
        .map(str::trim)
        .find(|status| *status != "any" && scope.header.constants.get(*status) != Some(&returns.end_text));
    match undeclared {
        Some(status) => {
            let what = format!("`{status}` is no value of `{}`", returns.end_text);
            Err((what, "declared statuses joined by |, or any".to_owned()))
        }
        None => Ok(()),
    }
}

/// A declared function, or one in the table of functions that the word stands in.
fn function<'h>(scope: &Scope<'h>, name: &str) -> Option<&'h Call> {
    let declared = scope.header.functions.iter().find(|function| function.name == name).map(|function| &function.call);
    declared.or_else(|| scope.record?.fields.iter().find(|field| field.name == name)?.call.as_ref())
}

fn sibling<'h>(scope: &Scope<'h>, name: &str) -> Option<&'h Slot> {
    scope.siblings.iter().find(|slot| slot.name == name)
}

/// A whole number, or room for one that is written.
fn is_length(slot: &Slot) -> bool {
    slot.ty.end == End::Integer && (slot.ty.levels.is_empty() || has(&slot.words, "out"))
}

/// A type that ends in that struct: `struct cstruct` is `cstruct`, and `struct not_cstruct` is not.
pub(crate) fn is_record(ty: &Type, name: &str) -> bool {
    let text = ty.end_text.as_str();
    ty.end == End::Record && text.strip_prefix("struct ").or(text.strip_prefix("union ")).unwrap_or(text) == name
}

fn kin(scope: &Scope<'_>) -> &'static str {
    if scope.returns.is_some() { "parameter" } else { "field" }
}

fn undeclared(name: &str) -> (String, String) {
    (format!("no function `{name}` is declared"), "the name of a function that this header declares".to_owned())
}

fn need(holds: bool, otherwise: impl FnOnce() -> (String, String)) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}
