//! Every form of `fixtures/pages/forms` sends what Chromium sends.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;
use toml_edit::{DocumentMut, Table, value};

use crate::fidelity::case::{self, ADDRESS, Case, FILES, Sent};
use crate::fidelity::chromium::{self, Browser, Tab};
use crate::fidelity::server::{FRAME, Server};
use crate::fidelity::soup;
use crate::fidelity::stream::{Stream, fresh_seed, seed};
use crate::real::part;

/// How many pages are judged at a time.
const TABS: usize = 4;

/// How many pages the long test makes.
const GENERATED: usize = 2_000;

/// A body longer than this is recorded as its hash.
const LONG: usize = 16 * 1024;

/// What a corpus of forms must not lack, and a case for it.
const MATTERS: [(&str, &str); 44] = [
    ("every control type: text", "unknown type is text"),
    ("every control type: numbers", "numbers valid and not"),
    ("every control type: dates", "dates valid and not"),
    ("every control type: colours", "colours"),
    ("every control type: addresses", "url and email are trimmed"),
    ("disabled controls", "disabled controls"),
    ("controls disabled by a fieldset", "fieldset disabled nested"),
    ("submit twins", "submit twins send the one pressed"),
    ("image buttons", "image twins and a submit button"),
    ("form=", "form attribute takes away"),
    (
        "form= of a form further down",
        "radio checked before its form by attribute",
    ),
    ("a form broken up by a table", "table breaks form up"),
    ("unclosed tags", "tags unclosed all the way"),
    ("base href", "base href"),
    ("GET", "get replaces the query"),
    ("POST", "text and hidden"),
    ("multipart", "multipart names"),
    ("file inputs, empty", "file without a file multipart"),
    ("file inputs", "file chosen multipart"),
    ("text area: leading newline", "leading newline dropped once"),
    ("text area: CR", "leading cr dropped once"),
    ("text area: CRLF", "leading crlf dropped once"),
    ("text area: LF", "line ends mixed"),
    ("text area: tabs", "tabs before and behind"),
    ("text area: NUL", "nul"),
    ("text area: emoji", "emoji by every way"),
    ("text area: 300 KiB", "300 KiB in a text area"),
    ("accept-charset", "accept-charset"),
    ("ISO-8859-1", "iso-8859-1 page with letters it lacks"),
    ("windows-1252", "windows-1252 page in multipart"),
    ("duplicate names", "duplicate names keep order"),
    ("empty names", "duplicate and empty names of every kind"),
    ("_charset_", "_charset_ more than once and of other kinds"),
    (
        "hidden fields with quotes and entities",
        "hidden quotes and entities",
    ),
    ("selects with optgroups", "optgroups"),
    ("selects with nothing selected", "single nothing selected"),
    ("selects of many with nothing selected", "multiple nothing"),
    ("dirname", "dirname"),
    ("dirname of a text that is set", "dirname set"),
    ("check boxes", "check boxes switched"),
    ("check boxes without value", "check boxes"),
    ("MathML", "option closed in mathml"),
    ("nothing pressed", "reset and button are not sent"),
    ("text/plain", "textarea in plain"),
];

fn cases() -> Vec<Case> {
    FILES.into_iter().flat_map(case::read).collect()
}

/// Makes the edits and sends the form, all but choosing files.
fn deed(case: &Case) -> String {
    let deed = json!({
        "form": case.form,
        "set": case.set(),
        "check": case.check,
        "choose": case.choose,
        "press": case.press,
    });
    format!(
        "{{ const deed = {deed};
            const page = {};
            const at = id => page.getElementById(id);
            for (const [id, text] of Object.entries(deed.set)) at(id).value = text;
            for (const [id, on] of Object.entries(deed.check)) at(id).checked = on;
            for (const [id, places] of Object.entries(deed.choose))
                [...at(id).options].forEach((option, place) => option.selected = places.includes(place));
            if (deed.press) at(deed.press).click();
            else HTMLFormElement.prototype.submit.call(page.forms[deed.form]); }}",
        document(case)
    )
}

/// The document of the page, in a script.
fn document(case: &Case) -> &'static str {
    if case.framed {
        "document.getElementById('frame').contentDocument"
    } else {
        "document"
    }
}

/// Lets Chromium play a case: what it sends, or why it sends nothing.
fn play(case: &Case, tab: &Tab<'_>, server: &Server) -> Result<Sent, String> {
    let address = format!("{}{ADDRESS}", server.origin);
    server.show(case.page(), &case.content_type);
    if case.framed {
        tab.go(&format!("{}{FRAME}", server.origin));
        tab.run(&format!(
            "new Promise(loaded => {{ const frame = document.getElementById('frame');
                frame.onload = loaded; frame.contentWindow.location.replace({}); }})",
            json!(address)
        ))?;
    } else {
        tab.go(&address);
    }
    let folder = tempfile::tempdir().unwrap();
    for (id, file) in &case.attach {
        let path = folder.path().join(&file.filename);
        #[allow(clippy::disallowed_methods, reason = "a file for a browser to send")]
        std::fs::write(&path, file.content()).unwrap();
        let input = tab.run(&format!("{}.getElementById({})", document(case), json!(id)))?;
        tab.call(
            "DOM.setFileInputFiles",
            json!({"files": [path], "objectId": input["objectId"]}),
        );
    }
    tab.run(&deed(case))?;
    server.sent().ok_or_else(|| "nothing was sent".to_owned())
}

