//! The types of a parsed header, with what the canonical type would have lost: names and nullability.

#![allow(non_upper_case_globals, reason = "libclang's constants have the names that C gave them")]

use std::marker::PhantomData;

use clang_sys::*;

use super::clang::owned_text;

/// A C type, with the words that its author wrote round it still there.
#[derive(Clone, Copy)]
pub(crate) struct Ty<'u> {
    ty: CXType,
    _unit: PhantomData<&'u ()>,
}

impl Ty<'_> {
    /// `ty` must belong to a unit that outlives `'u`; the only callers are the nodes of that unit.
    pub(crate) fn new(ty: CXType) -> Self {
        Self { ty, _unit: PhantomData }
    }

    pub(crate) fn kind(self) -> CXTypeKind {
        self.ty.kind
    }

    /// The type as its author wrote it.
    pub(crate) fn written(self) -> String {
        // SAFETY: the type belongs to a live unit; the text is the caller's.
        owned_text(unsafe { clang_getTypeSpelling(self.ty) })
    }

    /// The type without typedefs and nullability: equal texts are one type.
    pub(crate) fn spelling(self) -> String {
        // SAFETY: the type belongs to a live unit; the text is the caller's.
        owned_text(unsafe { clang_getTypeSpelling(self.canonical().ty) })
    }

    pub(crate) fn canonical(self) -> Self {
        // SAFETY: the type belongs to a live unit.
        Self::new(unsafe { clang_getCanonicalType(self.ty) })
    }

    pub(crate) fn is_const(self) -> bool {
        // SAFETY: the type belongs to a live unit.
        unsafe { clang_isConstQualifiedType(self.canonical().ty) != 0 }
    }

    pub(crate) fn pointee(self) -> Self {
        // SAFETY: the type belongs to a live unit; one that is no pointer gives an invalid type, which is legal.
        Self::new(unsafe { clang_getPointeeType(self.ty) })
    }

    /// What a function type returns.
    pub(crate) fn result(self) -> Self {
        // SAFETY: the type belongs to a live unit; one that is no function gives an invalid type, which is legal.
        Self::new(unsafe { clang_getResultType(self.ty) })
    }

    /// Is NULL said to be possible here, or impossible? None when nothing is said.
    pub(crate) fn nullable(self) -> Option<bool> {
        // SAFETY: the type belongs to a live unit.
        match unsafe { clang_Type_getNullability(self.ty) } {
            CXTypeNullability_NonNull => Some(false),
            CXTypeNullability_Nullable => Some(true),
            _ => None,
        }
    }

    /// One layer of sugar less: an attribute, a name, a typedef. None when there is none that can be taken off.
    pub(crate) fn peeled(self) -> Option<Self> {
        Some(Self::new(match self.ty.kind {
            // SAFETY: the type belongs to a live unit, and is attributed.
            CXType_Attributed => unsafe { clang_Type_getModifiedType(self.ty) },
            // SAFETY: the type belongs to a live unit, and is elaborated.
            CXType_Elaborated => unsafe { clang_Type_getNamedType(self.ty) },
            CXType_Typedef => {
                // SAFETY: the type belongs to a live unit.
                let declaration = unsafe { clang_getTypeDeclaration(self.ty) };
                // SAFETY: the cursor is the typedef's declaration.
                unsafe { clang_getTypedefDeclUnderlyingType(declaration) }
            }
            _ => return None,
        }))
    }
}
