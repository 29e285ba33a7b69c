//! The walk through an instance's backups, the oldest first: by hash, so that only texts that changed are read, each once.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde::Serialize;

use crate::archive::{Archive, Content, Listed};
use crate::backup::{BackupKind, Document, Format};
use crate::command::history::name;
use crate::diff::{Change, DocumentDiff, Options, Pair, one};
use crate::error::{Error, Kind, Result};
use crate::properties::{JavaText, Properties};
use crate::selection::Selection;
use crate::sensitive::Rules;

/// What happened to a document or a key over time.
pub(super) struct History {
    /// The document's path.
    pub(super) path: String,
    /// The key, where one was asked for.
    pub(super) key: Option<String>,
    /// What happened, the oldest first.
    pub(super) events: Vec<Event>,
    /// Backups that could not be read, and why.
    pub(super) damaged: Vec<(Listed, String)>,
}

/// What a backup was the first to have.
pub(super) struct Event {
    /// The backup.
    pub(super) backup: Listed,
    /// What happened.
    pub(super) what: What,
    /// Length of the document from then on; 0 where it is gone.
    pub(super) bytes: u64,
    /// How it differs from the one before; of a key only that key. None where there is nothing to compare with.
    pub(super) diff: Option<DocumentDiff>,
}

/// Names what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum What {
    /// No backup before it tells whether it was there.
    First,
    /// It was not there before.
    Added,
    /// It was another before.
    Changed,
    /// It is not there any more.
    Removed,
}

/// Finds out what happened to what the words name.
///
/// # Errors
/// [`Kind::Usage`] for a document or key that no backup has; [`Kind::Archive`] where no backup
/// can be read.
pub(super) async fn history(
    archive: &Archive,
    listed: &[Listed],
    words: &str,
    rules: &Rules,
) -> Result<History> {
    let instance = listed.first().map_or("", |first| first.instance.as_str());
    let contents = archive.contents(listed).await;
    let paths: BTreeSet<&str> = contents
        .iter()
        .flatten()
        .flat_map(|contents| contents.iter().map(|content| content.path.as_str()))
        .collect();
    let mut damaged = Vec::new();
    let mut states = Vec::new();
    for (listed, contents) in listed.iter().zip(&contents) {
        match contents {
            Ok(contents) => states.push((listed, contents)),
            Err(error) => damaged.push((listed.clone(), error.message().to_owned())),
        }
    }
    if let (true, Some((_, why))) = (states.is_empty(), damaged.first()) {
        return Err(Error::new(Kind::Archive, why).hint("lmskeep verify"));
    }
    let (path, key) = name::find(instance, words, &paths).map_err(|error| match damaged.len() {
        0 => error,
        _ => error.hint("not every backup can be read: lmskeep verify"),
    })?;
    let mut walk = Walk {
        archive,
        rules,
        path,
        key,
        texts: HashMap::new(),
        last: None,
        lacked: false,
        events: Vec::new(),
    };
    for (listed, contents) in states {
        let there = of_path(contents, path);
        if let Err(why) = walk.step(listed, there).await {
            damaged.push((listed.clone(), why));
        }
    }
    damaged.sort_by_key(|(listed, _)| listed.taken);
    // What cannot be read may have had it.
    if let (Some(key), true) = (key, walk.events.is_empty() && damaged.is_empty()) {
        let mut keys: Vec<String> = walk
            .texts
            .values()
            .flatten()
            .flat_map(|document| shown_keys(document, rules))
            .collect();
        keys.sort();
        keys.dedup();
        return Err(name::no_key(instance, path, key, keys.iter().map(String::as_str)));
    }
    Ok(History {
        path: path.to_owned(),
        key: key.map(str::to_owned),
        events: walk.events,
        damaged,
    })
}

/// The content of a path, whatever its case where no other is meant.
fn of_path<'a>(contents: &'a [Content], path: &str) -> Option<&'a Content> {
    let exact = contents.iter().find(|content| content.path == path);
    exact.or_else(|| {
        let lower = path.to_lowercase();
        let mut alike = contents
            .iter()
            .filter(|content| content.path.to_lowercase() == lower);
        alike.next().filter(|_| alike.next().is_none())
    })
}

/// A text, looked into. Only two are kept at a time: they are much larger than what was read.
struct Text {
    document: Rc<Document>,
    /// Its entries, where it has such.
    properties: Option<Properties>,
}

impl Text {
    fn of(document: Rc<Document>) -> Self {
        let is_properties = document.format == Format::Properties;
        let properties = is_properties.then(|| Properties::parse_leniently(&document.text));
        Self { document, properties }
    }

