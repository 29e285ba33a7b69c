//! What is said when this program fails in a way nobody thought of.

use std::io::Write;
use std::panic::PanicHookInfo;

/// The exit code of such a failure: Rust's own, above all codes that mean something here.
pub const PANIC_EXIT_CODE: u8 = 101;

/// Has a panic told as a sentence with its place in the source. Its payload is left out: it may hold a value that must
/// not be shown (promise 10).
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // Nobody is left to be told that standard error is gone.
        let _gone = std::io::stderr().write_all(sentence(info).as_bytes());
    }));
}

fn sentence(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(String::new, |place| {
        // Only the file's own name and the line: folders would tell where the program was built.
        let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!(" at `{file}:{}`", place.line())
    });
    format!(
        "error: lmskeep made a mistake of its own{place} and cannot go on.\n\
         hint: if it was writing, run the same command again: it looks at what is there before it writes\n"
    )
}
