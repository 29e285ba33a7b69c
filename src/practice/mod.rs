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
mod sign_on;
mod tls;
mod visit;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
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
use crate::practice::sign_on::Provider;
use crate::practice::tls::Identity;

/// How long [`Practice::stop`] waits for requests that are being answered.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the practice LMS listens and how it behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// `HOST:PORT`, loopback only. Production takes PORT, stage the next, the control door the one after; port 0
    /// takes free ones. In scenario `sso` the identity provider takes the one after that, on `[::1]`.
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
    /// The root of the identity provider, in scenario `sso`. Again another host: its cookies are its own.
    pub identity_provider: Option<String>,
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
    /// Errors: [`Kind::Usage`] for an address that is not loopback or is in use, and for scenario `sso` where the machine
    /// has no `[::1]`.
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
        let scheme = if identity.is_some() { "https" } else { "http" };
        let sign_on_port = match options.scenario.sso {
            true => Some(sign_on_listener(&options.listen, [production, stage, control]).await?),
            false => None,
        };
        let (production, stage) = (
            format!("{scheme}://localhost:{production}"),
            format!("{scheme}://127.0.0.1:{stage}"),
        );
        let identity_provider = sign_on_port
            .as_ref()
            .map(|listener| listener.local_addr().map_or(0, |address| address.port()))
            .map(|port| format!("{scheme}://[::1]:{port}"));
        let provider = identity_provider.clone().map(|root| {
            let instances = [(Side::Production, &*production), (Side::Stage, &*stage)];
            Arc::new(Provider::new(root, Arc::clone(&content), instances))
        });
        let instance = |side| Instance::new(side, Arc::clone(&content), options.scenario, provider.clone());
        let world = Arc::new(World::new(instance(Side::Production), instance(Side::Stage)));
        let (end, ended) = watch::channel(false);
        let pages = |side| {
            Router::new().fallback(serve::serve).with_state(Entrance {
                world: Arc::clone(&world),
                side,
            })
        };
        let tls = || identity.as_ref().map(|identity| identity.acceptor.clone());
        let mut tasks = vec![
            run(
                Door::open(production_port, tls()),
                pages(Side::Production),
                ended.clone(),
            ),
            run(Door::open(stage_port, tls()), pages(Side::Stage), ended.clone()),
            run(
                Door::open(control_port, None),
                control::router(Arc::clone(&world)),
                ended.clone(),
            ),
        ];
        if let Some((listener, provider)) = sign_on_port.zip(provider) {
            tasks.push(run(Door::open(listener, tls()), sign_on::router(provider), ended));
        }
        Ok(Practice {
            production,
            stage,
            control: format!("http://127.0.0.1:{control}"),
            identity_provider,
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
        let mut ready = json!({
            "production": self.production,
            "stage": self.stage,
            "control": self.control,
            "user": self.user,
            "password": self.password,
        });
        if let Some(root) = &self.identity_provider {
            ready["identityProvider"] = json!(root);
        }
        ready
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
    let first = first_port(listen)?;
    let open = |place| bind(Ipv4Addr::LOCALHOST.into(), first, place);
    Ok([open(0).await?, open(1).await?, open(2).await?])
}

/// Opens the port of the identity provider. It is none of the others' numbers: `localhost` may mean `[::1]`, too.
async fn sign_on_listener(listen: &str, taken: [u16; 3]) -> Result<TcpListener> {
    let first = first_port(listen)?;
    let mut put_back = Vec::new();
    loop {
        let listener = bind(Ipv6Addr::LOCALHOST.into(), first, 3).await?;
        match listener.local_addr() {
            Ok(address) if taken.contains(&address.port()) => put_back.push(listener),
            _ => return Ok(listener),
        }
    }
}

fn first_port(listen: &str) -> Result<u16> {
    let wrong = || {
        Error::new(
            Kind::Usage,
            format!("The practice LMS cannot listen on `{listen}`: it serves loopback only."),
        )
        .hint("lmskeep practice --listen 127.0.0.1:8080")
    };
    let (host, port) = listen.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    match host {
        "localhost" | "127.0.0.1" => Ok(port),
        _ => Err(wrong()),
    }
}

async fn bind(host: IpAddr, first: u16, place: u16) -> Result<TcpListener> {
    let port = match first {
        0 => 0,
        first => first.checked_add(place).ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!("The practice LMS needs more ports than there are from `{first}` on."),
            )
            .hint("lmskeep practice --listen 127.0.0.1:8080")
        })?,
    };
    TcpListener::bind(SocketAddr::from((host, port)))
        .await
        .map_err(|cause| not_opened(host, port, cause))
}

fn not_opened(host: IpAddr, port: u16, cause: std::io::Error) -> Error {
    let in_the_way = matches!(cause.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied);
    if host.is_ipv6() && !in_the_way {
        return Error::new(
            Kind::Usage,
            "Scenario `sso` needs the loopback address [::1] for its identity provider, and this machine has none.",
        )
        .hint("switch IPv6 on for the loopback interface, or practise in scenario `integrated`, without a sign-on")
        .caused_by(cause);
    }
    Error::new(
        Kind::Usage,
        format!("The practice LMS cannot open port `{port}` on {host}."),
    )
    .hint("lmskeep practice --listen 127.0.0.1:0 takes free ports")
    .caused_by(cause)
}
