use url::Url;

use super::{Content, Edits, Kind, Page, Upload};

fn address() -> Url {
    Url::parse("http://lms.example/learning/admin/page.do?id=7#top").unwrap()
}

fn page(html: &str) -> Page {
    Page::parse(html.as_bytes(), Some("text/html; charset=utf-8"), &address())
}

#[test]
fn a_form_broken_up_by_a_table_keeps_its_controls() {
    let page =
        page("<table><form action=save method=post><tr><td><input name=a value=1></td></tr></form></table>");
    let request = page.forms[0].request(&Edits::new(), None, &[]).unwrap();
    assert_eq!(request.url.as_str(), "http://lms.example/learning/admin/save");
    assert_eq!(request.body, b"a=1");
    assert_eq!(request.fields, ["a"]);
    assert!(page.forms[0].closed);
    assert_eq!(page.cut, None);
}

#[test]
fn a_form_says_which_letter_its_charset_lacks() {
    let lacks = |kind: &str, form: &str, text: &str| {
        let html = format!("<form {form} action=save method=post><textarea name=t></textarea></form>");
        Page::parse(html.as_bytes(), Some(kind), &address()).forms[0].lacks(text)
    };
    let latin = "text/html; charset=iso-8859-1";
    assert_eq!(lacks(latin, "", "a=ü\nb=€\n"), None);
    assert_eq!(lacks(latin, "", "a=ü\nb=€ → 😀\n"), Some((2, '→')));
    assert_eq!(lacks(latin, "", "a=1\r\n\r\nc=😀"), Some((3, '😀')));
    assert_eq!(lacks("text/html; charset=iso-8859-2", "", "€"), Some((1, '€')));
    assert_eq!(lacks(latin, "accept-charset=utf-8", "a=→ 😀"), None);
    assert_eq!(lacks("text/html; charset=utf-8", "", "a=→ 😀"), None);
}

#[test]
fn extra_fields_come_last() {
    let page = page(
        "<form action=save method=post><input name=a value=1><button id=b name=b value=2>x</button></form>",
    );
    let extra = [("OWASP_CSRFTOKEN".to_owned(), "T-1".to_owned())];
    let request = page.forms[0].request(&Edits::new(), Some(1), &extra).unwrap();
    assert_eq!(request.body, b"a=1&b=2&OWASP_CSRFTOKEN=T-1");
    assert_eq!(request.fields, ["a", "b", "OWASP_CSRFTOKEN"]);
}

#[test]
fn a_form_that_goes_nowhere_is_refused() {
    for html in [
        "<form method=dialog></form>",
        "<form action='javascript:save()'></form>",
        "<form action='http://[bad'></form>",
        "<form action='mailto:a@b.example'></form>",
    ] {
        assert!(
            page(html).forms[0].request(&Edits::new(), None, &[]).is_err(),
            "{html}"
        );
    }
}

#[test]
fn edits_that_do_not_fit_are_refused() {
    let page = page(
        "<form><input name=a><input type=checkbox name=b><select name=c><option>1<option>2</select>\
         <input type=submit name=d disabled><input type=file name=e></form>",
    );
    let form = &page.forms[0];
    let request = |edits: Edits, press| form.request(&edits, press, &[]).is_err();
    assert!(!request(Edits::new(), None));
    assert!(request(Edits::new().check(0, true), None));
    assert!(request(Edits::new().set(1, "x"), None));
    assert!(request(Edits::new().set(2, "x"), None));
    assert!(request(Edits::new().choose(2, vec![0, 1]), None));
    assert!(request(Edits::new().choose(2, vec![2]), None));
    assert!(request(Edits::new().set(3, "x"), None));
    assert!(request(Edits::new().set(4, "x"), None));
    assert!(request(Edits::new().set(9, "x"), None));
    assert!(request(Edits::new(), Some(0)), "text is no button");
    assert!(
        request(Edits::new(), Some(3)),
        "a disabled button cannot be pressed"
    );
    assert!(request(Edits::new(), Some(9)));
}

#[test]
fn a_text_that_would_be_broken_anew_is_refused() {
    let hard = |text: &str| {
        let page = page(&format!(
            "<form><textarea name=t wrap=hard cols=10>{text}</textarea></form>"
        ));
        page.forms[0].request(&Edits::new(), None, &[])
    };
    assert!(hard("0123456789\nx").is_ok());
    let error = hard("0123456789x").unwrap_err();
    assert_eq!(
        error.message(),
        "The page wants the text of `t` broken after 10 columns (`wrap=hard`), which would change it."
    );
}

