//! What a refresh overwrites beside the files: read, compared and put back, on pages and in services.

mod files;
mod records;

use std::path::Path;

use crate::rehearsal::Rehearsal;

/// The profile for scenario `service`.
fn service_profile() -> String {
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profiles/practice-service.toml");
    profile.display().to_string()
}

/// A rehearsal in a scenario; in `service` with the profile for it.
fn rehearsal(words: &[&str]) -> Rehearsal {
    let rehearsal = Rehearsal::of_everything(words);
    if words.contains(&"service") {
        for name in ["stage", "prod"] {
            let words = ["instance", "set", name, "profile", &service_profile()];
            rehearsal.run(&words).ends(0);
        }
    }
    rehearsal
}
