//! The options of a list, in the state a browser gives them.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use crate::page::control::{collapse, non_negative};
use crate::page::form::Choice;

/// Reads the options of a list, in the state a browser gives them.
pub(super) fn choices(select: NodeRef<'_, Node>, element: &Element) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut groups: Vec<bool> = Vec::new();
    let mut text = String::new();
    // An option within an option or a datalist is none; its text belongs to the outer one.
    let mut depth = 0_u32;
    let mut silent = 0_u32;
    for edge in select.traverse() {
        let (node, opened) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(piece) if opened && silent == 0 && depth > 0 => text.push_str(piece),
            Node::Element(inner) => match (inner.name(), opened) {
                ("script" | "template", true) => silent += 1,
                ("script" | "template", false) => silent -= 1,
                _ if silent > 0 => {}
                ("optgroup", true) => groups.push(inner.attr("disabled").is_some()),
                ("optgroup", false) => {
                    groups.pop();
                }
                ("option" | "datalist", true) => {
                    depth += 1;
                    if depth == 1 && inner.name() == "option" {
                        text.clear();
                        let disabled = inner.attr("disabled").is_some() || groups.contains(&true);
                        let selected = inner.attr("selected").is_some();
                        choices.push(Choice {
                            value: String::new(),
                            label: String::new(),
                            selected,
                            disabled,
                        });
                    }
                }
                ("option" | "datalist", false) => {
                    depth -= 1;
                    if let Some(choice) = choices
                        .last_mut()
                        .filter(|_| depth == 0 && inner.name() == "option")
                    {
                        let text = collapse(&text);
                        choice.value = inner.attr("value").map_or_else(|| text.clone(), str::to_owned);
                        let label = inner.attr("label").filter(|label| !label.is_empty());
                        choice.label = label.map_or(text, str::to_owned);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    settle(&mut choices, element);
    choices
}

/// Chooses what a browser chooses where the page says too little or too much.
fn settle(choices: &mut [Choice], element: &Element) {
    if element.attr("multiple").is_some() {
        return;
    }
    if let Some(last) = choices.iter().rposition(|choice| choice.selected) {
        for choice in &mut choices[..last] {
            choice.selected = false;
        }
        return;
    }
    let shown = element.attr("size").and_then(non_negative).unwrap_or(1);
    if shown <= 1
        && let Some(first) = choices.iter_mut().find(|choice| !choice.disabled)
    {
        first.selected = true;
    }
}
