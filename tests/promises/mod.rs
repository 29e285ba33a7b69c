//! The eleven promises of the product, each with tests that fail when it is broken.

mod p01_no_way_in_closed_unasked;
mod p01_no_write_without_a_plan;
mod p02_nothing_unseen_is_overwritten;
mod p03_done_means_read_back;
mod p04_undo_comes_first;
mod p05_no_half_understood_page;
mod p06_no_mask_as_a_value;
mod p07_no_answer_is_lost;
mod p07_no_refused_password_twice;
mod p08_never_the_wrong_instance;
mod p09_a_stored_backup_survives;
mod p10_no_secret_beside_the_files;
mod p10_no_secret_in_output;
mod p11_no_write_sent_twice;

use std::time::Duration;

use serde_json::{Value, json};

/// A restore of three small documents, in the order in which they are written: `SSO`, `UI`, `VLS`.
const RESTORE: [&str; 9] = [
    "restore", "stage", "--yes", "--only", "SSO", "--only", "UI", "--only", "VLS",
];

/// The edit page of one document, as part of its address.
fn page_of(document: &str) -> String {
    format!("editConfiguration.do?configurationID={document}&")
}

/// A fault that stays.
pub(crate) fn for_ever(method: &str, path: &str, skip: u64, effect: &Value) -> Value {
    json!([{ "method": method, "path": path, "skip": skip, "times": 1_000_000, "effect": effect }])
}

/// Plays every case at the same time: most of them wait.
pub(crate) fn side_by_side<T: Send>(cases: Vec<T>, play: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        let playing: Vec<_> = cases.into_iter().map(|case| scope.spawn(|| play(case))).collect();
        let failed = playing
            .into_iter()
            .filter_map(|thread| thread.join().err())
            .count();
        assert_eq!(failed, 0, "cases that failed");
    });
}

/// Sends a signal as a terminal does.
#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    assert!(
        std::process::Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
}

/// How long a fault holds a request back that is to be waited for.
const LONG: Duration = Duration::from_secs(20);

fn held_back() -> Value {
    json!({ "delay-ms": LONG.as_millis() as u64 })
}
