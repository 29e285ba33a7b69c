//! The page tells everything, escapes everything, loads nothing and shows no secret.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::command::change_report::{ChangeReport, Row, page, write};
use crate::error::Kind;
use crate::report::{Look, Ui};
use crate::secret::Secret;
use crate::state::{Action, Item, Pinned, Place, Refresh, Write};

/// Owns what a report borrows.
struct Round {
    items: Vec<(&'static str, &'static str, Option<Item>)>,
    writes: Vec<Write>,
    waiting: Vec<Place>,
    backup: Pinned,
    zone: TimeZone,
}

fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-11-28T02:00:00Z".parse().unwrap();
    start + second.seconds()
}

fn done(second: i64, by: Option<&str>, note: &str) -> Option<Item> {
    Some(Item::Done {
        when: at(second),
        by: by.map(str::to_owned),
        note: note.to_owned(),
    })
}

fn skipped(by: Option<&str>, why: &str) -> Option<Item> {
    Some(Item::Skipped {
        when: at(500),
        by: by.map(str::to_owned),
        why: why.to_owned(),
    })
}

fn open(why: &str, hints: &[&str]) -> Option<Item> {
    Some(Item::Open {
        why: why.to_owned(),
        hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
    })
}

fn sent(second: i64, action: Action, document: &str, keys: Option<&[&str]>, outcome: &str) -> Write {
    let hash = |salt: &str| crate::backup::content_hash(format!("{document}{salt}").as_bytes());
    Write {
        when: at(second),
        run: "0a1b2c3d".to_owned(),
        event: 1,
        action,
        origin: Some("https://stage.example".to_owned()),
        account: (action != Action::Thaw).then(|| "LMSADMIN".to_owned()),
        backup: Some("6f1e2d3c4b5a6978".to_owned()),
        safety: Some("5a69786f1e2d3c4b".to_owned()),
        document: document.to_owned(),
        keys: keys.map(|keys| keys.iter().map(|key| ((*key).to_owned(), 1)).collect()),
        before: hash("before"),
        wanted: hash("wanted"),
        after: (outcome == "written").then(|| hash("wanted")),
        outcome: outcome.to_owned(),
    }
}

impl Round {
    fn finished() -> Self {
        Self {
            items: vec![
                (
                    "freeze",
                    "Nothing can leave the instance",
                    done(60, None, "Mail, 9 connectors and 24 processes are off."),
                ),
                (
                    "logos",
                    "The logos are back",
                    done(400, Some("j.meyer"), "Looked at all four pages."),
                ),
            ],
            writes: vec![
                sent(10, Action::Freeze, "mail/settings", Some(&["switch"]), "written"),
                sent(
                    300,
                    Action::Restore,
                    "configuration/SSO",
                    Some(&["sso.url", "sso.issuer"]),
                    "written",
                ),
            ],
            waiting: Vec::new(),
            backup: Pinned {
                instance: "stage".to_owned(),
                id: "6f1e2d3c4b5a6978".to_owned(),
                taken: at(-80_000),
            },
            zone: TimeZone::UTC,
        }
    }

    fn unfinished() -> Self {
        let mut round = Self::finished();
        round.items.extend([
            (
                "report-jobs",
                "Recurring reports are deleted",
                skipped(Some("k.osei"), "Stage has none that mail anybody."),
            ),
            (
                "vendors",
                "Content vendors have the new secret",
                skipped(None, "No vendor is connected."),
            ),
            (
                "values",
                "Encrypted values are entered",
                open(
                    "2 values wait to be entered.",
                    &["lmskeep restore stage --encrypted enter"],
                ),
            ),
            ("oauth", "OAuth secrets are generated anew", None),
        ]);
        round.writes.extend([
            sent(
                310,
                Action::Restore,
                "configuration/BIZX",
                Some(&["baseURL"]),
                "sent again",
            ),
            sent(
                320,
                Action::Restore,
                "configuration/BIZX",
                Some(&["baseURL"]),
                "refused",
            ),
            sent(
                330,
                Action::Restore,
                "images/Logo",
                None,
                "unknown: the run broke off",
            ),
            sent(340, Action::Thaw, "connectors/Item", Some(&[]), "written"),
        ]);
        let place = |key: &str, occurrence| Place {
            document: "configuration/CONNECTORS".to_owned(),
            key: key.to_owned(),
            occurrence,
        };
        round.waiting = vec![
            place("connector.ftp.password", 1),
            place("connector.ftp.password", 2),
        ];
        round
    }

