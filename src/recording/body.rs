//! A body: packed, or the reason why it is not there.

use std::fmt;

/// The largest body that is kept, unpacked. A page that holds a whole configuration file is a tenth of it.
pub(super) const LARGEST: usize = 4 << 20;

/// zstd's fastest ordinary level: bodies are packed to save memory for a moment, not to be stored.
const LEVEL: i32 = 1;

/// The body of an answer, or of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// It is in the recording.
    Kept(Packed),
    /// It is not.
    Missing(MissingBody),
}

/// Why a body is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissingBody {
    /// There was none, as with a redirect, or it is empty.
    None,
    /// The browser got no answer, or did not wait for it.
    NoAnswer,
    /// The browser took the answer from its cache: "Disable cache" was off.
    Cached,
    /// No answer of the whole recording has its body: it was exported without content.
    NotExported,
    /// The browser had thrown it away before the recording was exported, as it does with pages that were left.
    Evicted,
    /// It is larger than what is read, or all bodies together are.
    TooLarge,
    /// It is a picture, a font, a style sheet or the like, which says nothing about pages.
    OfNoUse,
    /// It is no text.
    Binary,
}

impl MissingBody {
    /// Says why in a piece of a sentence: "its body is missing: …".
    pub fn why(self) -> &'static str {
        match self {
            Self::None => "the answer has none",
            Self::NoAnswer => "the browser got no answer",
            Self::Cached => "the browser took the answer from its cache",
            Self::NotExported => "the recording was exported without the contents of the answers",
            Self::Evicted => "the browser had thrown it away before the recording was exported",
            Self::TooLarge => "it is too large",
            Self::OfNoUse => "a picture, a font or a style sheet says nothing about a page",
            Self::Binary => "it is no text",
        }
    }

    /// Says what to do so that the next recording has it, where something can be done.
    pub fn remedy(self) -> Option<&'static str> {
        match self {
            Self::Cached => Some("tick \"Disable cache\" in the browser's developer tools, and record again"),
            Self::NotExported => Some("export with content (\"Save all as HAR with content\")"),
            Self::Evicted => Some(
                "tick \"Preserve log\" before the first click, leave out what is not asked for, export right after \
                 the save, and leave the developer tools open in between",
            ),
            Self::TooLarge => Some("record only the steps that are asked for"),
            Self::None | Self::NoAnswer | Self::OfNoUse | Self::Binary => None,
        }
    }
}

impl Body {
    /// Gives the bytes, unpacked; `None` where it is missing.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Kept(packed) => Some(packed.bytes()),
            Self::Missing(_) => None,
        }
    }

    /// Tells why it is missing; `None` where it is there.
    pub fn missing(&self) -> Option<MissingBody> {
        match self {
            Self::Kept(_) => None,
            Self::Missing(why) => Some(*why),
        }
    }

    /// How many bytes of memory it takes.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Kept(packed) => packed.frame.len(),
            Self::Missing(_) => 0,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept(packed) => write!(f, "Kept({} bytes)", packed.length),
            Self::Missing(why) => write!(f, "Missing({why:?})"),
        }
    }
}

/// Bytes that were packed to take less memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed {
    /// A frame of zstd, or the bytes themselves where they cannot be made smaller.
    frame: Box<[u8]>,
    length: usize,
    is_packed: bool,
}

impl Packed {
    /// Packs bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let frame = zstd::bulk::compress(bytes, LEVEL).ok();
        let frame = frame.filter(|frame| frame.len() < bytes.len());
        Self {
            length: bytes.len(),
            is_packed: frame.is_some(),
            frame: frame.unwrap_or_else(|| bytes.to_vec()).into_boxed_slice(),
        }
    }

    /// Gives the bytes again.
    pub fn bytes(&self) -> Vec<u8> {
        if !self.is_packed {
            return self.frame.to_vec();
        }
        // It was packed here, in memory, so that it can be unpacked.
        zstd::bulk::decompress(&self.frame, self.length).unwrap_or_default()
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packed({} bytes)", self.length)
    }
}

/// Tells whether bodies of a type say nothing about pages. What has no type, or one that nobody knows, may matter.
pub(super) fn is_of_no_use(content_type: &str) -> bool {
    let essence = essence(content_type);
    let (family, kind) = essence.split_once('/').unwrap_or((&essence, ""));
    matches!(family, "image" | "font" | "audio" | "video" | "model")
        || kind.contains("font")
        || matches!(
            essence.as_str(),
            "text/css" | "application/wasm" | "application/pdf" | "application/zip"
        )
}

/// Tells whether a body is a script, which matters less than a page.
pub(super) fn is_script(content_type: &str) -> bool {
    essence(content_type).ends_with("script")
}

fn essence(content_type: &str) -> String {
    let essence = content_type.split([';', ',']).next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
