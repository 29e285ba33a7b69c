//! Tells pages that those see who are outside from pages behind the door.

use reqwest::StatusCode;
use url::Url;

use crate::error::Result;
use crate::find::{Fields, says_to_sign_in, sign_in_form};
use crate::page::{Content, Page};
use crate::profile::Profile;
use crate::session::Way;
use crate::session::http::Answer;
use crate::session::sign_in::join;

/// What is known of the door.
#[derive(Debug, Clone)]
pub(super) struct Door {
    /// The fields of the sign-in form, where it was read: a page that shows them is outside.
    pub(super) fields: Option<Fields>,
    /// Address of the sign-in page.
    pub(super) page: Url,
    /// Address of the page that is visited first.
    pub(super) start: Url,
}

impl Door {
    /// The door of an instance as its profile tells it; what the sign-in form asks in is not known yet.
    pub(super) fn of(way: &Way, profile: &Profile) -> Result<Self> {
        Ok(Self {
            fields: None,
            page: join(&way.root, &profile.sign_in.page)?,
            start: join(&way.root, &profile.sign_in.start)?,
        })
    }

    /// Tells whether an answer is what those see who are outside.
    pub(super) fn is_outside(&self, answer: &Answer, profile: &Profile) -> bool {
        let page = &answer.page;
        // Only pages for people have links.
        let inside = profile
            .sign_in
            .inside
            .as_ref()
            .filter(|_| page.content == Content::Html);
        self.asks(page, profile)
            || answer.status == StatusCode::UNAUTHORIZED
            || says_to_sign_in(page, profile, &self.page, &self.start)
            || inside.is_some_and(|part| !page.links.iter().any(|l| l.raw_href.contains(part)))
    }

    /// Tells whether a page is the sign-in page, by its fields or its address.
    pub(super) fn asks(&self, page: &Page, profile: &Profile) -> bool {
        let form = match &self.fields {
            Some(fields) => fields.stand_in(page),
            None => !matches!(sign_in_form(page, &profile.sign_in), Ok(None)),
        };
        form || self.leads_back(page)
    }

    /// Tells whether a page is the sign-in page by its address, where that page has an address of its own.
    fn leads_back(&self, page: &Page) -> bool {
        self.page.path() != self.start.path() && without_session(&page.url) == without_session(&self.page)
    }
}

fn without_session(url: &Url) -> &str {
    url.path().split(';').next().unwrap_or_default()
}

/// The session that an address carries in its path, as `;jsessionid=…`; nothing where there is none.
pub(super) fn session_in_path(url: &Url) -> Option<&str> {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    last.find(';').map(|at| &last[at..])
}

/// Puts a session into the last segment of an address's path, in place of the one that stands there.
pub(super) fn with_session(url: &Url, session: &str) -> Url {
    let mut url = url.clone();
    let path = match session_in_path(&url) {
        Some(old) => url.path().strip_suffix(old).unwrap_or_default().to_owned(),
        None => url.path().to_owned(),
    };
    url.set_path(&format!("{path}{session}"));
    url
}
