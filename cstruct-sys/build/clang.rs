//! libclang, as far as the contract needs it: a parsed header and its nodes, without a bare pointer.
//!
//! Nodes, and the types in `clang_type`, borrow the [`Unit`] that they belong to, so none outlives it.

#![allow(non_upper_case_globals, reason = "libclang's constants have the names that C gave them")]

use std::ffi::{CStr, CString, c_uint};
use std::marker::PhantomData;
use std::path::Path;
use std::ptr;

use clang_sys::*;

use super::clang_type::Ty;

/// libclang is loaded in this thread.
pub(crate) struct Library(());

impl Library {
    /// Looks for libclang. The error says where it was looked for.
    pub(crate) fn load() -> Result<Self, String> {
        if !is_loaded() {
            load()?;
        }
        // Older ones lack the functions below that tell nullability, and a missing function is a panic.
        match get_library().and_then(|library| library.version()) {
            Some(version) if version >= Version::V9_0 => Ok(Self(())),
            Some(version) => Err(format!("the libclang found is {version}, and 9.0 or later is needed")),
            None => Err("the libclang found is of no known version".to_owned()),
        }
    }
}

/// A header that was parsed.
pub(crate) struct Unit<'l> {
    index: CXIndex,
    unit: CXTranslationUnit,
    _library: PhantomData<&'l Library>,
}

impl<'l> Unit<'l> {
    /// Parses `header` as C, with nullability kept in its types.
    pub(crate) fn parse(_library: &'l Library, header: &Path, args: &[String]) -> Result<Self, String> {
        let path = text_for_c(&header.to_string_lossy())?;
        let args = args.iter().map(|arg| text_for_c(arg)).collect::<Result<Vec<_>, _>>()?;
        let args: Vec<_> = args.iter().map(|arg| arg.as_ptr()).collect();
        let count = i32::try_from(args.len()).map_err(|_| "too many arguments for libclang".to_owned())?;
        let mut unit = ptr::null_mut();
        // SAFETY: takes no pointer.
        let index = unsafe { clang_createIndex(0, 0) };
        // SAFETY: `index` is live, the path and the `count` arguments end with a NUL and outlive the call, and `unit` is
        // written.
        let code = unsafe {
            clang_parseTranslationUnit2(
                index,
                path.as_ptr(),
                args.as_ptr(),
                count,
                ptr::null_mut(),
                0,
                CXTranslationUnit_IncludeAttributedTypes,
                &raw mut unit,
            )
        };
        // From here on `Drop` disposes of both; a unit that was not made is NULL.
        let parsed = Self { index, unit, _library: PhantomData };
        if code == CXError_Success && !parsed.unit.is_null() {
            Ok(parsed)
        } else {
            Err(format!("libclang cannot read {} (its error {code})", header.display()))
        }
    }

    /// What is wrong with the header as C: line and message.
    pub(crate) fn errors(&self) -> Vec<(u32, String)> {
        // SAFETY: the unit is live.
        let count = unsafe { clang_getNumDiagnostics(self.unit) };
        let mut errors = Vec::new();
        for number in 0..count {
            // SAFETY: the unit is live and `number` is below the count.
            let diagnostic = unsafe { clang_getDiagnostic(self.unit, number) };
            // SAFETY: the diagnostic is live until it is disposed of below.
            let severity = unsafe { clang_getDiagnosticSeverity(diagnostic) };
            if severity >= CXDiagnostic_Error {
                // SAFETY: as above.
                let place = unsafe { clang_getDiagnosticLocation(diagnostic) };
                // SAFETY: as above; the text is the caller's.
                let message = owned_text(unsafe { clang_getDiagnosticSpelling(diagnostic) });
                errors.push((line_of(place), message));
            }
            // SAFETY: made by clang_getDiagnostic above and not used again.
            unsafe { clang_disposeDiagnostic(diagnostic) };
        }
        errors
    }

