//! The signed-in session: sign-in or a browser's session, cookies, the guard's token, expiry, pace. The only HTTP of the program.
//!
//! Behind this door nobody knows how the session got in. Every page that is read is checked for being inside
//! (promise 5): a sign-in page with status 200 is never handed on. A refused password is remembered before anything
//! else happens (promise 7), and a writing request is sent exactly once (promise 11).

mod certificate;
mod failure;
mod http;
mod jar;
mod outside;
mod proxy;
mod reach;
mod sending;
mod sent;
mod sign_in;
mod take_over;
mod tls;
mod token;
mod way;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use reqwest::StatusCode;
use tokio::sync::Mutex;
use url::Url;

use crate::cookies::Cookie;
use crate::error::{Error, Kind, Result};
use crate::find::{sends_onward, shown_path};
use crate::instance::Cancel;
use crate::page::Page;
use crate::profile::Profile;
use crate::session::http::{Answer, Http};

pub use crate::session::http::SIDE_BY_SIDE;
pub(crate) use crate::session::proxy::renewed;
pub use crate::session::reach::reach;

use crate::session::jar::Jar;
use crate::session::outside::{Door, session_in_path, with_session};
pub use crate::session::sent::Sent;
use crate::session::sign_in::SignedIn;
use crate::session::take_over::Sign;
use crate::session::token::Kept;
pub use crate::session::way::{Admin, Means, Way};

use crate::state::State;

/// A signed-in session with one instance.
#[derive(Debug)]
pub struct Session {
    http: Http,
    way: Way,
    profile: Arc<Profile>,
    state: State,
    clock: fn() -> Timestamp,
    cancel: Cancel,
    start: Page,
    /// What tells pages outside from those inside.
    door: Door,
    /// The session that addresses carry in their path where cookies do not; empty where they do.
    in_path: RwLock<String>,
    /// True once a page has shown that the session is inside: a sign-in after which none did is not repeated.
    proved: AtomicBool,
    /// How often this session has signed in; tells a reader whether somebody else renewed the session meanwhile.
    sign_ins: AtomicUsize,
    /// Shared by readers and held alone while signing in again: the late answer to a reader of the session that is
    /// over would bring cookies that take the new one away.
    renewing: tokio::sync::RwLock<()>,
    token: Mutex<Option<Kept>>,
    /// How often the cookies had changed when the session was kept last.
    kept: Mutex<usize>,
    /// The pages that were read, where they are wanted.
    pages: RwLock<Option<Vec<Page>>>,
}

impl Session {
    /// Signs in, or takes a browser's session over.
    ///
    /// # Errors
    /// [`Kind::SignIn`]: refused (remembered then), refused before, closed, over, or a new password is asked for;
    /// [`Kind::Unreachable`]; [`Kind::Page`] when the pages are not what the profile says.
    pub async fn open(
        way: Way,
        profile: Arc<Profile>,
        state: State,
        clock: fn() -> Timestamp,
        cancel: &Cancel,
    ) -> Result<Self> {
        let place = (way.instance.as_str(), &way.root);
        let http = match &way.means {
            Means::Native(_) => Http::new(place, &way.route, Jar::default(), None)?,
            Means::TakenOver { session, .. } => {
                let jar = Jar::of(&session.cookies, &way.root);
                Http::new(place, &way.route, jar, session.user_agent.as_deref())?
            }
        };
        let entered = match &way.means {
            Means::Native(admin) => {
                sign_in::sign_in(&http, (&way, admin), &profile, &state, (clock, cancel)).await
            }
            Means::TakenOver { session, key } => {
                let session = (session, key.is_some());
                take_over::take_over(&http, &way, session, &profile).await
            }
        };
        if entered.is_err() {
            reach::remember_refused(&http, &way.route, &state, clock).await?;
        }
        let SignedIn {
            start,
            door,
            in_path,
            proved,
        } = entered?;
        let token = Kept::of(&start, &profile.token);
        let session = Self {
            http,
            way,
            profile,
            state,
            clock,
            cancel: cancel.clone(),
            start,
            door,
            in_path: RwLock::new(in_path),
            proved: AtomicBool::new(proved),
            sign_ins: AtomicUsize::new(1),
            renewing: tokio::sync::RwLock::new(()),
            token: Mutex::new(token),
            kept: Mutex::new(0),
            pages: RwLock::new(None),
        };
        session.keep().await?;
        Ok(session)
    }

