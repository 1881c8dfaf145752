//! What a header says, read once through libclang into plain data: functions, structs, their words and types.

#![allow(non_upper_case_globals, reason = "libclang's constants have the names that C gave them")]

use std::collections::BTreeMap;
use std::path::Path;

use clang_sys::*;

use super::clang::{Library, Node, Unit};
use super::clang_type::Ty;

/// All that a header declares itself; what it includes is left out.
#[derive(Default)]
pub(crate) struct Header {
    pub(crate) functions: Vec<Function>,
    pub(crate) records: Vec<Record>,
    /// Typedefs of function pointers.
    pub(crate) callbacks: Vec<Slot>,
    /// Variables, which a header of this kind must not have.
    pub(crate) variables: Vec<(String, u32)>,
    /// Enum constants, and the enum that each belongs to.
    pub(crate) constants: BTreeMap<String, String>,
}

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) words: Vec<Word>,
    pub(crate) call: Call,
}

/// What a function, or a pointer to one, takes and returns.
pub(crate) struct Call {
    pub(crate) result: Type,
    pub(crate) params: Vec<Slot>,
}

/// A parameter, a field or a typedef: something with a name, a type and words.
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) words: Vec<Word>,
    pub(crate) ty: Type,
    /// For a pointer to a function that is written out here.
    pub(crate) call: Option<Call>,
}

/// A struct or union.
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) words: Vec<Word>,
    pub(crate) fields: Vec<Slot>,
}

/// One word of the contract as it is written: `owned(cstruct_free)`.
pub(crate) struct Word {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

/// A type: the pointers that lead to its end, the outermost first.
pub(crate) struct Type {
    pub(crate) levels: Vec<Level>,
    pub(crate) end: End,
    /// The typedef that it is named by, if any.
    pub(crate) alias: Option<String>,
    /// The end without qualifiers, as text.
    pub(crate) end_text: String,
}

pub(crate) struct Level {
    pub(crate) nullable: Option<bool>,
    pub(crate) to_const: bool,
    /// The pointer as text, without typedefs, nullability and its own qualifiers: equal texts are one type.
    pub(crate) text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Void,
    Char,
    Integer,
    Enum,
    Record,
    Function,
    Other,
}

impl Type {
    pub(crate) fn is_pointer(&self) -> bool {
        !self.levels.is_empty()
    }

    /// A pointer to a function.
    pub(crate) fn is_callable(&self) -> bool {
        self.levels.len() == 1 && self.end == End::Function
    }
}

pub(crate) fn has(words: &[Word], name: &str) -> bool {
    words.iter().any(|word| word.name == name)
}

/// Reads the header; errors are those of the C language, each with its line.
pub(crate) fn read(library: &Library, path: &Path, args: &[String]) -> Result<Header, Vec<(u32, String)>> {
    let unit = Unit::parse(library, path, args).map_err(|error| vec![(1, error)])?;
    let errors = unit.errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut header = Header::default();
    header.take_in(unit.root());
    Ok(header)
}

impl Header {
    fn take_in(&mut self, parent: Node<'_>) {
        for node in parent.children().into_iter().filter(|node| node.is_in_header()) {
            match node.kind() {
                CXCursor_FunctionDecl => self.functions.push(Function {
                    name: node.name(),
                    line: node.line(),
                    words: words(node),
                    call: Call { result: ty(node.ty().result()), params: params(node) },
                }),
                CXCursor_StructDecl | CXCursor_UnionDecl => self.take_record(node),
                CXCursor_TypedefDecl => {
                    let slot = slot(node, node.aliased());
                    if slot.ty.is_callable() {
                        self.callbacks.push(slot);
                    }
                }
                CXCursor_VarDecl => self.variables.push((node.name(), node.line())),
                CXCursor_EnumDecl => {
                    for constant in node.children().into_iter().filter(|node| node.kind() == CXCursor_EnumConstantDecl)
                    {
                        self.constants.insert(constant.name(), node.ty().spelling());
                    }
                }
                // extern "C" { … }
                CXCursor_LinkageSpec | CXCursor_UnexposedDecl => self.take_in(node),
                _ => {}
            }
        }
    }

