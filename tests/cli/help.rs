//! What the program says of itself.

use crate::cli::program::Program;

#[test]
fn the_program_names_its_commands() {
    insta::assert_snapshot!(Program::new().tell(&["--help"]), @"
    exit code 0
    --- stdout
    Carries the configuration of an SAP SuccessFactors Learning instance across a refresh

    Usage: lmskeep [OPTIONS] <COMMAND>

    Commands:
      instance      Say which LMS instances there are
      login         Prove a password once and keep it, or take a browser's session over
      logout        Remove an instance's passwords from the keyring, and forget a browser's session
      backup        Store all documents of an instance in the archive
      before        See to everything before a refresh, item by item
      ready         Say yes or no: may the refresh come?
      after         See to everything after a refresh, item by item
      check         Walk every page of the LMS and say what is found and what is missing
      profile       Say what the pages of an LMS are like, and learn it from a recording
      list          List the backups in the archive
      diff          Show what changed between two backups, or a backup and the instance
      scan          Find everything in a refreshed instance that still points at the source
      restore       Put the documents of a backup back, after showing the plan
      freeze        Switch off, after a refresh, mail, connectors and automatic processes
      thaw          Switch on again, after a refresh, what was on before it
      purge-emails  Delete, after a refresh, unsent mail that came over from the source
      undo          Bring back what the last restore replaced
      explain       Say what is publicly known of a key or a configuration file
      secret        List the encrypted values, and say where their real values lie
      show          Show a backup, or one document of it
      history       Say which backups changed a document, or a key of it
      export        Write a backup as files that a person can read and paste
      import        Store files copied by hand as a backup
      verify        Read every backup and say whether all are whole
      demo          Play a whole refresh on practice instances, in a few seconds
      practice      Serve two practice instances to rehearse a refresh on
      completions   Print what your shell needs to complete the words of lmskeep
      man           Print or write the manual pages

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Options of every command:
          --json            Print one JSON object in place of text
          --quiet           Print results, warnings and errors only
      -v, --verbose...      Say what is asked of the instance; twice says more
          --color <WHEN>    When to use colours: auto, always or never
          --yes             Answer yes; before a production instance is written to, this is not enough
          --confirm <NAME>  Allow a write to this instance without being asked
          --home <DIR>      Keep configuration, archive and state below this folder [default: your
                            account's folders, or LMSKEEP_HOME]

    Each command explains itself: `lmskeep instance add --help`.
    ");
}

#[test]
fn instance_help() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "--help"]), @"
    exit code 0
    --- stdout
    Say which LMS instances there are

    Usage: lmskeep instance [OPTIONS] <COMMAND>

    Commands:
      add     Make an LMS instance known
      list    List the instances that are known
      show    Show what is known of an instance
      set     Change one thing that is known of an instance
      remove  Forget an instance; its backups stay

    Options:
      -h, --help  Print help

    Options of every command:
          --json            Print one JSON object in place of text
          --quiet           Print results, warnings and errors only
      -v, --verbose...      Say what is asked of the instance; twice says more
          --color <WHEN>    When to use colours: auto, always or never
          --yes             Answer yes; before a production instance is written to, this is not enough
          --confirm <NAME>  Allow a write to this instance without being asked
          --home <DIR>      Keep configuration, archive and state below this folder [default: your
                            account's folders, or LMSKEEP_HOME]
    ");
}

