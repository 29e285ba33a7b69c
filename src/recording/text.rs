//! The bytes of a recording on their way to the JSON parser, made harmless: any encoding a byte order mark announces
//! becomes UTF-8, no string is longer than the parser should hold, and half a surrogate pair is a U+FFFD.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_8};

/// How many bytes of a string in JSON are passed on: what is longer is cut, and ends in [`CUT`]. A page of four MiB
/// fits, also where it is written in base64 or with many escapes.
pub(super) const LONGEST: usize = 8 << 20;

/// What a string ends in that was cut: two characters that no text holds.
pub(super) const CUT: &str = "\u{fdd0}\u{fdd1}";

const CHUNK: usize = 64 << 10;

/// How much of the source is looked at to say what it is instead of a recording.
const BEGIN: usize = 64;

/// Passes text on, lean enough to be parsed.
pub(super) struct Lean<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Where in `raw` the bytes lie that are not decoded yet.
    undecoded: std::ops::Range<usize>,
    decoded: String,
    ready: Vec<u8>,
    taken: usize,
    read: u64,
    ended: bool,
    state: State,
    /// How many bytes of the present string were passed on.
    length: usize,
    limit: usize,
    failed: Option<io::Error>,
    /// The first bytes of the source.
    begin: Vec<u8>,
}

/// Where in the JSON the filter stands.
enum State {
    /// Between strings.
    Outside,
    /// In a string.
    Inside,
    /// In a string, behind a backslash: what there is of the escape, and of a pair of them.
    Escape(String),
}

impl<R: Read> Lean<R> {
    /// Reads from a source.
    pub(super) fn new(source: R) -> Self {
        Self::with_limit(source, LONGEST)
    }

    pub(super) fn with_limit(source: R, limit: usize) -> Self {
        Self {
            source,
            decoder: UTF_8.new_decoder(),
            raw: vec![0; CHUNK],
            undecoded: 0..0,
            decoded: String::with_capacity(CHUNK),
            ready: Vec::with_capacity(2 * CHUNK),
            taken: 0,
            read: 0,
            ended: false,
            state: State::Outside,
            length: 0,
            limit,
            failed: None,
            begin: Vec::new(),
        }
    }

    /// How many bytes of the source were read.
    pub(super) fn read_bytes(&self) -> u64 {
        self.read
    }

