//! From an element to a control: its type, its value as a browser has it, its options.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use crate::page::direction;
use crate::page::form::{Control, Direction, Enctype, Kind, Method, Overrides, Rules};
use crate::page::options::choices;
use crate::page::resolve::Resolver;
use crate::page::sanitize::{is_blank, sanitize};

/// What a browser calls a button that sends and has no text of its own.
const SUBMIT: &str = "Submit";
/// What a browser calls a button that resets and has no text of its own.
const RESET: &str = "Reset";

/// Reads an attribute; nothing where there is none.
pub(super) fn text_of(element: &Element, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

/// Reads a submittable element; `disabled` by what stands around it.
pub(super) fn control(
    node: NodeRef<'_, Node>,
    element: &Element,
    disabled: bool,
    resolver: &Resolver,
) -> Control {
    let kind = kind_of(element);
    let rules = rules(node, element, kind);
    let options = if matches!(kind, Kind::Select { .. }) {
        choices(node, element)
    } else {
        Vec::new()
    };
    let input = element.name() == "input";
    let value = match (kind, element.attr("value")) {
        (Kind::TextArea, _) => sanitize(kind, &rules, &child_text(node)),
        (Kind::Select { .. }, _) => String::new(),
        (Kind::CheckBox | Kind::Radio, None) => "on".to_owned(),
        (Kind::Submit, None) if input => SUBMIT.to_owned(),
        (kind, value) => sanitize(kind, &rules, value.unwrap_or_default()),
    };
    let label = match (kind, element.attr("value")) {
        (Kind::Submit | Kind::Reset | Kind::Button, Some(value)) if input => collapse(value),
        (Kind::Submit, None) if input => SUBMIT.to_owned(),
        (Kind::Reset, None) if input => RESET.to_owned(),
        (Kind::Image, value) => collapse(element.attr("alt").or(value).unwrap_or_default()),
        _ => String::new(),
    };
    let submits = kind.submits();
    Control {
        kind,
        name: text_of(element, "name"),
        id: text_of(element, "id"),
        value,
        checked: matches!(kind, Kind::CheckBox | Kind::Radio) && element.attr("checked").is_some(),
        disabled: disabled || element.attr("disabled").is_some(),
        read_only: element.attr("readonly").is_some() && takes_readonly(kind),
        label,
        before: String::new(),
        after: String::new(),
        title: text_of(element, "title"),
        class: text_of(element, "class"),
        max_length: element.attr("maxlength").and_then(non_negative),
        options,
        dirname: element
            .attr("dirname")
            .filter(|_| takes_dirname(kind))
            .map(str::to_owned),
        overrides: if submits {
            overrides(element, resolver)
        } else {
            Overrides::default()
        },
        rules,
    }
}

fn kind_of(element: &Element) -> Kind {
    let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
    match (element.name(), kind.as_str()) {
        ("textarea", _) => Kind::TextArea,
        ("select", _) => Kind::Select {
            multiple: element.attr("multiple").is_some(),
        },
        ("button", "reset") => Kind::Reset,
        ("button", "button") => Kind::Button,
        ("button", "submit") => Kind::Submit,
        // A button that commands another element does not send, unless it says so.
        ("button", _) if element.attr("command").is_some() || element.attr("commandfor").is_some() => {
            Kind::Button
        }
        ("button", _) => Kind::Submit,
        (_, "search") => Kind::Search,
        (_, "tel") => Kind::Tel,
        (_, "url") => Kind::Url,
        (_, "email") => Kind::Email,
        (_, "password") => Kind::Password,
        (_, "number") => Kind::Number,
        (_, "range") => Kind::Range,
        (_, "date") => Kind::Date,
        (_, "month") => Kind::Month,
        (_, "week") => Kind::Week,
        (_, "time") => Kind::Time,
        (_, "datetime-local") => Kind::DateTime,
        (_, "color") => Kind::Color,
        (_, "hidden") => Kind::Hidden,
        (_, "checkbox") => Kind::CheckBox,
        (_, "radio") => Kind::Radio,
        (_, "file") => Kind::File,
        (_, "submit") => Kind::Submit,
        (_, "image") => Kind::Image,
        (_, "reset") => Kind::Reset,
        (_, "button") => Kind::Button,
        _ => Kind::Text,
    }
}

fn takes_readonly(kind: Kind) -> bool {
    !kind.is_button()
        && !matches!(
            kind,
            Kind::Hidden
                | Kind::Range
                | Kind::Color
                | Kind::CheckBox
                | Kind::Radio
                | Kind::File
                | Kind::Select { .. }
        )
}

fn takes_dirname(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Hidden
            | Kind::Text
            | Kind::Search
            | Kind::Tel
            | Kind::Url
            | Kind::Email
            | Kind::Password
            | Kind::Submit
            | Kind::TextArea
    )
}

