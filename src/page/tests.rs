use url::Url;

use super::{Content, Edits, Page};

fn page(html: &str) -> Page {
    let url = Url::parse("http://lms.example/learning/admin/page.do?id=7#top").unwrap();
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &url)
}

#[test]
fn a_form_broken_up_by_a_table_keeps_its_controls() {
    let page =
        page("<table><form action=save method=post><tr><td><input name=a value=1></td></tr></form></table>");
    let request = page.forms[0].request(&Edits::new(), None, &[]).unwrap();
    assert_eq!(request.url.as_str(), "http://lms.example/learning/admin/save");
    assert_eq!(request.body, b"a=1");
    assert!(page.forms[0].closed);
    assert_eq!(page.cut, None);
    assert_eq!(page.content, Content::Html);
}
