//! What holds for every page, however broken.

use proptest::prelude::*;
use url::Url;

use super::{Edits, Page};

fn address() -> Url {
    Url::parse("http://lms.example/a/b?c").unwrap()
}

/// Reads a page and sends each of its forms with each of its buttons; answers what came of the first form.
fn exercise(bytes: &[u8], content_type: Option<&str>) -> Page {
    let page = Page::parse(bytes, content_type, &address());
    for form in &page.forms {
        let _ = form.request(&Edits::new(), None, &[]);
        for button in form.submitters() {
            let _ = form.request(&Edits::new(), Some(button), &[]);
        }
    }
    page
}

/// Pieces of markup that a parser finds hard to put together.
fn piece() -> impl Strategy<Value = String> {
    let tags = prop::sample::select(vec![
        "form",
        "table",
        "tr",
        "td",
        "tbody",
        "th",
        "caption",
        "input name=a",
        "input type=image",
        "textarea name=t",
        "select name=s",
        "option",
        "optgroup",
        "b",
        "p",
        "a href=x",
        "i",
        "button name=b",
        "fieldset disabled",
        "legend",
        "label",
        "div",
        "template",
        "svg",
        "math",
        "foreignObject",
        "body",
        "html",
        "frameset",
        "frame",
        "script",
        "title",
        "noscript",
        "li",
        "ul",
        "dt",
        "dd",
        "input name=c form=f",
        "form id=f",
        "base href=y",
        "meta charset=utf-16",
        "font",
        "nobr",
        "plaintext",
        "datalist",
        "dl",
        "h1",
        "img alt=x",
        "colgroup",
        "col",
    ]);
    prop_oneof![
        5 => tags.clone().prop_map(|tag| format!("<{tag}>")),
        3 => tags.prop_map(|tag| format!("</{}>", tag.split(' ').next().unwrap_or_default())),
        1 => "[ a-z\r\n\u{0}&;<>!'\"=-]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_bytes_give_a_page(bytes in prop::collection::vec(any::<u8>(), 0..400), html in any::<bool>()) {
        exercise(&bytes, html.then_some("text/html"));
    }

    #[test]
    fn any_markup_gives_a_page(pieces in prop::collection::vec(piece(), 0..60)) {
        let page = exercise(pieces.concat().as_bytes(), Some("text/html; charset=utf-8"));
        for run in &page.runs {
            for row in &run.rows {
                for link in &row.links {
                    prop_assert!(page.links.contains(link));
                }
            }
        }
    }

    /// A text set into a text area arrives as it is, with line ends as CRLF.
    #[test]
    fn a_text_arrives(text in "[a-zäß€😀=&+%# \n\t\\\\:<>\"]{0,80}") {
        let page = Page::parse(
            b"<form method=post action=s><textarea name=t></textarea></form>",
            Some("text/html; charset=utf-8"),
            &address(),
        );
        let request = page.forms[0].request(&Edits::new().set(0, text.as_str()), None, &[]).unwrap();
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        prop_assert_eq!(pairs, vec![("t".to_owned(), text.replace('\n', "\r\n"))]);
    }

    /// A text shown in a text area, escaped as HTML wants it, is read as it is.
    #[test]
    fn a_text_is_read(text in "[a-zäß€😀=&+%# \n\t\\\\:<>\"']{0,80}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
        let html = format!("<form><textarea name=t>\r\n{escaped}</textarea></form>");
        let page = Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &address());
        prop_assert_eq!(&page.forms[0].controls[0].value, &text);
        prop_assert_eq!(page.cut, None);
    }
}

#[test]
fn a_long_text_comes_back_whole() {
    let line = "connector.ftp.server=sftp.example.com # ä & <b> = : \\\n";
    let text = line.repeat(300 * 1024 / line.len());
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "\r\n");
    let html = format!("<form method=post action=s><textarea name=t>{escaped}</textarea></form>");
    let page = Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &address());
    assert_eq!(page.forms[0].controls[0].value, text);
    let request = page.forms[0].request(&Edits::new(), None, &[]).unwrap();
    let (_, sent) = url::form_urlencoded::parse(&request.body).next().unwrap();
    assert_eq!(sent, text.replace('\n', "\r\n"));
}

#[test]
fn large_pages_of_every_shape_are_read() {
    let rows = "<tr><td>NAME<td><a href=edit.do?id=1>Edit</a>".repeat(5_000);
    let page = exercise(format!("<table>{rows}</table>").as_bytes(), Some("text/html"));
    assert_eq!((page.runs.len(), page.runs[0].rows.len()), (1, 5_000));
    for unit in [
        "<b>",
        "<a href=x>",
        "<p><font color=1>",
        "<table>",
        "<form><div>",
        "<label>",
        "<svg>",
        "</p>",
        "<select>",
    ] {
        exercise(unit.repeat(1_000).as_bytes(), Some("text/html"));
    }
    for (open, close) in [
        ("<ul><li>", "</li></ul>"),
        ("<div>", "</div>"),
        ("<span>", "</span>"),
        ("<i>", "</i>"),
    ] {
        let html = format!("{}<a href=x>deep</a>{}", open.repeat(600), close.repeat(600));
        assert_eq!(exercise(html.as_bytes(), Some("text/html")).links.len(), 1);
    }
}
