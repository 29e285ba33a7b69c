//! Seeing that a refresh took place: by one page where its address is known, and by its list where that does not do.

use serde_json::{Value, json};

use crate::rehearsal::Rehearsal;

/// What freezes stage after a refresh, unattended.
const FREEZE: [&str; 5] = ["after", "stage", "--freeze-only", "--yes", "--json"];

impl Rehearsal {
    /// The requests to System Configuration since requests were forgotten, as their pages are called.
    fn asked_of_configuration(&self) -> Vec<String> {
        let requests = self.requests().into_iter().map(|asked| asked.path);
        let of_configuration = requests.filter(|path| path.contains("/sysconfig/"));
        let page = |path: String| {
            path.rsplit('/')
                .next()
                .unwrap()
                .split('&')
                .next()
                .unwrap()
                .to_owned()
        };
        of_configuration.map(page).collect()
    }
}

const BIZX: &str = "editConfiguration.do?configurationID=BIZX";

#[test]
fn a_refresh_is_seen_by_one_page_and_without_its_list() {
    for words in [&[][..], &["token=link"], &["bound"]] {
        let rehearsal = Rehearsal::overwritten(words);
        rehearsal.run(&FREEZE).ends(0).says("was refreshed");
        assert_eq!(rehearsal.asked_of_configuration(), [BIZX], "{words:?}");
        assert_eq!(rehearsal.operation()["mailOn"], false, "{words:?}");
    }
}

#[test]
fn where_the_page_is_another_one_or_gone_the_list_leads_to_it() {
    let wrong: [Value; 3] = [
        json!("wrong-document"),
        json!("field-missing"),
        json!({ "status": 404 }),
    ];
    for effect in wrong {
        let rehearsal = Rehearsal::overwritten(&[]);
        let is_read_anyway = effect == json!("field-missing");
        rehearsal.fault("GET", "configurationID=BIZX", 0, effect.clone());
        rehearsal.run(&FREEZE).ends(0).says("was refreshed");
        let asked = rehearsal.asked_of_configuration();
        assert_eq!(asked[0], BIZX, "{effect}");
        // The version that a save needs is no affair of a page that is only read.
        assert_eq!(asked.len() > 1, !is_read_anyway, "{effect}: {asked:?}");
        assert_eq!(rehearsal.operation()["mailOn"], false, "{effect}");
    }
}

#[test]
fn that_nothing_shows_a_refresh_is_believed_of_the_list_alone() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.forget_requests();
    rehearsal
        .run(&FREEZE)
        .ends(8)
        .says("Nothing shows that stage was refreshed");
    let asked = rehearsal.asked_of_configuration();
    assert_eq!(asked[0], BIZX);
    assert!(
        asked.iter().any(|page| page.starts_with("listConfigurations.do")),
        "{asked:?}"
    );
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn what_was_said_of_the_list_since_then_counts() {
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal
        .run(&[
            "instance",
            "set",
            "stage",
            "page",
            "system-configuration=System Configuration",
        ])
        .ends(0);
    rehearsal.run(&FREEZE).ends(0).says("was refreshed");
    let asked = rehearsal.asked_of_configuration();
    assert!(asked[0].starts_with("listConfigurations.do"), "{asked:?}");
}
