//! The reader of the contract: each fault is found and said in one line, and the correct twin passes.
//!
//! Without libclang the contract cannot be read; then each test says so, and checks that the loader gave a reason.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking; that is how it says so")]
#![allow(dead_code, reason = "the build's own modules are used, and not all of each")]

use std::path::{Path, PathBuf};

#[path = "../build/arguments.rs"]
mod arguments;
#[path = "../build/clang.rs"]
mod clang;
#[path = "../build/clang_type.rs"]
mod clang_type;
#[path = "../build/model.rs"]
mod model;
#[path = "../build/rules.rs"]
mod rules;
#[path = "../build/words.rs"]
mod words;

/// The real header's own words, then a few declarations to build on.
fn prelude() -> String {
    let header = include_str!("../c/cstruct.h");
    let begin = header.find("#if defined(__clang__)").unwrap();
    let end = header.find("#ifdef __cplusplus").unwrap();
    let words = &header[begin..end];
    format!(
        "{words}
typedef enum status {{ OK = 0, BAD = 1 }} status;
typedef struct CSTRUCT_SENDABLE thing thing;
typedef struct CSTRUCT_THREAD_BOUND bound bound;
typedef struct CSTRUCT_SHAREABLE counted counted;
typedef struct CSTRUCT_SENDABLE room {{ int x; }} room;
void thing_free(CSTRUCT_RELEASES(always) thing *CSTRUCT_NULLABLE self);
void silent_free(CSTRUCT_CALL_ONLY thing *CSTRUCT_NULLABLE self);
status counted_retain(CSTRUCT_RETAINS counted *CSTRUCT_NONNULL self);
void counted_release(CSTRUCT_RELEASES(one_count) counted *CSTRUCT_NULLABLE self);
void room_end(CSTRUCT_CLEARS room *CSTRUCT_NONNULL self);
typedef int (*each_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user);
"
    )
}

/// The faults of the prelude with `code` after it; None without libclang. Lines count from the first of `code`.
fn faults(name: &str, code: &str) -> Option<Vec<String>> {
    let library = match clang::Library::load() {
        Ok(library) => library,
        Err(why) => {
            println!("the contract is not read: {why}");
            assert!(!why.is_empty());
            return None;
        }
    };
    let prelude = prelude();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.h"));
    std::fs::write(&path, format!("{prelude}{code}\n")).unwrap();
    let header =
        model::read(&library, &path, &["-std=c11".to_owned()]).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
    let start = prelude.lines().count();
    let renumbered = rules::check(&header, "h").into_iter().map(|fault| {
        let mut parts = fault.splitn(3, ':');
        let (file, line) = (parts.next().unwrap(), parts.next().unwrap().parse::<usize>().unwrap());
        format!("{file}:{}:{}", line - start, parts.next().unwrap())
    });
    Some(renumbered.collect())
}

/// `wrong` has exactly one fault, which begins with `said` and says what to write; `right` has none.
fn refuses(name: &str, wrong: &str, said: &str, right: &str) {
    let Some(found) = faults(&format!("{name}_wrong"), wrong) else { return };
    assert_eq!(found.len(), 1, "{name}: {found:#?}");
    assert!(found[0].starts_with(said), "{name}:\n     said: {}\n expected: {said}", found[0]);
    assert!(found[0].contains("; write ") && !found[0].contains('\n'), "{name}: {}", found[0]);
    assert_eq!(faults(&format!("{name}_right"), right), Some(Vec::new()), "{name}: the twin must pass");
}

