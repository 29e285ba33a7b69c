//! Everything that can be wrong with words, names, addresses and the configuration file.

use crate::cli::program::Program;

fn add(url: &str) -> String {
    Program::new().tell(&["instance", "add", "stage", "--url", url])
}

#[test]
fn unknown_command() {
    insta::assert_snapshot!(Program::new().tell(&["instnace", "list"]), @"
    exit code 2
    --- stderr
    error: There is no command `lmskeep instnace`.
    hint: did you mean `instance`?
    hint: lmskeep --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "lst"]), @"
    exit code 2
    --- stderr
    error: There is no command `lmskeep instance lst`.
    hint: did you mean `list`?
    hint: lmskeep instance --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance"]), @"
    exit code 2
    --- stderr
    error: `lmskeep instance` alone does nothing; a command is missing.
    hint: lmskeep instance --help
    ");
}

#[test]
fn unknown_option() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "add", "x", "--rol", "test"]), @"
    exit code 2
    --- stderr
    error: `lmskeep instance add` has no option `--rol`.
    hint: did you mean `--role`?
    hint: lmskeep instance add --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "list", "--nonsense"]), @"
    exit code 2
    --- stderr
    error: `lmskeep instance list` has no option `--nonsense`.
    hint: lmskeep instance list --help
    ");
}

#[test]
fn missing_words() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "add"]), @"
    exit code 2
    --- stderr
    error: `lmskeep instance add` needs `--url <URL>` and `<NAME>`.
    hint: lmskeep instance add --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "add", "x", "--url"]), @"
    exit code 2
    --- stderr
    error: A value is missing after `--url <URL>`.
    hint: lmskeep instance add --help
    ");
}

#[test]
fn a_word_too_many_is_not_repeated() {
    let told = Program::new().tell(&["instance", "show", "stage", "hunter2"]);
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told, @"
    exit code 2
    --- stderr
    error: `lmskeep instance show` was given a word too many.
    hint: lmskeep instance show --help
    ");
}

#[test]
fn a_value_that_is_not_taken() {
    insta::assert_snapshot!(Program::new().tell(&["completions", "bsh"]), @"
    exit code 2
    --- stderr
    error: `<SHELL>` does not take `bsh`.
    hint: did you mean `bash`?
    hint: lmskeep completions --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "list", "--color", "sometimes"]), @"
    exit code 2
    --- stderr
    error: `--color <WHEN>` does not take `sometimes`.
    hint: it takes: auto, always, never
    hint: lmskeep instance list --help
    ");
    insta::assert_snapshot!(Program::new().tell(&["instance", "add", "x", "--url", "https://x.com", "--role", "stage"]), @"
    exit code 2
    --- stderr
    error: `--role <ROLE>` does not take `stage`.
    hint: it takes: production, test
    hint: lmskeep instance add --help
    ");
}

#[test]
fn wrong_words_under_json() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "lst", "--json"]), @r#"
    exit code 2
    --- stdout
    {"schema":"lmskeep/error/1","error":"There is no command `lmskeep instance lst`.","exitCode":2,"hints":["did you mean `list`?","lmskeep instance --help"]}
    --- stderr
    error: There is no command `lmskeep instance lst`.
    hint: did you mean `list`?
    hint: lmskeep instance --help
    "#);
}

#[test]
fn name_that_is_none() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "add", "ACME Stage", "--url", "https://x.com"]), @"
    exit code 2
    --- stderr
    error: `ACME Stage` is no name for an instance: it takes lower-case letters, digits, `-`, `.` and `_`, and begins with a letter or a digit.
    hint: a name it takes is `acme-stage`
    ");
}

