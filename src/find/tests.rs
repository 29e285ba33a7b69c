use std::collections::BTreeSet;

use url::Url;

use crate::find::{
    Answers, Naming, Rules, asks_for_new_password, candidates, edit_form, entries_labelled, further_pages,
    more_items, names_document, sign_in_form, speaks_of, token_in_page, token_in_script,
};
use crate::page::Page;
use crate::profile::{Part, Profile, built_in};

fn page(path: &str, html: &str) -> Page {
    let url = Url::parse("https://lms.example.com/")
        .unwrap()
        .join(path)
        .unwrap();
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &url)
}

fn profile() -> Profile {
    built_in().unwrap()
}

fn part() -> Part {
    profile().parts.remove(0)
}

fn rules(profile: &Profile) -> Rules<'_> {
    Rules {
        words: &profile.words,
        tokens: &profile.token.names,
        link: None,
    }
}

fn names(found: &[crate::find::Candidate]) -> Vec<Vec<Vec<String>>> {
    found
        .iter()
        .map(|c| c.items.iter().map(|i| i.names.clone()).collect())
        .collect()
}

fn one(name: &str) -> Vec<String> {
    vec![name.to_owned()]
}

const LIST: &str = r#"<h1>System Configuration</h1>
<ul><li><a href="home.do">Home</a></li><li><a href="help.do">Help</a></li></ul>
<table><thead><tr><th>File</th><th>Changed</th><th></th></tr></thead><tbody>
<tr><td>BIZX</td><td>2026-01-02</td><td><a href="edit.do?file=BIZX&v=7"><img src=p.gif alt=Edit></a></td></tr>
<tr><td>LMS Admin &amp; Co</td><td>2026-01-02</td><td><a href="edit.do?file=LMS+Admin+%26+Co&v=8"><img src=p.gif alt=Edit></a></td></tr>
</tbody></table>
<p><a href="list.do?page=1">1</a> <a href="list.do?page=2">2</a> <a href="list.do?page=2" title="Next Page">&gt;</a>
<a href="other.do?page=3">3</a></p>"#;

#[test]
fn a_row_is_named_by_the_text_its_link_carries() {
    let found = candidates(&page("list.do?page=1", LIST), rules(&profile()));
    assert!(found[0].named_by_links);
    assert_eq!(names(&found)[0], vec![one("BIZX"), one("LMS Admin & Co")]);
}

#[test]
fn further_pages_are_numbers_and_next_on_the_lists_own_address() {
    let further = further_pages(&page("list.do?page=1", LIST), &profile().words, &[]);
    let queries: Vec<_> = further
        .pages
        .iter()
        .map(|u| u.query().unwrap().to_owned())
        .collect();
    assert_eq!(queries, ["page=2"]);
}

#[test]
fn links_that_delete_are_never_followed_and_a_document_may_be_called_delete() {
    let html = r#"<table>
        <tr><td>DELETE_LOG</td><td><a href="file.do?action=edit&f=DELETE_LOG">open</a> <a href="file.do?action=delete&f=DELETE_LOG">x</a></td></tr>
        <tr><td>SSO</td><td><a href="file.do?action=edit&f=SSO">open</a> <a href="file.do?action=delete&f=SSO">x</a></td></tr>
        </table>"#;
    let found = candidates(&page("list.do", html), rules(&profile()));
    assert_eq!(names(&found), vec![vec![one("DELETE_LOG"), one("SSO")]]);
    assert!(
        found[0]
            .items
            .iter()
            .all(|i| i.url.query().unwrap().contains("action=edit"))
    );
}

#[test]
fn a_link_with_a_number_leaves_the_names_open() {
    let html = r#"<table>
        <tr><td>BIZX</td><td>1.4</td><td><a href="edit.do?id=17">open</a></td></tr>
        <tr><td>SSO</td><td>1.5</td><td><a href="edit.do?id=18">open</a></td></tr></table>"#;
    let found = candidates(&page("list.do", html), rules(&profile()));
    assert!(!found[0].named_by_links);
    assert!(found[0].items[0].names.contains(&"BIZX".to_owned()));
    assert!(found[0].items[0].names.contains(&"1.4".to_owned()));
}

#[test]
fn a_column_of_its_own_settles_which_of_two_carried_texts_is_the_name() {
    let html = r#"<table>
        <tr><td>TEXT</td><td>BIZX</td><td><a href="edit.do?type=TEXT&f=BIZX">open</a></td></tr>
        <tr><td>TEXT</td><td>SSO</td><td><a href="edit.do?type=TEXT&f=SSO">open</a></td></tr></table>"#;
    let found = candidates(&page("list.do", html), rules(&profile()));
    assert_eq!(names(&found)[0], vec![one("BIZX"), one("SSO")]);
}

