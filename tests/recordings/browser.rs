//! What a real Chromium records is read as it was.

use lmskeep::recording::{Exchange, MissingBody, Recording, read};

use crate::real::part;
use crate::real::wiki::Wiki;
use crate::recordings::cut::Cut;
use crate::recordings::journeys::{DOCUMENT, Part, practice, wiki};
use crate::recordings::recorder::{is_here, record};
use crate::rehearsal::Rehearsal;

fn read_text(text: &str) -> Recording {
    read(text.as_bytes()).unwrap()
}

fn posts(recording: &Recording) -> Vec<&Exchange> {
    recording.exchanges.iter().filter(|e| e.method != "GET").collect()
}

/// The value that was sent under a name.
fn sent(exchange: &Exchange, name: &str) -> String {
    let pairs = exchange.sent.as_ref().unwrap().pairs();
    pairs.into_iter().find(|(n, _)| n == name).unwrap().1
}

#[test]
fn a_journey_through_classic_pages_is_read_however_it_was_cut() {
    if !is_here() {
        return;
    }
    for words in [&["token=script"][..], &["german"]] {
        let rehearsal = Rehearsal::start(words);
        let har = record(&practice(&rehearsal, Part::default()));
        let shown = rehearsal.state().text(DOCUMENT).to_owned();
        assert_eq!(rehearsal.saves(), 1);
        let cuts = [
            Cut::of(&har),
            Cut::of(&har).without_secrets(),
            Cut::of(&har).in_base64(),
            Cut::of(&har).sent_as_text(),
            Cut::of(&har).sent_as_list(),
            Cut::of(&har).backwards(),
        ];
        for (place, cut) in cuts.iter().enumerate() {
            let recording = read_text(&cut.text());
            let posts = posts(&recording);
            assert_eq!(posts.len(), 2, "{place}");
            assert_eq!(sent(posts[0], "userName"), rehearsal.practice.user);
            assert_eq!(
                sent(posts[1], "configurationText"),
                shown.replace('\n', "\r\n"),
                "{place}"
            );
            let edit = posts[1].request_header("referer").unwrap();
            let edit = recording
                .exchanges
                .iter()
                .find(|e| e.url.as_str() == edit)
                .unwrap();
            let page = edit.page().unwrap();
            let texts = page.forms.iter().flat_map(|form| &form.controls);
            let text = texts.filter(|c| c.is_large_text()).map(|c| c.value.clone());
            assert_eq!(text.collect::<Vec<_>>(), [shown.as_str()], "{place}");
            let cookies = recording.exchanges.iter().any(|e| !e.request_cookies.is_empty());
            assert_eq!(cookies, place != 1);
        }
    }
}

#[test]
fn a_journey_through_a_service_is_read() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(&["service"]);
    let har = record(&practice(&rehearsal, Part::default()));
    let recording = read_text(&Cut::of(&har).text());
    let saves: Vec<_> = recording.exchanges.iter().filter(|e| e.method == "PUT").collect();
    let [save] = saves[..] else { panic!("{saves:?}") };
    let text = save.sent.as_ref().unwrap().text().unwrap();
    let sent: serde_json::Value = serde_json::from_str(&text).unwrap();
    let before = recording
        .exchanges
        .iter()
        .find(|e| e.method == "GET" && e.url == save.url)
        .unwrap();
    let read: serde_json::Value = serde_json::from_str(&before.page().unwrap().source).unwrap();
    // A text area has LF inside.
    let lf = |value: &serde_json::Value| value["configurationText"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(lf(&sent), lf(&read));
    assert!(
        save.request_header("OWASP_CSRFTOKEN")
            .is_some_and(|token| !token.is_empty())
    );
    let script = recording
        .exchanges
        .iter()
        .find(|e| e.url.path().ends_with(".css"));
    assert!(script.is_none_or(|e| e.body.missing() == Some(MissingBody::OfNoUse)));
}

#[test]
fn a_journey_through_a_wiki_is_read() {
    let Some(dokuwiki) = Wiki::serve() else { return };
    if !is_here() {
        return;
    }
    dokuwiki.lay_down("first", "text of the first\n");
    let har = record(&wiki(&dokuwiki, "first", Part::default()));
    let recording = read_text(&Cut::of(&har).among_strangers().text());
    let posts = posts(&recording);
    let saves = |e: &&&Exchange| {
        let pairs = e.sent.as_ref().unwrap().pairs();
        pairs.iter().any(|(name, _)| name == "do[save]")
    };
    let Some(save) = posts.iter().find(saves) else {
        panic!("{posts:?}")
    };
    assert_eq!(sent(save, "wikitext"), "text of the first\r\n");
    assert!(!sent(save, "sectok").is_empty());
    assert!(part::succeeded(dokuwiki.program().run(&["backup", "wiki"])).contains("Stored"));
}

#[test]
fn a_journey_of_somebody_who_was_signed_in_says_what_is_missing() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(&["integrated"]);
    let of = |part| record(&practice(&rehearsal, Part { inside: true, ..part }));
    let unsaved = Part {
        unsaved: true,
        ..Part::default()
    };
    let recording = read_text(&Cut::of(&of(unsaved)).text());
    assert_eq!(posts(&recording).len(), 0);
    assert!(recording.exchanges[0].url.path().ends_with("main.do"));
    assert!(!recording.exchanges[0].request_cookies.is_empty());

    let twice = Part {
        twice: true,
        ..Part::default()
    };
    let har = of(twice);
    let gone = |url: &str| url.contains("editConfiguration");
    for (cut, why) in [
        (Cut::of(&har).without_bodies(gone), MissingBody::Evicted),
        (Cut::of(&har).without_bodies(|_| true), MissingBody::NotExported),
        (Cut::of(&har).cached(gone), MissingBody::Cached),
    ] {
        let recording = read_text(&cut.text());
        assert_eq!(posts(&recording).len(), 2);
        let edit = recording.exchanges.iter().find(|e| gone(e.url.path())).unwrap();
        assert_eq!(edit.body.missing(), Some(why));
    }
}