macro_rules! refused {
    ($($name:ident: $wrong:literal => $said:literal, twin $right:literal;)*) => {
        $(#[test] fn $name() { refuses(stringify!($name), $wrong, $said, $right); })*
    };
}

refused! {
    silent_result: "thing *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: returns a pointer without a word on who owns it; write a CSTRUCT_ word: OWNED(…)",
        twin "CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NULLABLE f(void);";
    silent_parameter: "\nvoid f(int a,\n thing *CSTRUCT_NONNULL p);"
        => "h:3: function `f`, parameter `p`: is a pointer without a word on who owns it; write a CSTRUCT_ word: CALL_ONLY",
        twin "void f(int a, CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL p);";
    silent_field: "struct s { char *CSTRUCT_NULLABLE p; };"
        => "h:1: struct `s`, field `p`: is a pointer without a word",
        twin "struct s { CSTRUCT_UNKNOWN char *CSTRUCT_NULLABLE p; };";
    silent_callback_parameter: "typedef void (*fn)(char *CSTRUCT_NULLABLE p);"
        => "h:1: callback type `fn`, parameter `p`: is a pointer without a word",
        twin "typedef void (*fn)(CSTRUCT_CALL_ONLY char *CSTRUCT_NULLABLE p);";
    silent_callback_field: "struct s { CSTRUCT_CALL_ONLY void (*CSTRUCT_NONNULL go)(char *CSTRUCT_NULLABLE p); };"
        => "h:1: struct `s`, field `go`, parameter `p`: is a pointer without a word",
        twin "struct s { CSTRUCT_CALL_ONLY void (*CSTRUCT_NONNULL go)(CSTRUCT_CALL_ONLY char *CSTRUCT_NULLABLE p); };";
    beside_alone: "void f(CSTRUCT_TEXT const char *CSTRUCT_NULLABLE p);"
        => "h:1: function `f`, parameter `p`: is a pointer without a word",
        twin "void f(CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NULLABLE p);";
    unknown_word: "void f(CSTRUCT_CALL_ONLY CSTRUCT_WORD_(\"lent\") thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says `lent`, which is no word of the contract",
        twin "void f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL p);";
    wrong_arity: "CSTRUCT_WORD_(\"owned\") thing *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says owned with 0 arguments, not 1; write CSTRUCT_OWNED(…)",
        twin "CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NULLABLE f(void);";
    wrong_choice: "void f(CSTRUCT_TAKES(sometimes) thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says takes(sometimes), but `sometimes` is none of its choices; write one of always, on_success",
        twin "void f(CSTRUCT_TAKES(always) thing *CSTRUCT_NONNULL p);";
    release_undeclared: "CSTRUCT_OWNED(thing_end) thing *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says owned(thing_end), but no function `thing_end` is declared",
        twin "CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NULLABLE f(void);";
    release_of_another_type: "CSTRUCT_OWNED(thing_free) counted *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says owned(thing_free), but `thing_free` takes no `struct counted *`",
        twin "CSTRUCT_OWNED(thing_free) struct thing *CSTRUCT_NULLABLE f(void);";
    release_that_does_not_say_so: "CSTRUCT_OWNED(silent_free) thing *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says owned(silent_free), but the parameter `self` of `silent_free` does not say so; write CSTRUCT_RELEASES",
        twin "CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NULLABLE f(void);";
    release_of_one_count: "CSTRUCT_OWNED(counted_release) counted *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says owned(counted_release), but `counted_release` gives back only one count",
        twin "CSTRUCT_SHARED(counted_retain, counted_release) counted *CSTRUCT_NULLABLE f(void);";
    retain_that_does_not_say_so: "CSTRUCT_SHARED(counted_release, counted_release) counted *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says shared(counted_release, counted_release), but the parameter `self` of `counted_release` does not say so; write CSTRUCT_RETAINS there",
        twin "CSTRUCT_SHARED(counted_retain, counted_release) counted *CSTRUCT_NULLABLE f(void);";
    clear_of_another_type: "status f(CSTRUCT_INITS(thing_free) room *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says inits(thing_free), but `thing_free` takes no `struct room *`",
        twin "status f(CSTRUCT_INITS(room_end) room *CSTRUCT_NONNULL p);";
    unstated_result: "CSTRUCT_OWNED(thing_free) thing *f(void);"
        => "h:1: function `f`, result: does not say whether the pointer may be NULL; write CSTRUCT_NULLABLE or CSTRUCT_NONNULL",
        twin "CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NONNULL f(void);";
    unstated_inner_level: "status f(CSTRUCT_OWNED(thing_free) CSTRUCT_VALID_ON(OK) thing **CSTRUCT_NONNULL out);"
        => "h:1: function `f`, parameter `out`: does not say whether the pointer may be NULL (the inner `struct thing *`)",
        twin "status f(CSTRUCT_OWNED(thing_free) CSTRUCT_VALID_ON(OK) thing *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);";
    borrowed_from_nobody: "CSTRUCT_BORROWED(selv, changed) const char *CSTRUCT_NULLABLE f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL self);"
        => "h:1: function `f`: says borrowed(selv, changed), but `selv` is no parameter",
        twin "CSTRUCT_BORROWED(self, changed) const char *CSTRUCT_NULLABLE f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL self);";
    borrowed_from_a_number: "CSTRUCT_BORROWED(n, changed) const char *CSTRUCT_NULLABLE f(int n);"
        => "h:1: function `f`: says borrowed(n, changed), but `n` is no pointer to an object",
        twin "CSTRUCT_STATIC const char *CSTRUCT_NULLABLE f(int n);";
    counted_by_nothing: "void f(CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(n) const char *CSTRUCT_NULLABLE p, int m);"
        => "h:1: function `f`, parameter `p`: says counted(n), but `n` is no length",
        twin "void f(CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(m) const char *CSTRUCT_NULLABLE p, int m);";
    callback_without_user: "void f(CSTRUCT_CALLBACK(data, this_call) each_fn CSTRUCT_NONNULL fn, CSTRUCT_CALL_ONLY void *CSTRUCT_NULLABLE data);"
        => "h:1: function `f`, parameter `fn`: says callback(data, this_call), but `data` is no parameter that says user",
        twin "void f(CSTRUCT_CALLBACK(data, this_call) each_fn CSTRUCT_NONNULL fn, CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE data);";
    callback_outlives_user: "void f(CSTRUCT_CALLBACK(data, replaced) each_fn CSTRUCT_NONNULL fn, CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE data);"
        => "h:1: function `f`, parameter `fn`: says callback(data, replaced), but `data` is there for `this_call`",
        twin "void f(CSTRUCT_CALLBACK(data, replaced) each_fn CSTRUCT_NONNULL fn, CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE data);";
    status_undeclared: "status f(CSTRUCT_OWNED(thing_free) CSTRUCT_VALID_ON(OK | FINE) thing *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);"
        => "h:1: function `f`, parameter `out`: says valid_on(OK | FINE), but `FINE` is no value of",
        twin "status f(CSTRUCT_OWNED(thing_free) CSTRUCT_VALID_ON(OK | BAD) thing *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);";
    status_unsaid: "status f(CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);"
        => "h:1: function `f`, parameter `out`: does not say which statuses make the pointer that it receives valid",
        twin "status f(CSTRUCT_OWNED(thing_free) CSTRUCT_VALID_ON(any) thing *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);";
    keeps_until_nothing: "void f(CSTRUCT_KEEPS(f_end) const char *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says keeps(f_end), but no function `f_end` is declared",
        twin "void f_end(void); void f(CSTRUCT_KEEPS(f_end) const char *CSTRUCT_NONNULL p);";
    error_of_nobody: "CSTRUCT_LAST_ERROR(ctx) int f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL self);"
        => "h:1: function `f`: says last_error(ctx), but `ctx` is no parameter",
        twin "CSTRUCT_LAST_ERROR(self) int f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL self);";
    two_owners: "void f(CSTRUCT_CALL_ONLY CSTRUCT_TAKES(always) thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says call_only and takes, which contradict each other",
        twin "void f(CSTRUCT_TAKES(always) thing *CSTRUCT_NONNULL p);";
    call_only_result: "CSTRUCT_CALL_ONLY thing *CSTRUCT_NULLABLE f(void);"
        => "h:1: function `f`: says call_only, which means nothing here; write it only on a pointer that the caller passes",
        twin "CSTRUCT_UNKNOWN thing *CSTRUCT_NULLABLE f(void);";
    static_valid_on: "CSTRUCT_STATIC CSTRUCT_VALID_ON(OK) const char *CSTRUCT_NONNULL f(void);"
        => "h:1: function `f`: says valid_on, which means nothing here; write it only on an out-parameter",
        twin "CSTRUCT_STATIC const char *CSTRUCT_NONNULL f(void);";
    owned_but_passed: "void f(CSTRUCT_OWNED(thing_free) thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says owned, which means nothing here",
        twin "void f(CSTRUCT_RELEASES(always) thing *CSTRUCT_NONNULL p);";
    takes_const: "void f(CSTRUCT_TAKES(always) const thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says takes, but a pointer to const is only read",
        twin "void f(CSTRUCT_TAKES(always) thing *CSTRUCT_NONNULL p);";
    success_untold: "void f(CSTRUCT_TAKES(on_success) thing *CSTRUCT_NONNULL p);"
        => "h:1: function `f`, parameter `p`: says takes(on_success), but nothing tells whether the call succeeded",
        twin "status f(CSTRUCT_TAKES(on_success) thing *CSTRUCT_NONNULL p);";
    word_without_pointer: "void f(CSTRUCT_CALL_ONLY int n);"
        => "h:1: function `f`, parameter `n`: says call_only, but is no pointer",
        twin "void f(int n);";
    plain_with_pointer: "struct CSTRUCT_PLAIN s { CSTRUCT_UNKNOWN char *CSTRUCT_NULLABLE p; };"
        => "h:1: struct `s`, field `p`: is a pointer, but the struct says plain",
        twin "struct CSTRUCT_PLAIN s { int p; };";
    two_thread_words: "struct CSTRUCT_SENDABLE CSTRUCT_THREAD_BOUND s { int x; };"
        => "h:1: struct `s`: says sendable and thread_bound, which contradict each other",
        twin "struct CSTRUCT_THREAD_BOUND s { int x; };";
    home_of_a_traveller: "CSTRUCT_HOME_THREAD status f(CSTRUCT_CALL_ONLY thing *CSTRUCT_NONNULL self);"
        => "h:1: function `f`: says home_thread, but its first parameter is no object that says thread_bound",
        twin "CSTRUCT_HOME_THREAD status f(CSTRUCT_CALL_ONLY bound *CSTRUCT_NONNULL self);";
    global: "extern int counter;"
        => "h:1: variable `counter`: is shared by all of a program",
        twin "int counter(void);";
}

#[test]
fn the_header_itself_has_no_fault_and_uses_only_known_words() {
    let Ok(library) = clang::Library::load() else {
        println!("the contract is not read: no libclang");
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("c/cstruct.h");
    let mut args = vec!["-std=c11".to_owned()];
    if let Ok(output) = std::process::Command::new("cc").arg("-print-file-name=include").output() {
        args.extend(["-idirafter".to_owned(), String::from_utf8_lossy(&output.stdout).trim().to_owned()]);
    }
    let header = model::read(&library, &path, &args).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert!(header.functions.len() > 50 && header.records.len() > 10, "the reader does not see the header");
    assert_eq!(rules::check(&header, "c/cstruct.h"), Vec::<String>::new());
}

/// The table in the code and the macros in the header are one list.
#[test]
fn the_vocabulary_is_that_of_the_header() {
    let header = include_str!("../c/cstruct.h");
    let defined = header
        .lines()
        .filter_map(|line| line.split_once(" CSTRUCT_WORD_(\"").filter(|_| line.starts_with("#define CSTRUCT_")));
    let mut defined: Vec<_> = defined.map(|(_, text)| text.split(['(', '"']).next().unwrap_or_default()).collect();
    let mut known: Vec<_> = words::RULES.iter().map(|rule| rule.word).collect();
    defined.sort_unstable();
    known.sort_unstable();
    assert_eq!(defined, known);
}
