//! Profiles laid over one another: tables by key, parts by `id`, everything else replaced; each line knows its file.

use toml_edit::{Document, Item, TableLike, Value};

/// Columns after which an array is broken into several lines.
const WIDE: usize = 100;

/// Keys that speak of one file, and not of what is laid over it.
const OF_THE_FILE: [&str; 4] = ["schema", "name", "extends", "learned"];

/// Keys in the order in which a profile begins.
const HEAD: [&str; 5] = ["schema", "name", "about", "extends", "learned"];

/// Where a line of a profile was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Which of the files, the one at the bottom first.
    pub layer: usize,
    /// Its line there, counted from one.
    pub line: usize,
    /// The comment behind it, without its sign; or nothing.
    pub comment: String,
}

/// A line of a profile as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, as TOML.
    pub text: String,
    /// Where it was written; none where it only sets tables apart.
    pub from: Option<Place>,
}

/// A table of a profile, with its keys in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    from: Place,
    entries: Vec<(String, Node)>,
}

#[derive(Debug, Clone)]
enum Node {
    Value(Leaf),
    Table(Table),
    Tables(Vec<Table>),
}

/// A value as it was written; an array by its elements, so that a long one can be broken into lines.
#[derive(Debug, Clone)]
struct Leaf {
    from: Place,
    raw: String,
    elements: Option<Vec<String>>,
}

/// A text being read.
struct Reader<'t> {
    text: &'t str,
    layer: usize,
}

/// Reads one file; the fault of one that is no TOML is its line and a sentence's rest.
pub(super) fn read(text: &str, layer: usize) -> Result<Table, (Option<usize>, String)> {
    let document = Document::parse(text).map_err(|e| {
        let line = e.span().map(|span| line_of(text, span.start));
        (line, e.message().trim_end_matches('\n').to_owned())
    })?;
    Ok(Reader { text, layer }.table(document.as_table(), 0))
}

/// Gives the line an offset stands in, counted from one.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

impl Reader<'_> {
    fn table(&self, table: &dyn TableLike, start: usize) -> Table {
        let mut entries = Vec::new();
        for (name, item) in table.iter() {
            let key = table.key(name).and_then(toml_edit::Key::span);
            let start = key.map_or(start, |span| span.start);
            if let Some(node) = self.node(item, start) {
                entries.push((name.to_owned(), node));
            }
        }
        Table {
            from: self.place(start..start),
            entries,
        }
    }

    fn node(&self, item: &Item, start: usize) -> Option<Node> {
        let at = item.span().map_or(start, |span| span.start);
        Some(match item {
            Item::None => return None,
            Item::Table(table) => Node::Table(self.table(table, at)),
            Item::ArrayOfTables(tables) => Node::Tables(
                tables
                    .iter()
                    .map(|table| self.table(table, table.span().map_or(at, |span| span.start)))
                    .collect(),
            ),
            Item::Value(Value::InlineTable(table)) => Node::Table(self.table(table, at)),
            Item::Value(value) => self.value(value, at),
        })
    }

    fn value(&self, value: &Value, start: usize) -> Node {
        let span = value.span().unwrap_or(start..start);
        let inner = value.as_array().filter(|array| !array.is_empty());
        let tables: Option<Vec<Table>> = inner.and_then(|array| {
            let table = |value: &Value| {
                let table = value.as_inline_table()?;
                Some(self.table(table, table.span().map_or(start, |span| span.start)))
            };
            array.iter().map(table).collect()
        });
        if let Some(tables) = tables {
            return Node::Tables(tables);
        }
        let raw = |value: &Value| {
            value
                .span()
                .and_then(|span| self.text.get(span))
                .map(str::to_owned)
        };
        Node::Value(Leaf {
            elements: inner.and_then(|array| array.iter().map(raw).collect()),
            raw: self.text.get(span.clone()).unwrap_or_default().to_owned(),
            from: self.place(span),
        })
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        let rest = self.text.get(span.end..).unwrap_or_default();
        let behind = rest.lines().next().unwrap_or_default().trim();
        Place {
            layer: self.layer,
            line: line_of(self.text, span.start),
            comment: behind.strip_prefix('#').unwrap_or_default().trim().to_owned(),
        }
    }
}

impl Table {
    /// The text of a key at the top, and the line it stands in.
    pub(super) fn word(&self, key: &str) -> Option<(String, usize)> {
        let (_, node) = self.entries.iter().find(|(name, _)| name == key)?;
        let Node::Value(leaf) = node else { return None };
        let value: Value = leaf.raw.parse().ok()?;
        Some((value.as_str()?.to_owned(), leaf.from.line))
    }

    /// Lays another table over this one, which loses what only speaks of its own file.
    pub(super) fn under(mut self, top: Table) -> Table {
        self.entries
            .retain(|(key, _)| !OF_THE_FILE.contains(&key.as_str()));
        let mut whole = merged(self, top);
        let place = |key: &str| HEAD.iter().position(|known| *known == key).unwrap_or(HEAD.len());
        whole.entries.sort_by_key(|(key, _)| place(key));
        whole
    }

    /// Turns the numbers of the files round: they were read from the top one, numbered 0, down to `bottom`.
    pub(super) fn count_from(&mut self, bottom: usize) {
        self.from.layer = bottom - self.from.layer;
        for (_, node) in &mut self.entries {
            match node {
                Node::Value(leaf) => leaf.from.layer = bottom - leaf.from.layer,
                Node::Table(table) => table.count_from(bottom),
                Node::Tables(tables) => tables.iter_mut().for_each(|table| table.count_from(bottom)),
            }
        }
    }

