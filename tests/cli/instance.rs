//! Instances from the first to the last command.

use crate::cli::program::Program;

const STAGE: [&str; 9] = [
    "instance",
    "add",
    "stage",
    "--url",
    "https://stage.plateau.com/learning/admin/main.do?fromSF=y",
    "--user",
    "ADMIN",
    "--role",
    "test",
];

fn with_both() -> Program {
    let program = Program::new();
    assert!(
        program
            .run(&[
                "instance",
                "add",
                "prod",
                "--url",
                "https://prod.plateau.com",
                "--user",
                "ADMIN"
            ])
            .status
            .success()
    );
    assert!(
        program
            .run(&[&STAGE[..], &["--source", "prod"]].concat())
            .status
            .success()
    );
    program
}

#[test]
fn add_keeps_the_root_of_the_address_and_makes_the_home() {
    let program = Program::new();
    insta::assert_snapshot!(program.tell(&STAGE), @"
    exit code 0
    --- stdout
    Added stage: https://stage.plateau.com/ (test).
    ");
    insta::assert_snapshot!(std::fs::read_to_string(program.config()).unwrap(), @r#"
    [instance.stage]
    url = "https://stage.plateau.com/"
    user = "ADMIN"
    role = "test"
    "#);
}

#[test]
fn add_says_what_looks_odd() {
    let program = Program::new();
    insta::assert_snapshot!(program.tell(&["instance", "add", "stage", "--url", "localhost", "--source", "prod"]), @"
    exit code 0
    --- stdout
    Added stage: https://localhost/ (production).
    --- stderr
    warning: the source `prod` is not known yet
    hint: lmskeep instance add prod --url URL --user USER --role production
    hint: say who signs in: `lmskeep instance set stage user USER`
    ");
    insta::assert_snapshot!(program.tell(&["instance", "add", "twin", "--url", "https://localhost", "--user", "A", "--quiet"]), @"
    exit code 0
    --- stdout
    Added twin: https://localhost/ (production).
    --- stderr
    warning: `stage` is the same LMS: both have the address https://localhost/
    ");
}

#[test]
fn add_refuses_a_name_that_is_taken() {
    insta::assert_snapshot!(with_both().tell(&STAGE), @"
    exit code 2
    --- stderr
    error: There is an instance `stage` already.
    hint: lmskeep instance show stage
    hint: lmskeep instance set stage url URL
    ");
}

#[test]
fn add_refuses_itself_as_source() {
    insta::assert_snapshot!(Program::new().tell(&[&STAGE[..], &["--source", "stage"]].concat()), @"
    exit code 2
    --- stderr
    error: `stage` cannot be its own source.
    hint: the source is the instance that a refresh copies from, most often production
    ");
}

#[test]
fn add_refuses_a_profile_file_that_is_not_there_and_keeps_one_that_is() {
    let program = Program::new();
    insta::assert_snapshot!(program.tell(&[&STAGE[..], &["--profile", "./none.toml"]].concat()), @"
    exit code 2
    --- stderr
    error: There is no profile file `./none.toml`.
    ");
    program.write_config("");
    let profile = program.config().display().to_string();
    assert!(
        program
            .run(&[&STAGE[..], &["--profile", &profile]].concat())
            .status
            .success()
    );
    let told = program.tell(&["instance", "show", "stage"]);
    assert!(told.contains("profile           [HOME]/config.toml\n"), "{told}");
}

#[test]
fn list() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "list"]), @"
    exit code 0
    --- stderr
    No instance is known yet.
    hint: lmskeep instance add NAME --url URL --user USER --role test
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "list", "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/instance-list/1","instances":[]}
    --- stderr
    No instance is known yet.
    hint: lmskeep instance add NAME --url URL --user USER --role test
    "#);
    insta::assert_snapshot!(with_both().tell(&["instance", "list"]), @"
    exit code 0
    --- stdout
    name   role        url                         user   source
    prod   production  https://prod.plateau.com/   ADMIN
    stage  test        https://stage.plateau.com/  ADMIN  prod
    ");
    insta::assert_snapshot!(with_both().tell(&["instance", "list", "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/instance-list/1","instances":[{"ca":null,"clientCert":null,"hasPasswordCommand":false,"identity":{},"name":"prod","pages":{},"profile":null,"proxy":null,"role":"production","source":null,"url":"https://prod.plateau.com/","user":"ADMIN"},{"ca":null,"clientCert":null,"hasPasswordCommand":false,"identity":{},"name":"stage","pages":{},"profile":null,"proxy":null,"role":"test","source":"prod","url":"https://stage.plateau.com/","user":"ADMIN"}]}
    "#);
}

#[test]
fn show_never_shows_a_password_command() {
    let program = with_both();
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "password-command", "echo hunter2"]), @"
    exit code 0
    --- stdout
    Changed stage: password_command is set.
    ");
    insta::assert_snapshot!(program.tell(&["instance", "show", "stage"]), @"
    exit code 0
    --- stdout
    setting           value
    name              stage
    url               https://stage.plateau.com/
    role              test
    user              ADMIN
    source            prod
    profile           (SAP's pages)
    password_command  (set)
    ");
    insta::assert_snapshot!(program.tell(&["instance", "show", "stage", "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/instance-show/1","instance":{"ca":null,"clientCert":null,"hasPasswordCommand":true,"identity":{},"name":"stage","pages":{},"profile":null,"proxy":null,"role":"test","source":"prod","url":"https://stage.plateau.com/","user":"ADMIN"},"sessionTaken":null}
    "#);
    assert!(
        std::fs::read_to_string(program.config())
            .unwrap()
            .contains("password_command = \"echo hunter2\"")
    );
}

#[test]
fn set_answers_where_a_page_is() {
    let program = with_both();
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "page", "system-configuration=System Configuration"]), @"
    exit code 0
    --- stdout
    Changed stage: page system-configuration is System Configuration.
    ");
    let told = program.tell(&["instance", "show", "stage"]);
    assert!(
        told.contains("page system-configuration  System Configuration\n"),
        "{told}"
    );
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "page", "system-configuration="]), @"
    exit code 0
    --- stdout
    Changed stage: page system-configuration is no longer set.
    ");
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "page", "System Configuration"]), @"
    exit code 2
    --- stderr
    error: `System Configuration` has no name and `=` in front of what to set.
    hint: write it as `page system-configuration=URL-or-menu-entry`
    ");
}

#[test]
fn set_refuses_what_a_setting_does_not_take() {
    let program = with_both();
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "rolle", "test"]), @"
    exit code 2
    --- stderr
    error: An instance has no setting `rolle`.
    hint: did you mean `role`?
    hint: the settings are: url, user, role, source, profile, password_command, proxy, ca, client_cert, page, identity
    ");
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "role", "stage"]), @"
    exit code 2
    --- stderr
    error: `stage` is no role; an instance is `production` or `test`.
    ");
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "url", "http://stage.plateau.com"]), @"
    exit code 2
    --- stderr
    error: `stage.plateau.com` would be reached over plain http, where passwords can be read on the way.
    hint: use `https://stage.plateau.com`; plain http is for `localhost` and `127.0.0.1` only
    ");
    insta::assert_snapshot!(program.tell(&["instance", "set", "stage", "source", "stage"]), @"
    exit code 2
    --- stderr
    error: `stage` cannot be its own source.
    hint: the source is the instance that a refresh copies from, most often production
    ");
    insta::assert_snapshot!(program.tell(&["instance", "set", "satge", "role", "test"]), @"
    exit code 2
    --- stderr
    error: There is no instance `satge`.
    hint: did you mean `stage`?
    hint: lmskeep instance list
    ");
}

#[test]
fn remove_names_who_is_left_behind() {
    let program = with_both();
    insta::assert_snapshot!(program.tell(&["instance", "remove", "prod"]), @"
    exit code 0
    --- stdout
    Removed prod; its backups stay in the archive.
    --- stderr
    warning: 1 instance still names `prod` as source: `stage`
    ");
    insta::assert_snapshot!(program.tell(&["instance", "remove", "prod"]), @"
    exit code 2
    --- stderr
    error: There is no instance `prod`.
    hint: lmskeep instance list
    ");
    insta::assert_snapshot!(program.tell(&["instance", "remove", "stage", "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/instance-remove/1","removed":"stage"}
    "#);
    assert_eq!(std::fs::read_to_string(program.config()).unwrap(), "");
}

#[test]
fn a_persons_comments_survive() {
    let program = Program::new();
    program.write_config("# ours\n[instance.a] # first\nurl = 'https://a.com/' # root\n");
    assert!(
        program
            .run(&["instance", "set", "a", "url", "https://b.com"])
            .status
            .success()
    );
    assert!(
        program
            .run(&["instance", "add", "b", "--url", "https://c.com"])
            .status
            .success()
    );
    assert!(program.run(&["instance", "remove", "b"]).status.success());
    let text = std::fs::read_to_string(program.config()).unwrap();
    assert_eq!(
        text,
        "# ours\n[instance.a] # first\nurl = \"https://b.com/\" # root\n"
    );
}
