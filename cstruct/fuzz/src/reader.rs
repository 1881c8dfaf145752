//! CSV as a few lines of Rust read it, to compare with: slow, byte by byte, and without a word on what is wrong.

/// What a file may begin with and what is no part of it.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What separates and encloses fields, and what stands for a missing sample beside nothing.
pub(crate) struct Rules<'m> {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    pub(crate) missing: &'m [u8],
}

/// A record: its name, number and samples.
pub(crate) type Line = (Option<Vec<u8>>, i32, Vec<f64>);

impl Rules<'_> {
    /// All records; nothing if there is a mistake anywhere.
    pub(crate) fn read(&self, bytes: &[u8]) -> Option<Vec<Line>> {
        let mut rest = bytes.strip_prefix(BOM).unwrap_or(bytes);
        let mut columns = None;
        let mut records = Vec::new();
        while !rest.is_empty() {
            let line;
            (line, rest) = self.line(rest);
            if line.is_empty() {
                continue;
            }
            let fields = self.fields(line).filter(|_| !line.contains(&0))?;
            match columns {
                None if fields.len() < 2 => return None,
                None => columns = Some(fields.len()),
                Some(columns) if columns != fields.len() => return None,
                Some(_) => records.push(self.record(fields)?),
            }
        }
        columns.map(|_| records)
    }

    /// The first line without its end, and what is behind it. In quotes a line does not end; only where a field begins does a quote open.
    fn line<'b>(&self, bytes: &'b [u8]) -> (&'b [u8], &'b [u8]) {
        let (mut quoted, mut begins) = (false, true);
        let ends = bytes.iter().position(|&byte| {
            let closes_or_opens = byte == self.quote && (quoted || begins);
            // A quote behind one that closes opens again: it was a doubled one.
            begins = byte == self.delimiter || (quoted && closes_or_opens);
            quoted ^= closes_or_opens;
            byte == b'\n' && !quoted
        });
        let (line, rest) = match ends {
            Some(end) => (&bytes[..end], &bytes[end + 1..]),
            None => (bytes, &bytes[bytes.len()..]),
        };
        (line.strip_suffix(b"\r").unwrap_or(line), rest)
    }

    fn fields(&self, line: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut fields = Vec::new();
        let mut rest = Some(line);
        while let Some(bytes) = rest {
            let (field, behind) = match bytes.split_first() {
                Some((byte, inside)) if *byte == self.quote => self.quoted(inside)?,
                _ => {
                    let end = bytes.iter().position(|&byte| byte == self.delimiter).unwrap_or(bytes.len());
                    (bytes[..end].to_vec(), &bytes[end..])
                }
            };
            fields.push(field);
            rest = match behind.split_first() {
                None => None,
                Some((byte, next)) if *byte == self.delimiter => Some(next),
                Some(_) => return None,
            };
        }
        Some(fields)
    }

    /// The field that these bytes begin with, behind its opening quote, and what is behind its closing one.
    fn quoted<'b>(&self, mut bytes: &'b [u8]) -> Option<(Vec<u8>, &'b [u8])> {
        let mut field = Vec::new();
        loop {
            let closing = bytes.iter().position(|&byte| byte == self.quote)?;
            field.extend_from_slice(&bytes[..closing]);
            bytes = &bytes[closing + 1..];
            match bytes.split_first() {
                Some((byte, inside)) if *byte == self.quote => {
                    field.push(self.quote);
                    bytes = inside;
                }
                _ => return Some((field, bytes)),
            }
        }
    }

    fn record(&self, fields: Vec<Vec<u8>>) -> Option<Line> {
        let mut fields = fields.into_iter();
        let name = fields.next().filter(|name| !name.is_empty());
        let value = str::from_utf8(&fields.next()?).ok()?.parse().ok()?;
        let samples = fields.map(|field| self.sample(&field)).collect::<Option<_>>()?;
        Some((name, value, samples))
    }

    fn sample(&self, field: &[u8]) -> Option<f64> {
        if field.is_empty() || field == self.missing {
            return Some(f64::NAN);
        }
        let sample: f64 = str::from_utf8(field).ok()?.parse().ok()?;
        // What is too large must have been meant: then it is a word.
        let is_word = field.iter().any(|byte| byte.eq_ignore_ascii_case(&b'i'));
        (!sample.is_infinite() || is_word).then_some(sample)
    }
}
