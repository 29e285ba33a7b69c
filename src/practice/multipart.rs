//! Bodies of kind `multipart/form-data`, as browsers send forms that carry files (RFC 7578).

use memchr::memmem;

/// One part of such a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The name of the field.
    pub(super) name: String,
    /// The name of the file, where the field is one; empty where none was chosen.
    pub(super) file_name: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Whether a `Content-Type` is that of such a body.
pub(super) fn is_kind(kind: &str) -> bool {
    kind.trim_start()
        .get(..MULTIPART.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(MULTIPART))
}

const MULTIPART: &str = "multipart/form-data";

/// Takes a body apart; `None` where it is not whole, or not what its `Content-Type` says.
pub(super) fn parse(kind: &str, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = parameter(kind, "boundary").filter(|boundary| !boundary.is_empty())?;
    let first = format!("--{boundary}");
    let between = format!("\r\n{first}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut parts = Vec::new();
    loop {
        // After the last part come two dashes, after any other a line end.
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head = memmem::find(rest, b"\r\n\r\n")?;
        let (headers, after) = (&rest[..head], &rest[head + 4..]);
        let end = memmem::find(after, between.as_bytes())?;
        parts.push(part(headers, &after[..end])?);
        rest = &after[end + between.len()..];
    }
}

fn part(headers: &[u8], bytes: &[u8]) -> Option<Part> {
    let headers = String::from_utf8_lossy(headers);
    let disposition = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then(|| value.trim().to_owned())
    })?;
    if !disposition.starts_with("form-data") {
        return None;
    }
    Some(Part {
        name: unescaped(&parameter(&disposition, "name")?),
        file_name: parameter(&disposition, "filename").map(|name| unescaped(&name)),
        bytes: bytes.to_vec(),
    })
}

/// A parameter of a header, with or without quotation marks. The spelling with a star, which browsers do not use
/// here, is another name.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = &header[header.find(';')? + 1..];
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.to_owned());
        }
        rest = left.trim_start().strip_prefix(';')?;
    }
}

/// What stands for the three characters that a name in quotation marks cannot hold.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