#[test]
fn a_file_is_sent_whole() {
    let page =
        page("<form method=post enctype=multipart/form-data action=up><input type=file name=f></form>");
    let file = Upload {
        filename: "lo\"go ä.png".to_owned(),
        content_type: "image/png".to_owned(),
        content: b"\x89PNG\r\n\0\n".to_vec(),
    };
    let request = page.forms[0]
        .request(&Edits::new().attach(0, file), None, &[])
        .unwrap();
    let content_type = request.content_type.unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"lo%22go ä.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(b"\x89PNG\r\n\0\n");
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert_eq!(request.body, body);
}

#[test]
fn controls_know_what_a_person_reads_beside_them() {
    let page = page(
        "<form><label for=a>First <b>name</b></label><input id=a name=a>\
         <label>Mail <input type=hidden name=h><input type=checkbox name=b></label>\
         <input name=c aria-label='third one'>\
         <input type=submit><input type=submit value=' Apply  Changes '><button>Save <i>it</i></button>\
         <button><img alt='Save all'></button><input type=image alt=Go>\
         <select name=s><option>x</select></form>",
    );
    let labels: Vec<&str> = page.forms[0].controls.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "First name",
            "",
            "Mail",
            "third one",
            "Submit",
            "Apply Changes",
            "Save it",
            "Save all",
            "Go",
            ""
        ]
    );
    assert_eq!(page.forms[0].submitters().collect::<Vec<_>>(), [4, 5, 6, 7, 8]);
    assert_eq!(page.forms[0].named("s").collect::<Vec<_>>(), [9]);
}

#[test]
fn controls_know_the_text_right_beside_them() {
    let long = "x".repeat(200);
    let page = page(&format!(
        "<form><table><tr><td>Enable <b>email</b>:<td><input type=checkbox name=a><tr><td>Server<td><input name=b> host\
         </table><select name=s><option>no</select><button>Go</button>{long}<input type=hidden name=h><textarea></textarea></form>"
    ));
    let sides: Vec<(&str, &str)> = page.forms[0]
        .controls
        .iter()
        .map(|c| (c.before.as_str(), c.after.as_str()))
        .collect();
    let long = "x".repeat(120);
    assert_eq!(
        sides,
        [
            ("Enable email:", "Server"),
            ("Server", "host"),
            ("host", "Go"),
            ("", ""),
            ("", ""),
            (long.as_str(), "")
        ]
    );
}

#[test]
fn controls_keep_what_a_finder_asks_for() {
    let page = page(
        "<form id=f name=n target=main><textarea id=t name=text class='big code' title=Text readonly>\n\nx</textarea>\
         <input type=radio name=r checked><input type=color name=c readonly></form>",
    );
    let form = &page.forms[0];
    assert_eq!(
        (form.id.as_str(), form.name.as_str(), form.target.as_str()),
        ("f", "n", "main")
    );
    let text = &form.controls[0];
    assert!(text.is_large_text() && text.read_only);
    assert_eq!(
        (text.value.as_str(), text.class.as_str(), text.title.as_str()),
        ("\nx", "big code", "Text")
    );
    assert_eq!(form.controls[1].kind, Kind::Radio);
    assert!(form.controls[1].checked);
    assert!(!form.controls[2].read_only, "readonly does not apply to colours");
}

#[test]
fn links_are_resolved_and_named() {
    let page = page(
        "<base href='/x/'><a href='edit.do?name=BIZX' id=i title=T target=main rel=next>BI<b>ZX</b></a>\
         <a href=icon.do><img alt='Edit' title='Edit it'></a><a href=t.do title=Titled></a>\
         <a href='#' onclick='go()' aria-label=Labelled></a><a>none</a><a href='http://[bad'>bad</a>\
         <map><area href=area.do alt=Area></map>",
    );
    let links: Vec<(&str, &str)> = page
        .links
        .iter()
        .map(|l| (l.url.as_str(), l.text.as_str()))
        .collect();
    assert_eq!(
        links,
        [
            ("http://lms.example/x/edit.do?name=BIZX", "BIZX"),
            ("http://lms.example/x/icon.do", "Edit"),
            ("http://lms.example/x/t.do", "Titled"),
            ("http://lms.example/x/#", "Labelled"),
            ("http://lms.example/x/area.do", "Area"),
        ]
    );
    let first = &page.links[0];
    assert_eq!((first.id.as_str(), first.title.as_str()), ("i", "T"));
    assert_eq!((first.target.as_str(), first.rel.as_str()), ("main", "next"));
    assert_eq!(first.raw_href, "edit.do?name=BIZX");
    assert_eq!(page.links[1].title, "Edit it");
    assert_eq!(page.links[3].onclick, "go()");
}

