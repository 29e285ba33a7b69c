//! What an instance was seen to do with a save: learned from what is read, and said beforehand the next time.

use crate::backup::{Habits, KeyOf};
use crate::plan::tests::{Case, PATH, document};
use crate::plan::{
    Encrypted, KeyAt, Left, Observed, ReadBack, Warning, Why, leave, named, observe, readback, reread,
};
use crate::sensitive::Rules;

const OLD: &str = "q83vEjRWeJCrze8SNFZ4kA==";
const NEW: &str = "AAECAwQFBgcICQoLDA0ODw==";
const TWICE: &str = "Zm9vYmFyMTIzNDU2Nzg5MDEy";

const PASSWORD: &str = "connector.ftp.password";

fn of(key: &str) -> KeyOf {
    KeyOf {
        document: PATH.to_owned(),
        key: key.to_owned(),
    }
}

fn at(key: &str) -> KeyAt {
    KeyAt {
        key: key.to_owned(),
        occurrence: 1,
    }
}

fn observed(archived: &str, live: &str, read: &str) -> Observed {
    let step = Case::of(archived, live).plan().steps.remove(0);
    observe(&Rules::default(), &step, read, false)
}

#[test]
fn a_value_that_comes_back_otherwise_is_learned_as_encrypted() {
    let seen = observed(
        "x.code=hunter2\na=1\n",
        "x.code=7\na=2\n",
        &format!("x.code={NEW}\na=1\n"),
    );
    assert_eq!(seen.habits.encrypts, [of("x.code")].into());
    assert_eq!((seen.broken, seen.sealed), (vec![at("x.code")], vec![]));
    assert!(!seen.habits.encrypts_again && seen.nothing_else);
}

#[test]
fn a_field_of_a_form_that_is_worded_anew_is_not() {
    let step = Case::of("time=2:00\nb=1\n", "time=5:00\nb=2\n")
        .plan()
        .steps
        .remove(0);
    let seen = |read: &str, of_fields| observe(&Rules::default(), &step, read, of_fields);
    assert_eq!(seen("time=02:00:00\nb=1\n", true), Observed::default());
    for (read, of_fields) in [
        ("time=02:00:00\nb=1\n".to_owned(), false),
        (format!("time={NEW}\nb=1\n"), true),
        ("time=********\nb=1\n".to_owned(), true),
    ] {
        assert_eq!(
            seen(&read, of_fields).habits.encrypts,
            [of("time")].into(),
            "{read}"
        );
    }
}

#[test]
fn what_is_only_tidied_or_emptied_is_not() {
    for (sent, came) in [("TRUE", "true"), ("a b ", "a b"), ("x", "")] {
        let seen = observed(
            &format!("k={sent}\nb=1\n"),
            "k=old\nb=2\n",
            &format!("k={came}\nb=1\n"),
        );
        assert_eq!(seen.habits, Habits::default(), "{sent}");
        assert!(seen.broken.is_empty());
    }
    // Somebody else changed a key in clear meanwhile.
    let seen = observed("a=1\nb=2\n", "a=0\nb=2\n", "a=1\nb=9\n");
    assert_eq!(seen, Observed::default());
}

#[test]
fn a_key_that_keeps_its_value_is_sealed() {
    let seen = observed("a=1\nb=2\nc=3\n", "a=0\nb=0\nd=4\n", "a=1\nb=0\nc=3\nd=4\n");
    assert_eq!(seen.sealed, [at("b"), at("d")]);
    assert_eq!(seen.habits.sealed, [of("b"), of("d")].into());
    assert!(seen.nothing_else && seen.broken.is_empty());
}

#[test]
fn ciphertext_that_was_sent_back_and_changed_is_encrypted_again() {
    let text = |a: u8, cipher: &str| format!("a={a}\n{PASSWORD}={cipher}\nx.code={OLD}\n");
    let seen = observed(&text(1, OLD), &text(2, NEW), &text(1, TWICE));
    assert!(seen.habits.encrypts_again && seen.nothing_else);
    assert_eq!(seen.broken, [at(PASSWORD)]);
    // The same under a name that says nothing.
    let seen = observed(&text(1, NEW), &text(2, NEW), &text(1, NEW).replace(OLD, TWICE));
    assert!(seen.habits.encrypts_again);
    assert_eq!(seen.habits.encrypts, [of("x.code")].into());
}

#[test]
fn archived_ciphertext_that_was_asked_for_and_encrypted_tells_nothing_of_what_is_sent_back() {
    let text = |a: u8, cipher: &str| format!("a={a}\n{PASSWORD}={cipher}\n");
    let case = Case::of(&text(1, OLD), &text(2, NEW)).encrypted(Encrypted::Archived);
    let step = case.plan().steps.remove(0);
    let seen = observe(&Rules::default(), &step, &text(1, TWICE), false);
    assert!(!seen.habits.encrypts_again);
    assert_eq!(seen.broken, [at(PASSWORD)]);
}