    fn rows(&self) -> Vec<Row<'_>> {
        self.items
            .iter()
            .map(|(id, title, stands)| Row {
                id,
                title,
                stands: stands.as_ref(),
            })
            .collect()
    }

    fn report<'a>(&'a self, items: &'a [Row<'a>]) -> ChangeReport<'a> {
        ChangeReport {
            instance: "stage",
            origin: "https://stage.example",
            source: Some("prod"),
            began: at(-86_400),
            ended: None,
            kind: Some(Refresh::Manual),
            planned: Some(jiff::civil::date(2026, 11, 28)),
            backup: Some(&self.backup),
            source_backup: None,
            items,
            writes: &self.writes,
            waiting: &self.waiting,
            approver: None,
            made_by: "j.meyer",
            made: at(3_600),
            zone: &self.zone,
            version: "0.1.0",
        }
    }

    /// Every text that is not of the round itself is this one, too.
    fn full_of<'a>(&'a self, text: &'a str, items: &'a [Row<'a>]) -> ChangeReport<'a> {
        ChangeReport {
            instance: text,
            origin: text,
            source: Some(text),
            source_backup: Some(&self.backup),
            approver: Some(text),
            made_by: text,
            version: text,
            ..self.report(items)
        }
    }

    fn page(&self) -> String {
        html(&self.report(&self.rows()))
    }
}

fn html(report: &ChangeReport<'_>) -> String {
    page(report, &str::to_owned).into_string()
}

/// The rest of a page from a heading to the next one.
#[track_caller]
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("<h2>{heading}</h2>")).unwrap();
    rest.split("<h2>").next().unwrap()
}