fn rules(node: NodeRef<'_, Node>, element: &Element, kind: Kind) -> Rules {
    let own = |name: &str| element.attr(name).map(str::to_owned);
    let limits = match kind {
        Kind::Range => ["min", "max", "step", "value"].map(own),
        _ => Default::default(),
    };
    let hard = |word: &str| {
        ["hard", "physical", "on"]
            .iter()
            .any(|hard| word.eq_ignore_ascii_case(hard))
    };
    let wrap = match kind {
        Kind::TextArea if element.attr("wrap").is_some_and(hard) => {
            let columns = element
                .attr("cols")
                .and_then(non_negative)
                .filter(|columns| *columns > 0);
            Some(columns.unwrap_or(20))
        }
        _ => None,
    };
    let direction = match element.attr("dirname") {
        Some(_) => direction_of(node, element, kind),
        None => Direction::Ltr,
    };
    Rules {
        limits,
        multiple: element.attr("multiple").is_some(),
        wrap,
        direction,
    }
}

/// Reads a number as HTML does: blanks before it and anything after it are ignored.
pub(super) fn non_negative(text: &str) -> Option<usize> {
    let text = text.trim_start_matches(is_blank);
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// Finds the direction that the element or the nearest one around it states.
fn direction_of(node: NodeRef<'_, Node>, element: &Element, kind: Kind) -> Direction {
    let stated = |element: &Element| match element.attr("dir").map(str::to_ascii_lowercase).as_deref() {
        Some("ltr") => Some(Direction::Ltr),
        Some("rtl") => Some(Direction::Rtl),
        Some("auto") => Some(Direction::Auto),
        _ => None,
    };
    if let Some(direction) = stated(element) {
        return direction;
    }
    if kind == Kind::Tel {
        return Direction::Ltr;
    }
    for ancestor in node.ancestors() {
        let Some(around) = ancestor.value().as_element() else {
            continue;
        };
        match stated(around) {
            // Around a control, `auto` means the text of the element, which is not the control's.
            Some(Direction::Auto) => {
                let strong = ancestor
                    .descendants()
                    .find_map(|node| direction::first_strong(node.value().as_text()?));
                return if strong == Some("rtl") {
                    Direction::Rtl
                } else {
                    Direction::Ltr
                };
            }
            Some(direction) => return direction,
            None => {}
        }
    }
    Direction::Ltr
}

/// Reads a method as written; anything unknown is the default.
pub(super) fn method(word: &str) -> Method {
    match word.to_ascii_lowercase().as_str() {
        "post" => Method::Post,
        "dialog" => Method::Dialog,
        _ => Method::Get,
    }
}

/// Reads an encoding type as written; anything unknown is the default.
pub(super) fn enctype(word: &str) -> Enctype {
    match word.to_ascii_lowercase().as_str() {
        "multipart/form-data" => Enctype::Multipart,
        "text/plain" => Enctype::Plain,
        _ => Enctype::UrlEncoded,
    }
}

fn overrides(element: &Element, resolver: &Resolver) -> Overrides {
    Overrides {
        action: element.attr("formaction").map(|action| resolver.action(action)),
        method: element.attr("formmethod").map(method),
        enctype: element.attr("formenctype").map(enctype),
        target: element.attr("formtarget").map(str::to_owned),
    }
}

/// Gives the text that stands directly in an element.
pub(super) fn child_text(node: NodeRef<'_, Node>) -> String {
    node.children()
        .filter_map(|child| child.value().as_text().map(|text| &**text))
        .collect()
}

/// Collapses the blanks of HTML to one and cuts them off at both ends.
pub(super) fn collapse(text: &str) -> String {
    text.split(is_blank)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
