//! The contract's rules: nothing that takes or returns a pointer may be silent, and nothing may contradict itself.
//!
//! Every fault is one line: where, what, and what to write instead.

use super::arguments::{Scope, Stand, check_args, is_record};
use super::model::{Call, End, Function, Header, Record, Slot, Type, Word, has};
use super::words::{FIELD, FUNCTION, IN, OUT, RECORD, RESULT, Role, owners_for, places_of, rule, spelled};

/// All faults of the header, in the order of its lines.
pub(crate) fn check(header: &Header, file: &str) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    for function in &header.functions {
        check_function(header, function, &mut faults);
    }
    for record in &header.records {
        check_record(header, record, &mut faults);
    }
    for callback in &header.callbacks {
        if let Some(call) = &callback.call {
            let at = format!("callback type `{}`", callback.name);
            let stand = Stand { at: &at, line: callback.line, place: RESULT, ty: Some(&call.result) };
            check_call(&Scope::of_call(header, call, None), call, &refs(&callback.words), &stand, &mut faults);
        }
    }
    for (name, line) in &header.variables {
        faults.say(*line, &format!("variable `{name}`"), "is shared by all of a program", "a function that returns it");
    }
    faults.0.sort();
    faults.0.into_iter().map(|(line, text)| format!("{file}:{line}: {text}")).collect()
}

/// What was found so far: line and text.
pub(crate) struct Faults(Vec<(u32, String)>);

impl Faults {
    pub(crate) fn say(&mut self, line: u32, at: &str, what: &str, write: &str) {
        self.0.push((line, format!("{at}: {what}; write {write}")));
    }
}

fn check_function(header: &Header, function: &Function, faults: &mut Faults) {
    let at = format!("function `{}`", function.name);
    let call = &function.call;
    let stand = Stand { at: &at, line: function.line, place: FUNCTION | RESULT, ty: Some(&call.result) };
    check_call(&Scope::of_call(header, call, None), call, &refs(&function.words), &stand, faults);
    if !has(&function.words, "home_thread") {
        return;
    }
    if has(&function.words, "any_thread") {
        faults.say(
            function.line,
            &at,
            "says home_thread and any_thread, which contradict each other",
            "the one that is true",
        );
    }
    let mut bound = header.records.iter().filter(|record| has(&record.words, "thread_bound"));
    if !call.params.first().is_some_and(|first| bound.any(|record| is_record(&first.ty, &record.name))) {
        let what = "says home_thread, but its first parameter is no object that says thread_bound";
        faults.say(function.line, &at, what, "CSTRUCT_THREAD_BOUND before that struct, or no CSTRUCT_HOME_THREAD here");
    }
}

fn check_record(header: &Header, record: &Record, faults: &mut Faults) {
    let at = format!("struct `{}`", if record.name.is_empty() { "(unnamed)" } else { &record.name });
    let scope = Scope { header, siblings: &record.fields, record: Some(record), returns: None };
    let says = |word| has(&record.words, word);
    check_words(&scope, &refs(&record.words), &Stand { at: &at, line: record.line, place: RECORD, ty: None }, faults);
    let threads: Vec<_> = ["sendable", "shareable", "thread_bound"].into_iter().filter(|word| says(word)).collect();
    if threads.len() > 1 {
        let what = format!("says {}, which contradict each other", threads.join(" and "));
        faults.say(record.line, &at, &what, "the one that is true; shareable includes sendable");
    }
    if says("versioned") && record.fields.first().is_none_or(|field| field.name != "version") {
        faults.say(record.line, &at, "says versioned, but does not begin with `version`", "`uint32_t version;` first");
    }
    if says("interface") && !record.fields.iter().any(|field| field.ty.is_callable()) {
        faults.say(record.line, &at, "says interface, but has no function", "no CSTRUCT_INTERFACE");
    }
    for field in &record.fields {
        let at = format!("{at}, field `{}`", field.name);
        if says("plain") && field.ty.is_pointer() {
            faults.say(field.line, &at, "is a pointer, but the struct says plain", "no CSTRUCT_PLAIN before it");
        }
        check_slot(&scope, field, &at, FIELD, faults);
    }
}

/// A function, or a pointer to one: what it returns, and each parameter.
fn check_call(scope: &Scope<'_>, call: &Call, words: &[&Word], stand: &Stand<'_>, faults: &mut Faults) {
    check_words(scope, words, stand, faults);
    if call.result.is_pointer() {
        check_nullability(&call.result, &format!("{}, result", stand.at), stand.line, faults);
        if !words.iter().any(|word| owns(word)) {
            let what = "returns a pointer without a word on who owns it";
            faults.say(stand.line, stand.at, what, &owners_for(RESULT));
        }
    }
    let returns_status = call.result.end == End::Enum && !call.result.is_pointer();
    for param in &call.params {
        let at = format!("{}, parameter `{}`", stand.at, param.name);
        let place = if is_out(param) { OUT } else { IN };
        check_slot(scope, param, &at, place, faults);
        if place == OUT && param.ty.levels.len() > 1 && returns_status && !has(&param.words, "valid_on") {
            let what = "does not say which statuses make the pointer that it receives valid";
            faults.say(param.line, &at, what, "CSTRUCT_VALID_ON(…) with the statuses, or any");
        }
        for word in param.words.iter().filter(|word| word.args.iter().any(|arg| arg == "on_success")) {
            if !returns_status && !call.result.is_pointer() {
                let what = format!("says {}(on_success), but nothing tells whether the call succeeded", word.name);
                faults.say(param.line, &at, &what, "always, or let the function return a status");
            }
        }
    }
}

