//! A DokuWiki of a test's own: its pages as files, and its other users.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::cli::program::Program;
use crate::real::part;

/// Where the unpacked package lies between runs.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/dokuwiki");

fn script() -> Command {
    let mut script = part::script("dokuwiki.sh");
    script.env("DOKUWIKI_CACHE", CACHE);
    script
}

/// A wiki that is served as long as this value lives.
pub(crate) struct Wiki {
    folder: TempDir,
    url: String,
}

impl Wiki {
    /// Serves a new wiki; `None` where DokuWiki is not here.
    pub(crate) fn serve() -> Option<Self> {
        if part::is_demanded() {
            part::succeeded(script().arg("--fetch").output().unwrap());
        }
        if !part::is_here("dokuwiki", &part::missing(script())) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let served = script().arg(folder.path()).arg("0").output();
        let said = part::succeeded(served.unwrap());
        let url = said.split_whitespace().next().unwrap().to_owned();
        Some(Self { folder, url })
    }

    /// A home that knows this wiki as the test instance `wiki`; its admin's password stands in the environment.
    pub(crate) fn program(&self) -> Program {
        let program = Program::new().with("LMSKEEP_PASSWORD", "adminpass");
        let profile = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/profiles/dokuwiki.toml");
        let added = program.run(&[
            "instance",
            "add",
            "wiki",
            "--url",
            &self.url,
            "--user",
            "admin",
            "--role",
            "test",
            "--profile",
            profile,
        ]);
        part::succeeded(added);
        program
    }

    /// Its address, with a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where DokuWiki keeps a page: a folder a namespace, letters beyond ASCII percent-encoded.
    pub(crate) fn file(&self, id: &str) -> PathBuf {
        let encoded = |part: &str| {
            let bytes = part.bytes().map(|b| match b {
                b if b.is_ascii() => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            });
            bytes.collect::<String>()
        };
        let parts: Vec<String> = id.split(':').map(encoded).collect();
        self.data("pages").join(parts.join("/")).with_extension("txt")
    }

    /// A folder of DokuWiki's own.
    pub(crate) fn data(&self, folder: &str) -> PathBuf {
        self.folder.path().join("data").join(folder)
    }

    /// Lays a page down, byte for byte.
    #[allow(
        clippy::disallowed_methods,
        reason = "this stands for what lies in the wiki before the program comes"
    )]
    pub(crate) fn lay_down(&self, id: &str, text: &str) {
        let file = self.file(id);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// What lies on disk for a page.
    pub(crate) fn stored(&self, id: &str) -> Option<String> {
        fs::read(self.file(id))
            .ok()
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    /// Another user saves a page, with DokuWiki's own code; an empty text deletes it.
    #[allow(
        clippy::disallowed_methods,
        reason = "the other user's file, which DokuWiki takes the page from"
    )]
    pub(crate) fn save_as_editor(&self, id: &str, text: &str) {
        let file = self.folder.path().join("saved-by-editor.txt");
        fs::write(&file, text).unwrap();
        self.page_tool(&[
            "--force",
            "commit",
            "--message",
            "by another user",
            &file.display().to_string(),
            id,
        ]);
    }

    /// Another user opens a page for editing and leaves it open.
    pub(crate) fn lock_as_editor(&self, id: &str) {
        self.page_tool(&["--force", "lock", id]);
    }

    /// The other user goes away.
    pub(crate) fn unlock_as_editor(&self, id: &str) {
        self.page_tool(&["unlock", id]);
    }

    /// The wiki's owner adds a line to its settings.
    #[allow(clippy::disallowed_methods, reason = "the owner edits this file")]
    pub(crate) fn set(&self, line: &str) {
        let file = self.folder.path().join("conf/local.php");
        let before = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{before}{line}\n")).unwrap();
    }

    /// The wiki's owner forbids a word: pages in which it is new are not saved.
    #[allow(clippy::disallowed_methods, reason = "the owner edits this file")]
    pub(crate) fn forbid(&self, word: &str) {
        fs::write(
            self.folder.path().join("conf/wordblock.local.conf"),
            format!("{word}\n"),
        )
        .unwrap();
    }

    fn page_tool(&self, words: &[&str]) {
        let mut php = self.php();
        php.args(["bin/dwpage.php", "--user", "editor"]).args(words);
        part::succeeded(php.output().unwrap());
    }

    fn php(&self) -> Command {
        let mut php = Command::new("php");
        php.args(["-d", "display_errors=0"])
            .current_dir(Path::new(CACHE).join("app"))
            .env("DOKUWIKI_CONF", self.folder.path().join("conf"));
        php
    }

    /// How many requests of a method the wiki was sent.
    pub(crate) fn requests(&self, method: &str) -> usize {
        let log = fs::read_to_string(self.folder.path().join("server.log")).unwrap();
        log.lines()
            .filter(|line| line.contains(&format!(": {method} /")))
            .count()
    }
}

impl Drop for Wiki {
    fn drop(&mut self) {
        let stopped = script().arg("--stop").arg(self.folder.path()).status();
        assert!(stopped.is_ok() || std::thread::panicking(), "{stopped:?}");
    }
}
