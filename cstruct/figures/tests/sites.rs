//! What counts as a site, as its comment, and as their pair.

use cstruct_figures::sites::{Kind, Source, Unpaired};

fn read(text: &str) -> Source {
    Source::read(text).expect("the text is Rust")
}

#[test]
fn each_kind_is_seen_inside_macros_too() {
    let source = read(
        "macro_rules! all { ($t:ty) => {\n\
         unsafe impl Send for $t {}\n\
         #[unsafe(no_mangle)]\n\
         extern \"C\" fn f() { unsafe { g() } }\n\
         unsafe extern \"C\" { fn g(); }\n\
         } }",
    );
    assert_eq!(source.sites, [(Kind::Impl, 2), (Kind::Attribute, 3), (Kind::Block, 4), (Kind::Foreign, 5)]);
}

#[test]
fn what_asks_instead_of_vouching_is_no_site() {
    let source = read(
        "unsafe trait T { unsafe fn f(); }\n\
         unsafe extern \"C\" fn g() {}\n\
         type F = unsafe extern \"C\" fn();\n\
         struct S { f: unsafe fn() }",
    );
    assert_eq!(source.sites, []);
}

#[test]
fn texts_and_documentation_hold_neither_sites_nor_comments() {
    let source = read(
        "/// // SAFETY: in an example\n/// unsafe { f() }\nconst C: &str = \"\n// SAFETY: a text\nunsafe { f() }\";",
    );
    assert_eq!(source.sites, []);
    assert_eq!(source.comments, []);
}

#[test]
fn one_comment_does_not_serve_two_sites() {
    let source = read("// SAFETY: both.\nlet a = unsafe { f() };\nlet b = unsafe { f() };");
    assert_eq!(source.unpaired(), [Unpaired::Site(Kind::Block, 3)]);
}

#[test]
fn a_comment_below_its_site_serves_nothing() {
    let source = read("let a = unsafe {\n// SAFETY: too late.\nf() };");
    assert_eq!(source.unpaired(), [Unpaired::Site(Kind::Block, 1), Unpaired::Comment(2)]);
}

#[test]
fn a_comment_without_a_site_is_told() {
    let source =
        read("// SAFETY: first.\n// SAFETY: second.\nlet a = unsafe { f() };\n// SAFETY: third.\nlet b = f();");
    assert_eq!(source.unpaired(), [Unpaired::Comment(1), Unpaired::Comment(4)]);
}

#[test]
fn the_words_of_wrap_are_a_declaration_and_their_pattern_is_nothing() {
    let source = read(
        "wrap! { struct S(sys::s); unsafe { release = sys::free; } }\nmacro_rules! wrap { (unsafe { $($words:tt)* }) => {} }",
    );
    assert_eq!((source.declarations, source.sites.as_slice()), (1, [].as_slice()));
    let source = read("cstruct::wrap!(struct S(sys::s); unsafe { release = { unsafe { free } } });");
    assert_eq!((source.declarations, source.sites.as_slice()), (1, [(Kind::Block, 1)].as_slice()));
}

#[test]
fn an_allow_with_its_reason_argues_for_what_it_covers() {
    const ALLOW: &str = "[allow(clippy::undocumented_unsafe_blocks, reason = \"a fake\")]";
    const SITE: &str = "unsafe { f() }";
    let counts = |text: &str| {
        let source = read(text);
        (source.sites.len(), source.argued_at_once)
    };
    assert_eq!(counts(&format!("#!{ALLOW}\nfn a() {{ {SITE} }}\nfn b() {{ {SITE} }}")), (0, 2));
    assert_eq!(counts(&format!("#{ALLOW}\nmod a {{ {SITE} }}\nfn b() {{ {SITE} }}")), (1, 1));
    assert_eq!(counts(&format!("mod a {{\n#!{ALLOW}\n{SITE}\n}}\nfn b() {{ {SITE} }}")), (1, 1));
    assert_eq!(counts(&format!("#![allow(clippy::undocumented_unsafe_blocks)]\nfn a() {{ {SITE} }}")), (1, 0));
    assert_eq!(counts(&format!("#!{ALLOW}\n// SAFETY: said all the same.\nfn a() {{ {SITE} }}")), (0, 1));
}
