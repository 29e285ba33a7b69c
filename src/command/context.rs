//! What every command is handed: where things lie, the environment, the wish to stop, and the runtime.

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Kind, Result};
use crate::instance::{Cancel, Config, Environment, Home};
use crate::report::{Asking, Ui};
use crate::store::Store;

/// Holds what a run has but its words; made once.
#[derive(Debug)]
pub struct Context {
    /// Where configuration, archive and state lie.
    pub home: Home,
    /// What the environment says.
    pub environment: Environment,
    /// The wish to stop; drivers ask it between steps.
    pub cancel: Cancel,
    /// The clock; read at the edge and handed in.
    pub clock: fn() -> Timestamp,
    runtime: Arc<Runtime>,
}

impl Context {
    /// Starts the runtime and listens for Ctrl-C. The first asks the driver at work to stop ([`Cancel`]); the second,
    /// and the first at a question, ends the program at once with 130.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the operating system gives no threads or signals.
    pub fn start(ui: &Ui, home: Home, environment: Environment, clock: fn() -> Timestamp) -> Result<Self> {
        let refused = |cause: io::Error| {
            Error::new(
                Kind::Usage,
                "The operating system does not let this program work.",
            )
            .caused_by(cause)
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(refused)?;
        let cancel = Cancel::new();
        let entered = runtime.enter();
        // Registered before anything else is done: Ctrl-C must not find the terminal with a password half typed.
        let interrupts = interrupts().map_err(refused)?;
        drop(entered);
        runtime.spawn(heed(interrupts, ui.clone(), cancel.clone()));
        Ok(Self {
            home,
            environment,
            cancel,
            clock,
            runtime: Arc::new(runtime),
        })
    }

    /// Reads the configuration file.
    ///
    /// # Errors
    /// [`Kind::Usage`] with line and reason.
    pub fn config(&self) -> Result<Config> {
        tracing::debug!(file = %self.home.config.display(), "reading the configuration");
        Config::read(&self.home.config)
    }

    /// Writes the configuration file, whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be written.
    pub fn keep_config(&self, config: &Config) -> Result<()> {
        self.block_on(self.keep_config_now(config))
    }

    /// The same in the midst of a run.
    ///
    /// # Errors
    /// As [`Context::keep_config`].
    pub async fn keep_config_now(&self, config: &Config) -> Result<()> {
        let folder = config.path().parent().unwrap_or(Path::new("."));
        let name = config.path().file_name().unwrap_or_default().to_string_lossy();
        let store = Store::local(folder)?;
        store.put(&name, config.text().to_owned()).await
    }

    /// Runs work to its end. Work that writes asks [`Context::cancel`] itself between its steps.
    ///
    /// # Errors
    /// Those of the work.
    pub fn block_on<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(work)
    }

    /// Runs work that may be dropped half-way, as reading may: Ctrl-C ends it at once.
    ///
    /// # Errors
    /// [`Kind::Stopped`], or those of the work.
    pub fn block_on_until_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(self.until_stopped(work))
    }

    /// The same for a part of work that must not be dropped as a whole.
    ///
    /// # Errors
    /// [`Kind::Stopped`], or those of the work.
    pub async fn until_stopped<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            () = self.cancel.stops() => self.cancel.check().and_then(|()| {
                Err(Error::new(Kind::Stopped, "Stopped."))
            }),
        }
    }

    /// Ends without waiting for threads that hang, as one that asks a locked keyring may.
    pub fn close(self) {
        if let Some(runtime) = Arc::into_inner(self.runtime) {
            runtime.shutdown_background();
        }
    }

    /// Gives the same run in another place, as a rehearsal needs it; the wish to stop is shared.
    pub(crate) fn elsewhere(&self, home: Home, environment: Environment) -> Self {
        let (cancel, clock, runtime) = (self.cancel.clone(), self.clock, Arc::clone(&self.runtime));
        Self {
            home,
            environment,
            cancel,
            clock,
            runtime,
        }
    }
}

#[cfg(unix)]
type Interrupts = tokio::signal::unix::Signal;

#[cfg(unix)]
fn interrupts() -> io::Result<Interrupts> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(windows)]
type Interrupts = tokio::signal::windows::CtrlC;

#[cfg(windows)]
fn interrupts() -> io::Result<Interrupts> {
    tokio::signal::windows::ctrl_c()
}

async fn heed(mut interrupts: Interrupts, ui: Ui, cancel: Cancel) {
    while interrupts.recv().await.is_some() {
        match ui.asking() {
            // The prompt ends by itself.
            Asking::Password => {}
            Asking::Line => {
                // The question is still waiting on its line.
                ui.print_err("\n");
                end_now(&ui);
            }
            Asking::Nothing if cancel.is_requested() => end_now(&ui),
            Asking::Nothing => {
                cancel.request();
                ui.warn("stopping as soon as nothing is half done; Ctrl-C once more stops at once");
            }
        }
    }
}

#[allow(
    clippy::exit,
    reason = "a person asked twice, or at a question; nothing else would end a thread that waits"
)]
fn end_now(ui: &Ui) {
    ui.fail(&Error::new(Kind::Stopped, "Stopped by Ctrl-C."));
    // What could not be printed can no longer be said.
    let _printed = ui.finish();
    std::process::exit(i32::from(Kind::Stopped.exit_code()))
}
