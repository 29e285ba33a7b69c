//! Where the guard's token for a form comes from: the form itself, its page, or the guard's own script.

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::{Token, shown_path, token_in_page, token_in_script};
use crate::page::{Content, Form, Json, Page};
use crate::profile::{self, ServiceToken};
use crate::session::Session;
use crate::session::http::Http;

/// The fields to add to a form so that the guard lets it through; none where it carries the token already.
pub(super) async fn fields(
    http: &Http,
    rules: &profile::Token,
    page: &Page,
    form: &Form,
    known: Option<Token>,
) -> Result<Vec<(String, String)>> {
    if rules.names.is_empty() || carries(form, rules) {
        return Ok(Vec::new());
    }
    let token = match known {
        known @ Some(_) => token_in_page(page, rules).or(known),
        None => told_by(http, rules, page).await?,
    };
    Ok(token.map(|t| (t.name, t.value)).into_iter().collect())
}

/// Finds the token in a page, or in the scripts that it includes.
async fn told_by(http: &Http, rules: &profile::Token, page: &Page) -> Result<Option<Token>> {
    match token_in_page(page, rules) {
        Some(token) => Ok(Some(token)),
        None => from_scripts(http, rules, page).await,
    }
}

fn carries(form: &Form, rules: &profile::Token) -> bool {
    let in_field = form
        .controls
        .iter()
        .any(|c| rules.names.contains(&c.name) && !c.value.is_empty());
    let in_address = form
        .action
        .query_pairs()
        .any(|(name, _)| rules.names.iter().any(|n| *n == name));
    in_field || in_address
}

/// Reads the scripts that the page includes and that may be the guard's, as a browser would.
async fn from_scripts(http: &Http, rules: &profile::Token, page: &Page) -> Result<Option<Token>> {
    let own = page.url.origin();
    let guards = |address: &str| {
        let address = address.to_lowercase();
        rules
            .scripts
            .iter()
            .any(|part| address.contains(&part.to_lowercase()))
    };
    let mut missing = None;
    for script in &page.scripts {
        let Some(url) = &script.src else { continue };
        if url.origin() != own || !guards(url.as_str()) {
            continue;
        }
        let answer = http.get(url, Some(&page.url)).await?;
        if !answer.status.is_success() {
            missing = Some((shown_path(url), answer.status.as_u16()));
        } else if let Some(token) = token_in_script(&answer.page.source, rules) {
            return Ok(Some(token));
        }
    }
    match missing {
        None => Ok(None),
        // Without its token a form is refused as a forgery is, and a sign-in as a wrong password is.
        Some((path, status)) => Err(Error::new(
            Kind::Page,
            format!("The guard's script `{path}` is not there (status {status}): no form is sent without its token."),
        )
        .hint("`scripts` of `[token]` in a profile of your own says which scripts are the guard's")),
    }
}

/// A token that was shown, for the forms of pages that show none.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) token: Token,
    /// The page that showed it and can show a fresh one; none where a script did, or the page's own address.
    pub(super) page: Option<Url>,
}

impl Kept {
    /// Takes the token that a page shows.
    pub(super) fn of(page: &Page, rules: &profile::Token) -> Option<Self> {
        let token = token_in_page(page, rules)?;
        let in_address = page.url.query_pairs().any(|(name, _)| name == token.name);
        Some(Self {
            token,
            page: (!in_address).then(|| page.url.clone()),
        })
    }
}

impl Session {
    /// Finds the token for a form, and tells whether it is one that was kept; what a script shows is kept for the
    /// session.
    pub(super) async fn token_for(&self, page: &Page, form: &Form) -> Result<(Vec<(String, String)>, bool)> {
        let mut kept = self.token.lock().await;
        let rules = &self.profile.token;
        let known = kept.as_ref().map(|kept| kept.token.clone());
        let shown = token_in_page(page, rules).is_some();
        let is_kept = !shown && known.is_some();
        let fields = fields(&self.http, rules, page, form, known).await?;
        if let Some((name, value)) = fields.first().filter(|_| !shown && !is_kept) {
            let (name, value) = (name.clone(), value.clone());
            *kept = Some(Kept {
                token: Token { name, value },
                page: None,
            });
        }
        let is_kept = is_kept && !fields.is_empty();
        Ok((fields, is_kept))
    }

    /// Finds the token for a script's call, with the name it is sent under. It is asked for anew each time: a token may
    /// change with every page.
    pub(super) async fn token_by(&self, rules: &ServiceToken) -> Result<(String, String)> {
        let url = match &rules.address {
            Some(address) => self.address(address)?,
            None => self.address(&self.profile.sign_in.start)?,
        };
        let answer = self
            .read_whole(&url, Some(&self.start.url), &rules.request_headers)
            .await?;
        let page = &answer.page;
        let found = match (&rules.pointer, &rules.response_header, &rules.cookie) {
            (Some(pointer), ..) => Json::parse(&page.source)
                .ok()
                .and_then(|json| json.at(pointer).ok()??.text()),
            (None, Some(header), _) => answer
                .headers
                .get(header)
                .and_then(|value| value.to_str().ok().map(str::to_owned)),
            (None, None, Some(cookie)) => self.http.cookie(&page.url, cookie),
            (None, None, None) => {
                let names = &self.profile.token;
                let token = match page.content {
                    Content::Html => told_by(&self.http, names, page).await?,
                    _ => token_in_script(&page.source, names),
                };
                token.map(|token| token.value)
            }
        };
        let plain = |value: &String| !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic());
        match found.filter(plain) {
            Some(value) => Ok((rules.sent_as().to_owned(), value)),
            None => Err(Error::new(
                Kind::Page,
                format!(
                    "The guard's token is not found at `{}`: nothing was sent.",
                    shown_path(&url)
                ),
            )),
        }
    }
}
