//! Every write leaves a line of evidence, whatever command made it and however that ended.

use serde_json::Value;

use crate::rehearsal::Rehearsal;

const FILE: &str = "state/evidence/stage.jsonl";

impl Rehearsal {
    /// The evidence of writes to stage as it stands in its file.
    fn evidence(&self) -> String {
        let mut files = self.files("state/evidence");
        let content = files
            .remove(std::path::Path::new("stage.jsonl"))
            .unwrap_or_default();
        assert!(files.is_empty(), "{:?}", files.keys());
        String::from_utf8(content).unwrap()
    }

    /// Its lines.
    fn evidence_lines(&self) -> Vec<Value> {
        let evidence = self.evidence();
        evidence
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How many requests reached stage that save something.
    fn all_saves(&self) -> usize {
        let requests = self.requests();
        requests
            .iter()
            .filter(|asked| asked.is_post() && !asked.is_sign_in())
            .count()
    }
}

fn members<'l>(lines: &'l [Value], member: &str) -> Vec<&'l str> {
    lines.iter().map(|line| line[member].as_str().unwrap()).collect()
}

#[test]
fn every_command_that_writes_adds_a_line_for_each_write_and_changes_none() {
    let rehearsal = Rehearsal::overwritten(&[]);
    assert_eq!(rehearsal.evidence(), "");
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    let (frozen, lines) = (rehearsal.evidence(), rehearsal.evidence_lines());
    assert_eq!(lines.len(), rehearsal.all_saves());
    assert!(lines.len() > 20, "{}", lines.len());
    for line in &lines {
        assert_eq!(
            (&line["action"], &line["outcome"]),
            (&"freeze".into(), &"written".into()),
            "{line}"
        );
        assert_eq!(line["keys"], serde_json::json!(["switch"]), "{line}");
        assert_eq!(line["after"], line["wanted"], "{line}");
        assert_ne!(line["before"], line["wanted"], "{line}");
        assert!(
            line["origin"].as_str().unwrap().starts_with("http://127.0.0.1:"),
            "{line}"
        );
        assert_eq!(
            line["account"].as_str().unwrap(),
            rehearsal.practice.user,
            "{line}"
        );
    }
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    assert_eq!(rehearsal.evidence(), frozen, "nothing was written");
    rehearsal.forget_requests();
    rehearsal.run(&["purge-emails", "stage", "--yes"]).ends(0);
    rehearsal.run(&["restore", "stage", "--only", "SSO", "--only", "images/*", "--yes"]);
    let now = rehearsal.evidence();
    assert!(now.starts_with(&frozen));
    let new = rehearsal.evidence_lines().split_off(lines.len());
    assert_eq!(new.len(), rehearsal.all_saves(), "{new:#?}");
    let mut actions = members(&new, "action");
    actions.dedup();
    assert_eq!(actions, ["purge", "restore"]);
    assert!(!now.contains(&rehearsal.practice.password));
    let checked = rehearsal.run(&["verify", "--json"]).ends(0).json();
    assert_eq!(checked["evidence"][0]["writes"], lines.len() + new.len());
}

#[test]
fn a_freeze_that_was_killed_is_told_by_the_next_one() {
    let rehearsal = Rehearsal::overwritten(&[]);
    let mut child = rehearsal.begin(&["freeze", "stage", "--yes"]);
    rehearsal.wait_for("a save of a connector", |requests| {
        requests
            .iter()
            .filter(|asked| asked.path.contains("updateConnector"))
            .count()
            > 2
    });
    child.kill().unwrap();
    child.wait().unwrap();
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    let lines = rehearsal.evidence_lines();
    assert!(
        lines.len() >= rehearsal.all_saves(),
        "{} of {}",
        lines.len(),
        rehearsal.all_saves()
    );
    let mut runs = members(&lines, "run");
    runs.dedup();
    assert!(
        runs.len() >= 4,
        "two runs of the first freeze, two of the second: {runs:?}"
    );
    let not_written: Vec<&Value> = lines.iter().filter(|line| line["outcome"] != "written").collect();
    assert!(not_written.len() <= 1, "{not_written:#?}");
    assert!(
        not_written
            .iter()
            .all(|line| line["outcome"] == "unknown: the run broke off"),
        "{not_written:#?}"
    );
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn verify_tells_of_evidence_that_was_changed_and_not_of_what_a_power_cut_left() {
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    let whole = rehearsal.evidence();
    rehearsal.put(FILE, &whole.as_bytes()[..whole.len() - 40]);
    rehearsal
        .run(&["verify"])
        .ends(0)
        .says("its last line was cut off");
    rehearsal.put(FILE, whole.replacen("\"freeze\"", "\"thaw\"", 1).as_bytes());
    rehearsal
        .run(&["verify"])
        .ends(6)
        .says("line 1 is not what the journal tells")
        .says("line 2 does not follow");
    rehearsal.put(FILE, whole.as_bytes());
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn evidence_that_cannot_be_added_to_hides_nothing_of_what_was_done() {
    let rehearsal = Rehearsal::overwritten(&[]);
    // A folder of this name is in the way.
    rehearsal.make_folder(FILE);
    let ran = rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    ran.says("evidence/stage.jsonl")
        .says("Nothing can leave stage any more");
    std::fs::remove_dir(rehearsal.program.home().join(FILE)).unwrap();
    let saves = rehearsal.all_saves();
    rehearsal.run(&["purge-emails", "stage", "--yes"]).ends(0);
    assert_eq!(rehearsal.evidence_lines().len(), saves + 1);
}
