//! Masks markup by the names of elements and attributes, without asking that it be well-formed.

use crate::sensitive::judge::Judge;
use crate::sensitive::mask::mask_remark;
use crate::sensitive::rules::{HOLDING, NAMING};
use crate::sensitive::{Sensitivity, masked_value, words};

/// How many open elements make up the name under which a text is judged.
const DEPTH: usize = 3;

/// Masks texts and attributes whose element, attribute or neighbour names a secret.
pub(crate) fn mask(judge: Judge<'_>, text: &str) -> String {
    let mut masker = Masker {
        judge,
        out: String::with_capacity(text.len()),
        open: Vec::new(),
    };
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        masker.text(before);
        rest = masker.tag(tag);
    }
    masker.text(rest);
    masker.out
}

struct Masker<'a> {
    judge: Judge<'a>,
    out: String,
    open: Vec<Element>,
}

struct Element {
    tag: String,
    /// The name for judging: the tag's own, or what its attribute `name` says.
    name: String,
    /// What a child such as `<param-name>` says that the next child holds.
    named: Option<String>,
}

struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
}

impl Masker<'_> {
    fn path(&self) -> String {
        let innermost = &self.open[self.open.len().saturating_sub(DEPTH)..];
        let names: Vec<&str> = innermost.iter().map(|element| element.name.as_str()).collect();
        names.join(".")
    }

    fn text(&mut self, run: &str) {
        let core = run.trim_end().trim_end_matches("-->").trim();
        let Some(at) = run.find(core).filter(|_| !core.is_empty()) else {
            self.out.push_str(run);
            return;
        };
        self.out.push_str(&run[..at]);
        if let [.., parent, element] = &mut self.open[..]
            && is_one_of(NAMING, &element.tag)
            && self.judge.is_secret_name(core)
        {
            parent.named = Some(core.to_owned());
        }
        let judged = self.judge.classify_flat(&self.path(), core);
        let lines = core.split_inclusive('\n').map(|line| {
            let body = line.trim_end_matches(['\n', '\r']);
            mask_remark(self.judge, body)
                .map_or_else(|| line.to_owned(), |hidden| hidden + &line[body.len()..])
        });
        let by_line: String = lines.collect();
        if judged == Some(Sensitivity::Encrypted) || (judged.is_some() && by_line == core) {
            self.out.push_str(masked_value());
            self.out.extend(core.matches('\n'));
        } else {
            self.out.push_str(&by_line);
        }
        self.out.push_str(&run[at + core.len()..]);
    }

    /// Takes what begins with `<` and gives back what is left behind it.
    fn tag<'t>(&mut self, tag: &'t str) -> &'t str {
        if tag.starts_with("<!--") {
            return self.copy(tag, 4);
        }
        if let Some(content) = tag.strip_prefix("<![CDATA[") {
            let end = content.find("]]>").unwrap_or(content.len());
            self.copy(tag, tag.len() - content.len());
            if self.judge.is_secret_name(&self.path()) || !content[..end].contains('<') {
                self.text(&content[..end]);
                return self.copy(&content[end..], content.len().min(end + 3) - end);
            }
            return content;
        }
        if let Some(name) = tag.strip_prefix("</") {
            let end = name.find('>').map_or(name.len(), |at| at + 1);
            let name = name[..end].trim_end_matches('>').trim();
            if let Some(at) = self.open.iter().rposition(|element| element.tag == name) {
                self.open.truncate(at);
            }
            return self.copy(tag, 2 + end);
        }
        let lead = tag[1..]
            .find(|c: char| !matches!(c, '?' | '!'))
            .map_or(tag.len(), |at| at + 1);
        let name_end = tag[lead..].find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '='));
        let name = &tag[lead..name_end.map_or(tag.len(), |at| lead + at)];
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return self.copy(tag, 1);
        }
        self.open_tag(tag, lead, name)
    }

    fn open_tag<'t>(&mut self, tag: &'t str, lead: usize, name: &str) -> &'t str {
        let (attributes, end) = attributes(tag, lead + name.len());
        let keyed = attributes.iter().find(|attribute| {
            is_one_of(NAMING, attribute.name) && self.judge.is_secret_name(attribute.value)
        });
        let said = self
            .open
            .last()
            .and_then(|parent| parent.named.as_ref())
            .filter(|_| is_one_of(HOLDING, name));
        let own = match (keyed, said) {
            (Some(attribute), _) => attribute.value.to_owned(),
            (None, Some(named)) => named.clone(),
            (None, None) => local(name).to_owned(),
        };
        let closed = tag[..end].ends_with("/>") || tag[..end].ends_with("?>") || tag.starts_with("<!");
        self.open.push(Element {
            tag: name.to_owned(),
            name: own,
            named: None,
        });
        let path = self.path();
        let declares = tag.starts_with("<!");
        let mut copied = 0;
        for attribute in &attributes {
            let local = local(attribute.name);
            let holds = is_one_of(HOLDING, local) || attribute.name.is_empty();
            let full = if attribute.name.is_empty() {
                path.clone()
            } else {
                format!("{path}.{local}")
            };
            let hidden = self.judge.classify_flat(local, attribute.value).is_some()
                || self.judge.classify_flat(&full, attribute.value).is_some()
                || (keyed.is_some() && holds && self.judge.classify_flat(&path, attribute.value).is_some())
                || (declares && self.judge.is_secret_name(&tag[..end]));
            if hidden && !keyed.is_some_and(|keyed| std::ptr::eq(keyed.value, attribute.value)) {
                let at = attribute.value.as_ptr() as usize - tag.as_ptr() as usize;
                self.out.push_str(&tag[copied..at]);
                self.out.push_str(masked_value());
                self.out.extend(attribute.value.matches('\n'));
                copied = at + attribute.value.len();
            }
        }
        self.out.push_str(&tag[copied..end]);
        if closed {
            self.open.pop();
        }
        &tag[end..]
    }

    fn copy<'t>(&mut self, text: &'t str, length: usize) -> &'t str {
        let (copied, rest) = text.split_at(length);
        self.out.push_str(copied);
        rest
    }
}

