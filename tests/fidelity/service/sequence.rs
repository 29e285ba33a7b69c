//! The sequence that the product is for: backup, refresh, diff, restore, diff, restore, undo.

use percent_encoding::percent_decode_str;

use crate::fidelity::service::{LIST, PROFILE, TOKENS, nothing_was_sent, start, use_profile, with_token};
use crate::journey::table::Row;
use crate::promises::side_by_side;
use crate::rehearsal::{Asked, Rehearsal, differences};

#[test]
fn wherever_the_token_comes_from() {
    side_by_side(TOKENS.to_vec(), |(scenario, lines)| {
        let rehearsal = start(&[scenario]);
        use_profile(&rehearsal, &with_token(lines));
        play(&rehearsal, &["service", scenario]);
    });
}

#[test]
fn in_german_with_keys_of_their_own() {
    play(
        &start(&["german", "key=instance"]),
        &["service", "german", "key=instance"],
    );
}

#[test]
fn a_body_made_of_members_is_as_good_where_the_service_takes_it() {
    let members = [
        "configurationID",
        "description",
        "lastChanged",
        "readOnly",
        "version",
        "editor",
        "configurationText",
    ];
    let members: Vec<String> = members.iter().map(|m| format!("{m} = \"/{m}\"")).collect();
    let body = format!("method = \"PUT\"\nbody = {{ {} }}", members.join(", "));
    let rehearsal = start(&[]);
    use_profile(&rehearsal, &PROFILE.replace("method = \"PUT\"", &body));
    play(&rehearsal, &["service", "token=field"]);
}

fn play(rehearsal: &Rehearsal, scenario: &[&str]) {
    let mut row = Row::new(scenario);
    let run = |words: &[&str], code: i32| {
        rehearsal.forget_requests();
        let ran = rehearsal.run(words).ends(code);
        // One a command, and one more that proves the way in once BIZX was written.
        let proves = usize::from(ran.out.contains("A new sign-in got in"));
        assert_eq!(rehearsal.sign_ins(), 1 + proves, "sign-ins: {}", ran.told());
        ran
    };

    run(&["backup", "stage"], 0)
        .says("Stored 56 documents of stage")
        .says("9 encrypted values");
    nothing_was_sent(rehearsal);
    row.passed();
    let before = rehearsal.state();
    rehearsal.refresh();
    let refreshed = rehearsal.state();

    run(&["diff", "stage"], 1);
    nothing_was_sent(rehearsal);
    assert_eq!(rehearsal.state(), refreshed);
    row.passed();

    run(&["restore", "stage", "--yes"], 8);
    let written = one_at_a_time(&rehearsal.requests());
    assert_eq!(
        written.last().map(String::as_str),
        Some("BIZX"),
        "BIZX comes last: {written:?}"
    );
    assert!(written.len() >= 10, "{written:?}");
    let restored = rehearsal.state();
    assert_eq!(differences(&before, &restored), Vec::<String>::new());
    row.passed();

    run(&["diff", "stage", "--encrypted", "ignore"], 0);
    run(&["restore", "stage", "--yes"], 8).says("Nothing to write.");
    nothing_was_sent(rehearsal);
    assert_eq!(rehearsal.state(), restored);
    row.passed();

    run(&["undo", "stage", "--yes"], 8);
    one_at_a_time(&rehearsal.requests());
    assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
    row.passed();
    rehearsal.refresh();
    row.done();
}

/// The file that an address names.
fn file_of(asked: &Asked) -> Option<String> {
    let name = asked.path.strip_prefix(LIST)?.strip_prefix('/')?;
    Some(percent_decode_str(name).decode_utf8().unwrap().into_owned())
}

/// Wants every save between two readings of the very file it saves, with nothing but the token's page beside them, and
/// each file once; gives the files in their order.
fn one_at_a_time(requests: &[Asked]) -> Vec<String> {
    let files: Vec<(String, bool)> = requests
        .iter()
        .filter_map(|asked| Some((file_of(asked)?, asked.method == "PUT")))
        .collect();
    let first = files.iter().position(|(_, put)| *put).expect("a save");
    let mut saved = Vec::new();
    for step in files[first - 1..].chunks(3) {
        let [(before, false), (name, true), (after, false)] = step else {
            panic!("a step is page, save, page: {step:#?}")
        };
        assert!(before == name && name == after, "{step:#?}");
        saved.push(name.clone());
    }
    let mut once = saved.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), saved.len(), "no file is saved twice: {saved:?}");
    saved
}