#[test]
fn texts_are_what_is_seen() {
    let page = page(
        "<title> Edit\n BIZX </title><style>x</style><h1>System <i>Configuration</i></h1><p>one<br>two<script>no()</script>\
         <td>three</td><span>fo</span>ur<div hidden>unseen <a href=x>Menu</a></div><div style='display : none'>no</div>\
         <textarea>area</textarea><select><option>opt</select>&nbsp; five<noscript>ns</noscript>",
    );
    assert_eq!(page.title, "Edit BIZX");
    assert_eq!(page.headings, ["System Configuration"]);
    assert_eq!(page.text, "System Configuration one two threefour five");
    assert_eq!(page.links[0].text, "Menu");
}

#[test]
fn frames_scripts_and_refreshes_are_found() {
    let page = page(
        "<head><meta http-equiv=Refresh content=\"5; URL='next.do'\"><script src=a.js></script><script type=text/json>{}</script>\
         </head><frameset><frame src=menu.do name=menu title=Menu><frame></frameset>",
    );
    let refresh = page.refresh.unwrap();
    assert_eq!(
        (refresh.seconds, refresh.url.as_str()),
        (5, "http://lms.example/learning/admin/next.do")
    );
    assert_eq!(
        page.scripts[0].src.as_ref().unwrap().path(),
        "/learning/admin/a.js"
    );
    assert_eq!(
        (page.scripts[1].text.as_str(), page.scripts[1].kind.as_str()),
        ("{}", "text/json")
    );
    assert_eq!(page.frames.len(), 1);
    assert_eq!(
        (page.frames[0].name.as_str(), page.frames[0].title.as_str()),
        ("menu", "Menu")
    );
}

#[test]
fn refreshes_are_read_as_browsers_read_them() {
    let refresh = |content: &str| {
        let page = page(&format!("<meta http-equiv=refresh content=\"{content}\">"));
        page.refresh
            .map(|r| format!("{} {}", r.seconds, &r.url.as_str()["http://lms.example".len()..]))
    };
    assert_eq!(refresh("0;url=/x").as_deref(), Some("0 /x"));
    assert_eq!(refresh(" 3.7 , url = '/x'y").as_deref(), Some("3 /x"));
    assert_eq!(refresh("1 /x").as_deref(), Some("1 /x"));
    assert_eq!(
        refresh("9").as_deref(),
        Some("9 /learning/admin/page.do?id=7#top")
    );
    assert_eq!(refresh("x;url=/x"), None);
    assert_eq!(refresh("1x"), None);
}

#[test]
fn json_and_other_bodies_keep_their_text() {
    let json = Page::parse(
        b"\xef\xbb\xbf{\"a\":\"\xc3\xa4\"}",
        Some("application/json"),
        &address(),
    );
    assert_eq!(
        (json.content, json.source.as_str()),
        (Content::Json, "{\"a\":\"ä\"}")
    );
    let guessed = Page::parse(b" [1]", None, &address());
    assert_eq!(guessed.content, Content::Json);
    let text = Page::parse(b"<form>", Some("text/plain"), &address());
    assert_eq!((text.content, text.forms.len()), (Content::Other, 0));
    let html = Page::parse(b"<form>", None, &address());
    assert_eq!((html.content, html.forms.len()), (Content::Html, 1));
}

#[test]
fn bytes_that_are_not_of_the_encoding_are_said() {
    let read = |bytes: &[u8], kind| Page::parse(bytes, Some(kind), &address());
    assert!(read(b"<p>\xe4", "text/html; charset=utf-8").garbled);
    let latin = read(b"<p>\xe4\x80", "text/html");
    assert!(!latin.garbled);
    assert_eq!(latin.text, "ä€");
}

#[test]
fn debug_output_shows_no_value() {
    let page =
        page("<form><input type=password name=p value=geheim><textarea name=t>streng</textarea></form>");
    let entries = page.forms[0]
        .entries(&Edits::new().set(0, "neugeheim"), None)
        .unwrap();
    let request = page.forms[0].request(&Edits::new(), None, &[]).unwrap();
    let shown = format!(
        "{page:?} {entries:?} {request:?} {:?}",
        Edits::new().set(0, "neugeheim")
    );
    assert!(!shown.contains("geheim") && !shown.contains("streng"), "{shown}");
}
