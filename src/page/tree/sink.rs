//! The tree under construction.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use ego_tree::NodeId;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::TreeSink;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

/// Elements of MathML and SVG that stop the search for the element that an end tag ends, as a table does.
const FOREIGN_STOPS: [&str; 9] = [
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "title",
];

/// Builds scraper's tree and keeps what that tree has no place for.
pub(super) struct Sink {
    pub(super) inner: HtmlTreeSink,
    pub(super) owners: RefCell<HashMap<NodeId, NodeId>>,
    /// The form that was open when an element with a `form` attribute was made.
    pub(super) made_in: RefCell<HashMap<NodeId, NodeId>>,
    /// The open form, as the parser's form element pointer has it.
    pub(super) form: Cell<Option<NodeId>>,
    /// Whether the tree builder has looked at a `form` of MathML or SVG, which is no form: `</form>` may end it.
    pub(super) foreign_form: Cell<bool>,
    /// The name of an end tag for which [`FOREIGN_STOPS`] must stop the search: the tree builder lets it pass.
    pub(super) ending: RefCell<Option<LocalName>>,
    /// The name of an element that does stop the search.
    stop: RefCell<QualName>,
    pub(super) moved: RefCell<HashMap<NodeId, NodeId>>,
    pub(super) depths: RefCell<HashMap<NodeId, u32>>,
    /// Depth of the element that was added last.
    pub(super) depth: Cell<u32>,
    pub(super) created: Cell<u64>,
    pub(super) newest: Cell<Option<NodeId>>,
    pub(super) newest_form: Cell<Option<NodeId>>,
    /// How many templates are open.
    pub(super) templates: Cell<u32>,
    pub(super) at_end: Cell<bool>,
    pub(super) open_at_end: RefCell<Vec<NodeId>>,
}

impl Sink {
    pub(super) fn new(inner: HtmlTreeSink) -> Self {
        Self {
            inner,
            owners: RefCell::default(),
            made_in: RefCell::default(),
            form: Cell::new(None),
            foreign_form: Cell::new(false),
            ending: RefCell::default(),
            stop: RefCell::new(QualName::new(None, ns!(html), local_name!("wbr"))),
            moved: RefCell::default(),
            depths: RefCell::default(),
            depth: Cell::new(0),
            created: Cell::new(0),
            newest: Cell::new(None),
            newest_form: Cell::new(None),
            templates: Cell::new(0),
            at_end: Cell::new(false),
            open_at_end: RefCell::default(),
        }
    }

    fn note_move(&self, node: NodeId) {
        if let Some(newest) = self.newest.get().filter(|_| !self.owners.borrow().is_empty()) {
            self.moved.borrow_mut().insert(node, newest);
        }
    }

    fn note_depth(&self, parent: &NodeId, child: &NodeOrText<NodeId>, below: u32) {
        if let NodeOrText::AppendNode(id) = child {
            let mut depths = self.depths.borrow_mut();
            let depth = depths.get(parent).copied().unwrap_or(0) + below;
            depths.insert(*id, depth);
            self.depth.set(depth);
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        let name = self.inner.elem_name(target);
        if name.ns != ns!(html) && name.local == local_name!("form") {
            self.foreign_form.set(true);
        }
        let stops = self.ending.borrow().as_ref().is_some_and(|ending| {
            name.ns != ns!(html) && name.local != *ending && FOREIGN_STOPS.contains(&&*name.local)
        });
        if stops { self.stop.borrow() } else { name }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let is_form = name.ns == ns!(html) && name.local == local_name!("form");
        let is_template = flags.template;
        let has_form = attrs.iter().any(|attribute| &*attribute.name.local == "form");
        let id = self.inner.create_element(name, attrs, flags);
        self.created.set(self.created.get() + 1);
        self.newest.set(Some(id));
        if is_form {
            self.newest_form.set(Some(id));
        }
        if let Some(form) = self.form.get().filter(|_| has_form && self.templates.get() == 0) {
            self.made_in.borrow_mut().insert(id, form);
        }
        if is_template {
            self.templates.set(self.templates.get() + 1);
        }
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.note_depth(parent, &child, 1);
        self.inner.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.note_depth(element, &child, 0);
        self.inner.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn pop(&self, node: &NodeId) {
        if self.at_end.get() {
            self.open_at_end.borrow_mut().push(*node);
        }
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.note_depth(sibling, &new_node, 0);
        self.inner.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn associate_with_form(&self, target: &NodeId, form: &NodeId, _: (&NodeId, Option<&NodeId>)) {
        self.owners.borrow_mut().insert(*target, *form);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.note_move(*target);
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children: Vec<NodeId> = {
            let html = self.inner.0.borrow();
            html.tree
                .get(*node)
                .map(|node| node.children().map(|child| child.id()).collect())
                .unwrap_or_default()
        };
        children.into_iter().for_each(|child| self.note_move(child));
        self.inner.reparent_children(node, new_parent);
    }
}