#[test]
fn ciphertext_that_reads_otherwise_each_time_is_named() {
    let text = |a: u8, cipher: &str| format!("a={a}\nx.code={cipher}\nb=2\n");
    let step = Case::of(&text(1, OLD), &text(2, OLD)).plan().steps.remove(0);
    let adapted = reread(&Rules::default(), &step, &text(2, NEW)).unwrap();
    assert_eq!(adapted.reread, [at("x.code")]);
    // What is sent is what was just read, and proves nothing of that key.
    assert_eq!(
        (adapted.seen.as_str(), adapted.wanted.as_str()),
        (&*text(2, NEW), &*text(1, NEW))
    );
    let read = |a: u8| readback(&Rules::default(), &adapted, &text(a, TWICE));
    assert_eq!((read(1), read(2)), (ReadBack::Equal, ReadBack::Old));
    assert!(matches!(read(3), ReadBack::Differs(_)));
    // Anything else that differs is a change nobody saw.
    for now in [
        text(3, NEW),
        text(2, NEW) + "c=1\n",
        text(2, "hunter2"),
        "# x\n".to_owned() + &text(2, NEW),
    ] {
        assert!(reread(&Rules::default(), &step, &now).is_none(), "{now}");
    }
    // So is a value that the plan itself would change.
    let step = Case::of(&text(1, TWICE), &text(2, OLD)).plan().steps.remove(0);
    assert!(reread(&Rules::default(), &step, &text(2, NEW)).is_none());
}