    /// Tells whether an instance can be signed in to just now: whether it shows its sign-in form. Nobody signs in.
    ///
    /// # Errors
    /// [`Kind::Unreachable`] where it does not answer; [`Kind::SignIn`] or [`Kind::Page`] where its answer has no such form:
    /// it may be under maintenance, or native sign-in is closed.
    pub async fn knock(way: &Way, profile: &Profile) -> Result<()> {
        let place = (way.instance.as_str(), &way.root);
        let http = Http::new(place, &way.route, Jar::default(), None)?.impatient();
        sign_in::sign_in_page(&http, way, profile).await.map(drop)
    }

    /// Opens another session by the same means: what was written may have closed the way in.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn anew(&self) -> Result<Self> {
        let (profile, state) = (Arc::clone(&self.profile), self.state.clone());
        Self::open(self.way.clone(), profile, state, self.clock, &self.cancel).await
    }

    /// The cookies as they are now, to be kept with a session that was taken over.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.http.jar().kept()
    }

    /// Keeps every page that is read from now on, beginning with the start page, or keeps none.
    pub fn keep_pages(&self, wanted: bool) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        *pages = wanted.then(|| vec![self.start.clone()]);
    }

    /// The pages that were kept, in the order they came.
    pub fn kept_pages(&self) -> Vec<Page> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        pages.clone().unwrap_or_default()
    }

    /// The page that is shown first after sign-in: the shell with the menu.
    pub fn start(&self) -> &Page {
        &self.start
    }

    /// The profile the pages are read with.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Name of the instance, for messages.
    pub fn instance(&self) -> &str {
        &self.way.instance
    }

    /// The admin who signed in; none where a browser did.
    pub fn user(&self) -> Option<&str> {
        match &self.way.means {
            Means::Native(admin) => Some(&admin.user),
            Means::TakenOver { .. } => None,
        }
    }

    /// Resolves an address of the profile, or one that the operator gave.
    ///
    /// # Errors
    /// [`Kind::Page`] when it is no address, or leads to another origin.
    pub fn address(&self, address: &str) -> Result<Url> {
        let own = self.way.root.origin();
        self.way
            .root
            .join(address)
            .ok()
            .filter(|url| url.origin() == own)
            .map(|url| self.with_session(&url))
            .ok_or_else(|| {
                Error::new(
                    Kind::Page,
                    format!(
                        "`{address}` is not an address of the instance `{}`.",
                        self.way.instance
                    ),
                )
            })
    }

    /// Reads a page that must be inside; a session that has expired is renewed once.
    ///
    /// # Errors
    /// As [`Session::open`]; [`Kind::Page`] for a page that is cut off, forbidden, or not there.
    pub async fn read(&self, url: &Url, referer: Option<&Url>) -> Result<Page> {
        self.read_with(url, referer, &BTreeMap::new()).await
    }

    /// The same with headers that the pages' own scripts add.
    ///
    /// # Errors
    /// As [`Session::read`].
    pub async fn read_with(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Page> {
        Ok(self.read_whole(url, referer, headers).await?.page)
    }

    /// Reads a file, as a page that shows it has a browser do.
    ///
    /// # Errors
    /// As [`Session::read`]; [`Kind::Page`] too where a page comes in its place.
    pub async fn read_file(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>> {
        let answer = self.read_whole(url, referer, headers).await?;
        answer.file.ok_or_else(|| {
            let what = format!("There is a page where a file is expected: `{}`.", shown_path(url));
            Error::new(Kind::Page, what)
        })
    }

    /// The same with what stands around the page.
    async fn read_whole(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Answer> {
        let (before, answer) = match (self.answer(url, referer, headers).await, &self.way.means) {
            // Where the session is over, the instance may lead to a sign-on elsewhere.
            (Err(error), Means::TakenOver { session, .. }) if error.leads_to().is_some() => {
                let sign = error.leads_to().map_or_else(Sign::asked, Sign::elsewhere);
                return Err(take_over::over(&self.way, session, &sign));
            }
            (answer, _) => answer?,
        };
        self.see_that_it_lasts(&answer.page).await?;
        if !self.is_outside(&answer) {
            self.proved.store(true, Ordering::SeqCst);
            return self.used(answer, url).await;
        }
        let admin = match &self.way.means {
            Means::Native(admin) => admin,
            Means::TakenOver { session, .. } => {
                return Err(take_over::over(&self.way, session, &Sign::asked()));
            }
        };
        let proved = self.proved.load(Ordering::SeqCst);
        if !proved && self.door.asks(&answer.page, &self.profile) {
            return Err(sign_in::remember_refused((&self.way, admin), &self.state, self.clock).await?);
        }
        if !proved {
            return Err(shows_sign_in(url));
        }
        self.renew(before, admin).await?;
        let (_, answer) = self.answer(url, referer, headers).await?;
        if self.is_outside(&answer) && answer.status != StatusCode::UNAUTHORIZED {
            return Err(shows_sign_in(url));
        }
        self.used(answer, url).await
    }

    /// Asks for a page, and says of which sign-in the answer is.
    async fn answer(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<(usize, Answer)> {
        let _shared = self.renewing.read().await;
        let sign_in = self.sign_ins.load(Ordering::SeqCst);
        let answer = self
            .http
            .get_with(&self.current(url).await, referer, headers)
            .await?;
        self.keep().await?;
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(pages) = pages.as_mut().filter(|_| answer.file.is_none()) {
            pages.push(answer.page.clone());
        }
        drop(pages);
        Ok((sign_in, answer))
    }

    /// Forgets the guard's token and reads the page that showed it again, so that the next form takes a fresh one.
    pub async fn renew_token(&self) {
        let kept = self.token.lock().await.take();
        if let Some(page) = kept.and_then(|kept| kept.page)
            && let Err(error) = self.read(&page, None).await
        {
            // The form's own page may still have one.
            tracing::debug!("the guard's token is not renewed: {}", error.message());
        }
    }

    /// Takes a page, and the guard's token where it shows one: the forms of other pages may need it.
    async fn used(&self, answer: Answer, url: &Url) -> Result<Answer> {
        let answer = usable(answer, url)?;
        if let Some(kept) = Kept::of(&answer.page, &self.profile.token) {
            *self.token.lock().await = Some(kept);
        }
        Ok(answer)
    }

    fn is_outside(&self, answer: &Answer) -> bool {
        self.door.is_outside(answer, &self.profile)
    }

    /// Tells whether an answer to a form is outside, or sends a browser there.
    async fn leads_outside(&self, answer: &Answer) -> bool {
        self.is_outside(answer)
            || match sends_onward(&answer.page) {
                Some(url) => self
                    .http
                    .get(&url, Some(&answer.page.url))
                    .await
                    .is_ok_and(|a| self.is_outside(&a)),
                None => false,
            }
    }

    /// Gives an address of an earlier page as it is in the session of now: with its id in the path, its token.
    async fn current(&self, url: &Url) -> Url {
        let mut url = match session_in_path(url) {
            Some(_) => self.with_session(url),
            None => url.clone(),
        };
        // Within one session the guard's tokens are left as the pages gave them.
        if self.sign_ins.load(Ordering::SeqCst) > 1
            && let Some(Kept { token, .. }) = self.token.lock().await.as_ref()
            && url.query_pairs().any(|(name, _)| name == token.name)
        {
            let replaced = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| match name
                == token.name
            {
                true => (token.name.clone(), token.value.clone()),
                false => (name.into_owned(), value.into_owned()),
            };
            let pairs: Vec<(String, String)> = url.query_pairs().map(replaced).collect();
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
        url
    }

    fn with_session(&self, url: &Url) -> Url {
        match self.in_path.read() {
            Ok(session) if !session.is_empty() => with_session(url, &session),
            _ => url.clone(),
        }
    }

    /// Signs in again, once for all readers that found the session expired at the same time.
    async fn renew(&self, before: usize, admin: &Admin) -> Result<()> {
        let _alone = self.renewing.write().await;
        if self.sign_ins.load(Ordering::SeqCst) != before {
            return Ok(());
        }
        tracing::info!("the session has expired: signing in once more");
        let admin = Admin {
            typed_again: false,
            ..admin.clone()
        };
        let means = (self.clock, &self.cancel);
        let signed_in =
            sign_in::sign_in(&self.http, (&self.way, &admin), &self.profile, &self.state, means).await?;
        if let Ok(mut in_path) = self.in_path.write() {
            *in_path = signed_in.in_path;
        }
        *self.token.lock().await = Kept::of(&signed_in.start, &self.profile.token);
        self.sign_ins.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn shows_sign_in(url: &Url) -> Error {
    Error::new(
        Kind::Page,
        format!(
            "`{}` shows a sign-in page right after signing in.",
            shown_path(url)
        ),
    )
}

/// Takes an answer that is a page, or says why it is none.
fn usable(answer: Answer, url: &Url) -> Result<Answer> {
    let status = answer.status.as_u16();
    let asked = shown_path(url);
    match status {
        200..=299 => {}
        401 | 403 => {
            return Err(Error::new(
                Kind::Page,
                format!("The page `{asked}` is forbidden (status {status})."),
            )
            .forbidden());
        }
        _ => {
            return Err(Error::new(
                Kind::Page,
                format!("There is no page `{asked}` (status {status})."),
            ));
        }
    }
    match &answer.page.cut {
        Some(why) => Err(
            Error::new(Kind::Page, format!("The page `{asked}` was cut off: {why}."))
                .hint("try again; nothing of this page was kept"),
        ),
        None => Ok(answer),
    }
}
