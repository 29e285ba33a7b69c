//! What holds for all of a page, wherever in it it stands.

use std::collections::HashMap;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, Tree};
use scraper::Node;

use crate::page::read::is_html;

/// What must be known before the walk, since it holds for what comes before it too.
pub(super) struct Ahead<'a> {
    /// The first `<base href>`.
    pub(super) base: Option<&'a str>,
    /// The first element with each id.
    pub(super) ids: HashMap<&'a str, NodeId>,
}

impl<'a> Ahead<'a> {
    /// Looks through the whole tree.
    pub(super) fn look(tree: &'a Tree<Node>) -> Self {
        let mut ahead = Self {
            base: None,
            ids: HashMap::new(),
        };
        let mut fragment = None;
        for edge in tree.root().traverse() {
            match edge {
                Edge::Open(node) if fragment.is_none() => match node.value() {
                    Node::Fragment => fragment = Some(node.id()),
                    Node::Element(element) => {
                        if let Some(id) = element.attr("id").filter(|id| !id.is_empty()) {
                            ahead.ids.entry(id).or_insert(node.id());
                        }
                        if ahead.base.is_none() && is_html(element) && element.name() == "base" {
                            ahead.base = element.attr("href");
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if fragment == Some(node.id()) => fragment = None,
                _ => {}
            }
        }
        ahead
    }
}
