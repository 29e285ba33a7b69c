//! Files that people copy by hand: their names, and the text in whatever encoding an editor left it.
//!
//! SAP's own advice is to copy each configuration file into an editor. Such a file is one document: its name is the
//! document's. Pure: it opens no file.

use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// Ending of the files that `export` writes.
const ENDING: &str = ".txt";

/// Name of the page that `export` puts beside the files.
pub const GUIDE: &str = "HOW-TO-PASTE.html";

/// Names Windows keeps for devices, whatever ending they have.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
    "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

/// Gives the file name for a document that is text: what no file name may hold on some system is percent-encoded.
pub fn file_name(document: &str) -> String {
    file_name_of(document, ENDING)
}

/// Gives the name of a document's file with another ending.
pub fn file_name_of(document: &str, ending: &str) -> String {
    let mut name = String::with_capacity(document.len() + ending.len());
    let device = DEVICES
        .iter()
        .any(|d| d.eq_ignore_ascii_case(document.split('.').next().unwrap_or_default()));
    let last = document.chars().count().saturating_sub(1);
    for (at, letter) in document.chars().enumerate() {
        let reserved = letter.is_control() || "<>:\"/\\|?*%".contains(letter);
        // What begins with `.` is hidden, and with `~$` left behind by an editor.
        let at_edge = (at == 0 && (". ".contains(letter) || document.starts_with("~$")))
            || (at == last && letter == ' ');
        if reserved || at_edge || (device && at == 0) {
            let mut bytes = [0; 4];
            letter
                .encode_utf8(&mut bytes)
                .bytes()
                .for_each(|b| name.push_str(&format!("%{b:02X}")));
        } else {
            name.push(letter);
        }
    }
    name + ending
}

/// Gives the document a file stands for; `None` for what is no copy: hidden files, the guide, what systems leave
/// behind.
pub fn document_name(file: &str) -> Option<String> {
    let left_behind = ["desktop.ini", "thumbs.db"];
    if file.starts_with('.')
        || file.starts_with("~$")
        || file == GUIDE
        || left_behind.contains(&file.to_lowercase().as_str())
    {
        return None;
    }
    name_before(file, &[ENDING, ".properties", ".xml", ".text"])
}

/// Gives the document that an image stands for.
pub fn image_name(file: &str) -> Option<String> {
    let ending = file.rfind('.').map_or("", |dot| &file[dot..]);
    name_before(file, &[ending.to_lowercase().as_str()])
}

fn name_before(file: &str, endings: &[&str]) -> Option<String> {
    let lower = file.to_lowercase();
    let stem = endings
        .iter()
        .find(|e| lower.ends_with(*e))
        .map_or(file, |e| &file[..file.len() - e.len()]);
    let name = percent_encoding::percent_decode_str(stem)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(stem))
        .into_owned();
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// Reads the text of a file copied by hand, with LF as line end.
///
/// A byte order mark decides; without one it is UTF-8 if it can be, UTF-16 if every second byte of plain text is
/// missing, and windows-1252 else, as older editors write it.
pub fn text(bytes: &[u8]) -> String {
    let decoded = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        None => without_mark(bytes),
    };
    decoded.replace("\r\n", "\n").replace('\r', "\n")
}

fn without_mark(bytes: &[u8]) -> Cow<'_, str> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let half = bytes.len() / 2;
    if half > 1 && zeros(1) * 10 > half * 7 && zeros(0) == 0 {
        return encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    }
    if half > 1 && zeros(0) * 10 > half * 7 && zeros(1) == 0 {
        return encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}
