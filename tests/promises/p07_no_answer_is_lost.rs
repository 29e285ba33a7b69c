//! Promise 7, where somebody stops the program or runs it twice while the answer to a password is on its way.

use serde_json::json;

use super::p07_no_refused_password_twice::{with_wrong_password, wrong_tries};
use crate::promises::signal;
use crate::rehearsal::{Ran, Rehearsal};

const WORDS: [&str; 2] = ["backup", "stage"];

fn slow_sign_in() -> Rehearsal {
    let rehearsal = with_wrong_password();
    rehearsal.fault("POST", "nativeLogin.do", 0, json!({ "delay-ms": 1000 }));
    rehearsal
}

fn wait_for_sign_in(rehearsal: &Rehearsal) {
    rehearsal.wait_for("the sign-in", |requests| {
        requests.iter().any(|asked| asked.is_sign_in())
    });
}

#[cfg(unix)]
#[test]
fn who_stops_it_while_the_password_is_on_its_way_does_not_make_it_forget() {
    let rehearsal = slow_sign_in();
    let child = rehearsal.begin(&WORDS);
    wait_for_sign_in(&rehearsal);
    signal(&child, "INT");
    let ran = Ran::of(&WORDS, child.wait_with_output().unwrap());
    assert!([3, 130].contains(&ran.code), "{}", ran.told());
    rehearsal.run(&WORDS).ends(3).says("not tried again");
    assert_eq!((rehearsal.sign_ins(), wrong_tries(&rehearsal)), (1, 1));
}

#[test]
fn of_two_programs_at_once_one_finds_out_for_both() {
    let rehearsal = slow_sign_in();
    let first = rehearsal.begin(&WORDS);
    wait_for_sign_in(&rehearsal);
    let others: Vec<_> = (0..3).map(|_| rehearsal.begin(&WORDS)).collect();
    for child in others {
        let ran = Ran::of(&WORDS, child.wait_with_output().unwrap());
        ran.ends(3).says("not tried again");
    }
    Ran::of(&WORDS, first.wait_with_output().unwrap()).ends(3);
    assert_eq!((rehearsal.sign_ins(), wrong_tries(&rehearsal)), (1, 1));
}
