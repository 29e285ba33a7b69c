//! Whatever tokens look like and wherever they stand, none gets into what is learned or said.

use proptest::prelude::{ProptestConfig, prop_assert, prop_oneof, proptest};
use proptest::strategy::Strategy;
use serde_json::json;

use crate::learn::tests::Tape;

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{32}",
        "[A-Z0-9]{4}(-[A-Z0-9]{4}){7}",
        "[A-Za-z0-9_-]{43}",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
        "ey[A-Za-z0-9]{20}\\.ey[A-Za-z0-9]{30}\\.[A-Za-z0-9_-]{43}",
    ]
}

/// A service with a token in a header, an id a request, a session in an address, and a cookie.
fn service(token: &str, other: &str) -> Tape {
    let record = json!({ "name": "BETA", "text": "key.of.the.text=1\n", "session": other });
    let headers = [("X-Guard", token), ("X-Trace", other)];
    let set = [
        ("Content-Type", "text/html"),
        ("Set-Cookie", &format!("route={other}; Path=/")),
    ];
    Tape::default()
        .add(
            "GET",
            &format!("/app/;sid={other}"),
            &[],
            None,
            (200, &set, "<p>x</p>"),
        )
        .json(
            &format!("/api/session?key={other}"),
            &json!({ "guard": token, "user": "KEEPER" }),
        )
        .json(
            &format!("/api/files?key={other}"),
            &json!([{ "name": "ALPHA" }, { "name": "BETA" }]),
        )
        .json(&format!("/api/files/BETA?key={other}"), &record)
        .call(
            "PUT",
            &format!("/api/files/BETA?key={other}&t={token}"),
            &headers,
            &record,
            (200, "{}"),
        )
}

/// A form with a token in its fields and in every address.
fn classic(token: &str, other: &str) -> Tape {
    let link = |name: &str| format!("<li><a href='/edit?f={name}&amp;t={token}'>{name}</a></li>");
    let form = format!(
        "<h1>BETA</h1><form method=post action='/save?t={token}'><input type=hidden name=guard value='{other}'>
         <textarea name=body>key.of.the.text=1</textarea><input type=submit name=ok value=Save></form>"
    );
    let pairs = [("guard", other), ("body", "key.of.the.text=1"), ("ok", "Save")];
    Tape::default()
        .page(
            &format!("/list?t={token}"),
            &format!(
                "<h1>All</h1><ul>{}{}{}</ul>",
                link("ALPHA"),
                link("BETA"),
                link("GAMMA")
            ),
        )
        .page(&format!("/edit?f=BETA&t={token}"), &form)
        .form(&format!("/save?t={token}"), &pairs, 302, "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_token_gets_into_a_profile_or_a_message(token in token(), other in token()) {
        for tape in [service(&token, &other), classic(&token, &other)] {
            let (_, learned) = tape.fits();
            let said = format!("{} {:?} {:?}", learned.toml, learned.found, learned.notes);
            prop_assert!(!said.contains(&token), "{said}");
            prop_assert!(!said.contains(&other), "{said}");
        }
    }
}
