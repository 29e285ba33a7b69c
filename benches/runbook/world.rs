//! A refresh to measure: the practice LMS in this process, the real program with a home of its own, both backups taken.

use std::fs;
use std::process::{Command, Output};

use lmskeep::practice::{Options, Practice};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task;

use crate::Any;
use crate::asked::{Asked, asked};

/// How long every request to stage takes.
pub(crate) const LATENCY_MS: u64 = 100;

/// Both instances, and a home in which both are known.
pub(crate) struct World {
    pub(crate) practice: Practice,
    home: TempDir,
    client: Client,
}

impl World {
    /// Starts both instances, takes backups of both, and copies production over stage.
    pub(crate) async fn refreshed() -> Any<Self> {
        let practice = Practice::start(Options::default()).await?;
        let world = Self {
            practice,
            home: tempfile::tempdir()?,
            client: Client::builder().tls_certs_only([]).no_proxy().build()?,
        };
        let (user, production, stage) = (
            &world.practice.user,
            &world.practice.production,
            &world.practice.stage,
        );
        let config = format!(
            "[instance.prod]\nurl = \"{production}\"\nuser = \"{user}\"\nrole = \"production\"\n\
             [instance.stage]\nurl = \"{stage}\"\nuser = \"{user}\"\nrole = \"test\"\nsource = \"prod\"\n"
        );
        #[allow(
            clippy::disallowed_methods,
            reason = "a person writes this file with an editor"
        )]
        fs::write(world.home.path().join("config.toml"), config)?;
        for name in ["stage", "prod"] {
            world.run(&["backup", name]).await?;
        }
        world.refresh().await?;
        Ok(world)
    }

    /// Runs the program to its end, which must be a good one.
    pub(crate) async fn run(&self, words: &[&str]) -> Any<Output> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lmskeep"));
        command
            .env_clear()
            .env("TZ", "UTC")
            .env("LMSKEEP_PASSWORD", &self.practice.password)
            .args(words)
            .arg("--home")
            .arg(self.home.path());
        for kept in ["PATH", "SYSTEMROOT"] {
            #[allow(clippy::disallowed_methods, reason = "what a program needs to start at all")]
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        // The instances answer on the other threads meanwhile.
        let output = task::spawn_blocking(move || command.output()).await??;
        match output.status.success() {
            true => Ok(output),
            false => Err(format!(
                "`{}` ended with {}: {}",
                words.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into()),
        }
    }

    /// Copies production over stage once more.
    pub(crate) async fn refresh(&self) -> Any<()> {
        self.tell(Method::POST, "refresh", None).await.map(drop)
    }

    /// Makes every request to stage take its time, or none.
    pub(crate) async fn slow(&self, slow: bool) -> Any<()> {
        let faults = match slow {
            true => json!([{ "path": "", "times": 1_000_000, "effect": { "delay-ms": LATENCY_MS } }]),
            false => json!([]),
        };
        self.tell(Method::POST, "faults/stage", Some(&faults))
            .await
            .map(drop)
    }

    /// Forgets the requests to stage so far.
    pub(crate) async fn forget(&self) -> Any<()> {
        self.tell(Method::DELETE, "requests/stage", None).await.map(drop)
    }

    /// The requests to stage since they were forgotten, in order.
    pub(crate) async fn asked(&self) -> Any<Vec<Asked>> {
        asked(&self.tell(Method::GET, "requests/stage", None).await?)
    }

    /// What stage still has switched on: mail, connectors, processes.
    pub(crate) async fn is_off(&self) -> Any<bool> {
        let operation = self.tell(Method::GET, "operation/stage", None).await?;
        Ok(operation["mailOn"] == false
            && operation["scheduledConnectors"] == 0
            && operation["scheduledProcesses"] == 0)
    }

    async fn tell(&self, method: Method, what: &str, body: Option<&Value>) -> Any<Value> {
        let mut request = self
            .client
            .request(method, format!("{}/{what}", self.practice.control));
        if let Some(body) = body {
            request = request.json(body);
        }
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
