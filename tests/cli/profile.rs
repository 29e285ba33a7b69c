//! `lmskeep profile` and the profiles that instances name.

use crate::cli::program::Program;

const OWN: &str = "schema = \"lmskeep/profile/1\"\nname = \"acme\"\nabout = \"Acme's pages\"\nextends = \"sap-learning\"\n\n\
                   [[part]]\nid = \"system-configuration\"\naddress = \"learning/config.do\" # request 7\n";

/// A program that has an own profile, and an instance that uses it.
fn acme(profile: &str) -> Program {
    let program = Program::new();
    program.write_config(
        "[instance.stage]\nurl = \"https://stage.example.com/\"\nrole = \"test\"\nprofile = \"acme\"\n",
    );
    write_profile(&program, "acme", profile);
    program
}

fn write_profile(program: &Program, name: &str, text: &str) {
    let folder = program.home().join("profiles");
    #[allow(clippy::disallowed_methods, reason = "a person keeps this file")]
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join(format!("{name}.toml")), text))
        .unwrap();
}

#[test]
fn list_names_the_profiles_and_who_uses_them() {
    let program = acme(OWN);
    insta::assert_snapshot!(program.tell(&["profile", "list"]), @"
    exit code 0
    --- stdout
    name          kind      used by  about
    sap-learning  built in           SAP SuccessFactors Learning, classic administration pages
    acme          own       stage    Acme's pages
    ");
    let json = program.tell(&["profile", "list", "--json"]);
    assert!(json.contains("\"schema\":\"lmskeep/profile-list/1\""), "{json}");
    assert!(json.contains("\"instances\":[\"stage\"]"), "{json}");
}

#[test]
fn show_says_of_each_line_where_it_came_from() {
    let program = acme(OWN);
    let said = program.tell(&[
        "instance",
        "set",
        "stage",
        "page",
        "system-configuration.text=content",
    ]);
    assert!(said.contains("exit code 0"), "{said}");
    let told = program.tell(&["profile", "show", "stage"]);
    let line = |begin: &str| {
        told.lines()
            .find(|line| line.starts_with(begin))
            .map(str::to_owned)
    };
    insta::assert_debug_snapshot!(
        [line("page = "), line("address = "), line("text = \"content"), line("about")],
        @r#"
    [
        Some(
            "page = \"learning/admin/nativelogin.jsp\"      # built in",
        ),
        Some(
            "address = \"learning/config.do\"               # given: acme, line 8",
        ),
        Some(
            "text = \"content\"                             # given",
        ),
        Some(
            "about = \"Acme's pages\"                       # given: acme, line 3",
        ),
    ]
    "#
    );
    let learned = OWN.replace("extends", "learned = \"lmskeep\"\nextends");
    write_profile(&program, "acme", &learned);
    let told = program.tell(&["profile", "show", "acme"]);
    assert!(told.contains("# learned: request 7"), "{told}");
    assert!(!told.contains("# given"), "{told}");
    let json = program.tell(&["profile", "show", "acme", "--json"]);
    assert!(
        json.contains(
            "{\"comment\":\"request 7\",\"from\":\"learned\",\"line\":9,\"profile\":\"acme\",\"text\":\"address"
        ),
        "{json}"
    );
}

#[test]
fn a_profile_that_is_not_there_or_has_a_fault_is_told() {
    let program = acme(OWN);
    insta::assert_snapshot!(program.tell(&["profile", "show", "acne"]), @"
    exit code 2
    --- stderr
    error: There is no profile `acne`.
    hint: did you mean `acme`?
    hint: lmskeep profile list
    ");
    let set = ["instance", "set", "stage", "profile", "sap-lerning"];
    insta::assert_snapshot!(program.tell(&set), @"
    exit code 2
    --- stderr
    error: There is no profile `sap-lerning`.
    hint: did you mean `sap-learning`?
    hint: lmskeep profile list
    ");
    write_profile(&program, "acme", &OWN.replace("address", "adress"));
    insta::assert_snapshot!(program.tell(&["profile", "show", "stage"]), @"
    exit code 2
    --- stderr
    error: The profile `[HOME]/profiles/acme.toml` cannot be used, line 8: unknown field `adress`, expected one of `id`, `path`, `title`, `shape`, `permission`, `labels`, `via`, `onward`, `address`, `single`, `switch`, `first`, `needs`, `remove`, `optional`, `format`, `recommended`, `last`, `list`, `edit`, `service`.
    hint: docs/profiles.md describes every key of a profile
    ");
    insta::assert_snapshot!(program.tell(&["profile", "list"]), @"
    exit code 0
    --- stdout
    name          kind      used by  about
    sap-learning  built in           SAP SuccessFactors Learning, classic administration pages
    acme          own       stage    cannot be used
    --- stderr
    warning: The profile `[HOME]/profiles/acme.toml` cannot be used, line 8: unknown field `adress`, expected one of `id`, `path`, `title`, `shape`, `permission`, `labels`, `via`, `onward`, `address`, `single`, `switch`, `first`, `needs`, `remove`, `optional`, `format`, `recommended`, `last`, `list`, `edit`, `service`
    ");
    write_profile(&program, "acme", &OWN.replace("profile/1", "profile/2"));
    insta::assert_snapshot!(program.tell(&["profile", "show", "stage"]), @"
    exit code 2
    --- stderr
    error: The profile `[HOME]/profiles/acme.toml` is of a newer version (`lmskeep/profile/2`, line 1) than this lmskeep reads (`lmskeep/profile/1`).
    hint: update lmskeep, or use a profile that was made for this one
    ");
    write_profile(
        &program,
        "acme",
        &OWN.replace("name = \"acme\"", "name = \"other\""),
    );
    insta::assert_snapshot!(program.tell(&["profile", "show", "stage"]), @"
    exit code 2
    --- stderr
    error: The profile `[HOME]/profiles/acme.toml` calls itself `other`: its `name` must be that of its file.
    ");
}

#[test]
fn learn_and_test_refuse_wrong_words() {
    let program = acme(OWN);
    let learn = |words: &[&str]| program.tell(&[&["profile", "learn", "none.har"], words].concat());
    insta::assert_snapshot!(learn(&["--name", "new"]), @"
    exit code 2
    --- stderr
    error: The recording `none.har` cannot be read.
    cause: No such file or directory (os error 2)
    ");
    insta::assert_snapshot!(learn(&["--name", "acme"]), @"
    exit code 2
    --- stderr
    error: There is a profile `acme` already.
    hint: lmskeep profile show acme
    hint: `--replace` writes over it
    ");
    insta::assert_snapshot!(learn(&["--name", "sap-learning"]), @"
    exit code 2
    --- stderr
    error: `sap-learning` is the built-in profile's name.
    hint: take another name
    ");
    insta::assert_snapshot!(learn(&["--name", "Acme Pages"]), @"
    exit code 2
    --- stderr
    error: `Acme Pages` is no name for a profile: it takes lower-case letters, digits, `-`, `.` and `_`, and begins with a letter or a digit.
    ");
    insta::assert_snapshot!(learn(&["--name", "new", "--answer", "text"]), @"
    exit code 2
    --- stderr
    error: `text` is no answer: it is written KEY=VALUE, as the hint beside the question has it.
    ");
    insta::assert_snapshot!(learn(&["--name", "new", "--part", "System Configuration"]), @"
    exit code 2
    --- stderr
    error: `System Configuration` is no id of a part: it takes lower-case letters, digits and `-`.
    ");
    insta::assert_snapshot!(program.tell(&["profile", "test", "acne", "none.har"]), @"
    exit code 2
    --- stderr
    error: There is no profile `acne`.
    hint: did you mean `acme`?
    hint: lmskeep profile list
    ");
}

/// A recording of one request that saves nothing.
const SAVELESS: &str = r#"{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":
"2026-11-23T10:00:00Z","time":1,"request":{"method":"GET","url":"https://stage.example.com/","headers":[],"cookies":[]},
"response":{"status":200,"headers":[],"cookies":[],"content":{"mimeType":"text/html","text":"<p>x</p>"}}}]}}"#;

#[test]
fn a_recording_without_a_save_says_what_to_click() {
    let program = acme(OWN);
    let har = program.home().join("one.har");
    #[allow(clippy::disallowed_methods, reason = "a browser writes this file")]
    std::fs::write(&har, SAVELESS).unwrap();
    let har = har.to_str().unwrap();
    insta::assert_snapshot!(program.tell(&["profile", "learn", har, "--name", "new"]), @r#"
    exit code 2
    --- stderr
    error: The recording shows no save: nothing was sent that could change anything.
    hint: record again, with "Preserve log" and "Disable cache" ticked: open the list, open one file, press the button that saves once, change nothing
    "#);
    assert!(!program.home().join("profiles/new.toml").exists());
    insta::assert_snapshot!(program.tell(&["profile", "test", "acme", har]), @"
    exit code 2
    --- stderr
    error: The recording does not show the list of the profile `acme`: no answer with a body came from `learning/config.do`.
    hint: lmskeep profile learn HAR --name NAME
    hint: lmskeep check INSTANCE looks at the real pages
    ");
    insta::assert_snapshot!(program.tell(&["profile", "learn", har, "--name", "new", "--json"]), @r#"
    exit code 2
    --- stdout
    {"schema":"lmskeep/error/1","error":"The recording shows no save: nothing was sent that could change anything.","exitCode":2,"hints":["record again, with \"Preserve log\" and \"Disable cache\" ticked: open the list, open one file, press the button that saves once, change nothing"]}
    --- stderr
    error: The recording shows no save: nothing was sent that could change anything.
    hint: record again, with "Preserve log" and "Disable cache" ticked: open the list, open one file, press the button that saves once, change nothing
    "#);
}
