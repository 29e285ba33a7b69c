//! Text with a tone: what it says stands apart from how a terminal shows it.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Says what a piece of text means; a terminal with colours shows it, the words must say it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Headings and names that matter.
    Strong,
    /// Done, equal, added.
    Good,
    /// Failed, refused, removed.
    Bad,
    /// Needs a person: warnings, what waits, changed.
    Care,
    /// Less important: ages, ids, what is the same.
    Faint,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().bold(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default(),
            Tone::Care => AnsiColor::Yellow.on_default(),
            Tone::Faint => Style::new().dimmed(),
        }
    }
}

/// Pieces of text, each with its tone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pieces: Vec<(Tone, String)>,
}

impl Text {
    /// Makes an empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a plain piece.
    #[must_use]
    pub fn plain(self, piece: impl Into<String>) -> Self {
        self.toned(Tone::Plain, piece)
    }

    /// Adds a piece with a tone.
    #[must_use]
    pub fn toned(mut self, tone: Tone, piece: impl Into<String>) -> Self {
        self.push(tone, piece);
        self
    }

    /// Adds a piece with a tone, in place.
    pub fn push(&mut self, tone: Tone, piece: impl Into<String>) {
        let piece = piece.into();
        if !piece.is_empty() {
            self.pieces.push((tone, piece));
        }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[(Tone, String)] {
        &self.pieces
    }

    /// The columns it takes on a terminal.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|(_, piece)| piece.width()).sum()
    }

    /// Gives the same tones over words changed one piece at a time.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Text {
        Text {
            pieces: self
                .pieces
                .iter()
                .map(|(tone, piece)| (*tone, change(piece)))
                .collect(),
        }
    }

    /// Gives it as a terminal reads it, with escape sequences where `color` is wanted.
    pub(crate) fn render(&self, color: bool) -> String {
        let mut out = String::new();
        for (tone, piece) in &self.pieces {
            let style = tone.style();
            if color && *tone != Tone::Plain {
                out.push_str(&format!("{style}{piece}{style:#}"));
            } else {
                out.push_str(piece);
            }
        }
        out
    }

    /// Breaks it into lines of at most `width` columns: at blanks, and inside a word only where a word is wider.
    pub(crate) fn wrapped(&self, width: usize) -> Vec<Text> {
        self.broken(width, 0)
    }

    /// The same for a line of its own: what is indented goes on further indented.
    pub(crate) fn hanging(&self, width: usize) -> Vec<Text> {
        let leading = self
            .pieces
            .first()
            .map_or(0, |(_, piece)| piece.len() - piece.trim_start_matches(' ').len());
        let indent = if leading == 0 { 0 } else { leading + 4 };
        self.broken(width, if indent * 2 > width { 0 } else { indent })
    }

    fn broken(&self, width: usize, indent: usize) -> Vec<Text> {
        let mut wrap = Wrap {
            width: width.max(1),
            indent,
            lines: vec![Text::new()],
            start: 0,
            used: 0,
            owed: 0,
        };
        for (tone, piece) in &self.pieces {
            for word in piece.split_inclusive(' ') {
                wrap.word(*tone, word);
            }
        }
        wrap.lines
    }
}

/// The lines made so far, the columns used in the last of them, and the blanks owed to it.
struct Wrap {
    width: usize,
    /// Blanks before every line but the first.
    indent: usize,
    lines: Vec<Text>,
    /// Columns of the last line that are indent.
    start: usize,
    used: usize,
    owed: usize,
}

impl Wrap {
    fn word(&mut self, tone: Tone, word: &str) {
        let bare = word.trim_end_matches(' ');
        if !bare.is_empty() {
            if self.used > self.start && self.used + self.owed + bare.width() > self.width {
                self.break_line();
            }
            // Blanks are owed until a word follows on the same line: no line ends in blanks.
            self.add(tone, " ".repeat(self.owed));
            self.used += self.owed;
            self.owed = 0;
            self.letters(tone, bare);
        }
        self.owed += word.len() - bare.len();
    }

    fn letters(&mut self, tone: Tone, word: &str) {
        let mut fitting = String::new();
        for letter in word.chars() {
            let columns = letter.width().unwrap_or(0);
            if self.used > self.start && self.used + columns > self.width {
                self.add(tone, std::mem::take(&mut fitting));
                self.break_line();
            }
            fitting.push(letter);
            self.used += columns;
        }
        self.add(tone, fitting);
    }

    fn add(&mut self, tone: Tone, piece: String) {
        if let Some(line) = self.lines.last_mut() {
            line.push(tone, piece);
        }
    }

    fn break_line(&mut self) {
        self.lines.push(Text::new().plain(" ".repeat(self.indent)));
        self.start = self.indent;
        self.used = self.indent;
        self.owed = 0;
    }
}

impl From<&str> for Text {
    fn from(piece: &str) -> Self {
        Self::new().plain(piece)
    }
}

impl From<String> for Text {
    fn from(piece: String) -> Self {
        Self::new().plain(piece)
    }
}

impl From<&String> for Text {
    fn from(piece: &String) -> Self {
        Self::new().plain(piece)
    }
}

/// Makes control characters visible, so that data cannot steer a terminal: `␛` for an escape, `�` for what has no
/// picture or turns the direction of writing. Line ends and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(picture).collect()
}