    /// What the source seems to be where it is no JSON, by its first bytes.
    pub(super) fn looks_like(&self) -> Option<&'static str> {
        let begin = self.begin.trim_ascii_start();
        let begin = begin
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(begin)
            .trim_ascii_start();
        match begin {
            [b'P', b'K', 3, 4, ..] => Some("a ZIP archive"),
            [0x1f, 0x8b, ..] => Some("packed with gzip"),
            [b'<', ..] => Some("a page or XML"),
            [b'{' | b'[', ..] => None,
            _ => Some("no JSON"),
        }
    }

    /// Tells whether nothing but blanks was read.
    pub(super) fn is_blank(&self) -> bool {
        self.read <= BEGIN as u64 && self.begin.trim_ascii().is_empty()
    }

    /// Why the source could not be read.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.taken = 0;
        while self.ready.is_empty() && !self.ended {
            if self.undecoded.is_empty() {
                let count = match self.source.read(&mut self.raw) {
                    Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                    count => count?,
                };
                self.read += count as u64;
                if self.begin.len() < BEGIN {
                    let begin = count.min(BEGIN - self.begin.len());
                    self.begin.extend_from_slice(&self.raw[..begin]);
                }
                self.undecoded = 0..count;
                self.ended = count == 0;
            }
            self.decoded.clear();
            let bytes = &self.raw[self.undecoded.clone()];
            let (result, used, _) = self
                .decoder
                .decode_to_string(bytes, &mut self.decoded, self.ended);
            self.undecoded.start += used;
            if result == CoderResult::OutputFull {
                self.ended = false;
            }
            let decoded = std::mem::take(&mut self.decoded);
            self.pass(&decoded);
            self.decoded = decoded;
        }
        Ok(())
    }

    fn pass(&mut self, mut text: &str) {
        while !text.is_empty() {
            match &mut self.state {
                State::Outside => {
                    let end = memchr::memchr(b'"', text.as_bytes()).map_or(text.len(), |quote| quote + 1);
                    self.ready.extend_from_slice(&text.as_bytes()[..end]);
                    if text[..end].ends_with('"') {
                        self.state = State::Inside;
                        self.length = 0;
                    }
                    text = &text[end..];
                }
                State::Inside => {
                    let end = memchr::memchr2(b'"', b'\\', text.as_bytes()).unwrap_or(text.len());
                    self.keep(&text[..end]);
                    text = &text[end..];
                    match text.as_bytes().first() {
                        Some(b'"') => {
                            self.ready.push(b'"');
                            self.state = State::Outside;
                            text = &text[1..];
                        }
                        // An escape of two letters that is whole, as most are.
                        Some(_) if text.as_bytes().get(1).is_some_and(|b| b.is_ascii() && *b != b'u') => {
                            self.keep_whole(&text[..2]);
                            text = &text[2..];
                        }
                        Some(_) => {
                            self.state = State::Escape("\\".to_owned());
                            text = &text[1..];
                        }
                        None => {}
                    }
                }
                State::Escape(begun) => {
                    let Some(next) = text.chars().next() else { return };
                    match step(begun, next) {
                        Step::More => text = &text[next.len_utf8()..],
                        Step::Done { escape, takes_next } => {
                            self.state = State::Inside;
                            self.keep_whole(&escape);
                            if takes_next {
                                text = &text[next.len_utf8()..];
                            }
                        }
                        Step::Lone { rest } => {
                            self.keep_whole("\u{fffd}");
                            self.state = State::Escape(rest);
                            text = &text[next.len_utf8()..];
                        }
                    }
                }
            }
        }
    }

    /// Passes a piece of a string on, as much as there is room for.
    fn keep(&mut self, piece: &str) {
        let room = self.limit.saturating_sub(self.length);
        if piece.len() <= room {
            self.ready.extend_from_slice(piece.as_bytes());
            self.length += piece.len();
        } else if self.length <= self.limit {
            let end = piece.floor_char_boundary(room);
            self.ready.extend_from_slice(&piece.as_bytes()[..end]);
            self.cut();
        }
    }

    /// Passes on what must not be parted.
    fn keep_whole(&mut self, piece: &str) {
        if self.length + piece.len() <= self.limit {
            self.keep(piece);
        } else if self.length <= self.limit {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.ready.extend_from_slice(CUT.as_bytes());
        // More than the limit: nothing more of this string is passed on.
        self.length = self.limit + 1;
    }
}

enum Step {
    /// The escape goes on.
    More,
    /// It is over, with or without the letter.
    Done { escape: String, takes_next: bool },
    /// Half a pair is over, and another escape has begun.
    Lone { rest: String },
}

/// Takes one more letter to an escape.
fn step(begun: &mut String, next: char) -> Step {
    let done = |escape: &str, takes_next| Step::Done {
        escape: escape.to_owned(),
        takes_next,
    };
    match begun.len() {
        // A first half, and no escape behind it.
        6 if next != '\\' => return done("\u{fffd}", false),
        // A first half, and another sort of escape behind it.
        7 if next != 'u' => {
            let escape = format!("\u{fffd}\\{next}");
            return done(&escape, true);
        }
        1 if next != 'u' => return done(&format!("\\{next}"), true),
        // No escape at all: the parser says so.
        2..6 | 8.. if !next.is_ascii_hexdigit() => return done(&format!("{begun}{next}"), true),
        _ => begun.push(next),
    }
    let unit = |from: usize| {
        begun
            .get(from..from + 4)
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    match begun.len() {
        6 => match unit(2) {
            Some(0xd800..=0xdbff) => Step::More,
            Some(0xdc00..=0xdfff) => done("\u{fffd}", true),
            _ => done(begun, true),
        },
        12 => match unit(8) {
            Some(0xdc00..=0xdfff) => done(begun, true),
            Some(0xd800..=0xdbff) => Step::Lone {
                rest: begun[6..].to_owned(),
            },
            _ => done(&format!("\u{fffd}{}", &begun[6..]), true),
        },
        _ => Step::More,
    }
}

impl<R: Read> Read for Lean<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len()
            && let Err(cause) = self.fill()
        {
            let kind = cause.kind();
            self.failed = Some(cause);
            return Err(kind.into());
        }
        let rest = &self.ready[self.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}
