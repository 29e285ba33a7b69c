//! The practice LMS: two instances that behave as the product does, to rehearse a refresh and to test against.
//!
//! It rests on what is publicly known of the product and is no friend of the client: it checks what a browser
//! would send, loses what is sent wrong, and judges a restore by whether integrations work. It uses nothing of
//! the modules that read pages and files, so that it cannot share their mistakes. Its content is the plain files
//! of `fixtures/practice`.

mod admins;
mod cipher;
mod configuration;
mod connection;
mod content;
mod content_files;
mod control;
mod encryption;
mod faults;
mod forms;
mod guard;
mod health;
mod instance;
mod labels;
mod login;
mod look;
mod multipart;
mod operation;
mod pages;
mod saving;
mod scenario;
mod seal;
mod serve;
mod service;
mod session;
mod settings;
mod shell;
mod tls;
mod visit;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::{Error, Kind, Result};
use crate::practice::connection::{Door, Scissors};
use crate::practice::content::{Content, Side};
use crate::practice::instance::Instance;
pub use crate::practice::scenario::{KeyScope, Resave, Scenario, Seal, TokenPlace, WORDS};
use crate::practice::serve::{Entrance, World};
use crate::practice::tls::Identity;

/// How long [`Practice::stop`] waits for requests that are being answered.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the practice LMS listens and how it behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// `HOST:PORT`, loopback only. Production takes PORT, stage the next, the control door the one after; port 0
    /// takes free ones.
    pub listen: String,
    /// How both instances behave at the start.
    pub scenario: Scenario,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            scenario: Scenario::default(),
        }
    }
}

/// A running practice LMS; it ends when this value is dropped.
pub struct Practice {
    /// The root of production, such as `http://localhost:4567`.
    pub production: String,
    /// The root of stage, such as `http://127.0.0.1:4568`. Another host than production's: cookies ignore ports.
    pub stage: String,
    /// The root of the control door.
    pub control: String,
    /// An admin that is valid, with the same password, on both sides.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The certificate (PEM) of the authority that a client has to trust, where both instances are served by TLS.
    pub ca_pem: Option<String>,
    world: Arc<World>,
    end: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Practice {
    /// Starts both instances and the control door.
    ///
    /// Errors: [`Kind::Usage`] for an address that is not loopback or is in use.
    pub async fn start(options: Options) -> Result<Practice> {
        Self::serve(options, None).await
    }

    /// The same by TLS, under an authority that is made for this run; the control door stays plain.
    ///
    /// Errors: as [`Practice::start`], and where no certificate can be made.
    pub async fn start_with_tls(options: Options, now: Timestamp) -> Result<Practice> {
        Self::serve(options, Some(Identity::make(now)?)).await
    }

    async fn serve(options: Options, identity: Option<Identity>) -> Result<Practice> {
        let content = Arc::new(Content::load()?);
        let [production_port, stage_port, control_port] = listeners(&options.listen).await?;
        let addresses = [&production_port, &stage_port, &control_port].map(TcpListener::local_addr);
        let [production, stage, control] = addresses.map(|address| address.map_or(0, |a| a.port()));
        let instance = |side| Instance::new(side, Arc::clone(&content), options.scenario);
        let world = Arc::new(World::new(instance(Side::Production), instance(Side::Stage)));
        let (end, ended) = watch::channel(false);
        let pages = |side| {
            Router::new().fallback(serve::serve).with_state(Entrance {
                world: Arc::clone(&world),
                side,
            })
        };
        let tls = || identity.as_ref().map(|identity| identity.acceptor.clone());
        let scheme = if identity.is_some() { "https" } else { "http" };
        let tasks = vec![
            run(
                Door::open(production_port, tls()),
                pages(Side::Production),
                ended.clone(),
            ),
            run(Door::open(stage_port, tls()), pages(Side::Stage), ended.clone()),
            run(
                Door::open(control_port, None),
                control::router(Arc::clone(&world)),
                ended,
            ),
        ];
        Ok(Practice {
            production: format!("{scheme}://localhost:{production}"),
            stage: format!("{scheme}://127.0.0.1:{stage}"),
            control: format!("http://127.0.0.1:{control}"),
            user: content.user.clone(),
            password: content.password().to_owned(),
            ca_pem: identity.map(|identity| identity.ca_pem),
            world,
            end,
            tasks,
        })
    }

    /// What `lmskeep practice --json` prints in one line when all is ready.
    pub fn ready_json(&self) -> Value {
        json!({
            "production": self.production,
            "stage": self.stage,
            "control": self.control,
            "user": self.user,
            "password": self.password,
        })
    }

    /// Copies production over stage, as `POST /refresh` on the control door does.
    pub fn refresh(&self) {
        control::copy_over(&self.world);
    }

    /// Answers what `GET /QUESTION/SIDE` on the control door answers; `None` for a question that nobody knows.
    pub fn ask(&self, question: &str, side: &str) -> Option<Value> {
        control::answer(&self.world, question, side)
    }

    /// Winds the clock, as `POST /tick` on the control door does: on both instances all that is scheduled runs.
    pub fn tick(&self, ticks: u64) {
        control::wind(&self.world, ticks);
    }

    /// The harm done in the world so far, as `GET /harm` on the control door tells it.
    pub fn damage(&self) -> Value {
        control::damage(&self.world)
    }

    /// How many handlers panicked so far; a test that used the server should find 0.
    pub fn panics(&self) -> u64 {
        [Side::Production, Side::Stage]
            .map(|side| self.world.lock(side).harm.panics)
            .iter()
            .sum()
    }

    /// Ends the server: no new connections, requests in work are answered.
    pub async fn stop(mut self) {
        let _ = self.end.send(true);
        for task in std::mem::take(&mut self.tasks) {
            let _ = tokio::time::timeout(PATIENCE, task).await;
        }
    }
}

impl fmt::Debug for Practice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses = [&self.production, &self.stage, &self.control];
        f.debug_tuple("Practice").field(&addresses).finish()
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.end.send(true);
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn run(door: Door, router: Router, mut ended: watch::Receiver<bool>) -> JoinHandle<()> {
    let service = router.into_make_service_with_connect_info::<Scissors>();
    tokio::spawn(async move {
        let end = async move {
            let _ = ended.wait_for(|ended| *ended).await;
        };
        let _ = axum::serve(door, service).with_graceful_shutdown(end).await;
    })
}

/// Opens the three ports.
async fn listeners(listen: &str) -> Result<[TcpListener; 3]> {
    let wrong = || {
        Error::new(
            Kind::Usage,
            format!("The practice LMS cannot listen on `{listen}`: it serves loopback only."),
        )
        .hint("lmskeep practice --listen 127.0.0.1:8080")
    };
    let (host, port) = listen.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    if host != "localhost" && host != "127.0.0.1" {
        return Err(wrong());
    }
    Ok([bind(port, 0).await?, bind(port, 1).await?, bind(port, 2).await?])
}

async fn bind(first: u16, place: u16) -> Result<TcpListener> {
    let port = match first {
        0 => 0,
        first => first.checked_add(place).ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!("The practice LMS needs three ports, and `{first}` has no two after it."),
            )
            .hint("lmskeep practice --listen 127.0.0.1:8080")
        })?,
    };
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(|cause| {
            Error::new(
                Kind::Usage,
                format!("The practice LMS cannot open port `{port}` on 127.0.0.1."),
            )
            .hint("lmskeep practice --listen 127.0.0.1:0 takes free ports")
            .caused_by(cause)
        })
}