    /// The whole header.
    pub(crate) fn root(&self) -> Node<'_> {
        // SAFETY: the unit is live.
        let cursor = unsafe { clang_getTranslationUnitCursor(self.unit) };
        Node { cursor, _unit: PhantomData }
    }
}

impl Drop for Unit<'_> {
    fn drop(&mut self) {
        if !self.unit.is_null() {
            // SAFETY: made by clang_parseTranslationUnit2; nodes and types borrow `self` and are gone.
            unsafe { clang_disposeTranslationUnit(self.unit) };
        }
        // SAFETY: made by clang_createIndex; its only unit is gone.
        unsafe { clang_disposeIndex(self.index) };
    }
}

/// A place in the syntax tree.
#[derive(Clone, Copy)]
pub(crate) struct Node<'u> {
    cursor: CXCursor,
    _unit: PhantomData<&'u ()>,
}

impl<'u> Node<'u> {
    pub(crate) fn kind(self) -> CXCursorKind {
        self.cursor.kind
    }

    pub(crate) fn name(self) -> String {
        // SAFETY: the cursor belongs to a live unit; the text is the caller's.
        owned_text(unsafe { clang_getCursorSpelling(self.cursor) })
    }

    pub(crate) fn line(self) -> u32 {
        line_of(self.location())
    }

    /// False for what comes from an included file.
    pub(crate) fn is_in_header(self) -> bool {
        // SAFETY: the location belongs to a live unit.
        unsafe { clang_Location_isFromMainFile(self.location()) != 0 }
    }

    /// True where a struct has its fields.
    pub(crate) fn is_definition(self) -> bool {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { clang_isCursorDefinition(self.cursor) != 0 }
    }

    pub(crate) fn ty(self) -> Ty<'u> {
        // SAFETY: the cursor belongs to a live unit.
        Ty::new(unsafe { clang_getCursorType(self.cursor) })
    }

    /// What a typedef stands for.
    pub(crate) fn aliased(self) -> Ty<'u> {
        // SAFETY: the cursor belongs to a live unit.
        Ty::new(unsafe { clang_getTypedefDeclUnderlyingType(self.cursor) })
    }

    pub(crate) fn children(self) -> Vec<Node<'u>> {
        extern "C" fn collect(child: CXCursor, _: CXCursor, data: CXClientData) -> CXChildVisitResult {
            let children = data.cast::<Vec<CXCursor>>();
            // SAFETY: `data` is the vector below, which nothing else uses during the visit.
            unsafe { &mut *children }.push(child);
            CXChildVisit_Continue
        }
        let mut found: Vec<CXCursor> = Vec::new();
        // SAFETY: the cursor belongs to a live unit, and `collect` is called during this call only, with `found`.
        unsafe { clang_visitChildren(self.cursor, collect, (&raw mut found).cast()) };
        found.into_iter().map(|cursor| Node { cursor, _unit: PhantomData }).collect()
    }

    fn location(self) -> CXSourceLocation {
        // SAFETY: the cursor belongs to a live unit.
        unsafe { clang_getCursorLocation(self.cursor) }
    }
}

fn line_of(place: CXSourceLocation) -> u32 {
    let mut line: c_uint = 0;
    let none = ptr::null_mut();
    // SAFETY: the location belongs to a live unit; NULL is legal for what is not asked.
    unsafe { clang_getExpansionLocation(place, none, &raw mut line, ptr::null_mut(), ptr::null_mut()) };
    line
}

/// Copies a text out and releases it.
pub(crate) fn owned_text(text: CXString) -> String {
    // SAFETY: the text is live until it is disposed of below.
    let chars = unsafe { clang_getCString(text) };
    let copy = if chars.is_null() {
        String::new()
    } else {
        // SAFETY: not NULL, ends with a NUL, and is live until the next line.
        unsafe { CStr::from_ptr(chars) }.to_string_lossy().into_owned()
    };
    // SAFETY: the caller owns the text, and it is not used again.
    unsafe { clang_disposeString(text) };
    copy
}

fn text_for_c(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|_| format!("{text:?} has a NUL in it"))
}
