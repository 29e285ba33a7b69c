//! Words as the shells take them apart for which DevTools copies a command: bash, cmd and PowerShell.

/// Splits what was copied into words, by the rules of the shell it was copied for; words of several commands follow
/// each other.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = &plain_signs(text);
    let broken_by = |sign: char| {
        let mut lines = text.lines();
        lines.any(|line| line.trim_end().ends_with(sign))
    };
    let begins = |quote: char| text.split_whitespace().any(|word| word.starts_with(quote));
    if text.contains(" ^\"") {
        // Every backslash was doubled before the carets were put in.
        program_words(&without_carets(text, false))
            .into_iter()
            .map(|word| word.replace("\\\\", "\\"))
            .collect()
    } else if broken_by('^') {
        // Some browsers put carets inside of quotation marks as well, where cmd itself would keep them.
        let inside = ["^\\^\"", "^%^", "^&", "^!", "^|"]
            .iter()
            .any(|sign| text.contains(sign));
        program_words(&without_carets(text, inside))
    } else if broken_by('`') || text.trim_start().to_ascii_lowercase().starts_with("curl.exe") {
        powershell(text)
    } else if begins('"') && !begins('\'') && !text.contains("$'") && !broken_by('\\') {
        program_words(text)
    } else {
        bash(text)
    }
}

/// Makes plain signs of those that text processors and mails put in their place.
fn plain_signs(text: &str) -> String {
    let plain = text.replace(['“', '”', '„'], "\"").replace(['‘', '’'], "'");
    plain.replace(" —", " --").replace(" –", " -")
}

/// Puts letters together to words; a word may be empty where it was quoted.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    word: String,
    open: bool,
}

impl Words {
    fn put(&mut self, letter: char) {
        self.word.push(letter);
        self.open = true;
    }

    /// A quotation mark: even an empty text between two of them is a word.
    fn open(&mut self) {
        self.open = true;
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            self.done.push(std::mem::take(&mut self.word));
        }
    }

    fn all(mut self) -> Vec<String> {
        self.end();
        self.done
    }
}

/// Words as bash takes them: '…', "…", $'…' and backslashes.
fn bash(text: &str) -> Vec<String> {
    let mut words = Words::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                words.open();
                letters
                    .by_ref()
                    .take_while(|c| *c != '\'')
                    .for_each(|c| words.put(c));
            }
            '"' => {
                words.open();
                while let Some(inner) = letters.next().filter(|c| *c != '"') {
                    match (inner, letters.peek()) {
                        ('\\', Some('\n')) => drop(letters.next()),
                        ('\\', Some('"' | '\\' | '$' | '`')) => words.put(letters.next().unwrap_or('\\')),
                        _ => words.put(inner),
                    }
                }
            }
            '$' if letters.peek() == Some(&'\'') => {
                letters.next();
                words.open();
                while let Some(inner) = letters.next().filter(|c| *c != '\'') {
                    match inner {
                        '\\' => ansi_c(&mut letters).into_iter().for_each(|c| words.put(c)),
                        _ => words.put(inner),
                    }
                }
            }
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some('\r') if letters.peek() == Some(&'\n') => drop(letters.next()),
                Some(escaped) => words.put(escaped),
            },
            ';' | '&' => words.end(),
            blank if blank.is_whitespace() => words.end(),
            plain => words.put(plain),
        }
    }
    words.all()
}

/// What an escape in `$'…'` stands for.
fn ansi_c(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let mut number = |base: u32, most: usize, first: Option<u32>| {
        let mut value = first;
        for _ in 0..most {
            let Some(digit) = letters.peek().and_then(|c| c.to_digit(base)) else {
                break;
            };
            letters.next();
            value = Some(value.unwrap_or(0) * base + digit);
        }
        value.and_then(char::from_u32)
    };
    let kind = match number(8, 3, None) {
        Some(octal) => return Some(octal),
        None => letters.next()?,
    };
    let mut hex = |most: usize| {
        let mut value = None;
        for _ in 0..most {
            let Some(digit) = letters.peek().and_then(|c| c.to_digit(16)) else {
                break;
            };
            letters.next();
            value = Some(value.unwrap_or(0) * 16 + digit);
        }
        value.and_then(char::from_u32)
    };
    match kind {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'e' | 'E' => Some('\u{1b}'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        other => Some(other),
    }
}

/// What cmd hands on: outside of quotation marks a caret takes the meaning from the sign behind it, or joins two lines;
/// `inside` of them, too, where it was put in there.
fn without_carets(text: &str, inside: bool) -> String {
    let mut handed_on = String::with_capacity(text.len());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '^' if !quoted || inside => match letters.next() {
                Some('\r') if letters.peek() == Some(&'\n') => drop(letters.next()),
                Some('\n') | None => {}
                Some(escaped) => handed_on.push(escaped),
            },
            // Between two commands.
            '&' if !quoted => handed_on.push(' '),
            '"' => {
                quoted = !quoted;
                handed_on.push(letter);
            }
            _ => handed_on.push(letter),
        }
    }
    handed_on
}

/// Words as a program on Windows takes its command line: "…", with `\"` and `""` for a quotation mark.
fn program_words(line: &str) -> Vec<String> {
    let mut words = Words::default();
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let mut backslashes = 1;
                while letters.next_if_eq(&'\\').is_some() {
                    backslashes += 1;
                }
                let before_quote = letters.peek() == Some(&'"');
                let shown = if before_quote {
                    backslashes / 2
                } else {
                    backslashes
                };
                (0..shown).for_each(|_| words.put('\\'));
                if before_quote && backslashes % 2 == 1 {
                    letters.next();
                    words.put('"');
                }
            }
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                words.put('"');
            }
            '"' => {
                words.open();
                quoted = !quoted;
            }
            blank if blank.is_whitespace() && !quoted => words.end(),
            plain => words.put(plain),
        }
    }
    words.all()
}

/// Words as PowerShell takes them: '…' with '' inside, "…" with a backtick before what is meant as it is.
pub(super) fn powershell(text: &str) -> Vec<String> {
    let mut words = Words::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                words.open();
                while let Some(inner) = letters.next() {
                    if inner == letter && letters.next_if_eq(&letter).is_none() {
                        break;
                    }
                    match (inner, letter) {
                        ('`', '"') => letters.next().into_iter().for_each(|c| words.put(meant(c))),
                        _ => words.put(inner),
                    }
                }
            }
            '`' => match letters.next() {
                Some('\r') if letters.peek() == Some(&'\n') => drop(letters.next()),
                Some('\n') | None => {}
                Some(escaped) => words.put(escaped),
            },
            ';' => words.end(),
            blank if blank.is_whitespace() => words.end(),
            plain => words.put(plain),
        }
    }
    words.all()
}

fn meant(letter: char) -> char {
    match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        other => other,
    }
}
