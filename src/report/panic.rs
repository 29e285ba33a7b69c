//! What is said when this program fails in a way nobody thought of.

use std::io::Write;
use std::panic::Location;

/// Has a panic told as a sentence with its place in the source. Its payload is left out: it may hold a value that must
/// not be shown (promise 10). The exit code is Rust's own, 101: no code that means something here.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // Nobody is left to be told that standard error is gone.
        let _gone = std::io::stderr().write_all(sentence(info.location()).as_bytes());
    }));
}

/// Words it; that a payload cannot get into it shows in its type.
fn sentence(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(String::new, |place| {
        // Only the file's own name and the line: folders would tell where the program was built.
        let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!(" at `{file}:{}`", place.line())
    });
    format!(
        "error: lmskeep made a mistake of its own{place} and cannot go on.\n\
         hint: if it was writing, run the same command again: it looks at what is there before it writes\n"
    )
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use crate::report::panic::sentence;

    #[test]
    fn a_panic_names_its_place_without_folders() {
        let told = sentence(Some(Location::caller()));
        assert!(
            told.starts_with("error: lmskeep made a mistake of its own at `panic.rs:"),
            "{told}"
        );
        assert!(sentence(None).contains("of its own and cannot go on"));
    }
}
