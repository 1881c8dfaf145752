//! The vocabulary: every word of the contract, where it may stand, and what its arguments must be.
//!
//! This table and the list at the top of `cstruct.h` are the same list.

/// Where a word may stand.
pub(crate) const FUNCTION: u8 = 1;
/// On a function, of the pointer that it returns.
pub(crate) const RESULT: u8 = 2;
/// On a parameter that points to room for an answer.
pub(crate) const OUT: u8 = 4;
/// On any other pointer that the caller passes.
pub(crate) const IN: u8 = 8;
pub(crate) const FIELD: u8 = 16;
pub(crate) const RECORD: u8 = 32;

/// What an argument must be.
#[derive(Clone, Copy)]
pub(crate) enum Arg {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A function that takes exactly this pointer, in a parameter that says one of these words.
    Ends(&'static [&'static str]),
    /// A parameter that points to an object; on a field also `self`, the struct itself.
    Holder,
    /// A parameter or field that says `user`.
    User,
    /// A whole number: parameter, field, out-parameter, or digits.
    Length,
    /// Declared statuses, joined by `|`, or `any`.
    Statuses,
    /// A declared function.
    Function,
    /// A declared function, `replaced` or `self`.
    Until,
    /// A field of this struct.
    Field,
    /// A struct that this one begins with.
    Base,
    /// A parameter that says `callback`.
    Callback,
    /// A declared function, or a parameter or field that points to one.
    Destroy,
}

/// How a word stands to the others on the same pointer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Says who owns it: one on every pointer, and only one.
    Owns,
    /// Stands beside a word that says who owns it.
    Beside,
    /// Is about the function or struct.
    About,
}

pub(crate) struct Rule {
    pub(crate) word: &'static str,
    pub(crate) args: &'static [Arg],
    pub(crate) places: u8,
    pub(crate) role: Role,
    /// The library writes through the pointer, or ends it, so it cannot be a pointer to const.
    pub(crate) changes: bool,
}

const ANYWHERE: u8 = RESULT | OUT | IN | FIELD;
const HOW_LONG: Arg = Arg::OneOf(&["this_call", "replaced", "once"]);
const ENDS: Arg = Arg::Ends(&["releases", "disposes", "clears"]);

const fn owns(word: &'static str, args: &'static [Arg], places: u8) -> Rule {
    Rule { word, args, places, role: Role::Owns, changes: false }
}

const fn changes(word: &'static str, args: &'static [Arg]) -> Rule {
    Rule { word, args, places: IN, role: Role::Owns, changes: true }
}

const fn beside(word: &'static str, args: &'static [Arg], places: u8) -> Rule {
    Rule { word, args, places, role: Role::Beside, changes: false }
}

const fn about(word: &'static str, args: &'static [Arg], places: u8) -> Rule {
    Rule { word, args, places, role: Role::About, changes: false }
}

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    owns("owned", &[ENDS], RESULT | OUT | FIELD),
    owns("shared", &[Arg::Ends(&["retains"]), Arg::Ends(&["releases"])], RESULT | OUT | FIELD),
    owns("borrowed", &[Arg::Holder, Arg::OneOf(&["owner_ends", "changed", "next_call"])], RESULT | OUT | FIELD),
    owns("static", &[], RESULT | OUT | FIELD),
    owns("out", &[], OUT),
    owns("call_only", &[], IN | FIELD),
    changes("releases", &[Arg::OneOf(&["always", "on_success", "one_count"])]),
    changes("retains", &[]),
    changes("takes", &[Arg::OneOf(&["always", "on_success"])]),
    owns("keeps", &[Arg::Until], IN | FIELD),
    changes("inits", &[Arg::Ends(&["clears"])]),
    changes("clears", &[]),
    changes("refills", &[Arg::Ends(&["disposes"])]),
    changes("disposes", &[]),
    changes("fills", &[Arg::Length, Arg::OneOf(&["ask_size", "up_to"])]),
    owns("callback", &[Arg::User, HOW_LONG], IN | FIELD),
    owns("user", &[HOW_LONG], IN | FIELD),
    owns("destroys", &[Arg::User], IN | FIELD),
    owns("pending", &[Arg::Callback], IN),
    owns("in_room", &[Arg::Length], IN),
    owns("unknown", &[], ANYWHERE),

    beside("child_of", &[Arg::Holder], RESULT | OUT),
    beside("valid_on", &[Arg::Statuses], OUT),
    beside("counted", &[Arg::Length], ANYWHERE),
    beside("text", &[], ANYWHERE),

    about("lifecycle", &[Arg::OneOf(&["init", "shutdown"])], FUNCTION),
    about("home_thread", &[], FUNCTION),
    about("any_thread", &[], FUNCTION),
    about("last_error", &[Arg::Holder], FUNCTION),
    about("begins", &[Arg::Function], FUNCTION),
    about("ends", &[Arg::Function], FUNCTION),
    about("sets", &[Arg::OneOf(&["process", "thread"])], FUNCTION),
    about("user_slot", &[Arg::Destroy], FUNCTION | FIELD),

    about("sendable", &[], RECORD),
    about("shareable", &[], RECORD),
    about("thread_bound", &[], RECORD),
    about("plain", &[], RECORD),
    about("versioned", &[], RECORD),
    about("interface", &[], RECORD),
    about("tagged", &[Arg::Field], RECORD),
    about("is_a", &[Arg::Base], RECORD),
];

pub(crate) fn rule(word: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.word == word)
}

/// The words that may own a pointer in this place, as they are written.
pub(crate) fn owners_for(place: u8) -> String {
    let fit = RULES.iter().filter(|rule| rule.role == Role::Owns && rule.places & place != 0);
    format!("a CSTRUCT_ word: {}", fit.map(spelled).collect::<Vec<_>>().join(", "))
}

/// The word as an author writes it.
pub(crate) fn spelled(rule: &Rule) -> String {
    let word = rule.word.to_uppercase();
    if rule.args.is_empty() { word } else { format!("{word}({})", vec!["…"; rule.args.len()].join(", ")) }
}

/// Where a word may stand, in words.
pub(crate) fn places_of(places: u8) -> String {
    let names = [
        (FUNCTION, "before a function"),
        (RESULT, "before a function that returns a pointer"),
        (OUT, "on an out-parameter"),
        (IN, "on a pointer that the caller passes"),
        (FIELD, "on a field"),
        (RECORD, "on a struct"),
    ];
    let fit = names.iter().filter(|(place, _)| places & place != 0).map(|(_, name)| *name);
    fit.collect::<Vec<_>>().join(", ")
}