#[test]
fn a_finished_round_is_told_in_one_sentence() {
    let page = Round::finished().page();
    assert!(page.contains("<strong>Everything is done.</strong>"), "{page}");
    assert!(page.contains(r#"class="verdict good""#));
    assert!(section(&page, "What waits").contains("Nothing waits."));
    assert!(section(&page, "What was left out, and why").contains("Nothing was left out."));
    let changed = section(&page, "What changed in the system");
    assert!(changed.contains("2 writes to 2 documents: 2 written and read back."));
    assert!(changed.contains("sso.url, sso.issuer") && !changed.contains("Not proven"));
}

#[test]
fn what_waits_what_was_left_out_and_what_failed_is_told() {
    let page = Round::unfinished().page();
    assert!(
        page.contains("<strong>2 items wait, and 2 values wait to be entered.</strong>"),
        "{page}"
    );
    assert!(page.contains("The last write to 2 documents was not proven by reading it back."));
    assert!(page.contains(r#"class="verdict care""#));
    let left_out = section(&page, "What was left out, and why");
    for shown in [
        "k.osei",
        "Stage has none that mail anybody.",
        "nobody is named",
        "No vendor is connected.",
    ] {
        assert!(left_out.contains(shown), "{shown}: {left_out}");
    }
    let waits = section(&page, "What waits");
    for shown in [
        "lmskeep restore stage --encrypted enter",
        "Nobody has looked yet.",
        "connector.ftp.password (2)",
    ] {
        assert!(waits.contains(shown), "{shown}: {waits}");
    }
    let changed = section(&page, "What changed in the system");
    let counted = "6 writes to 5 documents: 3 written and read back, 1 refused, 1 did not settle and was sent again, \
                   1 unknown: the run broke off.";
    assert!(changed.contains(counted), "{changed}");
    assert_eq!(changed.matches(r#"<tr class="bad">"#).count(), 2, "{changed}");
    assert!(changed.contains("as a whole") && changed.contains("comments or order only"));
    let full = crate::backup::content_hash(b"mail/settingsbefore");
    assert!(changed.contains(&format!("<code title=\"{full}\">{}</code>", &full[..8])));
    let who = section(&page, "Who and when");
    assert!(who.contains("said that 1 item is done; had this report made"));
    assert!(who.contains("found by itself that 1 item is done"));
    assert!(
        who.contains("left out 1 item") && who.contains("browser session") && who.contains("made 5 writes")
    );
}

#[test]
fn what_was_written_in_the_end_is_not_doubted() {
    let mut round = Round::unfinished();
    round.items.clear();
    round.waiting.clear();
    round
        .writes
        .push(sent(400, Action::Restore, "configuration/BIZX", None, "written"));
    round
        .writes
        .push(sent(410, Action::Restore, "images/Logo", None, "written"));
    let page = round.page();
    assert!(page.contains("No item is known, and nothing waits.") && !page.contains("not proven"));
    assert!(page.contains(r#"class="verdict good""#));
}

#[test]
fn an_approver_is_named_and_else_there_is_a_line() {
    let round = Round::finished();
    let rows = round.rows();
    let named = html(&ChangeReport {
        approver: Some("A. <Ito>"),
        ..round.report(&rows)
    });
    assert!(
        section(&named, "Approval")
            .contains(r#"<p class="filled">A. &lt;Ito&gt;</p><p class="under">Name</p>"#)
    );
    assert!(
        section(&round.page(), "Approval").contains(r#"<p class="filled"></p><p class="under">Name</p>"#)
    );
}

#[test]
fn times_are_those_of_the_zone() {
    let mut round = Round::finished();
    assert!(round.page().contains("2026-11-28 02:05:00") && round.page().contains("<dd>UTC</dd>"));
    round.zone = TimeZone::fixed(jiff::tz::offset(-8));
    let page = round.page();
    assert!(
        page.contains("2026-11-27 18:05:00") && page.contains("<dd>UTC-08:00</dd>"),
        "{page}"
    );
}

/// Every text of a round is one that somebody else has written.
fn hostile(text: &'static str) -> Round {
    let mut round = Round::unfinished();
    round.items = vec![
        (text, text, done(1, Some(text), text)),
        (text, text, skipped(Some(text), text)),
        (text, text, open(text, &[text])),
    ];
    let mut write = sent(1, Action::Restore, text, Some(&[text]), text);
    write.account = Some(text.to_owned());
    write.run = text.to_owned();
    (write.before, write.wanted, write.after) = (text.to_owned(), text.to_owned(), Some(text.to_owned()));
    round.writes = vec![write];
    round.waiting = vec![Place {
        document: text.to_owned(),
        key: text.to_owned(),
        occurrence: 1,
    }];
    round.backup.id = text.to_owned();
    round.backup.instance = text.to_owned();
    round
}

#[test]
fn hostile_texts_stay_texts() {
    let text = r#"<script>alert(1)</script>"><img src=http://x.example/a onerror=b>'"#;
    let round = hostile(text);
    let page = html(&round.full_of(text, &round.rows()));
    assert!(page.matches("&lt;script&gt;").count() > 25);
    let body = page.split("</style>").nth(1).unwrap();
    assert!(
        !body.contains("<script") && !body.contains("<img") && !body.contains("'\"><"),
        "{body}"
    );
    assert!(!body.contains(r#"<script>alert(1)</script>">"#));
}

#[test]
fn the_page_loads_and_runs_nothing() {
    let page = Round::unfinished().page();
    for word in [
        "<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import", "onclick", "action=",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    // The address of the instance is a text.
    assert_eq!(
        page.matches("://").count(),
        page.matches("https://stage.example").count()
    );
}

#[tokio::test]
async fn a_secret_is_masked_wherever_it_stands() {
    let secret = "tr&ub<4dor";
    let round = hostile(secret);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("change report.html");
    let (ui, recorded) = Ui::recording(Look::plain(at(0)), "");
    ui.never_show(&Secret::from(secret.to_owned()));
    let rows = round.rows();
    write(&ui, &round.full_of(secret, &rows), &file).await.unwrap();
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(!page.contains("4dor"), "{page}");
    assert!(page.matches("‹secret›").count() > 25);
    assert!(recorded.out().contains("Wrote the change report of") && !recorded.out().contains("4dor"));
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_a_mistake_of_words() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("taken");
    #[expect(
        clippy::disallowed_methods,
        reason = "a file of a person's that is in the way"
    )]
    std::fs::write(&taken, "x").unwrap();
    let (ui, _) = Ui::recording(Look::plain(at(0)), "");
    let round = Round::finished();
    let rows = round.rows();
    let report = round.report(&rows);
    let failed = write(&ui, &report, Path::new(&taken).join("x.html").as_path()).await;
    assert_eq!(failed.unwrap_err().kind(), Kind::Usage);
}
