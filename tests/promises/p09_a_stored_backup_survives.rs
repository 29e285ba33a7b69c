//! Promise 9: a backup reported as stored survives; a damaged one is detected and named, never restored.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::promises::{held_back, page_of, side_by_side};
use crate::rehearsal::{Rehearsal, SAVE};

#[test]
fn every_changed_byte_is_found_and_named_and_nothing_is_restored() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "stage", "--recommended"]).ends(0);
    rehearsal.refresh();
    let files = rehearsal.files("archive");
    assert!(
        files.len() >= 8,
        "header, backup, tree and five documents: {:?}",
        files.keys()
    );
    for (number, (path, bytes)) in files.iter().enumerate() {
        let file = format!("archive/{}", path.display());
        // Another place in each file, so that heads, bodies and ends all have their turn.
        let place = bytes.len() * (number % 5) / 5;
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x20;
        rehearsal.put(&file, &flipped);
        let name = path.file_name().unwrap().to_string_lossy();
        rehearsal.run(&["verify"]).ends(6).says(&name);
        rehearsal.forget_requests();
        let ran = rehearsal.run(&["restore", "stage", "--yes"]).ends(6).says(&name);
        assert_eq!(
            rehearsal
                .requests()
                .iter()
                .filter(|asked| asked.is_post())
                .count(),
            0,
            "{}",
            ran.told()
        );
        rehearsal.put(&file, bytes);
    }
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn every_file_of_a_whole_backup_counts() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let files = rehearsal.files("archive");
    assert!(files.len() > 55, "{}", files.len());
    for (number, (path, bytes)) in files.iter().enumerate() {
        let file = format!("archive/{}", path.display());
        let damaged = match number % 3 {
            0 => bytes[..bytes.len() - 1].to_vec(),
            1 => [&bytes[..], b"\n"].concat(),
            _ => [&[bytes[0] ^ 1], &bytes[1..]].concat(),
        };
        rehearsal.put(&file, &damaged);
        rehearsal
            .run(&["verify"])
            .ends(6)
            .says(&path.file_name().unwrap().to_string_lossy());
        rehearsal.put(&file, bytes);
    }
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn a_missing_object_is_named_and_a_new_backup_mends_it() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let files = rehearsal.files("archive/objects");
    let path = files.keys().next().unwrap();
    remove(&rehearsal.program.home().join("archive/objects").join(path));
    rehearsal
        .run(&["verify"])
        .ends(6)
        .says(&path.file_name().unwrap().to_string_lossy());
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn a_damaged_image_is_named_and_nothing_is_restored() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal
        .run(&["backup", "stage", "--only", "images/*", "--only", "VLS"])
        .ends(0);
    let stored = rehearsal.look("images", "stage");
    let path_of = |id: &str| {
        let hash = stored[id]["sha256"].as_str().unwrap();
        format!("{}/{}", &hash[..2], &hash[2..])
    };
    let (path, hash) = (path_of("CORP_LOGO"), stored["CORP_LOGO"]["sha256"].clone());
    rehearsal.refresh();
    let file = format!("archive/objects/{path}");
    let object = |path: &str| rehearsal.files("archive/objects")[Path::new(path)].clone();
    let whole = object(&path);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    // Another picture is whole by itself: only its name tells.
    let other = object(&path_of("LOGIN_BG"));
    for damaged in [flipped, whole[..whole.len() - 1].to_vec(), other, Vec::new()] {
        rehearsal.put(&file, &damaged);
        rehearsal.forget_requests();
        rehearsal.run(&["verify"]).ends(6).says(&path);
        for more in [
            &[][..],
            &["--only", "Company Logo"],
            &["--only", "VLS"],
            &["--dry-run"],
        ] {
            rehearsal
                .run(&[&["restore", "stage", "--yes"], more].concat())
                .ends(6)
                .says(&path);
        }
        assert_eq!(rehearsal.requests(), []);
    }
    assert_ne!(rehearsal.look("images", "stage")["CORP_LOGO"]["sha256"], hash);
    rehearsal.put(&file, &whole);
    rehearsal.run(&["verify"]).ends(0);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "images/*"])
        .ends(0);
    assert_eq!(rehearsal.look("images", "stage")["CORP_LOGO"]["sha256"], hash);
}

