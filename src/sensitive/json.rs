//! Masks JSON by the names of members, without asking that it be well-formed.

use crate::sensitive::judge::Judge;
use crate::sensitive::masked_value;
use crate::sensitive::rules::{HOLDING, NAMING};

/// How many names of members make up the name under which a value is judged.
const DEPTH: usize = 3;

/// Masks the values of members whose name, or whose neighbour's value, names a secret.
pub(crate) fn mask(judge: Judge<'_>, text: &str) -> String {
    let mut masker = Masker {
        judge,
        pieces: Vec::new(),
        open: vec![Frame::default()],
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => string_length(rest),
            '{' | '[' | '}' | ']' | ',' | ':' => 1,
            c if c.is_whitespace() => c.len_utf8(),
            _ => rest
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"'))
                .unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(length);
        masker.token(c, token, behind);
        rest = behind;
    }
    while masker.open.len() > 1 {
        masker.close();
    }
    masker.close();
    masker.pieces.concat()
}

struct Masker<'a> {
    judge: Judge<'a>,
    pieces: Vec<String>,
    open: Vec<Frame>,
}

/// An object or list that is open.
#[derive(Default)]
struct Frame {
    /// Name of the member this is the value of; empty in a list.
    name: String,
    /// Name of the member whose value comes next.
    member: String,
    /// What a member such as `name` says that its neighbour is.
    named: Option<String>,
    /// Values of members such as `value`: piece and text.
    held: Vec<(usize, String)>,
}

impl Masker<'_> {
    fn token(&mut self, first: char, token: &str, behind: &str) {
        match first {
            '{' | '[' => {
                let name = self.top().member.clone();
                self.pieces.push(token.to_owned());
                self.open.push(Frame {
                    name,
                    ..Frame::default()
                });
            }
            '}' | ']' => {
                self.pieces.push(token.to_owned());
                if self.open.len() > 1 {
                    self.close();
                }
            }
            ',' => {
                self.pieces.push(token.to_owned());
                self.top().member.clear();
            }
            ':' => self.pieces.push(token.to_owned()),
            c if c.is_whitespace() => self.pieces.push(token.to_owned()),
            _ => {
                let said = serde_json::from_str::<String>(token)
                    .unwrap_or_else(|_| token.trim_matches('"').to_owned());
                if behind.trim_start().starts_with(':') {
                    self.pieces.push(token.to_owned());
                    self.top().member = said;
                } else {
                    self.value(token, said);
                }
            }
        }
    }

    fn value(&mut self, token: &str, said: String) {
        let member = self.top().member.clone();
        let frames = self.open.iter().rev().map(|frame| frame.name.as_str());
        let inner = [member.as_str()]
            .into_iter()
            .chain(frames)
            .filter(|name| !name.is_empty());
        let mut names: Vec<&str> = inner.take(DEPTH).collect();
        names.reverse();
        let path = names.join(".");
        let secret = self.judge.classify_flat(&member, &said).is_some()
            || self.judge.classify_flat(&path, &said).is_some();
        let piece = self.pieces.len();
        self.pieces
            .push(if secret { hidden(token) } else { token.to_owned() });
        let lower = member.to_ascii_lowercase();
        if NAMING.contains(&lower.as_str()) && self.judge.is_secret_name(&said) {
            self.top().named = Some(said);
        } else if HOLDING.contains(&lower.as_str()) {
            self.top().held.push((piece, said));
        }
    }

    /// Ends the innermost object: now it is known whether it names a secret.
    fn close(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let Some(named) = frame.named else { return };
        for (piece, said) in frame.held {
            if self.judge.classify_flat(&named, &said).is_some() {
                self.pieces[piece] = hidden(&self.pieces[piece]);
            }
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.open.is_empty() {
            self.open.push(Frame::default());
        }
        let last = self.open.len() - 1;
        &mut self.open[last]
    }
}

/// The mask as a string, with the line breaks that a broken string had.
fn hidden(token: &str) -> String {
    format!(
        "\"{}\"{}",
        masked_value(),
        "\n".repeat(token.matches('\n').count())
    )
}

/// Length of a string with its quotes, or of all there is where it does not end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}
