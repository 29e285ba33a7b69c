//! Forms, their controls, and what stands beside them.

use std::collections::{BTreeMap, HashMap};

use ego_tree::{NodeId, NodeRef};
use encoding_rs::Encoding;
use scraper::Node;
use scraper::node::Element;

use crate::page::control::{collapse, control, enctype, method, text_of};
use crate::page::flow::Flow;
use crate::page::form::{Form, Kind};
use crate::page::read::{Owned, Reader};

impl<'a> Reader<'a> {
    pub(super) fn form(&mut self, id: NodeId, element: &Element) {
        let accept_charset = text_of(element, "accept-charset");
        let encoding = form_encoding(element.attr("accept-charset"), self.page.encoding);
        self.forms.insert(id, self.page.forms.len());
        self.open_forms.push(id);
        self.page.forms.push(Form {
            id: text_of(element, "id"),
            name: text_of(element, "name"),
            action: self.resolver.action(element.attr("action").unwrap_or_default()),
            method: method(element.attr("method").unwrap_or_default()),
            enctype: enctype(element.attr("enctype").unwrap_or_default()),
            target: text_of(element, "target"),
            accept_charset,
            encoding,
            controls: Vec::new(),
            closed: self.parsed.closed.contains(&id),
        });
    }

    /// Reads a control and gives its place among all controls of the page.
    pub(super) fn control(&mut self, node: NodeRef<'a, Node>, element: &'a Element) -> usize {
        let id = node.id();
        let owner = match element.attr("form") {
            Some(form) => self.ids.get(form).copied(),
            None => self.parsed.owner(node).or(self.open_forms.last().copied()),
        };
        let disabled = self.disabled_around > 0;
        let control = control(node, element, disabled, &self.resolver);
        let place = self.controls.len();
        let labelable = control.kind != Kind::Hidden;
        let line = self.flow.line_count();
        self.controls.push(Owned {
            id,
            owner,
            line,
            control,
        });
        if labelable && let Some(label) = self.open_labels.last() {
            self.labels[*label].control.get_or_insert(place);
        }
        place
    }

    /// Of each group of radio buttons, only the one that the parser switched on last is on, told in the order in which
    /// it made them. A group is that of the form a button was given to at first, which it may have lost since.
    ///
    /// A `form` attribute that names a form further down counts from there on. A button with such an attribute that
    /// stands within another form switches off one of that form too.
    fn settle_radios(&mut self) {
        let mut on: HashMap<(Option<NodeId>, &str), usize> = HashMap::new();
        let mut waiting: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        let mut radios: Vec<usize> = (0..self.controls.len())
            .filter(|place| {
                let control = &self.controls[*place].control;
                control.kind == Kind::Radio && control.checked && !control.name.is_empty()
            })
            .collect();
        radios.sort_by_key(|place| self.controls[*place].id);
        let mut off = Vec::new();
        for place in radios {
            let radio = &self.controls[place];
            let name = radio.control.name.as_str();
            while let Some(form) = waiting.first_entry().filter(|form| *form.key() < radio.id) {
                let (form, places) = form.remove_entry();
                for waiter in places {
                    let name = self.controls[waiter].control.name.as_str();
                    if on.get(&(None, name)) == Some(&waiter) {
                        on.remove(&(None, name));
                        off.extend(on.insert((Some(form), name), waiter));
                    }
                }
            }
            if let Some(form) = self.parsed.made_in(radio.id) {
                off.extend(on.remove(&(Some(form), name)));
            }
            let form = self.parsed.first_owner(radio.id).or(radio.owner);
            let form_is_there = form.is_none_or(|form| form < radio.id);
            if let Some(form) = form.filter(|_| !form_is_there) {
                waiting.entry(form).or_default().push(place);
            }
            off.extend(on.insert((form.filter(|_| form_is_there), name), place));
        }
        for place in off {
            self.controls[place].control.checked = false;
        }
    }

    /// Gives the controls to their forms, and the texts to their controls.
    pub(super) fn finish(mut self) {
        self.settle_radios();
        let places: HashMap<NodeId, usize> = self
            .controls
            .iter()
            .enumerate()
            .map(|(place, owned)| (owned.id, place))
            .collect();
        for label in &self.labels {
            let named = |id: &str| self.ids.get(id).and_then(|node| places.get(node)).copied();
            let place = match label.of {
                Some(id) => named(id),
                None => label.control,
            };
            if let Some(owned) = place.and_then(|place| self.controls.get_mut(place))
                && owned.control.label.is_empty()
            {
                owned.control.label.clone_from(&label.text);
            }
        }
        for Owned {
            id,
            owner,
            line,
            mut control,
        } in self.controls
        {
            if control.label.is_empty() {
                let element = self
                    .parsed
                    .html
                    .tree
                    .get(id)
                    .and_then(|node| node.value().as_element());
                control.label = collapse(element.and_then(|e| e.attr("aria-label")).unwrap_or_default());
            }
            if control.kind != Kind::Hidden && !control.kind.is_button() {
                control.before = line
                    .checked_sub(1)
                    .map(|line| beside(&self.flow, line))
                    .unwrap_or_default();
                control.after = beside(&self.flow, line);
            }
            match owner.and_then(|owner| self.forms.get(&owner)) {
                Some(form) => self.page.forms[*form].controls.push(control),
                None => self.page.loose.push(control),
            }
        }
        self.page.text = self.flow.visible();
        self.page.tables = self.tables.into_tables();
        self.page.runs = self
            .groups
            .into_runs(&self.flow, &self.page.links, self.page.source.len());
    }
}

/// Gives the beginning of a line: many controls can stand beside the same long one.
fn beside(flow: &Flow, line: usize) -> String {
    flow.line(line).chars().take(120).collect()
}

/// Picks the encoding in which a form's entries are sent.
fn form_encoding(accept: Option<&str>, page: &'static Encoding) -> &'static Encoding {
    let wanted = accept.map(|list| {
        let mut labels = list.split(|c: char| c.is_ascii_whitespace() || c == ',');
        labels
            .find_map(|label| Encoding::for_label(label.as_bytes()))
            .unwrap_or(page)
    });
    wanted.unwrap_or(page).output_encoding()
}
