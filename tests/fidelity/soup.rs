//! Pages of tags in no order, with forms and controls all over: what a browser makes of them is specified too.

use crate::fidelity::case::Case;
use crate::fidelity::stream::Stream;

const OPENED: [&str; 61] = [
    "table",
    "table",
    "tr",
    "td",
    "tr",
    "td",
    "tbody",
    "th",
    "caption",
    "thead",
    "b",
    "p",
    "i",
    "a",
    "div",
    "fieldset disabled",
    "fieldset",
    "legend",
    "label",
    "template",
    "svg",
    "math",
    "foreignObject",
    "ul",
    "li",
    "font",
    "nobr",
    "span",
    "select",
    "option",
    "optgroup disabled",
    "option selected",
    "h1",
    "dd",
    "dt",
    "object",
    "center",
    "em",
    "mi",
    "desc",
    "colgroup",
    "col",
    "button type=button",
    "datalist",
    "details",
    "pre",
    "address",
    "section",
    "ruby",
    "rt",
    "hr",
    "br",
    "dialog",
    "main",
    "tfoot",
    "small",
    "strong",
    "mtext",
    "style></style",
    "script></script",
    "marquee",
];

const FORMS: [&str; 5] = [
    "<form action=save method=post>",
    "<form id=f action=other method=post>",
    "<form id=g action=third>",
    "</form>",
    "</form>",
];

/// Gives the next case: its first form is sent.
pub(crate) fn case(stream: &mut Stream) -> Case {
    let mut page = String::new();
    if stream.below(2) == 0 {
        page.push_str("<!doctype html>");
    }
    if stream.below(3) == 0 {
        page.push_str("<table>");
    }
    page.push_str("<form action=save method=post>");
    for number in 0..10 + stream.below(40) {
        let piece = match stream.below(100) {
            0..30 => control(stream, number),
            30..36 => FORMS[stream.below(FORMS.len())].to_owned(),
            36..76 => format!("<{}>", OPENED[stream.below(OPENED.len())]),
            _ => {
                let tag = OPENED[stream.below(OPENED.len())];
                format!("</{}>", tag.split([' ', '>']).next().unwrap_or(tag))
            }
        };
        page.push_str(&piece);
    }
    Case::of(page)
}

fn control(stream: &mut Stream, number: usize) -> String {
    let owner = ["", "", "", "", "", "", " form=f", " form=g"][stream.below(8)];
    let radio = stream.below(2);
    match stream.below(9) {
        0 => format!("<textarea name=n{number}{owner}>v{number}</textarea>"),
        1 => format!("<select name=n{number}{owner}><option>v{number}"),
        2 => format!("<input type=hidden name=n{number} value=v{number}{owner}>"),
        3 => format!("<input type=checkbox checked name=n{number} value=v{number}{owner}>"),
        4 | 5 => format!("<input type=radio checked name=r{radio} value=v{number}{owner}>"),
        _ => format!("<input name=n{number} value=v{number}{owner}>"),
    }
}
