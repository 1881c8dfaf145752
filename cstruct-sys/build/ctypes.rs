//! Types of the bindings, written as C.

/// Declares `name` with this Rust type: `*mut cstruct` and `next` give `cstruct *next`.
pub(crate) fn declaration(ty: &str, name: &str) -> String {
    let ty = ty.trim().trim_end_matches(',');
    if let Some(inner) = ty.strip_prefix("*mut ") {
        return declaration(inner, &format!("*{name}"));
    }
    if let Some(inner) = ty.strip_prefix("*const ") {
        return if inner.trim_start().starts_with('*') {
            declaration(inner, &format!("const *{name}"))
        } else {
            format!("const {}", declaration(inner, &format!("*{name}")))
        };
    }
    if let Some(inner) = ty.strip_prefix("::core::option::Option<").and_then(|rest| rest.strip_suffix('>')) {
        let inner = inner.trim().trim_end_matches(',');
        let call = inner.strip_prefix("unsafe extern \"C\" ").unwrap_or(inner);
        return declaration(call, &format!("(*{name})"));
    }
    if let Some(call) = ty.strip_prefix("fn(") {
        let (params, result) = match call.rsplit_once(')') {
            Some((params, result)) => (params, result.trim().strip_prefix("->").unwrap_or("::core::ffi::c_void")),
            None => (call, "::core::ffi::c_void"),
        };
        let params: Vec<_> = split_list(params, ',').iter().map(|param| parameter(param)).collect();
        let params = if params.is_empty() { "void".to_owned() } else { params.join(", ") };
        return declaration(result, &format!("{name}({params})"));
    }
    if let Some((inner, len)) = ty.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.rsplit_once("; ")) {
        return declaration(inner, &format!("{name}[{}]", len.trim_end_matches("usize")));
    }
    format!("{} {name}", scalar(ty)).trim_end().to_owned()
}

fn parameter(param: &str) -> String {
    let (name, ty) = param.split_once(": ").unwrap_or(("", param));
    declaration(ty, name.trim().trim_end_matches('_'))
}

fn scalar(ty: &str) -> &str {
    match ty.strip_prefix("::core::ffi::").unwrap_or(ty) {
        "c_void" => "void",
        "c_char" => "char",
        "c_int" => "int",
        "c_uint" => "unsigned int",
        "i8" => "int8_t",
        "i16" => "int16_t",
        "i32" => "int32_t",
        "i64" => "int64_t",
        "u8" => "uint8_t",
        "u16" => "uint16_t",
        "u32" => "uint32_t",
        "u64" => "uint64_t",
        "usize" => "size_t",
        "f32" => "float",
        "f64" => "double",
        named => named,
    }
}

/// Splits at `mark` outside of brackets; what is empty is left out.
pub(crate) fn split_list(list: &str, mark: char) -> Vec<String> {
    let mut depth = 0_i32;
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in list.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        before = c;
        match parts.last_mut() {
            Some(part) if c != mark || depth != 0 => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}