#[test]
fn what_all_links_carry_names_no_row() {
    let rows = |path: &str, files: &[&str]| -> String {
        let row = |(at, file): (usize, &&str)| {
            format!("<tr><td>{file}<td>properties<td><a href='/admin/{path}/open.do?id={at}'>Edit</a>")
        };
        files.iter().enumerate().map(row).collect()
    };
    let two = format!("<table>{}</table>", rows("properties", &["BIZX", "SSO"]));
    let found = candidates(&page("admin/list.do", &two), rules(&profile()));
    assert!(!found[0].named_by_links);
    assert_eq!(names(&found)[0], vec![one("BIZX"), one("SSO")]);
    // A single link differs from none: what its list's own address says is no name.
    let single = format!("<table>{}</table>", rows("list", &["BIZX"])).replace("properties", "admin");
    let found = candidates(&page("admin/list.do", &single), rules(&profile()));
    assert!(!found[0].named_by_links);
    assert_eq!(found[0].items[0].names, ["BIZX", "admin", "Edit"]);
}

#[test]
fn signs_beside_a_name_are_none_of_it_unless_the_links_carry_them() {
    let list = |query: [&str; 2], shown: [&str; 2]| {
        let row = |at: usize| format!("<p>{} <a href='edit.do?{}'>Edit</a></p>", shown[at], query[at]);
        page("list.do", &format!("<div>{}{}</div>", row(0), row(1)))
    };
    let of = |page: &Page| {
        let found = candidates(page, rules(&profile()));
        let first = |item: &crate::find::Item| (item.names[0].clone(), item.columns[0].clone());
        found[0].items.iter().map(first).collect::<Vec<_>>()
    };
    let pair = |text: &str| (text.to_owned(), text.to_owned());
    let marked = list(["id=3", "id=4"], ["BIZX &middot;", "* SSO"]);
    assert_eq!(of(&marked), [pair("BIZX"), pair("SSO")]);
    let named = list(["file=SSO", "file=SSO+*"], ["SSO", "SSO *"]);
    assert_eq!(of(&named), [pair("SSO"), pair("SSO *")]);
}

#[test]
fn a_row_without_the_link_is_not_opened_by_one_that_says_no() {
    let rows = |last: &str| {
        format!(
            "<table><tr><td>BIZX<td><a href='edit.do?f=BIZX'>Edit</a><tr><td>CONNECTORS<td><a href='edit.do?f=CONNECTORS'>Edit</a>
             <tr><td>SSO<td>{last}</table>"
        )
    };
    let opened = |last: &str| {
        let found = candidates(&page("list.do", &rows(last)), rules(&profile()));
        found[0].items.len() == 3
    };
    assert!(opened("<a href='view.do?f=SSO'>View</a>"));
    // A word of its own address does not make a label a name.
    assert!(!opened("<a href='file.do?what=Delete&f=SSO'>Delete</a>"));
    // What the label leaves unsaid the address says.
    assert!(!opened("<a href='removeFile.do?f=SSO'><img src=x.gif></a>"));
    assert!(!opened("<a href='file.do?action=purge&f=SSO'>SSO</a>"));
    // A file may be called so.
    assert!(opened("<a href='edit.do?f=DELETE'><img alt='Edit DELETE'></a>"));
}

#[test]
fn a_deed_that_every_link_is_called_by_is_no_name() {
    let row = |f: &str| {
        format!(
            "<tr><td>{f}<td><a href='file.do?what=Delete&f={f}'>Delete</a><td><a href='open.do?f={f}'>{f}</a>"
        )
    };
    let list = format!("<table>{}{}</table>", row("BIZX"), row("SSO"));
    let mut answered = profile();
    answered.words.edit = vec!["Delete".to_owned()];
    let found = candidates(&page("list.do", &list), rules(&answered));
    assert!(found[0].items.iter().all(|item| item.url.path() == "/open.do"));
}

