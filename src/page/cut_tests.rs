use url::Url;

use super::Page;

fn cut(html: &str) -> Option<String> {
    let url = Url::parse("http://lms.example/").unwrap();
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &url).cut
}

#[test]
fn whole_pages_are_not_cut() {
    for html in [
        "",
        "<html><body><p>text</body></html>",
        "<p>one<p>two<ul><li>x</ul>",
        "<body><div><font>sloppy</body></html>",
        "<body><div>sloppy</body>",
        "<html><frameset><frame src=a></frameset></html>",
        "<html><frameset><frame src=a></frameset>",
        "<table><tr><td>x</table>",
        "<title>t</title><form></form>",
        "<body><p>x</body></html><!-- made by",
        "<html><body><div></body></html>\n\n",
        "<body><div>sloppy</body></html><script>late()</script><div>later</div>",
        "<select><option>x</select>",
    ] {
        assert_eq!(cut(html), None, "{html}");
    }
}

#[test]
fn pages_that_end_too_early_are_cut() {
    for (html, reason) in [
        ("<html><body><div>text", "it ends while `<div>` is still open"),
        ("<form><input name=a>", "it ends while `<form>` is still open"),
        (
            "<form><textarea name=t>key=va",
            "it ends while `<textarea>` is still open",
        ),
        (
            "<textarea>x</body></html>",
            "it ends while `<textarea>` is still open",
        ),
        ("<script>if (a < b", "it ends while `<script>` is still open"),
        ("<title>Sys", "it ends while `<title>` is still open"),
        ("<table><tr><td>x", "it ends while `<table>` is still open"),
        ("<ul><li>x", "it ends while `<ul>` is still open"),
        ("<p>x<a href=\"/y", "it ends in the middle of a tag or a comment"),
        ("<p>x</", "it ends in the middle of a tag or a comment"),
        ("<p>x<", "it ends in the middle of a tag or a comment"),
        ("<p>x<inp", "it ends in the middle of a tag or a comment"),
        ("<p>x<!-- y", "it ends in the middle of a tag or a comment"),
        (
            "<body><p>x</body></htm",
            "it ends in the middle of a tag or a comment",
        ),
        ("<select><option>x", "it ends while `<select>` is still open"),
        (
            "<frameset><frame src=a>",
            "it ends while `<frameset>` is still open",
        ),
        (
            "<body></body></html><form><textarea>x",
            "it ends while `<textarea>` is still open",
        ),
        ("<template><p>x", "it ends while `<template>` is still open"),
    ] {
        assert_eq!(cut(html).as_deref(), Some(reason), "{html}");
    }
}

/// Whatever is missing at the end of a page that closes what it opens, it is noticed, but for what stands after the
/// last thing that must be closed.
#[test]
fn every_cut_before_the_end_of_the_form_is_noticed() {
    let html = "<!doctype html><html><head><title>Edit</title><script>var a = '</b>';</script></head><body><h1>Edit</h1>\
                <!-- c --><form action='/save' method=post><table><tr><td>a<td><input name=\"x\" value='1'></table>\
                <textarea name=t>a=b\n&lt;</textarea><button>Save</button></form></body></html>";
    let end = html.find("</form>").unwrap() + "</form>".len();
    let begin = html.find("<form").unwrap() + 1;
    for length in begin..end {
        assert!(cut(&html[..length]).is_some(), "cut after {:?}", &html[..length]);
    }
    assert_eq!(cut(html), None);
}

#[test]
fn a_page_nested_without_end_is_given_up_in_time() {
    let deep = "<div>".repeat(100_000);
    assert_eq!(cut(&deep).as_deref(), Some("its elements are nested too deeply"));
}
