//! Documents that are files: their bytes as lines of text, so that whatever handles documents handles them, too, and what
//! sort of file bytes are.
//!
//! It knows nothing of where files come from, and looks into them no further than it takes to name them.

use base64::prelude::{BASE64_STANDARD, Engine};

/// Letters in a line of a file's text.
const WIDTH: usize = 76;

/// How far a file is searched for what says that it is a drawing.
const BEGINNING: usize = 1024;

/// Writes the bytes of a file as text: Base64 in lines of 76 letters, each with its end; nothing for a file of no bytes.
pub fn text_of_file(bytes: &[u8]) -> String {
    let code = BASE64_STANDARD.encode(bytes);
    let mut text = String::with_capacity(code.len() + code.len() / WIDTH + 1);
    for (at, letter) in code.chars().enumerate() {
        if at > 0 && at.is_multiple_of(WIDTH) {
            text.push('\n');
        }
        text.push(letter);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Reads the bytes back; none from a text that [`text_of_file`] did not write.
pub fn file_of_text(text: &str) -> Option<Vec<u8>> {
    let code: String = text.lines().collect();
    BASE64_STANDARD.decode(code).ok()
}

/// What sort of file some bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// Its media type.
    pub name: &'static str,
    /// What names of such files end in, with the dot.
    pub ending: &'static str,
    /// What people call it.
    pub word: &'static str,
}

const PNG: Media = media("image/png", ".png", "PNG image");
const GIF: Media = media("image/gif", ".gif", "GIF image");
const JPEG: Media = media("image/jpeg", ".jpg", "JPEG image");
const SVG: Media = media("image/svg+xml", ".svg", "SVG image");
const WEBP: Media = media("image/webp", ".webp", "WebP image");
const ICO: Media = media("image/x-icon", ".ico", "icon");
const OTHER: Media = media("application/octet-stream", ".bin", "file");

const fn media(name: &'static str, ending: &'static str, word: &'static str) -> Media {
    Media { name, ending, word }
}

/// Other endings that names of images have.
const ENDINGS: [(&str, Media); 2] = [(".jpeg", JPEG), (".jpe", JPEG)];

impl Media {
    /// Tells by the first bytes what a file is.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => PNG,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => GIF,
            [0xff, 0xd8, 0xff, ..] => JPEG,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => WEBP,
            [0, 0, 1, 0, ..] => ICO,
            _ if is_drawing(bytes) => SVG,
            _ => OTHER,
        }
    }

    /// Tells what sort of image a file of this name is; none where its name is that of no image.
    pub fn named(file: &str) -> Option<Self> {
        let file = file.to_ascii_lowercase();
        let known = [PNG, GIF, JPEG, SVG, WEBP, ICO].map(|media| (media.ending, media));
        let mut all = known.into_iter().chain(ENDINGS);
        all.find(|(ending, _)| file.ends_with(ending))
            .map(|(_, media)| media)
    }

    /// Tells whether it is an image, and not just any file.
    pub fn is_image(self) -> bool {
        self != OTHER
    }

    /// Says why a file of this sort looks cut off; nothing where it is whole, or where that cannot be told.
    pub fn cut(self, bytes: &[u8]) -> Option<&'static str> {
        let holds = |end: &[u8]| bytes.windows(end.len()).any(|piece| piece == end);
        let whole = match self {
            PNG => holds(b"IEND"),
            JPEG => holds(&[0xff, 0xd9]),
            GIF => bytes.iter().rev().find(|byte| **byte != 0) == Some(&0x3b),
            WEBP => match bytes.get(4..8) {
                Some(&[a, b, c, d]) => {
                    bytes.len() >= u32::from_le_bytes([a, b, c, d]).saturating_add(8) as usize
                }
                _ => false,
            },
            _ => true,
        };
        (!whole).then_some("the image has no end")
    }
}

/// Tells whether bytes are an SVG document, and no page that shows one.
fn is_drawing(bytes: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]).to_lowercase();
    let beginning = beginning.trim_start_matches('\u{feff}').trim_start();
    let is_markup = ["<svg", "<?xml", "<!--", "<!doctype svg"]
        .iter()
        .any(|begin| beginning.starts_with(begin));
    is_markup && beginning.contains("<svg") && !beginning.contains("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_as_text() {
        for length in [0, 1, 2, 3, 56, 57, 58, 114, 1000] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 % 256) as u8).collect();
            let text = text_of_file(&bytes);
            assert_eq!(file_of_text(&text), Some(bytes));
            assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
            assert!(text.is_empty() || text.ends_with('\n'), "{text}");
        }
        assert_eq!(text_of_file(&[0; 58]).lines().count(), 2);
        assert_eq!(file_of_text("no=base64\n"), None);
    }

    #[test]
    fn files_are_told_by_their_bytes() {
        let cases: [(&[u8], &str); 9] = [
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"GIF89a..", "image/gif"),
            (b"\xff\xd8\xff\xe0..", "image/jpeg"),
            (b"RIFF\x04\0\0\0WEBP", "image/webp"),
            (b"\0\0\x01\0\x01\0", "image/x-icon"),
            (b"<?xml version=\"1.0\"?>\n<svg xmlns=\"x\">", "image/svg+xml"),
            (b"<?xml version=\"1.0\"?><html><svg>", "application/octet-stream"),
            (b"<html><svg>", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ];
        for (bytes, name) in cases {
            assert_eq!(Media::of(bytes).name, name);
        }
        assert_eq!(
            Media::named("a/Logo.JPEG").map(|media| media.name),
            Some("image/jpeg")
        );
        assert_eq!(Media::named("imageStream.do"), None);
    }

    #[test]
    fn half_an_image_is_seen() {
        let cut = |bytes: &[u8]| Media::of(bytes).cut(bytes).is_some();
        assert!(cut(b"\x89PNG\r\n\x1a\n...."));
        assert!(!cut(b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"));
        assert!(cut(b"GIF89a.."));
        assert!(!cut(b"GIF89a..;"));
        assert!(!cut(b"GIF89a..;\0"));
        assert!(cut(b"\xff\xd8\xff\xe0.."));
        assert!(!cut(b"\xff\xd8\xff\xe0..\xff\xd9"));
        assert!(cut(b"RIFF\x40\0\0\0WEBP"));
        assert!(!cut(b"RIFF\x04\0\0\0WEBP"));
        assert!(!cut(b"anything"));
    }
}