    /// What stands in the place of a document that is not there.
    fn nothing(path: &str) -> Self {
        Self::of(Rc::new(Document {
            path: path.to_owned(),
            text: String::new(),
            format: Format::Properties,
            read_only: None,
        }))
    }

    /// The values of a key, one for each of its entries.
    fn values(&self, key: &str) -> Vec<&JavaText> {
        let key = JavaText::from(key);
        let entries = self.properties.iter().flat_map(Properties::entries);
        entries
            .filter(|(_, k, _)| **k == key)
            .map(|(_, _, value)| value)
            .collect()
    }
}

/// The keys of a document that may be shown: a line of a key block looks like a key, too.
fn shown_keys(document: &Document, rules: &Rules) -> Vec<String> {
    if document.is_file() {
        return Vec::new();
    }
    let masked = Properties::parse_leniently(&rules.mask_text(&document.path, &document.text));
    masked
        .entries()
        .map(|(_, key, _)| key.to_string_lossy())
        .collect()
}

/// What has been seen so far.
struct Walk<'a> {
    archive: &'a Archive,
    rules: &'a Rules,
    path: &'a str,
    key: Option<&'a str>,
    /// What was read, by hash; an error once said is said again.
    texts: HashMap<String, std::result::Result<Rc<Document>, String>>,
    /// The text of the backup before, and its hash.
    last: Option<(String, Text)>,
    /// Whether a backup so far did not have it.
    lacked: bool,
    events: Vec<Event>,
}

impl Walk<'_> {
    /// Takes one backup; what cannot be read is passed over.
    async fn step(&mut self, listed: &Listed, there: Option<&Content>) -> std::result::Result<(), String> {
        let Some(content) = there else {
            // A backup of some documents says nothing of others.
            if matches!(listed.kind, BackupKind::Ordinary | BackupKind::AfterRefresh) {
                let before = self.last.take().map(|(_, text)| text);
                self.compare(listed, before.as_ref(), None);
            }
            return Ok(());
        };
        if self.last.as_ref().is_some_and(|(hash, _)| *hash == content.hash) {
            return Ok(());
        }
        let text = Text::of(self.read(content).await?);
        let before = self.last.take().map(|(_, text)| text);
        self.compare(listed, before.as_ref(), Some(&text));
        self.last = Some((content.hash.clone(), text));
        Ok(())
    }

    async fn read(&mut self, content: &Content) -> std::result::Result<Rc<Document>, String> {
        if let Some(known) = self.texts.get(&content.hash) {
            return known.clone();
        }
        let read = self.archive.text(content).await;
        let read = read.map(Rc::new).map_err(|error| error.message().to_owned());
        self.texts.insert(content.hash.clone(), read.clone());
        read
    }

    fn compare(&mut self, listed: &Listed, before: Option<&Text>, now: Option<&Text>) {
        let has = |text: Option<&Text>| match self.key {
            None => text.is_some(),
            Some(key) => text.is_some_and(|text| !text.values(key).is_empty()),
        };
        let what = match (has(before), has(now)) {
            (true, true) => Some(What::Changed),
            (true, false) => Some(What::Removed),
            (false, true) if self.lacked => Some(What::Added),
            (false, true) => Some(What::First),
            (false, false) => None,
        };
        self.lacked |= !has(now);
        let Some(what) = what else { return };
        let diff = match self.key {
            None => before.zip(now).map(|(before, now)| self.diff(before, now)),
            Some(key) => {
                let nothing = Text::nothing(self.path);
                let (before, now) = (before.unwrap_or(&nothing), now.unwrap_or(&nothing));
                // Most changes of a document are none of this key.
                (before.values(key) != now.values(key)).then(|| of_key(self.diff(before, now), key))
            }
        };
        if what == What::Changed && diff.as_ref().is_none_or(|diff| !diff.differs()) {
            return;
        }
        self.events.push(Event {
            backup: listed.clone(),
            what,
            bytes: now.map_or(0, |text| text.document.content().len() as u64),
            diff,
        });
    }

    fn diff(&self, before: &Text, now: &Text) -> DocumentDiff {
        let options = Options {
            rules: self.rules,
            selection: &Selection::default(),
            ignore_encrypted: false,
            text: false,
        };
        let pair = Pair {
            from: Some(&before.document),
            to: Some(&now.document),
        };
        one(&pair, &options)
    }
}

/// Leaves of a comparison what is about the values of a key.
fn of_key(mut diff: DocumentDiff, key: &str) -> DocumentDiff {
    let is_value = |change| !matches!(change, Change::Moved | Change::Spelled);
    diff.keys
        .retain(|change| change.key == key && is_value(change.change));
    diff.comments.clear();
    diff
}