/// Reads the attributes of a tag, also unquoted ones and ones that never end; gives the end of the tag.
fn attributes(tag: &str, from: usize) -> (Vec<Attribute<'_>>, usize) {
    let mut found = Vec::new();
    let mut at = from;
    let mut name = "";
    loop {
        let rest = &tag[at..];
        // `=` is only passed over behind a name, which is kept until its value comes.
        at += rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_whitespace() || c == '=')
                .len();
        if tag[at..].starts_with("/>") || tag[at..].starts_with("?>") {
            at += 1;
        }
        let rest = &tag[at..];
        match rest.chars().next() {
            None => return (found, tag.len()),
            Some('>') => return (found, at + 1),
            Some('<') => return (found, at),
            Some(quote @ ('"' | '\'')) => {
                let length = rest[1..].find(quote).unwrap_or(rest.len() - 1);
                found.push(Attribute {
                    name,
                    value: &rest[1..=length],
                });
                at = (at + length + 2).min(tag.len());
                name = "";
            }
            Some(_) => {
                let stop = |c: char| c.is_whitespace() || matches!(c, '>' | '<' | '=' | '"' | '\'');
                let is_value = tag[..at].trim_end().ends_with('=') && !name.is_empty();
                let length = rest.find(stop).unwrap_or(rest.len());
                if is_value {
                    found.push(Attribute {
                        name,
                        value: &rest[..length],
                    });
                    name = "";
                } else {
                    name = &rest[..length];
                }
                at += length;
            }
        }
    }
}

/// Tells whether the last word of a tag's or attribute's name is one of these: `param-name`.
fn is_one_of(wanted: &[&str], name: &str) -> bool {
    words::of(name)
        .last()
        .is_some_and(|last| wanted.contains(&last.as_str()))
}

/// The name without its namespace's prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
