//! What identifies the source: texts in its backup that the instance did not hold in the same place.
//!
//! Left out as saying too little: hosts without a dot and the machine itself, words shorter than four letters, numbers,
//! common words ([`COMMON`]), plain words that the instance's own backup holds anywhere, directories of one part, and mail
//! domains that the instance uses too. Nothing is taken from a value that is a secret.

use std::collections::HashMap;

use crate::backup::{Document, Format};
use crate::environment::{Rule, judge, shape};
use crate::properties::Properties;
use crate::scan::read::Side;
use crate::scan::text::stands_in;
use crate::scan::{Input, named};

/// The fewest letters of a word that is looked for.
const SHORTEST: usize = 4;

/// Words that name accounts, tenants and databases of everybody.
const COMMON: &[&str] = &[
    "admin",
    "administrator",
    "system",
    "root",
    "guest",
    "user",
    "users",
    "test",
    "demo",
    "default",
    "public",
    "anonymous",
    "service",
    "batch",
    "lms_admin",
    "lmsadmin",
    "production",
    "prod",
    "stage",
    "staging",
    "development",
    "sandbox",
    "email",
    "username",
    "userid",
    "internal",
    "external",
    "learning",
    "connector",
    "database",
    "company",
    "tenant",
    "nameid",
    "oracle",
    "master",
    "postgres",
    "sysadmin",
    "sfadmin",
    "lms_user",
];

/// Is a text by which the source is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The text.
    pub(super) text: String,
    /// What kind of text it is, which says where it begins and ends.
    pub(super) rule: Rule,
    /// Where the source has it.
    pub(super) from: String,
}

impl Mark {
    /// Tells whether the text stands in a reading as a whole.
    pub(super) fn is_in(&self, reading: &str) -> bool {
        stands_in(&self.text, self.rule, reading)
    }
}

/// Derives the texts, each once.
pub(super) fn derive(input: &Input<'_>, own: &Side<'_>) -> Vec<Mark> {
    let mut marks: HashMap<(Rule, String), Mark> = HashMap::new();
    let mut add = |mark: Mark| {
        let id = (mark.rule, mark.text.to_lowercase());
        marks.entry(id).or_insert(mark);
    };
    let is_own_host = |mark: &Mark| mark.rule == Rule::Host && mark.text.eq_ignore_ascii_case(input.own_host);
    if let Some(host) = input.source_host.filter(|host| says_something(host, Rule::Host)) {
        add(Mark {
            text: host.to_owned(),
            rule: Rule::Host,
            from: "its address".to_owned(),
        });
    }
    let domains: Vec<String> = own_domains(input.own);
    for document in input.source.iter().filter(|d| d.format == Format::Properties) {
        let text = Properties::parse_leniently(&document.text);
        for (_, key, value) in text.entries() {
            let (key, value) = (key.to_string_lossy(), value.to_string_lossy());
            let before = own.values(&document.path, &key);
            for (rule, text) in texts(input, document, &key, value.trim()) {
                let mark = Mark {
                    text,
                    rule,
                    from: named(&document.path, &key),
                };
                let was_there = before.iter().any(|before| mark.is_in(before));
                if says_something(&mark.text, rule) && !was_there && !is_plain_word_of(input.own, &mark) {
                    add(mark);
                }
            }
            for mail in mails(input, document, &key, &value) {
                let domain = mail
                    .split_once('@')
                    .map_or("", |(_, domain)| domain)
                    .to_lowercase();
                // Where nothing is known of the instance's own mail, its domain is not known either.
                if !domains.is_empty() && !domains.contains(&domain) && says_something(&domain, Rule::Host) {
                    add(Mark {
                        text: domain,
                        rule: Rule::Host,
                        from: named(&document.path, &key),
                    });
                }
            }
        }
    }
    let mut marks: Vec<Mark> = marks.into_values().filter(|mark| !is_own_host(mark)).collect();
    marks.sort_by(|a, b| (a.rule, &a.text).cmp(&(b.rule, &b.text)));
    marks
}

/// The texts in a value of the source that may identify it.
fn texts(input: &Input<'_>, document: &Document, key: &str, value: &str) -> Vec<(Rule, String)> {
    if input.rules.classify(&document.path, key, value).is_some() {
        return Vec::new();
    }
    let Some(rule) = judge(input.rules, &document.path, key, value) else {
        return Vec::new();
    };
    let mut found: Vec<(Rule, String)> = shape::hosts(value)
        .into_iter()
        .map(|host| (Rule::Host, host))
        .collect();
    match rule {
        Rule::Address => found.extend(whole_address(value).map(|text| (rule, text))),
        Rule::Database => {
            let name = shape::database(value).unwrap_or(value);
            found.push((rule, name.to_owned()));
        }
        Rule::Tenant | Rule::Account | Rule::Trust | Rule::PublicKey | Rule::Directory => {
            found.push((rule, value.trim_end_matches(['/', '\\']).to_owned()));
        }
        Rule::Mail => found.extend(
            shape::mails(value)
                .into_iter()
                .map(|mail| (rule, mail.to_owned())),
        ),
        // These say something only where they stand.
        Rule::Encrypted | Rule::Host | Rule::Port | Rule::Record | Rule::Label => {}
    }
    found
}

fn mails(input: &Input<'_>, document: &Document, key: &str, value: &str) -> Vec<String> {
    match input.rules.classify(&document.path, key, value) {
        None => shape::mails(value).into_iter().map(str::to_owned).collect(),
        Some(_) => Vec::new(),
    }
}

/// An address with more than its host, which may be all that tells two environments apart.
fn whole_address(value: &str) -> Option<String> {
    let address = value.split(['?', '#']).next()?.trim_end_matches('/');
    let (_, rest) = address.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    (!path.is_empty() && !address.contains(char::is_whitespace) && !rest.contains(','))
        .then(|| address.to_owned())
}

/// The domains at which an instance has its own mail.
fn own_domains(own: &[Document]) -> Vec<String> {
    let domain = |mail: &str| mail.split_once('@').map(|(_, domain)| domain.to_lowercase());
    own.iter()
        .flat_map(|document| shape::mails(&document.text))
        .filter_map(domain)
        .collect()
}

/// A word as people write, such as `learner`, which the instance uses itself: it would be found everywhere.
fn is_plain_word_of(own: &[Document], mark: &Mark) -> bool {
    let word = matches!(
        mark.rule,
        Rule::Tenant | Rule::Account | Rule::Database | Rule::Trust
    );
    let small = |text: &str| text.chars().all(char::is_lowercase);
    let rest = mark
        .text
        .char_indices()
        .nth(1)
        .map_or("", |(at, _)| &mark.text[at..]);
    let plain = mark.text.chars().all(char::is_alphabetic)
        && (small(rest) || mark.text.chars().all(char::is_uppercase));
    word && plain && own.iter().any(|document| mark.is_in(&document.text))
}

fn says_something(text: &str, rule: Rule) -> bool {
    match rule {
        Rule::Host => text.contains(['.', ':']) && !shape::is_own(text),
        Rule::Address | Rule::Mail => true,
        Rule::Directory => text.trim_matches(['/', '\\']).contains(['/', '\\']),
        _ => {
            text.chars().count() >= SHORTEST
                && text.chars().any(char::is_alphabetic)
                && !COMMON.contains(&text.to_lowercase().as_str())
        }
    }
}
