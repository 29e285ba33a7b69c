use std::collections::BTreeSet;

use url::Url;

use crate::backup::text_of_file;
use crate::find::{Answers, Editor, Naming, Unclear};
use crate::page::Page;
use crate::profile::{Part, built_in};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....IEND";

fn page(html: &str) -> Page {
    let url = Url::parse("https://lms.example.com/admin/editImage.do?imageID=LOGO&menu=IMAGES").unwrap();
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &url)
}

fn part() -> Part {
    let parts = built_in().unwrap().parts;
    parts.into_iter().find(|part| part.id == "images").unwrap()
}

fn editor_with(html: &str, answers: &Answers) -> Result<Editor, Unclear> {
    Editor::of(page(html), &part(), &built_in().unwrap().words, answers)
}

fn editor(html: &str) -> Editor {
    editor_with(html, &Answers::new()).unwrap()
}

fn shown(html: &str) -> Option<String> {
    editor(html).shown_file().map(|url| url.path().to_owned())
}

/// What the page asks for, and what it offers.
fn asked(html: &str) -> (String, Vec<String>) {
    let unclear = editor_with(html, &Answers::new()).unwrap_err();
    let question = unclear.question.unwrap();
    let offered = question.choices.into_iter().map(|choice| choice.answer);
    (question.setting, offered.collect())
}

/// The upload form of a page, with what stands around it.
fn around(before: &str, inside: &str) -> String {
    format!(
        "<title>Edit Image</title><h1>Logo</h1>{before}<form method=post action=upload.do enctype=multipart/form-data>\
         <input type=hidden name=imageID value=LOGO>{inside}<input type=file name=image>\
         <input type=submit name=save value='Apply Changes'><input type=submit name=cancel value=Cancel></form>"
    )
}

#[test]
fn the_form_that_takes_the_file_is_sent_and_no_other() {
    let remove = "<form method=post action=remove.do><input type=hidden name=imageID value=LOGO>\
                  <input type=submit name=save value='Apply Changes'></form>";
    let editor = editor(&around(remove, "")).completed("Company Logo", String::new());
    let request = editor.request(&text_of_file(PNG), &[]).unwrap();
    assert_eq!(request.url.path(), "/admin/upload.do");
    assert_eq!(request.fields, ["imageID", "image", "save"]);
    let body = String::from_utf8_lossy(&request.body).into_owned();
    assert!(
        body.contains("name=\"image\"; filename=\"Company Logo.png\"\r\nContent-Type: image/png\r\n\r\n"),
        "{body}"
    );
    assert!(request.body.windows(PNG.len()).any(|piece| piece == PNG));
}

