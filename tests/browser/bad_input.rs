//! What people hand over by mistake: a sentence, the right exit code, and nothing sent.

use serde_json::json;

use crate::browser::{CLOSED, header};
use crate::rehearsal::Rehearsal;

#[test]
fn what_is_no_session_is_refused_before_anything_is_sent() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal.forget_requests();
    let cases: &[(&str, i32, &str)] = &[
        ("", 2, "nothing in it"),
        ("I have no idea", 2, "not understood"),
        ("JSESSIONID=AB\u{7}CD", 2, "control character"),
        ("curl 'http://127.0.0.1/' --compressed", 2, "sends no cookies"),
        ("curl 'http://127.0.0.1/' -b jar.txt", 2, "from a file"),
        (
            "curl 'https://bizx.example.com/' -b 'a=1'",
            9,
            "`bizx.example.com`",
        ),
        (
            "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t1000000000\tJSESSIONID\tAB\n",
            3,
            "have ended",
        ),
        ("{\"log\":{\"version\":\"1.2\",\"entries\":[]}}", 2, "--har FILE"),
    ];
    for (text, code, part) in cases {
        rehearsal
            .run_with(&rehearsal.put_file(text), &["backup", "stage"])
            .ends(*code)
            .says(part);
    }
    rehearsal
        .run(&["backup", "stage", "--cookies", "there-is-none.txt"])
        .ends(2)
        .says("cannot be read");
    rehearsal
        .run(&["backup", "stage", "--cookies", "x", "--password-stdin"])
        .ends(2);
    assert_eq!(rehearsal.requests().len(), 0);
}

#[test]
fn a_file_that_a_curl_line_names_is_not_opened() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let secret = rehearsal.put_file("S3cretOfTheFile");
    let line = header(&rehearsal.cookies("stage", &json!({})));
    let curl = format!("curl 'http://127.0.0.1:1/x' -H '{line}' --data '@{secret}'");
    let ran = rehearsal
        .run_with(&rehearsal.put_file(&curl), &["backup", "stage", "--only", "UI"])
        .ends(0)
        .says("was not opened");
    assert!(!(ran.out + &ran.err).contains("S3cretOfTheFile"));
}

#[test]
fn the_session_of_another_instance_is_refused() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let cookies = rehearsal.cookies("production", &json!({}));
    rehearsal.forget_requests();
    rehearsal
        .run_with(&rehearsal.put_file(&cookies.to_string()), &["backup", "stage"])
        .ends(9)
        .says("stage's sign-on leads to prod");
    assert_eq!(rehearsal.requests().len(), 0, "nothing is sent");
    // A bare header does not say whose it is: the instance does.
    rehearsal
        .run_with(&rehearsal.put_file(&header(&cookies)), &["backup", "stage"])
        .ends(3);
}

#[test]
fn a_browser_that_is_signed_in_elsewhere_only_is_told_so() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let own = rehearsal.cookies("stage", &json!({}));
    rehearsal.end_sessions("stage");
    let alone = rehearsal.put_file(&own.to_string());
    let said = "the browser holds cookies of `prod` as well";
    let ran = rehearsal.run_with(&alone, &["backup", "stage"]).ends(3);
    assert!(!ran.err.contains(said), "{}", ran.told());
    let mut both = own.as_array().unwrap().clone();
    both.extend(
        rehearsal
            .cookies("production", &json!({}))
            .as_array()
            .unwrap()
            .clone(),
    );
    let both = rehearsal.put_file(&json!(both).to_string());
    rehearsal.run_with(&both, &["backup", "stage"]).ends(3).says(said);
}

#[test]
fn a_sign_on_that_leads_to_the_source_is_told_by_its_host_and_by_its_marker_keys() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.play(&[CLOSED]);
    let marker = |key: &str| {
        let text = rehearsal.look("state", "production")["documents"]["BIZX"].clone();
        let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
        let at = text.find(&format!("{key}=")).unwrap() + key.len() + 1;
        text[at..].split(['\n', '\\', '"']).next().unwrap().to_owned()
    };
    let base = marker("baseURL");
    let company = marker("successFactorsCompanyID");
    let prod = rehearsal.practice.production.clone();
    for (target, code, part) in [
        (format!("{prod}/learning"), 9, "stage's sign-on leads to prod"),
        (format!("{base}/login"), 9, "stage's sign-on leads to prod"),
        (
            format!("https://performancemanager.example.com/login?company={company}"),
            9,
            "stage's sign-on leads to prod",
        ),
        (
            "https://idp.example.com/saml".to_owned(),
            3,
            "asks to sign in at `https://idp.example.com`",
        ),
    ] {
        let file = rehearsal.session_file();
        rehearsal.fault("GET", "main.do", 0, json!({ "redirect": target }));
        rehearsal
            .run_with(&file, &["backup", "stage"])
            .ends(code)
            .says(part);
    }
}

#[test]
fn cookies_in_place_of_a_file_are_not_shown() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let line = header(&rehearsal.cookies("stage", &json!({})));
    let ran = rehearsal
        .run(&["backup", "stage", "--cookies", &line])
        .ends(2)
        .says("takes the name of a file");
    assert!(!(ran.out + &ran.err).contains(&line[20..]));
}

#[test]
fn a_cookie_that_opens_nothing_masks_nothing() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let line = header(&rehearsal.cookies("stage", &json!({})));
    let file = rehearsal.put_file(&format!(
        "{line}; ok=true; seen=false; area=configuration; m=BIZX"
    ));
    rehearsal.run_with(&file, &["backup", "stage"]).ends(0);
    rehearsal.refresh();
    let file = rehearsal.put_file(&format!(
        "{}; ok=true; seen=false; area=configuration; m=BIZX",
        header(&rehearsal.cookies("stage", &json!({})))
    ));
    let ran = rehearsal
        .run_with(&file, &["diff", "stage", "--only", "UI"])
        .ends(1);
    assert!(
        ran.out.contains("configuration/UI") && ran.out.contains("true → false"),
        "{}",
        ran.out
    );
}