#[test]
fn a_further_page_is_read_like_the_first_however_few_rows_it_has() {
    let card = |f: &str| {
        format!(
            "<div><b>{f}</b> <span><a href='edit.do?f={f}'>Edit</a> <a href='view.do?f={f}'>View</a></span></div>"
        )
    };
    let profile = profile();
    let first = page("list.do", &format!("<div>{}{}</div>", card("BIZX"), card("SSO")));
    let shape = candidates(&first, rules(&profile)).remove(0).shape;
    let last = page("list.do?page=2", &format!("<div>{}</div>", card("LMS_ADMIN")));
    let items = more_items(&last, &shape, rules(&profile));
    let read: Vec<_> = items.iter().map(|i| (i.names.clone(), i.url.path())).collect();
    assert_eq!(read, [(one("LMS_ADMIN"), "/edit.do")]);
}

#[test]
fn a_menu_entry_is_found_by_label_in_two_languages_and_twins_count_once() {
    let html = r#"<a href="conf.do?m=1">Systemkonfiguration</a> <a href="conf.do?m=1#top"> SYSTEMKONFIGURATION </a>
        <a href="x.do">Systemkonfiguration drucken</a>"#;
    let found = entries_labelled(&[page("menu.do", html)], &part().labels, &[]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].url.path(), "/conf.do");
}

fn edit_page(inner: &str) -> Page {
    page(
        "edit.do?file=BIZX",
        &format!("<title>Edit</title><form method=post action=save.do>{inner}</form>"),
    )
}

#[test]
fn twin_buttons_count_once_and_reset_and_cancel_never() {
    let html = r#"<input type=submit name=top value="Apply Changes"><input type=reset value=Reset>
        <textarea name=t>a=b</textarea><input type=submit name=cancel value=Cancel>
        <input type=submit name=bottom value="Apply Changes">"#;
    let found = edit_form(&edit_page(html), &part(), &profile().words, &Answers::new()).unwrap();
    assert_eq!((found.button, found.read_only), (Some(0), None));
}

#[test]
fn two_large_texts_are_a_question_that_an_answer_settles() {
    let html = r#"<textarea name=note>x</textarea><textarea name=t>a=b</textarea><button>Save</button>"#;
    let unclear = edit_form(&edit_page(html), &part(), &profile().words, &Answers::new()).unwrap_err();
    assert!(unclear.sentence.contains("`note`, `t`"), "{}", unclear.sentence);
    assert_eq!(
        unclear.question.unwrap().command("stage"),
        "lmskeep instance set stage page system-configuration.text=FIELD"
    );
    let answers = Answers::from([("system-configuration.text".to_owned(), "t".to_owned())]);
    assert_eq!(
        edit_form(&edit_page(html), &part(), &profile().words, &answers)
            .unwrap()
            .text,
        1
    );
}

#[test]
fn two_buttons_that_save_differently_are_a_question() {
    let html =
        r#"<textarea name=t>a=b</textarea><button name=a>Save</button><button name=b>Apply Changes</button>"#;
    let unclear = edit_form(&edit_page(html), &part(), &profile().words, &Answers::new()).unwrap_err();
    let question = unclear.question.unwrap();
    assert_eq!(
        question.command("stage"),
        "lmskeep instance set stage page system-configuration.button=BUTTON"
    );
    let offered: Vec<&str> = question.choices.iter().map(|c| c.answer.as_str()).collect();
    assert_eq!(offered, ["Apply Changes", "Save"]);
}

#[test]
fn what_cannot_be_saved_is_read_only_with_a_reason() {
    let rules = (part(), profile().words);
    let why = |html: &str| {
        edit_form(&edit_page(html), &rules.0, &rules.1, &Answers::new())
            .unwrap()
            .read_only
            .map(|r| r.why)
    };
    assert!(
        why("<textarea readonly>a</textarea><button>Save</button>")
            .unwrap()
            .contains("read-only")
    );
    assert!(
        why("<textarea name=t>a</textarea>")
            .unwrap()
            .contains("no button")
    );
    assert!(
        why("<textarea name=t>a</textarea><button>Senden</button>")
            .unwrap()
            .contains("`Senden`")
    );
    assert!(
        why("<textarea name=t>a</textarea><button disabled>Save</button>")
            .unwrap()
            .contains("disabled")
    );
}

fn naming(html: &str, asked: &str) -> Naming {
    let page = page("edit.do?file=BIZX", html);
    let known: BTreeSet<String> = ["BIZX", "SSO", "SSO SAML", "System"].map(str::to_owned).into();
    let common = BTreeSet::from(["System settings".to_owned()]);
    let edit = edit_form(&page, &part(), &profile().words, &Answers::new()).unwrap();
    names_document(&page, &edit, &part(), asked, &known, &common)
}

