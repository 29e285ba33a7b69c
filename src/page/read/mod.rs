//! One walk over the tree, without recursion, that gathers links, forms, lists and texts.

mod ahead;
mod forms;
mod links;
mod rows;
mod tables;

use std::collections::HashMap;
use std::ops::Range;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef, Tree};
use scraper::Node;
use scraper::node::Element;

use crate::page::control::{child_text, text_of};
use crate::page::flow::{Flow, is_inline};
use crate::page::form::Control;
use crate::page::read::ahead::Ahead;
use crate::page::read::tables::Tables;
use crate::page::resolve::Resolver;
use crate::page::runs::Groups;
use crate::page::tree::Parsed;
use crate::page::{Frame, Page, Script};

/// Fills in what the parsed page holds.
pub(super) fn read(page: &mut Page, parsed: &Parsed) {
    let ahead = Ahead::look(&parsed.html.tree);
    let resolver = Resolver::new(&page.url, ahead.base, page.encoding);
    let mut reader = Reader {
        page,
        parsed,
        ids: &ahead.ids,
        resolver,
        flow: Flow::default(),
        open: Vec::new(),
        opened: 0,
        open_forms: Vec::new(),
        open_cells: Vec::new(),
        disabled_around: 0,
        unshown: 0,
        forms: HashMap::new(),
        controls: Vec::new(),
        labels: Vec::new(),
        open_labels: Vec::new(),
        pictured: Vec::new(),
        groups: Groups::default(),
        tables: Tables::default(),
        titled: false,
    };
    reader.walk(&parsed.html.tree);
    reader.finish();
}

fn is_html(element: &Element) -> bool {
    &*element.name.ns == "http://www.w3.org/1999/xhtml"
}

/// What is to be done when an element ends.
enum Role {
    Plain,
    Link,
    Heading,
    Label(usize),
    Button(usize),
    Form,
    Fieldset { disabled: bool, legend: bool },
    Legend { exempt: bool },
    Choices,
}

/// An element that has begun.
struct Open<'a> {
    id: NodeId,
    element: &'a Element,
    role: Role,
    order: usize,
    text: usize,
    piece: usize,
    links: usize,
    hidden: bool,
}

/// A label, the id it names, and the first control in it.
struct Label<'a> {
    of: Option<&'a str>,
    control: Option<usize>,
    text: String,
}

/// What a picture's text may stand for: the links and buttons of the page by their places.
enum Pictured {
    Link(usize),
    Button(usize),
}

/// A control, and the form it belongs to.
struct Owned {
    id: NodeId,
    owner: Option<NodeId>,
    /// How many lines of text stand before it.
    line: usize,
    control: Control,
}

struct Reader<'a> {
    page: &'a mut Page,
    parsed: &'a Parsed,
    ids: &'a HashMap<&'a str, NodeId>,
    resolver: Resolver,
    flow: Flow,
    open: Vec<Open<'a>>,
    opened: usize,
    open_forms: Vec<NodeId>,
    /// The cells so far of each open table row.
    open_cells: Vec<(Vec<Range<usize>>, bool)>,
    /// How many disabled fieldsets disable what stands here.
    disabled_around: u32,
    /// How many lists to choose from are open: their text is no text of the page.
    unshown: u32,
    forms: HashMap<NodeId, usize>,
    controls: Vec<Owned>,
    labels: Vec<Label<'a>>,
    open_labels: Vec<usize>,
    pictured: Vec<Pictured>,
    groups: Groups,
    tables: Tables,
    titled: bool,
}

