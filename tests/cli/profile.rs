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
    error: The profile `[HOME]/profiles/acme.toml` cannot be used, line 8: unknown field `adress`, expected one of `id`, `path`, `title`, `shape`, `permission`, `labels`, `via`, `address`, `format`, `recommended`, `last`, `list`, `edit`, `service`.
    hint: docs/profiles.md describes every key of a profile
    ");
    insta::assert_snapshot!(program.tell(&["profile", "list"]), @"
    exit code 0
    --- stdout
    name          kind      used by  about
    sap-learning  built in           SAP SuccessFactors Learning, classic administration pages
    acme          own       stage    cannot be used
    --- stderr
    warning: The profile `[HOME]/profiles/acme.toml` cannot be used, line 8: unknown field `adress`, expected one of `id`, `path`, `title`, `shape`, `permission`, `labels`, `via`, `address`, `format`, `recommended`, `last`, `list`, `edit`, `service`
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