    /// Sets a text in the part of this `id`, or takes it away.
    pub(super) fn set_in_part(&mut self, id: &str, path: &[&str], value: Option<&str>, layer: usize) {
        let parts = self.entries.iter_mut().find(|(key, _)| key == "part");
        let Some((_, Node::Tables(parts))) = parts else {
            return;
        };
        let part = parts.iter_mut().find(|part| part.id().as_deref() == Some(id));
        if let (Some(part), Some((key, above))) = (part, path.split_last()) {
            part.set(above, key, value, layer);
        }
    }

    fn set(&mut self, above: &[&str], key: &str, value: Option<&str>, layer: usize) {
        let from = Place {
            layer,
            ..Place::default()
        };
        let Some((first, rest)) = above.split_first() else {
            let set = value.map(|raw| {
                Node::Value(Leaf {
                    from,
                    raw: raw.to_owned(),
                    elements: None,
                })
            });
            return match (self.entries.iter().position(|(name, _)| name == key), set) {
                (Some(at), Some(node)) => self.entries[at].1 = node,
                (Some(at), None) => drop(self.entries.remove(at)),
                (None, Some(node)) => self.entries.push((key.to_owned(), node)),
                (None, None) => {}
            };
        };
        if !self.entries.iter().any(|(name, _)| name == first) {
            let empty = Table {
                from,
                entries: Vec::new(),
            };
            self.entries.push(((*first).to_owned(), Node::Table(empty)));
        }
        let below = self.entries.iter_mut().find(|(name, _)| name == first);
        if let Some((_, Node::Table(table))) = below {
            table.set(rest, key, value, layer);
        }
    }

    /// Writes it as TOML.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        self.write("", &mut lines);
        lines
    }

    fn write(&self, path: &str, lines: &mut Vec<Line>) {
        for (key, node) in &self.entries {
            if let Node::Value(leaf) = node {
                leaf.write(&written(key), lines);
            }
        }
        for (key, node) in &self.entries {
            let below = match path.is_empty() {
                true => written(key),
                false => format!("{path}.{}", written(key)),
            };
            match node {
                Node::Value(_) => {}
                Node::Table(table) => {
                    let holds_value = |(_, node): &(String, Node)| matches!(node, Node::Value(_));
                    if table.entries.is_empty() || table.entries.iter().any(holds_value) {
                        table.head(&format!("[{below}]"), lines);
                    }
                    table.write(&below, lines);
                }
                Node::Tables(tables) => {
                    for table in tables {
                        table.head(&format!("[[{below}]]"), lines);
                        table.write(&below, lines);
                    }
                }
            }
        }
    }

    fn head(&self, text: &str, lines: &mut Vec<Line>) {
        lines.push(Line {
            text: String::new(),
            from: None,
        });
        lines.push(Line {
            text: text.to_owned(),
            from: Some(self.from.clone()),
        });
    }

    fn id(&self) -> Option<String> {
        self.word("id").map(|(id, _)| id)
    }
}

impl Leaf {
    fn write(&self, key: &str, lines: &mut Vec<Line>) {
        let mut push = |text: String| {
            lines.push(Line {
                text,
                from: Some(self.from.clone()),
            });
        };
        match &self.elements {
            Some(elements) => {
                let whole = format!("{key} = [{}]", elements.join(", "));
                if whole.chars().count() <= WIDE && !whole.contains('\n') {
                    return push(whole);
                }
                push(format!("{key} = ["));
                let mut line = String::from("   ");
                for element in elements {
                    if line.len() > 3 && line.chars().count() + element.chars().count() + 2 > WIDE {
                        push(std::mem::replace(&mut line, String::from("   ")));
                    }
                    line.push_str(&format!(" {element},"));
                }
                push(line);
                push("]".to_owned());
            }
            None => {
                for (at, line) in self.raw.split('\n').enumerate() {
                    push(match at {
                        0 => format!("{key} = {line}"),
                        _ => line.to_owned(),
                    });
                }
            }
        }
    }
}

/// Writes a key, in quotation marks where it needs them.
fn written(key: &str) -> String {
    toml_edit::Key::new(key).display_repr().into_owned()
}

fn merged(base: Table, top: Table) -> Table {
    let mut entries = base.entries;
    for (key, node) in top.entries {
        match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => {
                let below = std::mem::replace(known, Node::Tables(Vec::new()));
                *known = match (below, node) {
                    (Node::Table(below), Node::Table(above)) => Node::Table(merged(below, above)),
                    (Node::Tables(below), Node::Tables(above)) if key == "part" => {
                        Node::Tables(merged_by_id(below, above))
                    }
                    (_, above) => above,
                };
            }
            None => entries.push((key, node)),
        }
    }
    Table {
        from: top.from,
        entries,
    }
}

/// Lays tables over those of the same `id`; a second one of the same file stays apart, so that it is told.
fn merged_by_id(mut below: Vec<Table>, above: Vec<Table>) -> Vec<Table> {
    let known = below.len();
    let mut taken = Vec::new();
    for table in above {
        let same = |(at, old): &(usize, &Table)| {
            !taken.contains(at) && table.id().is_some() && old.id() == table.id()
        };
        match below.iter().take(known).enumerate().find(same).map(|(at, _)| at) {
            Some(at) => {
                taken.push(at);
                below[at] = merged(below[at].clone(), table);
            }
            None => below.push(table),
        }
    }
    below
}
