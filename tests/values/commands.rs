//! Values that a command prints.

use crate::rehearsal::Rehearsal;

const KEY: &str = "SSO:sso.sp.keystore.password";

#[test]
fn a_command_that_prints_the_value_is_used_and_one_that_fails_leaves_it_waiting() {
    let rehearsal = Rehearsal::start(&["key=instance"]);
    let healthy = rehearsal.health();
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    rehearsal.refresh();
    let enter = &[
        "restore",
        "stage",
        "--yes",
        "--encrypted",
        "enter",
        "--only",
        "SSO",
    ];
    for (command, part) in [
        ("exit 3", "failed with exit code 3"),
        ("true", "printed nothing"),
        ("printf 'a\\nb'", "more than one line"),
    ] {
        rehearsal
            .run(&["secret", "set", "stage", KEY, "--command", command])
            .ends(0);
        rehearsal
            .run(enter)
            .ends(8)
            .says(part)
            .says("sso.sp.keystore.password");
    }
    let real = rehearsal.real_values();
    let (_, _, value) = real.iter().find(|(document, _, _)| document == "SSO").unwrap();
    rehearsal
        .run(&[
            "secret",
            "set",
            "stage",
            KEY,
            "--command",
            &format!("printf '%s\\n' '{value}'"),
        ])
        .ends(0);
    let ran = rehearsal.run(enter).ends(0).says("Entered 1 value");
    assert!(!(ran.out + &ran.err).contains(value.as_str()));
    let sso = |health: &serde_json::Value| {
        health
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| name.to_lowercase().contains("sso") || name.to_lowercase().contains("sign"))
            .map(|(_, v)| v.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(sso(&rehearsal.health()), sso(&healthy));
}