    /// A struct may be declared several times and defined once; it is one record.
    fn take_record(&mut self, node: Node<'_>) {
        let name = node.name();
        let fields = node.children().into_iter().filter(|node| node.kind() == CXCursor_FieldDecl);
        let fields: Vec<_> = fields.map(|field| slot(field, field.ty())).collect();
        match self.records.iter_mut().find(|record| record.name == name && !name.is_empty()) {
            Some(known) => {
                known.words.extend(words(node));
                if node.is_definition() {
                    known.fields = fields;
                }
            }
            None => self.records.push(Record { name, line: node.line(), words: words(node), fields }),
        }
        for inner in node.children() {
            if matches!(inner.kind(), CXCursor_StructDecl | CXCursor_UnionDecl) {
                self.take_record(inner);
            }
        }
    }
}

fn slot(node: Node<'_>, of: Ty<'_>) -> Slot {
    let ty = ty(of);
    // A typedef's own parameters are read where the typedef is.
    let call = (ty.is_callable() && ty.alias.is_none()).then(|| {
        let mut pointer = of;
        while let Some(inner) = pointer.peeled() {
            pointer = inner;
        }
        Call { result: self::ty(pointer.pointee().result()), params: params(node) }
    });
    Slot { name: node.name(), line: node.line(), words: words(node), ty, call }
}

fn params(node: Node<'_>) -> Vec<Slot> {
    let params = node.children().into_iter().filter(|node| node.kind() == CXCursor_ParmDecl);
    params.map(|param| slot(param, param.ty())).collect()
}

fn words(node: Node<'_>) -> Vec<Word> {
    let notes = node.children().into_iter().filter(|node| node.kind() == CXCursor_AnnotateAttr);
    notes.filter_map(|note| note.name().strip_prefix("cstruct:").map(word)).collect()
}

fn word(text: &str) -> Word {
    let Some((name, rest)) = text.split_once('(') else {
        return Word { name: text.trim().to_owned(), args: Vec::new() };
    };
    let args = rest.strip_suffix(')').unwrap_or(rest);
    let args = args.split(',').map(|arg| arg.trim().to_owned());
    Word { name: name.trim().to_owned(), args: args.filter(|arg| !arg.is_empty()).collect() }
}

/// Follows the pointers; each level keeps what was said of it, which the canonical type would have lost.
fn ty(of: Ty<'_>) -> Type {
    let mut levels = Vec::new();
    let mut alias = None;
    let mut at = of;
    loop {
        let mut nullable = None;
        let outer = at;
        loop {
            nullable = nullable.or_else(|| at.nullable());
            if at.kind() == CXType_Typedef && levels.is_empty() && alias.is_none() {
                alias = Some(at.written());
            }
            match at.peeled() {
                Some(inner) => at = inner,
                None => break,
            }
        }
        if at.kind() != CXType_Pointer && at.canonical().kind() == CXType_Pointer {
            at = at.canonical();
        }
        if at.kind() != CXType_Pointer {
            return Type {
                levels,
                end: end(outer),
                alias,
                end_text: outer.spelling().trim_start_matches("const ").to_owned(),
            };
        }
        let pointee = at.pointee();
        levels.push(Level {
            nullable,
            to_const: pointee.is_const(),
            text: at.spelling().trim_end_matches("const").trim().to_owned(),
        });
        at = pointee;
    }
}

fn end(ty: Ty<'_>) -> End {
    match ty.canonical().kind() {
        CXType_Void => End::Void,
        CXType_Char_S | CXType_Char_U | CXType_SChar | CXType_UChar => End::Char,
        CXType_Bool | CXType_Short | CXType_UShort | CXType_Int | CXType_UInt | CXType_Long | CXType_ULong
        | CXType_LongLong | CXType_ULongLong => End::Integer,
        CXType_Enum => End::Enum,
        CXType_Record => End::Record,
        CXType_FunctionProto | CXType_FunctionNoProto => End::Function,
        _ => End::Other,
    }
}