#[test]
fn a_refused_key_is_left_and_the_rest_is_sent() {
    let step = Case::of("a=1\nb.URL=1\nc=1\n", "a=2\nb.URL=2\nd=2\n")
        .plan()
        .steps
        .remove(0);
    let said = |said: &str| {
        named(&step, said)
            .into_iter()
            .map(|at| at.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(said("The value of b.URL cannot be changed."), ["b.URL"]);
    assert_eq!(said("{\"message\":\"Key 'd' is sealed\"}"), ["d"]);
    assert!(said("xb.URL b.URLs b.URL.x: a c The changes could not be applied").is_empty());
    let left = leave(&step, &[at("b.URL"), at("d")]).unwrap();
    assert_eq!(left.wanted, "a=1\nb.URL=2\nd=2\nc=1\n");
    assert!(leave(&step, &[at("a"), at("b.URL"), at("c"), at("d")]).is_none());
}

#[test]
fn sealed_keys_are_left_and_said_beforehand() {
    let mut case = Case::of("a=1\nb=1\nc=1\n", "a=2\nb=2\nd=2\n");
    case.habits.sealed = [of("a"), of("c"), of("d")].into();
    assert_eq!(case.wanted(), "a=2\nb=1\nd=2\n");
    let left = |key: &str| Left {
        document: PATH.to_owned(),
        at: at(key),
    };
    assert_eq!(case.plan().sealed, [left("a"), left("c"), left("d")]);
    case.live[0].text = case.wanted();
    assert!(case.plan().is_empty());
    assert_eq!(case.plan().sealed.len(), 3);
    case.archived[0].text = case.wanted();
    assert!(case.plan().sealed.is_empty());
}

#[test]
fn where_ciphertext_is_encrypted_again_a_plan_says_what_it_breaks() {
    let text = |a: u8, cipher: &str| format!("a={a}\n{PASSWORD}={cipher}\n");
    let mut case = Case::of(&text(1, OLD), &text(2, OLD));
    assert!(case.plan().waits.is_empty() && case.plan().steps[0].warnings.is_empty());
    assert_eq!(case.plan().steps[0].kept, [at(PASSWORD)]);
    case.habits.encrypts_again = true;
    let plan = case.plan();
    assert_eq!(
        plan.steps[0].warnings,
        [Warning::Again {
            keys: vec![at(PASSWORD)]
        }]
    );
    assert_eq!((plan.waits.len(), plan.waits[0].why), (1, Why::Again));
    // Nothing is saved, nothing is broken.
    let unchanged = Case {
        habits: case.habits.clone(),
        ..Case::of(&text(1, OLD), &text(1, OLD))
    };
    assert!(unchanged.plan().waits.is_empty());
    // What is emptied or entered is not sent back.
    case.given.insert(PASSWORD.to_owned(), "real".to_owned());
    let mut entered = Case::of(&text(1, OLD), &text(2, NEW));
    entered.habits = case.habits.clone();
    entered.given = case.given.clone();
    assert!(entered.plan().steps[0].warnings.is_empty() && entered.plan().waits.is_empty());
    let cleared = case.encrypted(Encrypted::Clear);
    assert!(cleared.plan().steps[0].warnings.is_empty());
}

#[test]
fn a_merge_keeps_keys_comments_and_order_that_are_new() {
    let mut case = Case::of("# old\na=1\nb=1\nz=1\n", "# new\nb=2\n# why c\nc=2\na=2\n");
    case.merge = true;
    assert_eq!(case.wanted(), "# new\nb=1\nz=1\n# why c\nc=2\na=1\n");
    assert!(case.plan().steps[0].dropped.is_empty());
    assert_eq!(case.plan().steps[0].stays, [at("c")]);
    case.merge = false;
    assert_eq!(case.wanted(), case.archived[0].text);
    assert_eq!(case.plan().steps[0].dropped, [at("c")]);
}

#[test]
fn taking_back_leaves_what_was_changed_since() {
    let safety = "# c\na=1\nb=1\nonly.before=1\nboth=0\n";
    let put = "a=2\nb=2\nonly.put=2\nboth=0\n";
    let mut case = Case::of(safety, put);
    case.undone = Some((vec![document(PATH, put)], put.to_owned()));
    // Untouched since: all of it, comments too.
    assert_eq!(case.wanted(), safety);
    assert!(case.plan().changed_since.is_empty());
    // A value that was entered since is no change of the document.
    let password = |cipher: &str| format!("{PASSWORD}={cipher}\n");
    let mut entered = Case::of(
        &(safety.to_owned() + &password(OLD)),
        &(put.to_owned() + &password(TWICE)),
    );
    entered.undone = Some((vec![document(PATH, put)], put.to_owned() + &password(NEW)));
    assert_eq!(entered.wanted(), safety.to_owned() + &password(TWICE));
    // Somebody has changed one key, and added one.
    case.live[0].text = "a=2\nb=3\nonly.put=2\nboth=0\nadded=3\n".to_owned();
    assert_eq!(case.wanted(), "a=1\nb=3\nonly.before=1\nboth=0\nadded=3\n");
    let keys: Vec<_> = case
        .plan()
        .changed_since
        .into_iter()
        .map(|left| left.at.key)
        .collect();
    assert_eq!(keys, ["b", "added"]);
    // What the run has not changed is somebody's, also where it reads as it was put.
    case.untouched = vec!["a".to_owned()];
    assert_eq!(case.wanted(), "a=2\nb=3\nonly.before=1\nboth=0\nadded=3\n");
    case.untouched.clear();
    // And again: the plan is done.
    case.live[0].text = case.wanted();
    assert!(case.plan().is_empty());
}

#[test]
fn a_plain_document_that_was_changed_since_is_not_taken_back() {
    let mut case = Case::of("<a>1</a>\n", "<a>2</a>\n");
    case.undone = Some((vec![document(PATH, "<a>2</a>\n")], "<a>2</a>\n".to_owned()));
    assert_eq!(case.wanted(), "<a>1</a>\n");
    case.live[0].text = "<a>3</a>\n".to_owned();
    assert!(case.plan().refused[0].why.contains("changed by somebody since"));
}

#[test]
fn ciphertext_of_the_source_in_a_backup_waits_whatever_is_asked_for() {
    for key in [PASSWORD, "x.code"] {
        for mode in [Encrypted::Keep, Encrypted::Archived] {
            let mut case = Case::of(&format!("{key}={OLD}\n"), &format!("{key}={NEW}\n")).encrypted(mode);
            case.foreign = vec![OLD.to_owned()];
            assert!(case.plan().is_empty(), "{key}");
            assert_eq!(case.plan().waits[0].why, Why::Kept);
        }
    }
}

#[test]
fn masks_inside_values_are_never_sent() {
    for mask in [
        r#"{"user":"a","password":"*****"}"#,
        "<a><password>*****</password></a>",
        r#"password="*****""#,
        "user=a;pwd='*****'",
        "run --password *****",
        "a=1&password=%2A%2A%2A%2A",
        "https://user:****@host/",
    ] {
        let case = Case::of(&format!("z={mask}\n"), "z=real\n");
        assert!(case.plan().is_empty(), "{mask}");
    }
    for clear in [
        "*** STAGE ***",
        "0 0 * * *",
        "/**/*.js",
        "******",
        "see *** below",
    ] {
        let case = Case::of(&format!("z={clear}\n"), "z=other\n");
        assert_eq!(case.plan().is_empty(), clear == "******", "{clear}");
    }
}

#[test]
fn what_is_learned_is_remembered_until_a_person_says_otherwise() {
    let (mut habits, backups) = (Habits::default(), [of("b")].into());
    habits.add(&Habits {
        encrypts: [of("a")].into(),
        ..Habits::default()
    });
    assert_eq!(habits.learned(&backups), [of("a"), of("b")].into());
    assert!(habits.unlearn(&of("a"), &backups) && habits.unlearn(&of("b"), &backups));
    assert!(!habits.unlearn(&of("b"), &backups) && !habits.unlearn(&of("c"), &backups));
    assert!(habits.learned(&backups).is_empty());
    // Seen anew.
    habits.add(&Habits {
        encrypts: [of("b")].into(),
        ..Habits::default()
    });
    assert_eq!(habits.learned(&backups), [of("b")].into());
}
