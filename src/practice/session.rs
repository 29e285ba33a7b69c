//! Sessions of one instance: who is in, and the cookies that must all come back.

use std::collections::HashMap;

use crate::practice::visit::Visit;

/// Who a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody signed in yet.
    Nobody,
    /// Signed in, but must give a new password first.
    ChangingPassword(String),
    /// Signed in.
    Admin(String),
}

/// One session, in the memory of one node.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) who: Who,
    /// The CSRF token of this session.
    pub(super) token: String,
    /// What the login form must send back.
    pub(super) stamp: String,
    /// Whether the shell was visited; pages open directly only then \[seen\].
    pub(super) shell: bool,
    /// The file whose edit page was asked for last.
    pub(super) editing: Option<String>,
    /// The only User-Agent that may use it, where it is tied to one.
    pub(super) agent: Option<String>,
    node: String,
    tenant: String,
}

/// All sessions of an instance.
#[derive(Debug, Default)]
pub(super) struct Sessions(HashMap<String, Session>);

impl Sessions {
    /// The session a request belongs to: all its cookies must be those that were set.
    pub(super) fn of(&mut self, visit: &Visit) -> Option<&mut Session> {
        let session = self.0.get_mut(visit.cookie("JSESSIONID")?)?;
        let routed = visit.cookie("route") == Some(&session.node)
            && visit.cookie("BIGipServerpool_lms") == Some(&balancer(&session.node));
        let tenant =
            session.who == Who::Nobody || visit.cookie("TENANT_AUTH_COOKIE") == Some(&session.tenant);
        let agent = session.agent.is_none() || session.agent == visit.agent;
        (routed && tenant && agent).then_some(session)
    }

    /// Begins a session and gives the cookies to set.
    pub(super) fn begin(&mut self, who: Who) -> (&mut Session, Vec<String>) {
        let id = random_word(32);
        let session = Session {
            token: token(),
            stamp: random_word(24),
            shell: false,
            editing: None,
            agent: None,
            node: format!("node{}.{}", 1 + rand::random::<u8>() % 4, random_word(6)),
            tenant: random_word(40),
            who,
        };
        let mut cookies = vec![
            format!("JSESSIONID={id}; Path=/learning; HttpOnly; SameSite=Lax"),
            format!("route={}; Path=/", session.node),
            format!(
                "BIGipServerpool_lms={}; Path=/; HttpOnly",
                balancer(&session.node)
            ),
        ];
        if session.who != Who::Nobody {
            cookies.push(format!("TENANT_AUTH_COOKIE={}; Path=/; HttpOnly", session.tenant));
        }
        (self.0.entry(id).or_insert(session), cookies)
    }

    /// Begins the session of an admin whose browser is in, and gives the cookies that it holds: name, value, path, and
    /// whether scripts do not see it.
    pub(super) fn of_browser(
        &mut self,
        admin: &str,
        agent: Option<String>,
    ) -> Vec<(String, String, String, bool)> {
        let (session, set) = self.begin(Who::Admin(admin.to_owned()));
        session.shell = true;
        session.agent = agent;
        let held = |line: &String| {
            let mut parts = line.split("; ");
            let (name, value) = parts.next()?.split_once('=')?;
            let attributes: Vec<&str> = parts.collect();
            let path = attributes.iter().find_map(|a| a.strip_prefix("Path="))?;
            Some((
                name.to_owned(),
                value.to_owned(),
                path.to_owned(),
                attributes.contains(&"HttpOnly"),
            ))
        };
        set.iter().filter_map(held).collect()
    }

    /// Gives another token to the session a request belongs to.
    pub(super) fn renew_token(&mut self, visit: &Visit) {
        if let Some(session) = self.of(visit) {
            session.token = token();
        }
    }

    /// Ends the session a request belongs to.
    pub(super) fn end(&mut self, visit: &Visit) {
        if let Some(id) = visit.cookie("JSESSIONID") {
            self.0.remove(id);
        }
    }

    /// Ends them all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The load balancer's own cookie, made from the node as such devices do.
fn balancer(node: &str) -> String {
    let sum = node.bytes().fold(7u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    format!("{sum}.20480.0000")
}

fn random_word(length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    (0..length)
        .map(|_| char::from(LETTERS[usize::from(rand::random::<u8>()) % LETTERS.len()]))
        .collect()
}

/// A token in the shape that CSRFGuard gives it: groups of four.
fn token() -> String {
    (0..8).map(|_| random_word(4)).collect::<Vec<_>>().join("-")
}