impl<'a> Reader<'a> {
    fn walk(&mut self, tree: &'a Tree<Node>) {
        let mut skipped = None;
        for edge in tree.root().traverse() {
            match edge {
                Edge::Open(node) if skipped.is_none() => match node.value() {
                    Node::Text(text) if self.unshown == 0 => self.flow.push(text),
                    Node::Fragment => skipped = Some(node.id()),
                    Node::Element(element) => {
                        if !is_inline(element.name()) {
                            self.flow.part();
                        }
                        if is_html(element) && self.alone(node, element) {
                            skipped = Some(node.id());
                        } else {
                            self.begin(node, element);
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if skipped == Some(node.id()) => {
                    skipped = None;
                    self.flow.part();
                }
                Edge::Close(node)
                    if skipped.is_none() && self.open.last().is_some_and(|o| o.id == node.id()) =>
                {
                    if let Some(open) = self.open.pop() {
                        self.end(open);
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads an element whose content is no part of the page's text; tells whether it was one.
    fn alone(&mut self, node: NodeRef<'a, Node>, element: &'a Element) -> bool {
        match element.name() {
            "title" => {
                if !self.titled {
                    self.titled = true;
                    self.page.title = collapse_all(&child_text(node));
                }
            }
            "script" => {
                let src = element.attr("src").and_then(|src| self.resolver.resolve(src));
                let text = if element.attr("src").is_some() {
                    String::new()
                } else {
                    child_text(node)
                };
                self.page.scripts.push(Script {
                    src,
                    text,
                    kind: text_of(element, "type"),
                });
            }
            "frame" | "iframe" => {
                let src = element.attr("src").filter(|src| !src.trim().is_empty());
                if let Some(url) = src.and_then(|src| self.resolver.resolve(src)) {
                    let (name, title) = (text_of(element, "name"), text_of(element, "title"));
                    self.page.frames.push(Frame { url, name, title });
                }
            }
            "textarea" => {
                self.tables.begin(element);
                self.control(node, element);
            }
            "style" | "template" | "noscript" | "noembed" | "noframes" => {}
            _ => return false,
        }
        true
    }

    fn begin(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        let links = self.page.links.len();
        let role = if is_html(element) {
            self.tables.begin(element);
            self.role(node, element)
        } else {
            Role::Plain
        };
        let style = || {
            element
                .attr("style")
                .unwrap_or_default()
                .to_ascii_lowercase()
                .replace(' ', "")
        };
        let hidden = element.attr("hidden").is_some() || style().contains("display:none");
        if element.name() == "tr" {
            self.open_cells.push((Vec::new(), true));
        }
        self.opened += 1;
        self.open.push(Open {
            id: node.id(),
            element,
            role,
            order: self.opened,
            text: self.flow.here(),
            piece: self.flow.piece_count(),
            links,
            hidden,
        });
    }

    fn role(&mut self, node: NodeRef<'a, Node>, element: &'a Element) -> Role {
        match element.name() {
            "a" | "area" if self.link(element) => Role::Link,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading,
            "label" => {
                self.labels.push(Label {
                    of: element.attr("for"),
                    control: None,
                    text: String::new(),
                });
                self.open_labels.push(self.labels.len() - 1);
                Role::Label(self.labels.len() - 1)
            }
            "input" => {
                self.control(node, element);
                Role::Plain
            }
            "button" => {
                let place = self.control(node, element);
                self.pictured.push(Pictured::Button(place));
                Role::Button(place)
            }
            "form" => {
                self.form(node.id(), element);
                Role::Form
            }
            "fieldset" => {
                let disabled = element.attr("disabled").is_some();
                self.disabled_around += u32::from(disabled);
                Role::Fieldset {
                    disabled,
                    legend: false,
                }
            }
            "legend" => {
                let exempt = match self.open.last_mut().map(|open| &mut open.role) {
                    Some(Role::Fieldset { disabled, legend }) => {
                        !std::mem::replace(legend, true) && *disabled
                    }
                    _ => false,
                };
                self.disabled_around -= u32::from(exempt);
                Role::Legend { exempt }
            }
            "select" => {
                self.control(node, element);
                self.unshown += 1;
                Role::Choices
            }
            "datalist" => {
                self.unshown += 1;
                Role::Choices
            }
            "img" => {
                self.picture(node, element);
                Role::Plain
            }
            "meta" => {
                self.meta(element);
                Role::Plain
            }
            _ => Role::Plain,
        }
    }

    fn end(&mut self, open: Open<'a>) {
        let text = open.text..self.flow.here();
        match open.role {
            Role::Link => {
                self.pictured.pop();
                self.end_link(&open, text.clone());
            }
            Role::Heading => {
                let heading = self.flow.slice(text.clone());
                if !heading.is_empty() {
                    self.page.headings.push(heading.to_owned());
                }
            }
            Role::Label(label) => {
                self.open_labels.pop();
                self.labels[label].text = self.flow.slice(text.clone()).to_owned();
            }
            Role::Button(place) => {
                self.pictured.pop();
                let shown = self.flow.slice(text.clone());
                if !shown.is_empty() {
                    self.controls[place].control.label = shown.to_owned();
                }
            }
            Role::Form => {
                self.open_forms.pop();
            }
            Role::Fieldset { disabled, .. } => self.disabled_around -= u32::from(disabled),
            Role::Legend { exempt } => self.disabled_around += u32::from(exempt),
            Role::Choices => self.unshown -= 1,
            Role::Plain => {}
        }
        if open.hidden {
            self.flow.hide(text.clone());
        }
        self.end_row(&open, text);
        if open.element.name() == "table" && is_html(open.element) {
            self.tables.end_table();
        }
        if !is_inline(open.element.name()) {
            self.flow.part();
        }
    }
}

/// Collapses all blanks, also those that do not break.
fn collapse_all(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