#[test]
fn killed_while_it_reads_it_leaves_nothing() {
    let rehearsal = Rehearsal::start(&[]);
    for document in ["BIZX", "WORKFLOW_RULES"] {
        rehearsal.forget_requests();
        rehearsal.fault("GET", &page_of(document), 0, held_back());
        let mut child = rehearsal.begin(&["backup", "stage"]);
        rehearsal.wait_for("the page", |requests| {
            requests.iter().any(|asked| asked.is_edit_of(document))
        });
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(rehearsal.backups(), []);
        rehearsal.run(&["verify"]).ends(0);
    }
    rehearsal.run(&["backup", "stage"]).ends(0);
}

#[test]
fn killed_while_it_stores_the_archive_stays_whole() {
    side_by_side(vec![2, 20, 57], |objects| {
        let rehearsal = Rehearsal::start(&[]);
        rehearsal.run(&["backup", "stage", "--only", "BIZX"]).ends(0);
        let before = rehearsal.backups();
        let mut child = rehearsal.begin(&["backup", "stage"]);
        // As soon as so many objects are there.
        while rehearsal.files("archive/objects").len() < objects + 2 && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        rehearsal.run(&["verify"]).ends(0);
        let now = rehearsal.backups();
        assert_eq!(now[..before.len()], before[..]);
        if let Some(whole) = now.get(before.len()) {
            rehearsal.run(&["diff", &format!("stage@{}", whole.id)]).ends(0);
        }
        rehearsal.run(&["backup", "stage"]).ends(0);
        rehearsal.run(&["verify"]).ends(0);
    });
}

#[test]
fn what_was_reported_is_there_though_killed_the_moment_after() {
    for _ in 0..3 {
        let rehearsal = Rehearsal::start(&[]);
        let mut command = rehearsal.program.command(&["backup", "stage", "--recommended"]);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(line.starts_with("Stored 5 documents"), "{line}");
        let backups = rehearsal.backups();
        assert_eq!(backups.len(), 1);
        assert!(line.contains(&backups[0].id), "{line}");
        rehearsal.run(&["verify"]).ends(0);
    }
}

#[test]
#[cfg(unix)]
fn on_a_full_disk_it_fails_and_what_was_there_stays() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "stage", "--only", "TASKS"]).ends(0);
    let before = rehearsal.backups();
    // No file may become larger than a kibibyte: writing fails in the middle, as on a full disk.
    let prepared = rehearsal.program.command(&["backup", "stage"]);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\""])
        .arg(prepared.get_program());
    command.args(prepared.get_args()).env_clear();
    command.envs(
        prepared
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let ran = rehearsal.run_command(command).ends(6);
    assert!(!ran.out.contains("Stored"), "{}", ran.told());
    assert_eq!(rehearsal.backups(), before);
    rehearsal.run(&["verify"]).ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn a_damaged_safety_backup_is_not_undone_from() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(8);
    let restored = rehearsal.state();
    let files = rehearsal.files("archive/backups");
    let path = files
        .keys()
        .find(|path| path.to_string_lossy().contains("safety"))
        .unwrap();
    let mut bytes = files[path].clone();
    bytes[10] ^= 1;
    rehearsal.put(&format!("archive/backups/{}", path.display()), &bytes);
    rehearsal.forget_requests();
    rehearsal.run(&["undo", "stage", "--yes"]).ends(6);
    assert!(!rehearsal.requests().iter().any(|asked| asked.path.contains(SAVE)));
    assert_eq!(rehearsal.state(), restored);
}

#[allow(clippy::disallowed_methods, reason = "an accident removes this file")]
fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap();
}
