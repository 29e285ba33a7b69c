//! Runs the real program against a tenant, and tells the whole story: backup, change, restore, proof.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use lmskeep::archive::Archive;
use lmskeep::backup::{Backup, Document};
use lmskeep::store::Store;
use tempfile::TempDir;

use super::serve::serve;
use super::{PASSWORD, Tenant, USER, World};

/// What the program did.
#[derive(Debug, Clone)]
pub(in super::super) struct Told {
    pub(in super::super) code: i32,
    pub(in super::super) text: String,
}

impl Told {
    /// Checks the exit code and that all of these are said.
    #[track_caller]
    pub(in super::super) fn says(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{}", self.text);
        for word in words {
            assert!(self.text.contains(word), "`{word}` is not said:\n{}", self.text);
        }
        self
    }
}

/// A tenant that is served, and a home for the program.
pub(in super::super) struct Stage {
    home: TempDir,
    world: Arc<Mutex<World>>,
    url: String,
}

impl Stage {
    /// Serves a tenant and makes it known as `stage`.
    pub(in super::super) fn of(tenant: Tenant) -> Self {
        let files = (tenant.files)();
        let world = Arc::new(Mutex::new(World {
            files,
            ..World::default()
        }));
        let address = serve(tenant, Arc::clone(&world));
        let home = tempfile::tempdir().unwrap();
        let config = format!("[instance.stage]\nurl = 'http://{address}'\nuser = '{USER}'\nrole = 'test'\n");
        #[allow(
            clippy::disallowed_methods,
            reason = "a person writes this file with an editor"
        )]
        std::fs::write(home.path().join("config.toml"), config).unwrap();
        Self {
            home,
            world,
            url: format!("http://{address}"),
        }
    }

    /// The address of the tenant, without a slash at the end.
    pub(in super::super) fn url(&self) -> String {
        self.url.clone()
    }

    /// Looks at the world, or changes it behind the program's back.
    pub(in super::super) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap())
    }

    /// Runs the program with the right password.
    pub(in super::super) fn run(&self, words: &[&str]) -> Told {
        self.run_with(words, PASSWORD)
    }

    /// Runs the program with a password.
    pub(in super::super) fn run_with(&self, words: &[&str], password: &str) -> Told {
        let mut command = self.command(words);
        command.env("LMSKEEP_PASSWORD", password);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Nobody sits at a terminal.
        child.stdin.take().unwrap().flush().unwrap();
        let output = child.wait_with_output().unwrap();
        let all = [output.stdout, output.stderr].concat();
        Told {
            code: output.status.code().unwrap(),
            text: String::from_utf8(all).unwrap(),
        }
    }

    /// The program with these words and the right password, not yet running.
    pub(in super::super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("lmskeep"));
        command
            .env_clear()
            .env("TZ", "UTC")
            .env("LMSKEEP_PASSWORD", PASSWORD)
            .args(words)
            .arg("--home")
            .arg(self.home.path());
        command
    }

    /// Gives the documents of the newest backup; nothing where none is stored.
    pub(in super::super) fn stored(&self) -> Vec<Document> {
        let place = self.home.path().join("archive");
        let read = async {
            let archive = Archive::open(Store::local(&place).unwrap()).await.unwrap();
            let mut backups: Vec<Backup> = Vec::new();
            for listed in archive.list(Some("stage")).await.unwrap() {
                backups.push(archive.get(&listed).await.unwrap());
            }
            backups
                .into_iter()
                .max_by_key(|b| b.content.taken)
                .map(|b| b.content.documents)
                .unwrap_or_default()
        };
        tokio::runtime::Runtime::new().unwrap().block_on(read)
    }

    /// Writes a profile of one's own that extends the built-in one, and uses it.
    #[track_caller]
    pub(in super::super) fn use_profile(&self, text: &str) {
        let file = self.home.path().join("own.toml");
        let text =
            format!("schema = \"lmskeep/profile/1\"\nname = \"own\"\nextends = \"sap-learning\"\n{text}");
        #[allow(
            clippy::disallowed_methods,
            reason = "a person writes this file with an editor"
        )]
        std::fs::write(&file, text).unwrap();
        self.run(&["instance", "set", "stage", "profile", &file.display().to_string()])
            .says(0, &[]);
    }

    /// Learns a profile from a recording, sees that no secret of it gets out, and uses it.
    #[track_caller]
    pub(in super::super) fn learn(&self, har: &str, secrets: &[String]) {
        let file = self.home.path().join("recorded.har");
        #[allow(clippy::disallowed_methods, reason = "a browser writes this file")]
        std::fs::write(&file, har).unwrap();
        let har = file.display().to_string();
        for words in [
            &["profile", "learn", &har, "--name", "learned"][..],
            &["profile", "show", "learned"],
            &["profile", "test", "learned", &har],
            &["instance", "set", "stage", "profile", "learned"],
        ] {
            let told = self.run(words);
            assert_eq!(told.code, 0, "{words:?}: {}", told.text);
            let shown: Vec<&String> = secrets
                .iter()
                .filter(|secret| told.text.contains(*secret))
                .collect();
            assert!(shown.is_empty(), "{words:?}: {shown:?} stand in {}", told.text);
        }
    }

    /// Backs up and checks that every file is stored as it is.
    #[track_caller]
    pub(in super::super) fn back_up(&self) -> Told {
        let told = self.run(&["backup", "stage"]);
        assert_eq!(
            told.code,
            0,
            "{}\n{:#?}",
            told.text,
            self.world(|w| w.log.clone())
        );
        let mut files = self.world(|w| w.files.clone());
        files.sort();
        let mut stored: Vec<(String, String)> = self
            .stored()
            .into_iter()
            .map(|d| (d.name().to_owned(), d.text))
            .collect();
        stored.sort();
        let names = |all: &[(String, String)]| all.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
        assert_eq!(
            names(&stored),
            names(&files),
            "{}{:#?}",
            told.text,
            self.world(|w| w.log.clone())
        );
        assert_eq!(stored, files);
        self.proper();
        told
    }

    /// Checks that nothing was asked or sent that should not have been.
    #[track_caller]
    pub(in super::super) fn proper(&self) {
        let (wrong, log) = self.world(|w| (w.wrong.clone(), w.log.clone()));
        assert!(wrong.is_empty(), "{wrong:#?}\n{log:#?}");
    }

    /// Backup, change, restore, proof: every file comes back by one POST each, and a second restore sends nothing.
    #[track_caller]
    pub(in super::super) fn whole_story(&self) {
        self.back_up();
        self.restore_after_change(&["BIZX", "LMS_ADMIN", "CONNECTORS"]);
    }

    /// Changes some files behind the program's back and has them put back.
    #[track_caller]
    pub(in super::super) fn restore_after_change(&self, changed: &[&str]) {
        let before = self.world(|world| {
            let before = world.files.clone();
            for (_, text) in world
                .files
                .iter_mut()
                .filter(|(name, _)| changed.contains(&name.as_str()))
            {
                *text = format!(
                    "{}\nadded=by the refresh\n",
                    text.replace("=", "=changed ").trim_end()
                );
            }
            world.log.clear();
            world.tries = 0;
            before
        });
        let told = self.run(&["restore", "stage", "--yes"]);
        let (files, log) = self.world(|w| (w.files.clone(), w.log.clone()));
        assert_eq!(told.code, 0, "{}\n{log:#?}", told.text);
        assert_eq!(files, before, "{}", told.text);
        self.proper();
        // One sign-in, and one more that proves the way in once BIZX was written.
        let proves = usize::from(told.text.contains("A new sign-in got in"));
        assert_eq!(self.world(|w| w.tries), 1 + proves, "{log:#?}");
        let sent = log
            .iter()
            .filter(|line| line.starts_with("POST") || line.contains("save.do?f="))
            .count();
        assert_eq!(sent, changed.len() + 1 + proves, "{log:#?}");
        self.world(|w| w.log.clear());
        let told = self.run(&["restore", "stage", "--yes"]);
        assert_eq!(told.code, 0, "{}", told.text);
        let posts = self.world(|w| w.log.iter().filter(|line| line.starts_with("POST")).count());
        assert_eq!(posts, 1);
        self.proper();
    }

    /// A backup that must be refused: nothing is stored, nothing is sent but the sign-in.
    #[track_caller]
    pub(in super::super) fn refuses(&self, code: i32, words: &[&str]) -> Told {
        let told = self.run(&["backup", "stage"]);
        told.says(code, words);
        assert!(self.stored().is_empty(), "{}", told.text);
        let posts = self.world(|w| w.log.iter().filter(|line| line.starts_with("POST")).count());
        assert!(posts <= 1, "{:#?}", self.world(|w| w.log.clone()));
        self.proper();
        told
    }

    /// Answers a question as the operator would.
    #[track_caller]
    pub(in super::super) fn answer(&self, answer: &str) {
        self.run(&["instance", "set", "stage", "page", answer])
            .says(0, &[]);
    }
}