/// A field or a parameter: its own words, its pointers, and, if it is a function that is written out, that.
fn check_slot(scope: &Scope<'_>, slot: &Slot, at: &str, place: u8, faults: &mut Faults) {
    // Before a pointer to a function that returns a pointer stand the words of both.
    let about_result = |word: &Word| rule(&word.name).is_some_and(|rule| rule.places & RESULT != 0);
    let call = slot.call.as_ref();
    let two = call.is_some_and(|call| call.result.is_pointer());
    let (results, own): (Vec<_>, Vec<_>) = slot.words.iter().partition(|word| two && about_result(word));

    check_words(scope, &own, &Stand { at, line: slot.line, place, ty: Some(&slot.ty) }, faults);
    if slot.ty.is_pointer() {
        check_nullability(&slot.ty, at, slot.line, faults);
        if !own.iter().any(|word| owns(word) || word.name == "user_slot") {
            let what = "is a pointer without a word on who owns it";
            faults.say(slot.line, at, what, &owners_for(place));
        }
    }
    if let Some(call) = call {
        let stand = Stand { at, line: slot.line, place: RESULT, ty: Some(&call.result) };
        check_call(&Scope::of_call(scope.header, call, scope.record), call, &results, &stand, faults);
    }
}

/// Each word by itself, then all of them together.
fn check_words(scope: &Scope<'_>, words: &[&Word], stand: &Stand<'_>, faults: &mut Faults) {
    let say = |what: &str, write: &str, faults: &mut Faults| faults.say(stand.line, stand.at, what, write);
    let mut owners = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let name = word.name.as_str();
        let Some(rule) = rule(name) else {
            say(
                &format!("says `{name}`, which is no word of the contract"),
                "one of the words at the top of the header",
                faults,
            );
            continue;
        };
        let remove = format!("no CSTRUCT_{}", spelled(rule));
        if rule.places & stand.place == 0 {
            let belongs = format!("it only {}", places_of(rule.places));
            say(&format!("says {name}, which means nothing here"), &belongs, faults);
        } else if word.args.len() != rule.args.len() {
            let what = format!("says {name} with {} arguments, not {}", word.args.len(), rule.args.len());
            say(&what, &format!("CSTRUCT_{}", spelled(rule)), faults);
        } else if rule.role != Role::About && !stand.ty.is_some_and(Type::is_pointer) {
            say(&format!("says {name}, but is no pointer"), &remove, faults);
        } else if rule.changes && stand.ty.is_some_and(|ty| ty.levels[0].to_const) {
            say(
                &format!("says {name}, but a pointer to const is only read"),
                &format!("it without const, or {remove}"),
                faults,
            );
        } else {
            check_args(scope, word, rule, stand, faults);
        }
        if rule.role == Role::Owns {
            owners.push(name);
        }
        if words[..index].iter().any(|before| before.name == name) && rule.role != Role::Owns {
            say(&format!("says {name} twice"), "it once", faults);
        }
    }
    if owners.len() > 1 {
        say(&format!("says {}, which contradict each other", owners.join(" and ")), "the one that is true", faults);
    }
}

/// Every level of the pointer says whether it may be NULL.
fn check_nullability(ty: &Type, at: &str, line: u32, faults: &mut Faults) {
    for (depth, level) in ty.levels.iter().enumerate().filter(|(_, level)| level.nullable.is_none()) {
        let inner = if depth == 0 { String::new() } else { format!(" (the inner `{}`)", level.text) };
        let what = format!("does not say whether the pointer may be NULL{inner}");
        faults.say(line, at, &what, "CSTRUCT_NULLABLE or CSTRUCT_NONNULL after its `*`");
    }
}

/// Says that it is one, or points to a pointer that can be written and nothing else is said of it.
fn is_out(param: &Slot) -> bool {
    let passed = param.words.iter().filter_map(|word| rule(&word.name));
    let passed = passed.clone().any(|rule| rule.role == Role::Owns && rule.places & IN != 0 && rule.places & OUT == 0);
    let writable = param.ty.levels.len() > 1 && !param.ty.levels[0].to_const;
    has(&param.words, "out") || (writable && !passed)
}

fn owns(word: &Word) -> bool {
    rule(&word.name).is_some_and(|rule| rule.role == Role::Owns)
}

fn refs(words: &[Word]) -> Vec<&Word> {
    words.iter().collect()
}
