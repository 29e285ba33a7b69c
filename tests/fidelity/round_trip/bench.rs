//! An LMS with the engine beside it, in this process: what the commands do, without their words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use lmskeep::backup::{Document, Habits};
use lmskeep::capture::{self, Captured, Wishes};
use lmskeep::find::Answers;
use lmskeep::instance::{Cancel, Route};
use lmskeep::plan::{self, Encrypted, Manner, Plan, PlanInput};
use lmskeep::profile;
use lmskeep::progress::Silent;
use lmskeep::restore::{self, Logbook, Outcome, Pages};
use lmskeep::selection::Selection;
use lmskeep::sensitive::Rules;
use lmskeep::session::{Admin, Means, Session, Way};
use lmskeep::state::{Action, Began, State};
use lmskeep::store::Store;

use crate::fidelity::round_trip::lms::Lms;
use crate::fidelity::round_trip::texts::{Change, fault};
use crate::rehearsal::runtime;

/// The first half of the documents' paths.
const PART: &str = "configuration/";

/// How much of the engine takes part.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    /// All of it: a plan, and a restore that carries it out.
    Plan,
    /// Only what reads a page and sends its form.
    Form,
}

/// An engine that is signed in to an LMS, and has walked it.
pub(super) struct Bench<L> {
    lms: L,
    session: Session,
    state: State,
    captured: Captured,
}

impl<L: Lms> Bench<L> {
    /// Signs in and reads every document.
    pub(super) fn at(lms: L) -> Self {
        let state = State::open(Store::memory());
        let [root, user, password] = lms.door();
        let way = Way {
            instance: "stage".to_owned(),
            root: root.parse().unwrap(),
            route: Route::default(),
            means: Means::Native(Admin {
                user,
                password: password.into(),
                typed_again: false,
            }),
        };
        let (session, captured) = runtime().block_on(async {
            let profile = Arc::new(profile::built_in().unwrap());
            let session = Session::open(way, profile, state.clone(), clock, &Cancel::new())
                .await
                .unwrap();
            let captured = walk(&session).await;
            (session, captured)
        });
        Self {
            lms,
            session,
            state,
            captured,
        }
    }

    /// The LMS.
    pub(super) fn lms(&self) -> &L {
        &self.lms
    }

    /// Names of the documents that can be written, ciphertext included or not.
    pub(super) fn writable(&self, with_ciphertext: bool) -> BTreeSet<String> {
        let encrypted = self.lms.encrypted();
        let documents = self.captured.documents.iter();
        documents
            .filter(|document| document.read_only.is_none())
            .map(|document| document.name().to_owned())
            .filter(|name| with_ciphertext || !encrypted.contains_key(name))
            .collect()
    }

    /// Every document as it was read.
    pub(super) fn shown(&self) -> BTreeMap<String, String> {
        let document = |d: &Document| (d.name().to_owned(), d.text.clone());
        self.captured.documents.iter().map(document).collect()
    }

    /// Changes one key of each of these documents, and gives what is wrong with what the LMS then holds.
    pub(super) fn change(&mut self, changes: &BTreeMap<String, Change>, by: By) -> Vec<String> {
        let before = self.lms.held();
        self.lms.sent();
        let mut faults = match by {
            By::Plan => self.restore(changes),
            By::Form => runtime().block_on(self.send(changes)),
        };
        let saves = self.lms.sent();
        if saves != changes.len() {
            faults.push(format!("{saves} saves for {} documents", changes.len()));
        }
        let after = self.lms.held();
        for (name, text) in &before {
            let wrong = match changes.get(name) {
                Some(change) => fault(change, text, &after[name]),
                None => {
                    (after[name] != *text).then(|| "it was changed, and nobody asked for that".to_owned())
                }
            };
            faults.extend(wrong.map(|wrong| format!("{name}: {wrong}")));
        }
        faults
    }

