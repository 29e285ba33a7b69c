use crate::plan::tests::{Case, NEW, OLD};
use crate::plan::{
    Difference, Encrypted, EnteredAs, KeyAt, LineDifference, ReadBack, Step, entered_as, readback,
};
use crate::sensitive::Rules;

fn step(archived: &str, live: &str) -> Step {
    Case::of(archived, live).plan().steps.remove(0)
}

fn differs(step: &Step, read: &str) -> Difference {
    match readback(&Rules::default(), step, read) {
        ReadBack::Differs(difference) => difference,
        other => panic!("{other:?}"),
    }
}

fn line(line: usize, wanted: Option<&str>, read: Option<&str>) -> LineDifference {
    LineDifference {
        line,
        wanted: wanted.map(str::to_owned),
        read: read.map(str::to_owned),
    }
}

#[test]
fn what_reads_back_but_for_line_ends_is_equal() {
    let step = step("a=1\nb=2\n", "a=1\nb=3\n");
    for read in ["a=1\nb=2\n", "a=1\r\nb=2\r\n", "a=1\nb=2"] {
        assert_eq!(readback(&Rules::default(), &step, read), ReadBack::Equal);
    }
    assert_eq!(
        readback(&Rules::default(), &step, "a=1\r\nb=3\r\n"),
        ReadBack::Old
    );
}

#[test]
fn lines_that_read_different_are_named() {
    let step = step("a=1\nb=2\nc=3\n", "a=1\n");
    assert_eq!(
        differs(&step, "a=1\nb=x\nc=3\nd=4\n").lines,
        [line(2, Some("b=2"), Some("b=x")), line(4, None, Some("d=4")),]
    );
    assert_eq!(differs(&step, "b=2\nc=3\n").lines, [line(1, Some("a=1"), None)]);
    let lost = super::tests::Case::of("\n\na=1\n", "a=2\n")
        .plan()
        .steps
        .remove(0);
    assert_eq!(differs(&lost, "\na=1\n").lines.len(), 1);
}

#[test]
fn a_kept_value_that_the_server_changed_is_named_but_not_shown() {
    let text = |value: &str, a: u8| format!("a={a}\nconnector.ftp.password={value}\n");
    let step = step(&text(OLD, 1), &text(NEW, 2));
    let again = NEW.replace("new", "twice");
    let difference = differs(&step, &text(&again, 1));
    let at = KeyAt {
        key: "connector.ftp.password".to_owned(),
        occurrence: 1,
    };
    let entered = [at];
    assert_eq!(difference.changed_by_server, entered);
    let hidden = "connector.ftp.password=‹secret›";
    assert_eq!(difference.lines, [line(2, Some(hidden), Some(hidden))]);
    assert!(!serde_json::to_string(&difference).unwrap().contains("CANARY"));

    let enters = Step {
        entered: entered.to_vec(),
        ..step.clone()
    };
    assert_eq!(
        readback(&Rules::default(), &enters, &text(&again, 1)),
        ReadBack::Equal
    );
    assert_eq!(
        differs(&enters, &text(&again, 3)).lines,
        [line(1, Some("a=1"), Some("a=3"))]
    );
    assert!(differs(&enters, &text(&again, 3)).changed_by_server.is_empty());
    assert_eq!(readback(&Rules::default(), &enters, &text(NEW, 2)), ReadBack::Old);
}

#[test]
fn a_document_without_keys_is_compared_by_line() {
    let step = step("<a>\n<b>1</b>\n</a>\n", "<a>\n<b>2</b>\n</a>\n");
    assert_eq!(
        differs(&step, "<a>\n<b>3</b>\n</a>\n").lines,
        [line(2, Some("<b>1</b>"), Some("<b>3</b>"))]
    );
}

#[test]
fn archived_ciphertext_that_the_server_changed_is_named_too() {
    let text = |value: &str| format!("connector.ftp.password={value}\n");
    let step = Case::of(&text(OLD), &text(NEW))
        .encrypted(Encrypted::Archived)
        .plan()
        .steps
        .remove(0);
    assert_eq!(readback(&Rules::default(), &step, &text(OLD)), ReadBack::Equal);
    let at = KeyAt {
        key: "connector.ftp.password".to_owned(),
        occurrence: 1,
    };
    for read in [text("*****"), String::new()] {
        assert_eq!(differs(&step, &read).changed_by_server, std::slice::from_ref(&at));
    }
}

/// A step that enters the real value of the one key that waits.
fn entering(archived: &str, live: &str, value: &str) -> Step {
    let mut case = Case::of(archived, live);
    case.given
        .insert("connector.ftp.password".to_owned(), value.to_owned());
    let plan = case.plan();
    assert!(plan.waits.is_empty());
    plan.steps.into_iter().next().unwrap()
}

#[test]
fn a_value_that_was_entered_is_told_by_how_it_reads() {
    let text = |value: &str, a: u8| format!("a={a}\nconnector.ftp.password={value}\n");
    let step = entering(&text(OLD, 1), &text(NEW, 2), "the real one");
    assert_eq!(step.wanted, text("the real one", 1));
    let how = |read: &str| entered_as(&step, read)[0].1;
    let again = NEW.replace("new", "other");
    for (value, wanted) in [
        (again.as_str(), EnteredAs::Encrypted),
        ("the real one", EnteredAs::Clear),
        ("*****", EnteredAs::Mask),
        (NEW, EnteredAs::AsBefore),
    ] {
        assert_eq!(
            readback(&Rules::default(), &step, &text(value, 1)),
            ReadBack::Equal,
            "{value}"
        );
        assert_eq!(how(&text(value, 1)), wanted);
    }
    assert_eq!(readback(&Rules::default(), &step, &text(NEW, 2)), ReadBack::Old);
    assert_eq!(differs(&step, &text(&again, 3)).lines.len(), 1);
    assert!(!format!("{step:?}").contains("real one"));
    assert!(!serde_json::to_string(&step).unwrap().contains("real one"));
}

#[test]
fn a_write_of_nothing_but_a_value_has_arrived_when_it_reads_otherwise() {
    let text = |value: &str| format!("connector.ftp.password={value}\n");
    let step = entering(&text(OLD), &text(NEW), "the real one");
    assert_eq!(readback(&Rules::default(), &step, &text(NEW)), ReadBack::Old);
    assert_eq!(readback(&Rules::default(), &step, &text(OLD)), ReadBack::Equal);
    // Behind a mask nothing is seen, before and after.
    let masked = entering(&text(OLD), &text("*****"), "the real one");
    assert!(masked.warnings.is_empty(), "{:?}", masked.warnings);
    assert_eq!(
        readback(&Rules::default(), &masked, &text("*****")),
        ReadBack::Equal
    );
}

#[test]
fn a_value_that_live_lacks_is_entered_where_the_backup_has_it() {
    let step = entering("a=1\nconnector.ftp.password=x\nb=2\n", "a=1\nb=2\n", " lead\\ing");
    assert_eq!(step.wanted, "a=1\nconnector.ftp.password=\\ lead\\\\ing\nb=2\n");
}