#[test]
fn a_file_keeps_the_name_of_the_one_before_where_it_is_of_its_sort() {
    let sent = |address: &str| {
        let html = around("", &format!("<img src='{address}'>"));
        let editor = editor(&html).completed("Logo: old/new", String::new());
        let request = editor.request(&text_of_file(PNG), &[]).unwrap();
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let (_, name) = body.split_once("filename=\"").unwrap();
        name.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(sent("img/brand%20new.png"), "brand new.png");
    assert_eq!(sent("img/brand.gif"), "Logo- old-new.png");
    assert_eq!(sent("stream.do?id=4"), "Logo- old-new.png");
}

#[test]
fn nothing_is_sent_where_there_is_no_file() {
    let error = editor(&around("", "")).request("", &[]).unwrap_err();
    assert_eq!(error.message(), "There is no file to send.");
}

#[test]
fn a_page_without_the_field_or_with_two_is_not_understood() {
    let none = editor_with("<form><input type=text name=a></form>", &Answers::new()).unwrap_err();
    assert_eq!(none.sentence, "has no field for a file");
    let two = around("", "<input type=file name=other>");
    assert_eq!(
        asked(&two),
        (
            "images.file".to_owned(),
            vec!["other".to_owned(), "image".to_owned()]
        )
    );
    let answers = Answers::from([("images.file".to_owned(), "image".to_owned())]);
    assert!(editor_with(&two, &answers).is_ok());
}

#[test]
fn a_form_that_sends_no_file_can_only_be_read() {
    let why = |html: &str| editor(html).read_only().unwrap().why.clone();
    let url_encoded = around("", "").replace("enctype=multipart/form-data", "");
    assert_eq!(why(&url_encoded), "its form sends the name of a file only");
    let disabled = around("", "").replace("type=file", "type=file disabled");
    assert_eq!(why(&disabled), "its field for a file is disabled");
    let by_button = url_encoded.replace("name=save", "name=save formenctype=multipart/form-data");
    assert!(editor(&by_button).read_only().is_none());
}

#[test]
fn a_button_that_uploads_saves_a_file() {
    let html = around("", "").replace("Apply Changes", "Upload");
    assert!(editor(&html).read_only().is_none());
}

#[test]
fn the_image_is_the_one_that_carries_what_names_the_item() {
    let header = "<img src=/brand/header.png width=300><a href=/help><img src=/help.gif></a>";
    let own = "<img src='stream.do?imageID=LOGO&rev=3'>";
    assert_eq!(
        shown(&around(&format!("{header}{own}"), "")),
        Some("/admin/stream.do".to_owned())
    );
    assert_eq!(
        shown(&around(&format!("{header}<img src=/store/LOGO.png>"), "")),
        Some("/store/LOGO.png".to_owned())
    );
    assert_eq!(
        shown(&around(header, "<img src=/store/17.png>")),
        Some("/store/17.png".to_owned())
    );
    let elsewhere = "<img src='https://cdn.example.net/x?imageID=LOGO'>";
    assert_eq!(shown(&around(elsewhere, "")), None);
}

#[test]
fn an_image_with_nothing_to_tell_it_by_is_asked_for() {
    let html = around("<img src=/store/17.png>", "");
    assert_eq!(
        asked(&html),
        ("images.image".to_owned(), vec!["/store/17.png".to_owned()])
    );
    let answers = Answers::from([("images.image".to_owned(), "/store/".to_owned())]);
    let found = editor_with(&html, &answers).unwrap();
    assert_eq!(found.shown_file().map(Url::path), Some("/store/17.png"));
    let without = editor_with(&around("<img src=/banner.png>", ""), &answers).unwrap();
    assert_eq!(without.shown_file(), None);

    let two = around("", "<img src=/store/a.png><img src=/store/b.png>");
    assert_eq!(
        asked(&two).1,
        ["/store/a.png".to_owned(), "/store/b.png".to_owned()]
    );
}

#[test]
fn icons_and_what_every_page_shows_are_no_files() {
    let icons =
        "<a href=/x><img src=/up.gif></a><button><img src=/ok.gif></button><img src=/dot.gif height=1>";
    assert_eq!(shown(&around(icons, icons)), None);
    let html = around("<img src=/brand/header.png>", "");
    let mut page = page(&html);
    page.images[0].elsewhere = true;
    let editor = Editor::of(page, &part(), &built_in().unwrap().words, &Answers::new()).unwrap();
    assert_eq!(editor.shown_file(), None);
}

#[test]
fn a_link_to_what_is_called_like_an_image_shows_the_file() {
    let link = "<a href=/store/LOGO.png>Present image</a><a href=/LOGO.html>About</a>";
    assert_eq!(shown(&around(link, "")), Some("/store/LOGO.png".to_owned()));
    assert_eq!(shown(&around("<a href=/store/other.png>Example</a>", "")), None);
}

#[test]
fn what_every_link_carries_names_no_item() {
    let links =
        "<a href='a.do?menu=IMAGES'>A</a><a href='b.do?menu=IMAGES'>B</a><a href='c.do?menu=IMAGES'>C</a>";
    let header = "<a href=/><img src='/icon.do?menu=IMAGES'></a>";
    assert_eq!(shown(&around(&format!("{links}{header}"), "")), None);
}

#[test]
fn the_page_names_its_item() {
    let known = BTreeSet::from(["Logo".to_owned(), "Banner".to_owned()]);
    let editor = editor(&around("", ""));
    let naming = |name: &str| editor.naming(&part(), name, &known, &BTreeSet::new());
    assert_eq!(naming("Logo"), Naming::Asked);
    assert_eq!(naming("Banner"), Naming::Other("Logo".to_owned()));
}

#[test]
fn rows_of_a_page_as_struts_makes_them() {
    let html = "<html><body><table class=shell><tr><td><img src=/images/spacer.gif width=1 height=10></td></tr>\
        <tr><td><span class=title>Edit Image: LOGO</span></td></tr><tr><td>\
        <form name=imageForm method=post action=/admin/saveImage.do enctype=multipart/form-data>\
        <input type=hidden name=org.apache.struts.taglib.html.TOKEN value=0f3a>\
        <input type=hidden name=imageBean.id value=LOGO>\
        <table><tr><td>Current</td><td><img src='/admin/showImage.do?id=LOGO' border=0></td></tr>\
        <tr><td>File</td><td><input type=file name=imageBean.file size=40></td></tr>\
        <tr><td colspan=2><input type=submit name=method value=Upload><input type=submit name=method value=Delete>\
        </td></tr></table></form></td></tr></table></body></html>";
    let editor = editor(html).completed("LOGO", String::new());
    assert_eq!(editor.shown_file().map(Url::path), Some("/admin/showImage.do"));
    let request = editor.request(&text_of_file(PNG), &[]).unwrap();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    assert!(body.contains("name=\"method\"\r\n\r\nUpload\r\n"), "{body}");
    assert!(!body.contains("Delete"), "{body}");
}
