//! What an instance does about single sign-on: it leads to the identity provider, and takes the assertion.

use axum::http::StatusCode;

use crate::practice::instance::Instance;
use crate::practice::login;
use crate::practice::look::Look;
use crate::practice::session::Who;
use crate::practice::settings;
use crate::practice::shell;
use crate::practice::sign_on::COMPANY;
use crate::practice::sign_on::provider::Refusal;
use crate::practice::visit::{Answer, Visit};

/// Where assertions are posted to.
pub(in crate::practice) const PATH: &str = "/saml2/SAMLAssertionConsumer";

/// Where a browser comes out \[seen\].
const INSIDE: &str = "?fromSF=y";

/// Answers who is not signed in: with the way to the identity provider, or with the login page where there is none.
///
/// A session begins here, as everywhere. The assertion comes from another site, so that a browser leaves the cookie of
/// that session out, and comes out with one of a new session.
pub(in crate::practice) fn outside(instance: &mut Instance, visit: &Visit) -> Answer {
    let closed = instance.scenario.sso && instance.native_login_closed();
    let Some(provider) = instance.provider.clone().filter(|_| closed) else {
        return login::page(instance, visit, None);
    };
    let company = company(instance);
    let entry = provider.entry(instance.side, &company, &format!("{}{INSIDE}", shell::MAIN));
    let cookies = match instance.sessions.of(visit) {
        Some(_) => Vec::new(),
        None => instance.sessions.begin(Who::Nobody).1,
    };
    Answer::redirect(entry).with_cookies(cookies)
}

/// Takes an assertion, whoever asked for it: a provider may also send people of its own accord.
pub(in crate::practice) fn consume(instance: &mut Instance, visit: &Visit) -> Answer {
    let response = visit.field("SAMLResponse").filter(|_| visit.is_post());
    let taken = match (instance.provider.as_ref(), response) {
        (Some(provider), Some(response)) => provider.take(instance.side, response),
        _ => Err(Refusal::Unknown),
    };
    let name = match taken {
        Ok(name) => name,
        Err(refusal) => return refused(instance, why(refusal)),
    };
    match instance.admin_mut(&name).is_some_and(|admin| !admin.built_in) {
        true => {
            instance.sessions.end(visit);
            let (_, cookies) = instance.sessions.begin(Who::Admin(name));
            Answer::redirect(format!("{}{INSIDE}", shell::MAIN)).with_cookies(cookies)
        }
        false => refused(instance, "You have no admin account here."),
    }
}

/// The company whose sign-on an instance uses, as its BIZX file says.
pub(in crate::practice) fn company(instance: &Instance) -> String {
    let document = instance.document(COMPANY.0);
    document
        .and_then(|document| settings::value_of(&document.text, COMPANY.1))
        .unwrap_or_default()
}

fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown => "The sign-in could not be verified.",
        Refusal::Used => "This sign-in was used before. Sign in again.",
        Refusal::ForAnother => "This sign-in is not for this system.",
    }
}

fn refused(instance: &Instance, why: &'static str) -> Answer {
    let look = Look::new(instance.scenario, "");
    shell::notice(&look, "Error", why).with_status(StatusCode::FORBIDDEN)
}