#[test]
fn addresses() {
    insta::assert_snapshot!(add("http://stage.plateau.com/learning"), @"
    exit code 2
    --- stderr
    error: `stage.plateau.com` would be reached over plain http, where passwords can be read on the way.
    hint: use `https://stage.plateau.com`; plain http is for `localhost` and `127.0.0.1` only
    ");
    insta::assert_snapshot!(add("ftp://stage.plateau.com"), @"
    exit code 2
    --- stderr
    error: An LMS is not reached over `ftp`.
    hint: an address looks like `https://stage.plateau.com`
    ");
    insta::assert_snapshot!(add("https://"), @"
    exit code 2
    --- stderr
    error: `https://` is no web address.
    hint: an address looks like `https://stage.plateau.com`
    ");
    let told = add("https://ADMIN:hunter2@stage.plateau.com");
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told, @"
    exit code 2
    --- stderr
    error: The address at `stage.plateau.com` has a user name or a password in it.
    hint: leave them out of the address; name the admin with `--user USER`
    ");
}

#[test]
fn unknown_instance() {
    let program = Program::new();
    insta::assert_snapshot!(program.tell(&["instance", "show", "stage"]), @"
    exit code 2
    --- stderr
    error: There is no instance `stage`.
    hint: lmskeep instance add NAME --url URL --user USER --role test
    ");
    program.write_config("[instance.stage]\nurl='https://a.com'\n[instance.stage-2]\nurl='https://b.com'\n");
    insta::assert_snapshot!(program.tell(&["instance", "show", "stgae"]), @"
    exit code 2
    --- stderr
    error: There is no instance `stgae`.
    hint: did you mean `stage` or `stage-2`?
    hint: lmskeep instance list
    ");
    insta::assert_snapshot!(program.tell(&["instance", "show", "production"]), @"
    exit code 2
    --- stderr
    error: There is no instance `production`.
    hint: lmskeep instance list
    ");
    insta::assert_snapshot!(program.tell(&["instance", "remove", "stgae", "--json"]), @r#"
    exit code 2
    --- stdout
    {"schema":"lmskeep/error/1","error":"There is no instance `stgae`.","exitCode":2,"hints":["did you mean `stage` or `stage-2`?","lmskeep instance list"]}
    --- stderr
    error: There is no instance `stgae`.
    hint: did you mean `stage` or `stage-2`?
    hint: lmskeep instance list
    "#);
}

#[test]
fn configuration_file() {
    let program = Program::new();
    let told = |text: &str| {
        program.write_config(text);
        program.tell(&["instance", "list"])
    };
    insta::assert_snapshot!(told("[instance.a]\nurl = 'https://a.com'\nurll = 'x'\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 3: unknown field `urll`, expected one of `url`, `user`, `role`, `source`, `profile`, `password_command`, `proxy`, `ca`, `client_cert`, `pages`, `identity`.
    ");
    insta::assert_snapshot!(told("[instance.a]\nurl = 'http://a.com'\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 2: `a.com` would be reached over plain http, where passwords can be read on the way.
    ");
    insta::assert_snapshot!(told("[instance.a]\nurl = 'https://a.com'\nrole = 'stage'\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 3: unknown variant `stage`, expected `production` or `test`.
    ");
    insta::assert_snapshot!(told("# \n\n[instance.A]\nurl = 'https://a.com'\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 3: `A` is no name for an instance: it takes lower-case letters, digits, `-`, `.` and `_`, and begins with a letter or a digit.
    ");
    insta::assert_snapshot!(told("[instance.a]\nuser = 'X'\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 1: missing field `url`.
    ");
    insta::assert_snapshot!(told("[instance.a\n"), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is wrong in line 1: unclosed table, expected `]`.
    ");
    let secret = told("[instance.a]\nurl = 'https://A:hunter2@a.com'\n");
    assert!(!secret.contains("hunter2"), "{secret}");
}

#[test]
fn a_configuration_file_in_another_encoding() {
    let program = Program::new();
    #[allow(clippy::disallowed_methods, reason = "an editor saved it as UTF-16")]
    std::fs::write(program.config(), b"\xff\xfe[\0").unwrap();
    insta::assert_snapshot!(program.tell(&["instance", "list"]), @"
    exit code 2
    --- stderr
    error: The configuration file `[HOME]/config.toml` is not UTF-8 text.
    hint: save it again as UTF-8
    ");
}

#[test]
fn a_wrong_configuration_file_is_never_overwritten() {
    let program = Program::new();
    program.write_config("[instance.a]\nurll = 'x'\n");
    assert_eq!(
        program
            .run(&["instance", "add", "b", "--url", "https://b.com"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        std::fs::read_to_string(program.config()).unwrap(),
        "[instance.a]\nurll = 'x'\n"
    );
}