#[test]
fn instance_add_help() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "add", "--help"]), @"
    exit code 0
    --- stdout
    Make an LMS instance known

    Usage: lmskeep instance add [OPTIONS] --url <URL> <NAME>

    Arguments:
      <NAME>  A name of your choice: lower-case letters, digits, `-`, `.` and `_`

    Options:
          --url <URL>                   The address of the LMS; what the browser shows while you are
                                        signed in will do
          --user <USER>                 The LMS admin who signs in natively
          --role <ROLE>                 `production` or `test`; before a write to production you must
                                        type its name [default: production]
          --source <NAME>               The instance that a refresh copies over this one
          --profile <NAME|FILE>         What its pages are like: a profile of `lmskeep profile list`, or
                                        a file [default: SAP's pages]
          --password-command <COMMAND>  A command that prints the password, as of a password manager
      -h, --help                        Print help

    Getting there:
          --proxy <URL>         Go through this proxy, such as `http://USER@HOST:PORT`; `direct` stands
                                for none
          --ca <FILE>           Trust the authorities in this file (PEM) as well as those of the
                                operating system
          --client-cert <FILE>  Show the certificate in this file (PEM, with its key) where the instance
                                asks for one

    Options of every command:
          --json            Print one JSON object in place of text
          --quiet           Print results, warnings and errors only
      -v, --verbose...      Say what is asked of the instance; twice says more
          --color <WHEN>    When to use colours: auto, always or never
          --yes             Answer yes; before a production instance is written to, this is not enough
          --confirm <NAME>  Allow a write to this instance without being asked
          --home <DIR>      Keep configuration, archive and state below this folder [default: your
                            account's folders, or LMSKEEP_HOME]

    Examples:
      lmskeep instance add prod --url https://prod.plateau.com --user ADMIN
      lmskeep instance add stage --url URL --user ADMIN --role test --source prod
    ");
}

#[test]
fn instance_set_help() {
    insta::assert_snapshot!(Program::new().tell(&["instance", "set", "--help"]), @"
    exit code 0
    --- stdout
    Change one thing that is known of an instance

    Usage: lmskeep instance set [OPTIONS] <NAME> <SETTING> <VALUE>

    Arguments:
      <NAME>     The instance
      <SETTING>  What to change
      <VALUE>    What it is to be; for `page` and `identity`, `WHAT=VALUE`

    Options:
      -h, --help  Print help

    Options of every command:
          --json            Print one JSON object in place of text
          --quiet           Print results, warnings and errors only
      -v, --verbose...      Say what is asked of the instance; twice says more
          --color <WHEN>    When to use colours: auto, always or never
          --yes             Answer yes; before a production instance is written to, this is not enough
          --confirm <NAME>  Allow a write to this instance without being asked
          --home <DIR>      Keep configuration, archive and state below this folder [default: your
                            account's folders, or LMSKEEP_HOME]

    Settings: url, user, role, source, profile, password_command, proxy, ca, client_cert, page,
    identity.
    An empty value takes a setting away.

    Examples:
      lmskeep instance set stage user ADMIN
      lmskeep instance set stage role test
      lmskeep instance set stage page system-configuration='System Configuration'
    ");
}

#[test]
fn the_short_and_the_long_flag_say_the_same() {
    let program = Program::new();
    assert_eq!(
        program.tell(&["instance", "add", "-h"]),
        program.tell(&["instance", "add", "--help"])
    );
}

#[test]
fn no_words_at_all_show_the_help_aside() {
    let program = Program::new();
    let output = program
        .command(&[])
        .env("LMSKEEP_HOME", program.home())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    // `--home` stands among the words here; the form without any is the same but for that.
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("a command is missing")
    );
    let output = program.run(&["instance"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn help_shows_no_value_of_the_environment() {
    let program = Program::new()
        .with("LMSKEEP_PASSWORD", "hunter2-canary")
        .with("LMSKEEP_HOME", "/canary");
    for words in [
        &["--help"][..],
        &["instance", "add", "--help"],
        &["man"],
        &["instance"],
        &["--nonsense"],
    ] {
        let told = program.tell(words);
        assert!(!told.contains("canary"), "{told}");
    }
}

#[test]
fn every_command_shows_how_it_is_used() {
    let program = Program::new();
    for command in ["completions", "man"] {
        let told = program.tell(&[command, "--help"]);
        assert!(told.starts_with("exit code 0\n"), "{told}");
        assert!(told.contains("Example"), "{told}");
    }
}

#[test]
fn version() {
    insta::assert_snapshot!(Program::new().tell(&["--version"]), @"
    exit code 0
    --- stdout
    lmskeep 0.1.0
    ");
}
