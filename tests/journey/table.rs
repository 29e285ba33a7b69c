//! The table of scenarios and commands, printed once all of its scenarios were played.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Mutex;

/// The commands of the sequence that the product is for.
pub(crate) const COMMANDS: [&str; 5] = ["backup", "diff", "restore", "again", "undo"];

/// The scenarios, each of which a test plays.
const SCENARIOS: [&str; 14] = [
    "key=shared token=field",
    "key=instance token=link",
    "token=script",
    "bound",
    "german",
    "bound german token=link",
    "german bound token=script key=instance",
    "service token=field",
    "service token=link",
    "service token=script",
    "service german key=instance",
    "integrated",
    "denied",
    "denied german token=script",
];

static PLAYED: Mutex<BTreeMap<String, Vec<&str>>> = Mutex::new(BTreeMap::new());

/// A scenario that is being played, with what came of each command so far.
#[must_use]
pub(crate) struct Row {
    scenario: String,
    cells: Vec<&'static str>,
}

impl Row {
    /// Begins a row.
    pub(crate) fn new(scenario: &[&str]) -> Self {
        let scenario = scenario.join(" ");
        assert!(
            SCENARIOS.contains(&scenario.as_str()),
            "`{scenario}` is in the table"
        );
        let cells = Vec::new();
        Self { scenario, cells }
    }

    /// The next command did all that was wanted of it.
    pub(crate) fn passed(&mut self) {
        self.cells.push("passed");
    }

    /// The next command refused as it should, with nothing stored and nothing sent.
    pub(crate) fn refused(&mut self) {
        self.cells.push("refused");
    }

    /// Ends the row, and prints the table when it was the last one.
    pub(crate) fn done(self) {
        assert_eq!(self.cells.len(), COMMANDS.len(), "{}", self.scenario);
        let mut played = PLAYED.lock().unwrap();
        let known = played.insert(self.scenario, self.cells);
        if known.is_none() && played.len() == SCENARIOS.len() {
            // Not `eprint!`: the test harness hides what a passing test prints.
            std::io::stderr().write_all(drawn(&played).as_bytes()).unwrap();
        }
    }
}

fn drawn(played: &BTreeMap<String, Vec<&str>>) -> String {
    let mut table = String::from("scenarios x commands (refused: as meant, nothing stored, nothing sent)\n");
    let mut line = |first: &str, cells: &[&str]| {
        let cells: String = cells.iter().map(|cell| format!(" {cell:7}")).collect();
        writeln!(table, "{}", format!("{first:38}{cells}").trim_end()).unwrap();
    };
    line("", &COMMANDS);
    for scenario in SCENARIOS {
        line(scenario, &played[scenario]);
    }
    assert!(table.lines().all(|line| line.len() <= 80), "{table}");
    table
}