#[test]
fn a_page_names_its_document_in_a_field_or_a_heading() {
    let text = "<textarea name=t>SSO=BIZX</textarea>";
    assert_eq!(
        naming(
            &format!("<form><input type=hidden name=f value=BIZX>{text}</form>"),
            "BIZX"
        ),
        Naming::Asked
    );
    assert_eq!(
        naming(
            &format!("<h1>System settings</h1><h2>File: BIZX</h2><form>{text}</form>"),
            "BIZX"
        ),
        Naming::Asked
    );
    assert_eq!(
        naming(&format!("<h1>SSO SAML</h1><form>{text}</form>"), "SSO"),
        Naming::Other("SSO SAML".into())
    );
    assert_eq!(
        naming(&format!("<h1>BIZX_OLD</h1><form>{text}</form>"), "BIZX"),
        Naming::Nobody
    );
    let contradicting = format!("<h1>SSO</h1><form><input type=hidden name=f value=BIZX>{text}</form>");
    assert_eq!(naming(&contradicting, "BIZX"), Naming::Other("SSO".into()));
}

#[test]
fn a_sign_in_form_is_one_password_beside_a_name() {
    let rules = profile().sign_in;
    let html = r#"<form><input name=q><button>Search</button></form>
        <form method=post action=in.do><input type=hidden name=h value=1><input id=userName name=j_user>
        <input type=password name=password><input type=submit name=submit value="Log In"></form>"#;
    let found = sign_in_form(&page("in.jsp", html), &rules).unwrap().unwrap();
    assert_eq!(
        (found.form, found.user, found.password, found.button),
        (1, 1, 2, Some(3))
    );
    let change = "<form><input type=password name=old><input type=password name=new></form>";
    assert!(sign_in_form(&page("in.jsp", change), &rules).unwrap().is_none());
    assert!(asks_for_new_password(&page("in.jsp", change)));
}

#[test]
fn the_token_is_taken_where_it_is() {
    let rules = profile().token;
    let field = page(
        "a.do",
        "<form><input type=hidden name=OWASP_CSRFTOKEN value=AAAA-1111></form>",
    );
    assert_eq!(token_in_page(&field, &rules).unwrap().value, "AAAA-1111");
    let link = page("a.do", r#"<a href="b.do?OWASP_CSRFTOKEN=BBBB-2222">b</a>"#);
    assert_eq!(token_in_page(&link, &rules).unwrap().value, "BBBB-2222");
    assert!(token_in_page(&page("a.do", "<a href=b.do>b</a>"), &rules).is_none());
    let script = r#"/* don't */ var n = 'OWASP_CSRFTOKEN', s = "/JavaScriptServlet"; // it's
        inject(n, "7HG2-KDLE-93JD-AAAA-BBBB");"#;
    assert_eq!(
        token_in_script(script, &rules).unwrap().value,
        "7HG2-KDLE-93JD-AAAA-BBBB"
    );
    let before = r#"window.token = "0123456789abcdef0123"; window.name = "OWASP_CSRFTOKEN";"#;
    assert_eq!(
        token_in_script(before, &rules).unwrap().value,
        "0123456789abcdef0123"
    );
    assert!(token_in_script("var x = 'other'", &rules).is_none());
}

#[test]
fn words_are_words() {
    let never = vec!["Delete".to_owned(), "Log Out".to_owned()];
    assert!(speaks_of("deleteFile.do", &never) && speaks_of("log_out", &never));
    assert!(!speaks_of("undeleted", &never) && !speaks_of("catalog output", &never));
}

#[test]
fn a_page_that_lost_the_field_that_names_it_is_not_written_to() {
    let mut part = part();
    part.edit.named_by = Some("fileID".to_owned());
    let known: BTreeSet<String> = ["BIZX".to_owned()].into();
    let named = |html: &str| {
        let page = page("edit.do", html);
        let edit = edit_form(&page, &part, &profile().words, &Answers::new()).unwrap();
        names_document(&page, &edit, &part, "BIZX", &known, &BTreeSet::new())
    };
    let form = |field: &str, text: &str| {
        format!(
            "<h1>BIZX</h1><form method=post action=save.do>{field}<textarea name=text {text}>a=1</textarea>\
             <input type=submit name=apply value='Apply Changes'></form>"
        )
    };
    let field = "<input type=hidden name=fileID value=BIZX>";
    assert_eq!(named(&form(field, "")), Naming::Asked);
    assert_eq!(named(&form("", "")), Naming::Nobody, "a heading is not enough");
    assert_eq!(
        named(&form("", "readonly")),
        Naming::Asked,
        "it can only be viewed"
    );
}
