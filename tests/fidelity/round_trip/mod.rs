//! One key is changed in a document, and what the LMS holds afterwards differs in that key and in nothing else.
//!
//! The engine does all of it over HTTP: it signs in, walks the list, plans, restores. Who judges is not the engine but
//! what the LMS says, behind the scenes, that it holds.

mod bench;
mod lms;
mod texts;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fidelity::round_trip::bench::{Bench, By};
use crate::fidelity::round_trip::lms::{Lms, Small};
use crate::fidelity::round_trip::texts::{Change, Texts};
use crate::fidelity::stream::{fresh_seed, seed};
use crate::promises::side_by_side;
use crate::rehearsal::Rehearsal;

/// The seed of the ordinary test: a change that breaks nothing must not fail.
const SEED: u64 = 7;

/// Where the token is.
const TOKENS: [&str; 3] = ["field", "link", "script"];

/// What becomes of ciphertext that comes back.
const RESAVES: [&str; 3] = ["keep", "again", "mask"];

/// The scenario in which the documents of the practice LMS are sent round as they come.
const WHOLE: &str = "token=field resave=keep";

/// Documents of the small LMS.
const SMALL: usize = 50;

/// How many round trips were tried, and how many were exact.
#[derive(Default)]
struct Figures {
    tried: AtomicUsize,
    exact: AtomicUsize,
}

impl Figures {
    #[track_caller]
    fn count(&self, tried: usize, faults: &[String], what: &str) {
        self.tried.fetch_add(tried, Ordering::SeqCst);
        assert!(faults.is_empty(), "{what}:\n{}", faults.join("\n"));
        self.exact.fetch_add(tried, Ordering::SeqCst);
    }

    fn print(&self) {
        let [exact, tried] = [&self.exact, &self.tried].map(|figure| figure.load(Ordering::SeqCst));
        // Not `eprintln!`: the test harness hides what a passing test prints.
        let line = format!("round trip: {exact} of {tried} exact\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}

/// Sends every document of the practice LMS round, and then so many texts that are laid into them.
fn practice(token: &str, resave: &str, count: usize, seed: u64, figures: &Figures) {
    let token = format!("token={token}");
    let what = format!("{token} resave={resave}");
    let keeps = resave == "keep";
    // The large files take most of the time: whole in one scenario, most of their lines left out in the others.
    let rehearsal = match what == WHOLE {
        true => Rehearsal::in_full(&[&token]),
        false => Rehearsal::start(&[&token]),
    };
    rehearsal.play(&[&what]);
    let mut bench = Bench::at(rehearsal);
    let names = bench.writable(keeps);
    let (held, shown, encrypted) = (bench.lms().held(), bench.shown(), bench.lms().encrypted());
    let none = Vec::new();
    let changes: BTreeMap<String, Change> = names
        .into_iter()
        .map(|name| {
            assert_eq!(shown[&name], held[&name], "{name} is read as it is held");
            let change = Change::of(&held[&name], encrypted.get(&name).unwrap_or(&none));
            (name, change)
        })
        .collect();
    let mut faults = bench.change(&changes, By::Plan);
    if keeps && what != WHOLE {
        faults.extend(bench.leave());
    }
    figures.count(changes.len(), &faults, &what);
    generated(&mut bench, (count, By::Plan), keeps, seed, (figures, &what));
}

/// Sends so many generated texts round.
fn generated<L: Lms>(
    bench: &mut Bench<L>,
    (count, by): (usize, By),
    keeps: bool,
    seed: u64,
    (figures, what): (&Figures, &str),
) {
    let names = bench.writable(keeps);
    let mut texts = Texts::new(seed);
    let mut done = 0;
    while done < count {
        let names = names.iter().take(count - done);
        let changes: BTreeMap<String, Change> = names.map(|name| (name.clone(), texts.next())).collect();
        for (name, change) in &changes {
            bench.lms().lay(name, &texts.with_line_ends(&change.before));
        }
        let faults = bench.change(&changes, by);
        figures.count(
            changes.len(),
            &faults,
            &format!("{what}, LMSKEEP_SEED={seed} gives the same again"),
        );
        done += changes.len();
    }
    if keeps {
        figures.count(0, &bench.leave(), what);
    }
}

/// Plays everything: so many generated texts at the practice LMS in each scenario, so many at the small one.
fn play(practised: usize, small: usize, seed: u64) {
    let figures = Figures::default();
    let resaves = || RESAVES.map(Some).into_iter().chain([None]);
    let cases = TOKENS
        .iter()
        .flat_map(|token| resaves().map(move |resave| (*token, resave)));
    side_by_side(cases.collect(), |(token, resave)| match resave {
        Some(resave) => practice(token, resave, practised, seed, &figures),
        None => {
            let mut bench = Bench::at(Small::start(token, SMALL));
            generated(&mut bench, (small, By::Form), true, seed, (&figures, token));
        }
    });
    figures.print();
}

#[test]
fn one_key_changes_and_nothing_else() {
    play(10, 10_000 / TOKENS.len() + 1, seed().unwrap_or(SEED));
}

#[test]
#[ignore = "takes minutes"]
fn long_round_trip() {
    play(1_000, 10_000, seed().unwrap_or_else(fresh_seed));
}