/// Lets Chromium play all cases: what it sent for each, in their order.
fn play_all(cases: &[Case]) -> Vec<(String, Result<Sent, String>)> {
    let browser = Browser::start();
    let next = AtomicUsize::new(0);
    let played = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..TABS {
            scope.spawn(|| {
                let tab = browser.tab();
                // By turns: the address at which a tab is already, it would not load anew.
                let servers = [Server::start(), Server::start()];
                for server in servers.iter().cycle() {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(place) else { break };
                    let sent = play(case, &tab, server);
                    let played_here = (server.origin.clone(), sent);
                    played.lock().unwrap().insert(place, played_here);
                }
            });
        }
    });
    played.into_inner().unwrap().into_values().collect()
}

/// Says how our request for a case differs from what was recorded, and from what the browser sent.
fn differences(case: &Case, server: &str, live: Option<&Result<Sent, String>>) -> Option<String> {
    let ours = match case.ours(server) {
        Ok(ours) => ours,
        Err(why) => return Some(format!("ours     nothing: {why}")),
    };
    match live {
        Some(Ok(sent)) => ours.differs_from("Chromium", sent),
        Some(Err(why)) => Some(format!("Chromium {why}")),
        None => None,
    }
    .or_else(|| case.differs_from_record(&ours))
}

/// Prints the figure of a run.
fn print(what: &str, differences: &[String], of: usize) {
    let line = format!("{what}: {} of {of} equal\n", of - differences.len());
    // Not `eprintln!`: the test harness hides what a passing test prints.
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn assert_none(differences: &[String], of: usize) {
    assert!(
        differences.is_empty(),
        "{} of {of} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn no_matter_lacks_a_case() {
    let cases = cases();
    let lacking: Vec<&str> = MATTERS
        .into_iter()
        .filter(|(_, name)| !cases.iter().any(|case| case.name == *name))
        .map(|(matter, _)| matter)
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
}

#[test]
fn forms_send_what_was_recorded() {
    let cases = cases();
    let found: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let difference = differences(case, "http://lms.test", None)?;
            Some(format!("{}\n  {difference}", case.name))
        })
        .collect();
    assert_none(&found, cases.len());
}

#[test]
fn forms_send_what_chromium_sends() {
    if !part::is_here("Chromium, the judge of forms", &chromium::missing()) {
        return;
    }
    let cases = cases();
    let played = play_all(&cases);
    assert_eq!(played.len(), cases.len());
    let found: Vec<String> = cases
        .iter()
        .zip(&played)
        .filter_map(|(case, (server, live))| {
            let difference = differences(case, server, Some(live))?;
            Some(format!("{}\n  {difference}", case.name))
        })
        .collect();
    print("forms", &found, cases.len());
    assert_none(&found, cases.len());
}

#[test]
#[ignore = "writes into fixtures/pages/forms what the Chromium of this machine sends"]
fn record_forms() {
    for file in FILES {
        let cases = case::read(file);
        let text = std::fs::read_to_string(case::path(file)).unwrap();
        let mut document: DocumentMut = text.parse().unwrap();
        let tables = document["case"].as_array_of_tables_mut().unwrap();
        for (case, (table, (_, live))) in cases.iter().zip(tables.iter_mut().zip(play_all(&cases))) {
            let live = live.unwrap_or_else(|why| panic!("{}: {why}", case.name));
            if case.differs_from_record(&live).is_some() {
                record(table, &live);
            }
        }
        #[allow(clippy::disallowed_methods, reason = "it is what this is for")]
        std::fs::write(case::path(file), document.to_string()).unwrap();
    }
}

#[test]
#[ignore = "takes minutes"]
fn long_forms_oracle() {
    if !part::is_here("Chromium, the judge of forms", &chromium::missing()) {
        return;
    }
    let seed = seed().unwrap_or_else(fresh_seed);
    let mut stream = Stream::new(seed);
    let cases: Vec<Case> = (0..GENERATED).map(|_| soup::case(&mut stream)).collect();
    let mut found = Vec::new();
    for (case, (server, live)) in cases.iter().zip(play_all(&cases)) {
        let ours = case.ours(&server).unwrap();
        let difference = match live {
            Ok(live) => ours.differs_from("Chromium", &live),
            Err(why) => Some(why),
        };
        if let Some(difference) = difference {
            found.push(format!("{}\n  {difference}", case.name));
        }
    }
    print("generated forms", &found, cases.len());
    assert!(
        found.is_empty(),
        "LMSKEEP_SEED={seed} gives the same again:\n{}",
        found.join("\n")
    );
}

fn record(table: &mut Table, live: &Sent) {
    for key in ["method", "url", "sent_type", "body", "body_bytes", "body_sha256"] {
        table.remove(key);
    }
    table["method"] = value(&live.method);
    table["url"] = value(&live.address);
    if let Some(kind) = &live.content_type {
        table["sent_type"] = value(kind);
    }
    if live.body.len() > LONG {
        table["body_sha256"] = value(live.body_hash());
    } else if live.method == "POST" {
        match std::str::from_utf8(&live.body) {
            Ok(text) => table["body"] = value(text),
            Err(_) => {
                let characters: String = live.body.iter().copied().map(char::from).collect();
                table["body_bytes"] = value(characters);
            }
        }
    }
}
