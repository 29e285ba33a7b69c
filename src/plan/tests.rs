use std::collections::BTreeMap;

use crate::backup::{Document, Format, Habits};
use crate::diff::{Change, State};
use crate::error::Kind;
use crate::plan::{Encrypted, KeyAt, Manner, Notice, Plan, PlanInput, Warning, fingerprint, make};
use crate::selection::Selection;
use crate::sensitive::Rules;

pub(super) const PATH: &str = "configuration/CONNECTORS";
pub(super) const OLD: &str = "CANARYold4Zk9qT1vX0mP7sR2uW5yB8==";
pub(super) const NEW: &str = "CANARYnew6Hd3fJ8lN1pQ4tV7xZ0bD2==";

pub(super) fn document(path: &str, text: &str) -> Document {
    Document {
        path: path.to_owned(),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    }
}

/// Everything a plan is made from, to be changed by each test.
pub(super) struct Case {
    pub(super) archived: Vec<Document>,
    pub(super) live: Vec<Document>,
    pub(super) selection: Selection,
    pub(super) encrypted: Encrypted,
    pub(super) last: Vec<String>,
    pub(super) notices: Vec<Notice>,
    /// The live values that count as entered.
    pub(super) entered: Vec<String>,
    /// Real values by key.
    pub(super) given: BTreeMap<String, String>,
    pub(super) habits: Habits,
    /// Keys that the run to be taken back has not changed.
    pub(super) untouched: Vec<String>,
    /// Ciphertexts of another instance.
    pub(super) foreign: Vec<String>,
    pub(super) mask_is_unchanged: bool,
    pub(super) merge: bool,
    /// What the run to be taken back was putting there, and the text it left.
    pub(super) undone: Option<(Vec<Document>, String)>,
}

impl Case {
    /// One document.
    pub(super) fn of(archived: &str, live: &str) -> Self {
        Self::with(vec![document(PATH, archived)], vec![document(PATH, live)])
    }

    pub(super) fn with(archived: Vec<Document>, live: Vec<Document>) -> Self {
        Self {
            archived,
            live,
            selection: Selection::default(),
            encrypted: Encrypted::Keep,
            last: Vec::new(),
            notices: Vec::new(),
            entered: Vec::new(),
            given: BTreeMap::new(),
            habits: Habits::default(),
            untouched: Vec::new(),
            foreign: Vec::new(),
            mask_is_unchanged: false,
            merge: false,
            undone: None,
        }
    }

    pub(super) fn select(mut self, only: &[&str], except: &[&str]) -> Self {
        let owned = |patterns: &[&str]| patterns.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        self.selection = Selection::new(&owned(only), &owned(except)).unwrap();
        self
    }

    pub(super) fn encrypted(mut self, encrypted: Encrypted) -> Self {
        self.encrypted = encrypted;
        self
    }

    pub(super) fn plan(&self) -> Plan {
        let entered =
            |_: &str, _: &str, _: usize, value: &str| self.entered.iter().any(|v| v == value).then_some(true);
        let left = |_: &str| {
            let (_, left) = self.undone.as_ref()?;
            Some(fingerprint(&Rules::default(), PATH, left))
        };
        let manner = match (&self.undone, self.merge) {
            (Some((put, _)), _) => Manner::TakeBack {
                put,
                left: &left,
                wrote: &|_, key, _| !self.untouched.iter().any(|untouched| untouched == key),
            },
            (None, true) => Manner::Merge,
            (None, false) => Manner::Replace,
        };
        let input = PlanInput {
            rules: &Rules::default(),
            manner,
            habits: &self.habits,
            mask_is_unchanged: self.mask_is_unchanged,
            unseen: &|_| false,
            archived: &self.archived,
            live: &self.live,
            selection: &self.selection,
            encrypted: self.encrypted,
            own: true,
            last: &self.last,
            notices: &self.notices,
            entered: &entered,
            foreign: &|_, _, _, value| self.foreign.iter().any(|foreign| foreign == value),
            given: &|_, key, _| self.given.get(key).map(|v| v.clone().into()),
        };
        make(&input).unwrap()
    }

    /// The text the first step would write, or live's where there is none.
    pub(super) fn wanted(&self) -> String {
        self.plan()
            .steps
            .first()
            .map_or_else(|| self.live[0].text.clone(), |step| step.wanted.clone())
    }
}

fn paths(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.document.as_str()).collect()
}

#[test]
fn sorts_documents_by_what_becomes_of_them() {
    let archived = ["c/B", "c/Case", "c/GONE", "c/SAME"]
        .map(|path| document(path, "a=1\n"))
        .to_vec();
    let mut live = ["c/B", "c/CASE", "c/NEW", "c/SAME"]
        .map(|path| document(path, "a=1\n"))
        .to_vec();
    live[0].text = "a=2\nb=3\n".to_owned();
    live[1].text = "a=2\n".to_owned();
    live[3].text = "a=1\r\n".to_owned();
    let plan = Case::with(archived, live).plan();
    assert_eq!(paths(&plan), ["c/B", "c/CASE"]);
    assert_eq!(plan.unchanged, ["c/SAME"]);
    assert_eq!(plan.only_live, ["c/NEW"]);
    assert_eq!(plan.only_archived, ["c/GONE"]);
    assert!(plan.refused.is_empty() && plan.waits.is_empty() && !plan.is_empty());
    let step = &plan.steps[0];
    assert_eq!(
        (step.seen.as_str(), step.wanted.as_str()),
        ("a=2\nb=3\n", "a=1\n")
    );
    assert_eq!(
        step.dropped,
        [KeyAt {
            key: "b".to_owned(),
            occurrence: 1
        }]
    );
    assert_eq!(step.changes.state, State::Changed);
    let changes: Vec<_> = step
        .changes
        .keys
        .iter()
        .map(|k| (k.key.as_str(), k.change, k.to.as_deref()))
        .collect();
    assert_eq!(
        changes,
        [("a", Change::Changed, Some("1")), ("b", Change::Removed, None)]
    );
}

