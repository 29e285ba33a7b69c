//! Streams: colours, pipes, homes.

use std::process::Stdio;

use crate::cli::program::Program;

fn has_colors(program: &Program, words: &[&str]) -> bool {
    program.run(words).stderr.contains(&b'\x1b')
}

#[test]
fn colours_into_a_pipe_only_where_asked_for() {
    let wrong = ["instance", "show", "x"];
    let forced = ["instance", "show", "x", "--color", "always"];
    assert!(!has_colors(&Program::new(), &wrong));
    assert!(has_colors(&Program::new(), &forced));
    assert!(has_colors(&Program::new().with("CLICOLOR_FORCE", "1"), &wrong));
    assert!(!has_colors(
        &Program::new().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1"),
        &wrong
    ));
    assert!(!has_colors(
        &Program::new().with("CLICOLOR_FORCE", "1"),
        &["instance", "show", "x", "--color", "never"]
    ));
}

#[test]
fn colours_change_no_word() {
    let program = Program::new();
    program.write_config("[instance.a]\nurl = 'https://a.com'\n");
    let plain = program.tell(&["instance", "list"]);
    let colored = program.tell(&["instance", "list", "--color", "always"]);
    assert_ne!(plain, colored);
    assert_eq!(plain, anstream::adapter::strip_str(&colored).to_string());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Program::new()
        .command(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Program::new()
        .command(&["completions", "bash"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error: The output could not be written to the end.\n")
    );
}

#[test]
fn the_home_comes_from_flag_or_variable() {
    let (flag, variable) = (Program::new(), Program::new());
    flag.write_config("[instance.from-flag]\nurl = 'https://a.com'\n");
    variable.write_config("[instance.from-variable]\nurl = 'https://a.com'\n");
    let both = flag
        .command(&["instance", "list"])
        .env("LMSKEEP_HOME", variable.home())
        .output()
        .unwrap();
    assert!(String::from_utf8(both.stdout).unwrap().contains("from-flag"));
    let mut one = variable.command(&[]);
    let program = one.get_program().to_owned();
    one = std::process::Command::new(program);
    let one = one
        .env_clear()
        .env("LMSKEEP_HOME", variable.home())
        .args(["instance", "list"])
        .output()
        .unwrap();
    assert!(String::from_utf8(one.stdout).unwrap().contains("from-variable"));
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = Program::new().run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(
            String::from_utf8(output.stdout).unwrap().contains("instance"),
            "{shell}"
        );
    }
}

#[test]
fn a_manual_page_for_every_command() {
    let program = Program::new();
    let folder = program.home().join("man1");
    insta::assert_snapshot!(program.tell(&["man", folder.to_str().unwrap(), "--json"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/man/1","files":["lmskeep-instance-add.1","lmskeep-instance-list.1","lmskeep-instance-show.1","lmskeep-instance-set.1","lmskeep-instance-remove.1","lmskeep-instance.1","lmskeep-login.1","lmskeep-logout.1","lmskeep-backup.1","lmskeep-before.1","lmskeep-ready.1","lmskeep-after.1","lmskeep-check.1","lmskeep-profile-list.1","lmskeep-profile-show.1","lmskeep-profile-test.1","lmskeep-profile-learn.1","lmskeep-profile.1","lmskeep-list.1","lmskeep-diff.1","lmskeep-scan.1","lmskeep-restore.1","lmskeep-freeze.1","lmskeep-thaw.1","lmskeep-purge-emails.1","lmskeep-undo.1","lmskeep-explain.1","lmskeep-secret-list.1","lmskeep-secret-set.1","lmskeep-secret-unlearn.1","lmskeep-secret-remove.1","lmskeep-secret.1","lmskeep-show.1","lmskeep-history.1","lmskeep-export.1","lmskeep-import.1","lmskeep-verify.1","lmskeep-demo.1","lmskeep-practice.1","lmskeep-completions.1","lmskeep-man.1","lmskeep.1"]}
    "#);
    let page = std::fs::read_to_string(folder.join("lmskeep-instance-add.1")).unwrap();
    assert!(page.contains("\\-\\-password\\-command"), "{page}");
}

#[test]
fn verbose_says_aside_what_is_done() {
    let program = Program::new();
    insta::assert_snapshot!(program.tell(&["instance", "list", "--json", "-v"]), @r#"
    exit code 0
    --- stdout
    {"schema":"lmskeep/instance-list/1","instances":[]}
    --- stderr
    DEBUG reading the configuration file=[HOME]/config.toml
    No instance is known yet.
    hint: lmskeep instance add NAME --url URL --user USER --role test
    "#);
    assert!(!program.tell(&["instance", "list"]).contains("DEBUG"));
}
