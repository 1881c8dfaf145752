//! The places of one source file that are `unsafe`, and the comments that argue for them.
//!
//! A site is where somebody vouches: a block, an `impl`, an attribute, a block of foreign declarations. An `unsafe fn` or
//! `unsafe trait` vouches for nothing; it asks, and its contract stands in its `# Safety` section. The words of a `wrap!` are
//! counted apart: what they promise of threads has its reason in the text that the macro demands.
//!
//! ```
//! use cstruct_figures::sites::{Kind, Source};
//!
//! let source = Source::read("// SAFETY: it is not null.\nlet first = unsafe { *pointer };")?;
//! assert_eq!(source.sites, [(Kind::Block, 2)]);
//! assert_eq!(source.comments, [1]);
//! assert_eq!(source.unpaired(), []);
//! # Ok::<(), proc_macro2::LexError>(())
//! ```

use std::fmt;
use std::ops::RangeInclusive;

use proc_macro2::{Delimiter, Group, LexError, TokenStream, TokenTree};

/// What is vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `unsafe { … }`
    Block,
    /// `unsafe impl`
    Impl,
    /// `#[unsafe(…)]`
    Attribute,
    /// `unsafe extern { … }`
    Foreign,
}

impl Kind {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Block, Self::Impl, Self::Attribute, Self::Foreign];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Block => "unsafe block",
            Self::Impl => "unsafe impl",
            Self::Attribute => "unsafe attribute",
            Self::Foreign => "unsafe extern block",
        })
    }
}

/// A line that has no partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpaired {
    /// A site without a comment of its own.
    Site(Kind, usize),
    /// A comment that argues for no site.
    Comment(usize),
}

/// One file, read; lines count from 1.
#[derive(Debug, Default)]
pub struct Source {
    /// Every site with its line, in the order of the text.
    pub sites: Vec<(Kind, usize)>,
    /// The line of every `// SAFETY:`, in the order of the text.
    pub comments: Vec<usize>,
    /// The `unsafe { … }` of `wrap!`, which holds words and no code.
    pub declarations: usize,
    /// Sites where the lint that asks for comments is allowed, with a reason: it argues for all of them at once.
    pub argued_at_once: usize,
    excepted: Vec<RangeInclusive<usize>>,
    texts: Vec<RangeInclusive<usize>>,
}

impl Source {
    /// Finds the sites and the comments of a file; those inside string literals and documentation are neither.
    ///
    /// # Errors
    ///
    /// If the text is no Rust.
    pub fn read(text: &str) -> Result<Self, LexError> {
        let mut source = Self::default();
        source.walk(text.parse()?, false);
        source.sites.sort_by_key(|(_, line)| *line);
        let within = |ranges: &[RangeInclusive<usize>], line: usize| ranges.iter().any(|range| range.contains(&line));
        let found = source.sites.len();
        source.sites.retain(|(_, line)| !within(&source.excepted, *line));
        source.argued_at_once = found - source.sites.len();
        let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("// SAFETY:"));
        let lines = lines.map(|(index, _)| index + 1);
        source.comments =
            lines.filter(|line| !within(&source.texts, *line) && !within(&source.excepted, *line)).collect();
        Ok(source)
    }

    fn walk(&mut self, tokens: TokenStream, in_wrap: bool) {
        self.except(&tokens);
        let mut tokens = tokens.into_iter();
        let mut wraps = 0; // how much of `wrap!` has just been read
        while let Some(token) = tokens.next() {
            let wrapped = wraps == 2;
            wraps = match &token {
                TokenTree::Ident(word) if word == "wrap" => 1,
                TokenTree::Punct(mark) if wraps == 1 && mark.as_char() == '!' => 2,
                _ => 0,
            };
            match token {
                TokenTree::Ident(word) if word == "unsafe" => {
                    let following: Vec<TokenTree> = tokens.clone().take(3).collect();
                    match kind(&following) {
                        Some(Kind::Block) if in_wrap => self.declarations += 1,
                        Some(Kind::Block) if is_pattern(&following) => {}
                        kind => self.sites.extend(kind.map(|kind| (kind, word.span().start().line))),
                    }
                }
                TokenTree::Group(group) => self.walk(group.stream(), wrapped),
                TokenTree::Literal(literal) => {
                    let (start, end) = (literal.span().start().line, literal.span().end().line);
                    if start < end {
                        self.texts.push(start + 1..=end);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// Notes what an `allow` of the lint covers: an inner one all that follows it, an outer one the next body.
    fn except(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let before = |back: usize, mark| {
                index
                    .checked_sub(back)
                    .is_some_and(|index| matches!(&tokens[index], TokenTree::Punct(punct) if punct.as_char() == mark))
            };
            let start = group.span().start().line;
            if !allows_sites(group) {
                continue;
            } else if before(1, '!') && before(2, '#') {
                let end = tokens.last().map_or(start, |token| token.span().end().line);
                self.excepted.push(start..=end);
            } else if before(1, '#') {
                let body = tokens[index..]
                    .iter()
                    .find(|token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace));
                self.excepted.extend(body.map(|body| start..=body.span().end().line));
            }
        }
    }

    /// The lines that break the alternation of comment and site: each site has the comment between it and the site before it.
    #[must_use]
    pub fn unpaired(&self) -> Vec<Unpaired> {
        let mut unpaired = Vec::new();
        let mut comments = self.comments.iter().copied().peekable();
        for (kind, line) in &self.sites {
            let mut own = None;
            while let Some(comment) = comments.next_if(|comment| comment < line) {
                unpaired.extend(own.replace(comment).map(Unpaired::Comment));
            }
            if own.is_none() {
                unpaired.push(Unpaired::Site(*kind, *line));
            }
        }
        unpaired.extend(comments.map(Unpaired::Comment));
        unpaired
    }
}

/// What an `unsafe` before these tokens vouches for.
fn kind(following: &[TokenTree]) -> Option<Kind> {
    match following {
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => Some(Kind::Block),
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis => Some(Kind::Attribute),
        [TokenTree::Ident(next), ..] if next == "impl" => Some(Kind::Impl),
        // With or without the name of an ABI; otherwise it is a function or the type of one.
        [TokenTree::Ident(next), TokenTree::Literal(_), TokenTree::Group(group)]
        | [TokenTree::Ident(next), TokenTree::Group(group), ..]
            if next == "extern" && group.delimiter() == Delimiter::Brace =>
        {
            Some(Kind::Foreign)
        }
        _ => None,
    }
}

/// The place in a macro's pattern where the words of `wrap!` go: `unsafe { $($words:tt)* }`.
fn is_pattern(following: &[TokenTree]) -> bool {
    let Some(TokenTree::Group(group)) = following.first() else { return false };
    let mut inside = group.stream().into_iter();
    matches!(inside.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '$')
        && matches!(inside.next(), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "$words:tt")
}

/// Whether this is the inside of an `allow` of the lint, with its reason.
fn allows_sites(group: &Group) -> bool {
    let said = group.stream().to_string();
    group.delimiter() == Delimiter::Bracket
        && said.starts_with("allow")
        && said.contains("undocumented_unsafe_blocks")
        && said.contains("reason")
}