    /// Reads everything, restores just that, and gives what that would have changed.
    pub(super) fn leave(&mut self) -> Vec<String> {
        self.lms.sent();
        let (session, before) = (&self.session, self.lms.held());
        self.captured = runtime().block_on(walk(session));
        let plan = planned(&self.captured.documents, &self.captured.documents);
        let run = runtime().block_on(self.carry_out(&plan));
        let steps = plan.steps.iter().map(|step| format!("{step:?}"));
        let mut faults: Vec<String> = steps
            .chain(run.ended.iter().map(|ended| format!("{ended:?}")))
            .collect();
        if self.lms.sent() != 0 || self.lms.held() != before {
            faults.push("a restore of unchanged documents sent something".to_owned());
        }
        faults
    }

    /// Makes each change by a plan from what is there to what is wanted; gives what went wrong.
    fn restore(&self, changes: &BTreeMap<String, Change>) -> Vec<String> {
        let of = |text: fn(&Change) -> &String| -> Vec<Document> {
            let document = |(name, change): (&String, &Change)| self.document(name, text(change));
            changes.iter().map(document).collect()
        };
        let (live, wanted) = (of(|change| &change.before), of(|change| &change.after));
        let plan = planned(&wanted, &live);
        let exact = |step: &&plan::Step| step.wanted == changes[&step.document[PART.len()..]].after;
        if plan.steps.iter().filter(exact).count() != changes.len() {
            return vec![format!("the plan is another: {plan:?}")];
        }
        let ended = runtime().block_on(self.carry_out(&plan)).ended;
        let bad = ended.iter().filter(|ended| ended.outcome != Outcome::Written);
        bad.map(|ended| format!("{ended:?}")).collect()
    }

    /// Reads each page, sends its form with the new text, and reads it again; gives what went wrong.
    async fn send(&self, changes: &BTreeMap<String, Change>) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, change) in changes {
            let place = &self.captured.places[&format!("{PART}{name}")];
            let (known, none) = (&self.captured.lists[&place.part], Answers::new());
            let page = capture::open(&self.session, place, known, &none).await.unwrap();
            let sent = self.session.send(&page.editor, &change.after).await.unwrap();
            let again = capture::open(&self.session, place, known, &none).await.unwrap();
            let (before, after) = (&page.document.text, &again.document.text);
            if (before, after) != (&change.before, &change.after) {
                faults.push(format!("{name}: {before:?}, then {sent:?}, then {after:?}"));
            }
        }
        faults
    }

    async fn carry_out(&self, plan: &Plan) -> restore::Run {
        let began = Began {
            action: Action::Restore,
            backup: String::new(),
            safety: None,
            documents: Vec::new(),
            sent: Vec::new(),
            account: None,
            origin: None,
        };
        let mut journal = self.state.begin_run("stage", clock(), began).await.unwrap();
        let mut logbook = Logbook {
            journal: &mut journal,
            clock,
        };
        let rules = Rules::default();
        let (pages, cancel) = (Pages::of(&self.captured, &rules), Cancel::new());
        restore::run(
            &self.session,
            plan,
            pages,
            &|_| false,
            &mut logbook,
            &Silent,
            &cancel,
        )
        .await
    }

    fn document(&self, name: &str, text: &str) -> Document {
        Document {
            path: format!("{PART}{name}"),
            text: text.to_owned(),
            format: self.session.profile().parts[0].format.of(text),
            read_only: None,
        }
    }
}

async fn walk(session: &Session) -> Captured {
    let selection = Selection::new(&[], &[]).unwrap();
    let wishes = Wishes {
        answers: &Answers::new(),
        remembered: &BTreeMap::new(),
        selection: &selection,
    };
    capture::capture(session, wishes, &Silent, &Cancel::new())
        .await
        .unwrap()
}

fn planned(archived: &[Document], live: &[Document]) -> Plan {
    let input = PlanInput {
        rules: &Rules::default(),
        manner: Manner::Replace,
        habits: &Habits::default(),
        mask_is_unchanged: false,
        unseen: &|_| false,
        archived,
        live,
        selection: &Selection::new(&[], &[]).unwrap(),
        encrypted: Encrypted::Keep,
        own: true,
        last: &[],
        notices: &[],
        entered: &|_, _, _, _| None,
        foreign: &|_, _, _, _| false,
        given: &|_, _, _| None,
    };
    plan::make(&input).unwrap()
}

#[allow(clippy::disallowed_methods, reason = "a test is an edge, too")]
fn clock() -> Timestamp {
    Timestamp::now()
}