#[test]
fn what_is_not_selected_is_not_in_the_plan() {
    let archived = ["c/A", "c/B", "c/GONE"]
        .map(|path| document(path, "a=1\n"))
        .to_vec();
    let live = ["c/A", "c/B", "c/NEW"]
        .map(|path| document(path, "a=2\n"))
        .to_vec();
    let plan = Case::with(archived, live).select(&["A"], &[]).plan();
    assert_eq!(paths(&plan), ["c/A"]);
    assert!(plan.only_live.is_empty() && plan.only_archived.is_empty() && plan.unchanged.is_empty());
}

#[test]
fn what_comes_last_comes_last() {
    let both = |text: &str| {
        ["c/BIZX", "c/SSO", "c/A", "c/Z"]
            .map(|path| document(path, text))
            .to_vec()
    };
    let mut case = Case::with(both("a=1\n"), both("a=2\n"));
    case.last = vec!["sso".to_owned(), "c/bizx".to_owned()];
    assert_eq!(paths(&case.plan()), ["c/A", "c/Z", "c/SSO", "c/BIZX"]);
}

#[test]
fn a_read_only_document_is_refused_only_if_it_would_change() {
    let mut case = Case::of("a=1\n", "a=2\n");
    case.live[0].read_only = Some("The page has no button that saves.".to_owned());
    let plan = case.plan();
    assert!(plan.is_empty());
    let why = format!("`{PATH}` cannot be changed on this instance: The page has no button that saves.");
    assert_eq!(
        (plan.refused[0].document.as_str(), plan.refused[0].why.as_str()),
        (PATH, why.as_str())
    );
    case.live[0].text = "a=1\n".to_owned();
    assert_eq!(case.plan().unchanged, [PATH]);
}

#[test]
fn a_text_no_page_can_carry_is_refused() {
    for (text, what) in [
        ("a=1\nb=\0\n", "a NUL character"),
        ("a=1\nb=2\rc=3\n", "a carriage return that is no line end"),
    ] {
        let plan = Case::of(text, "a=1\n").plan();
        assert!(plan.is_empty());
        assert_eq!(
            plan.refused[0].why,
            format!(
                "`{PATH}` cannot be written back: line 2 holds {what}, which a text field of a page cannot carry."
            )
        );
    }
    assert_eq!(Case::of("a=1\r\nb=2\r\n", "a=1\n").wanted(), "a=1\nb=2\n");
}

#[test]
fn ciphertext_of_another_instance_is_never_sent() {
    let documents = [document(PATH, "a=1\n")];
    let everything = Selection::default();
    let rules = Rules::default();
    let habits = Habits::default();
    let input = PlanInput {
        rules: &rules,
        manner: Manner::Replace,
        habits: &habits,
        mask_is_unchanged: false,
        unseen: &|_| false,
        archived: &documents,
        live: &documents,
        selection: &everything,
        encrypted: Encrypted::Archived,
        own: false,
        last: &[],
        notices: &[],
        entered: &|_, _, _, _| None,
        foreign: &|_, _, _, _| false,
        given: &|_, _, _| None,
    };
    let error = make(&input).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        make(&PlanInput {
            encrypted: Encrypted::Keep,
            ..input
        })
        .is_ok()
    );
}

#[test]
fn a_notice_is_said_when_its_key_changes_to_its_value() {
    let mut case = Case::of("login=true\nx=1\n", "login=false\nx=2\n");
    let notice = |value: Option<&str>| Notice {
        document: "connectors".to_owned(),
        key: "login".to_owned(),
        value: value.map(str::to_owned),
        text: "This closes native login.".to_owned(),
    };
    let said = |case: &Case| case.plan().steps[0].warnings.clone();
    let warning = Warning::Notice {
        key: "login".to_owned(),
        text: "This closes native login.".to_owned(),
    };
    for value in [None, Some("TRUE")] {
        case.notices = vec![notice(value)];
        assert_eq!(said(&case), std::slice::from_ref(&warning));
    }
    case.notices = vec![notice(Some("false"))];
    assert_eq!(said(&case), []);
    case.notices = vec![notice(None)];
    case.live[0].text = "login=true\n".to_owned();
    assert_eq!(said(&case), []);
}

#[test]
fn nothing_printed_of_a_plan_holds_a_secret() {
    let text = |secret: &str, x: u8| {
        format!(
            "connector.ftp.password={secret}\nx={x}\n#connector.ftp.password={secret}\nurl=sftp://user:{secret}@host/\n"
        )
    };
    let mut case = Case::of(&text(OLD, 1), &text(NEW, 2));
    for encrypted in [Encrypted::Keep, Encrypted::Archived, Encrypted::Clear] {
        case.encrypted = encrypted;
        let plan = case.plan();
        assert_eq!(plan.steps.len(), 1);
        let printed = format!("{plan:?}{}", serde_json::to_string(&plan).unwrap());
        assert!(!printed.contains("CANARY"), "{printed}");
    }
}

#[test]
fn a_large_document_does_not_take_long() {
    let text = |odd: &str| {
        (0..5000)
            .map(|i| format!("key.{i}={}\n", if i % 2 == 0 { odd } else { "x" }))
            .collect::<String>()
    };
    let plan = Case::of(&text("old"), &text("new"))
        .select(&["CONNECTORS:key.*"], &[])
        .plan();
    assert_eq!(plan.steps[0].changes.keys.len(), 2500);
}
