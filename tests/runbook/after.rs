//! The second of the two commands that an admin needs: from the end of the refresh to the end of the work.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::{Ran, Rehearsal};

/// What only people do, in the order of the list.
const PEOPLE: [&str; 4] = ["report-jobs-gone", "oauth", "vendors", "deployment"];

/// How an item stands, by `--json`.
#[track_caller]
pub(super) fn item(ran: &Ran, id: &str) -> Value {
    let answer = ran.json();
    let items = answer["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["id"] == id);
    found
        .unwrap_or_else(|| panic!("no {id} in {}", ran.told()))
        .clone()
}

/// The items that are open, by `--json`.
fn open(ran: &Ran) -> Vec<String> {
    let answer = ran.json();
    let items = answer["items"].as_array().unwrap().iter();
    let open = items.filter(|item| item["state"] == "open");
    open.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

impl Rehearsal {
    /// Says where all real values lie, but these keys.
    pub(super) fn knows_values_but(&self, lost: &[&str]) {
        let known = self.look("known", "stage");
        self.tell_value(
            "mail/settings",
            "smtpUserPassword",
            known["smtpPassword"].as_str().unwrap(),
        );
        for (document, key, value) in self.real_values() {
            if !lost.contains(&key.as_str()) {
                self.tell_value(&document, &key, &value);
            }
        }
    }

    /// Both backups, and the refresh.
    pub(super) fn prepared(words: &[&str]) -> Self {
        let rehearsal = Self::of_everything(words);
        for name in ["stage", "prod"] {
            rehearsal.knows_services(words, name);
            rehearsal.run(&["backup", name]).ends(0);
        }
        rehearsal.refresh();
        rehearsal.forget_requests();
        rehearsal
    }

    /// Runs `after stage --yes --json` with more words.
    #[track_caller]
    pub(super) fn after(&self, words: &[&str]) -> Ran {
        self.run(&[&["after", "stage", "--yes", "--json", "--by", "anna"], words].concat())
    }

    /// Goes from the restore to the end, as a person does who looks when it is time.
    #[track_caller]
    pub(super) fn to_the_end(&self) -> Ran {
        self.tick(1);
        let ran = self.after(&["--addresses-masked"]).ends(8);
        let why = item(&ran, "thaw")["why"].as_str().unwrap().to_owned();
        assert!(why.contains("automatic processes have run"), "{why}");
        self.tick(1);
        let ran = self.after(&["--processes-ran"]).ends(8);
        let why = item(&ran, "thaw")["why"].as_str().unwrap().to_owned();
        assert!(why.contains("admin-addresses"), "{why}");
        assert_eq!(self.operation()["mailOn"], false);
        let mut words = vec!["--done", "admin-addresses", "--skip", "vendors=there are none"];
        PEOPLE
            .iter()
            .filter(|id| **id != "vendors")
            .for_each(|id| words.extend(["--done", id]));
        self.after(&words).ends(0)
    }

    /// The report for the change ticket, which asks nobody.
    fn report(&self) -> String {
        self.forget_requests();
        let folder = self.make_folder("reports");
        let file = folder.join("change.html");
        let words = ["after", "stage", "--status", "--approver", "A. Owner", "--report"];
        self.run(&[&words[..], &[file.to_str().unwrap()]].concat())
            .ends(0);
        assert_eq!(self.requests(), []);
        let files = self.files("reports");
        String::from_utf8(files.into_values().next().unwrap()).unwrap()
    }

    /// That stage is as it was, as far as pages can make it.
    #[track_caller]
    pub(super) fn is_itself(&self) {
        let operation = self.operation();
        assert_eq!(operation["mail"], "ok", "{operation}");
        assert_eq!(operation["automaticProcesses"], "ok", "{operation}");
        // One connector cannot be made by a page, and one cannot be removed.
        assert_eq!(
            operation["connectors"],
            "Load Test Connector: it is gone, Certification Connector: it was not there",
            "{operation}"
        );
        let health = self.health();
        let works = |state: &Value| state == "ok";
        assert!(health.as_object().unwrap().values().all(works), "{health}");
    }
}

#[test]
fn after_the_night_nobody_was_there_one_command_leads_to_the_end() {
    let mut rehearsal = Rehearsal::of_everything(&[]);
    rehearsal
        .program
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let mut words = vec!["before", "stage", "--by", "anna", "--kind", "irt"];
    ["admins", "logos", "version", "bizx", "report-jobs", "values"]
        .iter()
        .for_each(|id| words.extend(["--done", id]));
    rehearsal.run(&words).ends(0);
    rehearsal.run(&["ready", "stage"]).ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    rehearsal.knows_values_but(&[]);
    rehearsal.tick(2);
    let night = rehearsal.damage();
    assert!(night["feedFilesEaten"].as_u64() > Some(0), "{night}");
    let first = rehearsal.after(&[]).ends(8);
    assert_eq!(item(&first, "refreshed")["state"], "done");
    assert_eq!(item(&first, "freeze")["state"], "done");
    assert_eq!(item(&first, "unsent-email")["state"], "done");
    let scope = item(&first, "restore")["hints"][0].as_str().unwrap().to_owned();
    assert!(scope.contains("--scope all|recommended|environment"), "{scope}");
    assert_eq!(rehearsal.sign_ins(), 1, "one try");

    rehearsal.forget_requests();
    let second = rehearsal.after(&["--scope", "all"]).ends(8);
    for done in ["restore", "entered", "images", "way-in"] {
        assert_eq!(item(&second, done)["state"], "done", "{done}: {}", second.told());
    }
    let way_in = item(&second, "way-in")["note"].as_str().unwrap().to_owned();
    assert!(way_in.contains("A new sign-in got in"), "{way_in}");
    let waits = item(&second, "thaw")["hints"][0].as_str().unwrap().to_owned();
    assert_eq!(waits, "lmskeep after stage --addresses-masked");
    let operation = rehearsal.operation();
    assert_eq!(
        (
            &operation["scheduledConnectors"],
            &operation["scheduledProcesses"]
        ),
        (&json!(1), &json!(0)),
        "only what brings users"
    );
    let last = rehearsal.to_the_end();
    assert_eq!(open(&last), Vec::<String>::new());
    assert!(last.json()["ended"].is_string());
    let vendors = item(&last, "vendors");
    assert_eq!(
        (&vendors["by"], &vendors["why"]),
        (&json!("anna"), &json!("there are none"))
    );
    rehearsal.is_itself();
    let report = rehearsal.report();
    for told in [
        "REFRESH_ADMIN",
        "there are none",
        "A. Owner",
        "configuration/BIZX",
    ] {
        assert!(report.contains(told), "{told}");
    }
    for (_, _, value) in rehearsal.real_values() {
        assert!(!report.contains(&value), "a secret is in the report");
    }
    rehearsal.tick(2);
    let since = rehearsal.damage();
    for harm in ["mailToRealPeople", "feedFilesEaten"] {
        assert_eq!(since[harm], night[harm], "{since}");
    }
    // Nothing is done twice, and a look asks nobody.
    rehearsal.forget_requests();
    rehearsal.after(&[]).ends(0);
    assert_eq!(rehearsal.saves(), 0);
    rehearsal.forget_requests();
    rehearsal
        .run(&["after", "stage", "--status"])
        .ends(0)
        .says("is through");
    assert_eq!(rehearsal.requests(), []);
    // Another refresh is another round.
    rehearsal.refresh();
    let again = rehearsal.after(&["--freeze-only"]).ends(0);
    assert_eq!(item(&again, "freeze")["state"], "done");
    assert_eq!(rehearsal.operation()["mailOn"], false);
}

#[test]
fn production_and_an_instance_that_was_not_refreshed_are_left_alone() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.forget_requests();
    for words in [
        vec!["after", "prod", "--yes", "--confirm", "prod"],
        vec!["after", "prod", "--wait", "--freeze-only", "--yes"],
    ] {
        rehearsal
            .run(&words)
            .ends(9)
            .says("counts as a production instance");
    }
    assert_eq!(rehearsal.requests_to("production"), []);
    let ran = rehearsal.after(&["--scope", "all"]).ends(8);
    let why = item(&ran, "refreshed")["why"].as_str().unwrap().to_owned();
    assert!(why.contains("Nothing shows that stage was refreshed"), "{why}");
    assert_eq!(
        open(&ran).first().map(String::as_str),
        Some("refreshed"),
        "the rest waits"
    );
    let posts: Vec<_> = rehearsal
        .requests()
        .into_iter()
        .filter(|asked| asked.method != "GET" && !asked.is_sign_in())
        .collect();
    assert_eq!(posts, []);
    rehearsal
        .run(&["after", "stage", "--done", "frees"])
        .ends(2)
        .says("did you mean `freeze`?");
    rehearsal.run(&["after", "stage", "--wait"]).ends(2);

    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    rehearsal.refresh();
    rehearsal.forget_requests();
    let mut asked = Terminal::run(&rehearsal.program.command(&["after", "stage"]));
    asked.wait_for("Switch all of it off at stage? [y/N]");
    asked.type_line("n");
    assert_eq!(asked.end().0, 130);
    assert_eq!(rehearsal.saves(), 0);
    assert_eq!(rehearsal.operation()["mailOn"], true);
}

#[test]
fn a_nightly_backup_after_the_refresh_is_not_put_back_and_what_is_excepted_stays() {
    let rehearsal = Rehearsal::prepared(&[]);
    let theirs = rehearsal.state();
    let nightly = rehearsal.run(&["backup", "stage", "--json"]).ends(0);
    assert_eq!(nightly.json()["kind"], "after-refresh");
    let kept = [
        ("SEARCH", "indexer.node.handle"),
        ("NOTIFICATIONS", "digest.relay.handle"),
        ("UI", "ui.cacheLocale"),
    ];
    let patterns = kept.map(|(document, key)| format!("{document}:{key}"));
    let mut words = vec!["--scope", "all"];
    patterns
        .iter()
        .for_each(|pattern| words.extend(["--except", pattern]));
    let ran = rehearsal.after(&words).ends(8);
    assert_eq!(item(&ran, "restore")["state"], "done", "{}", ran.told());
    let now = rehearsal.state();
    for (document, key) in &kept {
        assert_eq!(
            now.value(document, key),
            theirs.value(document, key),
            "{document}:{key}"
        );
    }
    assert_ne!(
        now.value("BIZX", "successFactorsCompanyID"),
        theirs.value("BIZX", "successFactorsCompanyID")
    );
    // What was said is remembered when the values are entered later.
    rehearsal.knows_values_but(&[]);
    let ran = rehearsal.after(&[]).ends(8);
    assert_eq!(item(&ran, "entered")["state"], "done", "{}", ran.told());
    let now = rehearsal.state();
    for (document, key) in &kept {
        assert_eq!(now.value(document, key), theirs.value(document, key));
    }
}

#[test]
fn with_one_value_lost_its_connectors_and_mail_stay_off_until_a_person_enters_it() {
    for key in ["key=shared", "key=instance"] {
        let rehearsal = Rehearsal::prepared(&[key]);
        rehearsal.knows_values_but(&["connector.ftp.password"]);
        let ran = rehearsal.after(&["--scope", "all"]).ends(8);
        let why = item(&ran, "entered")["why"].as_str().unwrap().to_owned();
        assert_eq!(
            why, "1 value waits to be entered: CONNECTORS:connector.ftp.password.",
            "{key}"
        );
        let why = item(&ran, "thaw")["why"].as_str().unwrap().to_owned();
        assert!(why.contains("connector.ftp.password"), "{key}: {why}");
        assert_eq!(rehearsal.operation()["scheduledConnectors"], 0, "{key}");
        assert_eq!(rehearsal.operation()["mailOn"], false, "{key}");
        rehearsal.tick(2);
        assert_eq!(rehearsal.damage_done(), 0, "{key}");
        // Somebody finds it.
        rehearsal.knows_values_but(&[]);
        let ran = rehearsal.after(&[]).ends(8);
        assert_eq!(item(&ran, "entered")["state"], "done", "{key}: {}", ran.told());
        rehearsal.to_the_end();
        rehearsal.is_itself();
        assert_eq!(rehearsal.damage()["mailToRealPeople"], 0, "{key}");
    }
}

#[test]
fn on_a_sealed_tenant_what_cannot_be_put_back_is_named_and_the_rest_goes_on() {
    let rehearsal = Rehearsal::prepared(&["sealed"]);
    rehearsal.knows_values_but(&[]);
    let ran = rehearsal.after(&["--scope", "all"]).ends(7);
    let why = item(&ran, "way-in")["why"].as_str().unwrap().to_owned();
    assert!(why.contains("BIZX (written but reads different)"), "{why}");
    let ran = rehearsal.after(&[]).ends(8);
    let note = item(&ran, "way-in")["note"].as_str().unwrap().to_owned();
    assert!(
        note.contains("does not let them be changed: configuration/BIZX:"),
        "{note}"
    );
    rehearsal.to_the_end();
    assert_eq!(rehearsal.damage_done(), 0);
}

#[test]
fn an_unattended_wait_signs_in_once_at_each_end_of_a_maintenance_and_freezes_what_was_refreshed() {
    let rehearsal = Rehearsal::of_everything(&[]);
    for name in ["stage", "prod"] {
        rehearsal.run(&["backup", name]).ends(0);
    }
    rehearsal.forget_requests();
    let failing = json!([{ "path": "", "times": 100_000, "effect": { "status": 503 } }]);
    let waiting = rehearsal.begin(&[
        "after",
        "stage",
        "--wait",
        "--freeze-only",
        "--yes",
        "--every",
        "100ms",
    ]);
    let asked = |number: usize| {
        rehearsal.wait_for("looks", |requests| requests.len() > number);
    };
    asked(2);
    assert_eq!(rehearsal.sign_ins(), 0, "nobody signs in while it is up");
    rehearsal.faults(&failing);
    let so_far = rehearsal.requests().len();
    asked(so_far + 2);
    rehearsal.faults(&json!([]));
    rehearsal.wait_for("a sign-in", |requests| {
        requests.iter().any(|asked| asked.is_sign_in())
    });
    thread::sleep(Duration::from_millis(600));
    assert_eq!(rehearsal.sign_ins(), 1, "one for the end of a maintenance");
    assert_eq!(rehearsal.operation()["mailOn"], true, "it was no refresh");
    rehearsal.faults(&failing);
    let so_far = rehearsal.requests().len();
    asked(so_far + 2);
    rehearsal.refresh();
    rehearsal.faults(&json!([]));
    let ran = Ran::of(&["after --wait"], waiting.wait_with_output().unwrap());
    ran.ends(0).says("Nothing can leave stage any more");
    assert_eq!(rehearsal.sign_ins(), 2);
    rehearsal.tick(2);
    assert_eq!(rehearsal.damage_done(), 0);
}

#[test]
fn where_native_login_will_be_closed_waiting_says_beforehand_that_it_cannot_help() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let text = rehearsal.look("state", "production")["documents"]["BIZX"]
        .as_str()
        .unwrap()
        .replace(
            "successFactorsLearningEnabled=false",
            "successFactorsLearningEnabled=true",
        );
    let folder = rehearsal.make_folder("copies");
    rehearsal.put("copies/BIZX.properties", text.as_bytes());
    rehearsal
        .run(&["import", "prod", folder.to_str().unwrap()])
        .ends(0);
    rehearsal.forget_requests();
    let words = ["after", "stage", "--wait", "--freeze-only", "--yes"];
    rehearsal
        .run(&words)
        .ends(9)
        .says("nobody gets in unattended")
        .says("--case-text");
    assert_eq!(rehearsal.requests(), []);
}
