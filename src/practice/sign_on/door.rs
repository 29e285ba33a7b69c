//! The pages of the identity provider: user name, password, code, and the one that a script sends on.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::practice::look::{escape, hidden};
use crate::practice::sign_on::Provider;
use crate::practice::sign_on::provider::{Asked, Next, secret};
use crate::practice::visit::{Answer, Visit};

/// Where a sign-in begins.
pub(super) const ENTRY: &str = "/saml2/idp/sso";

/// No form of these pages is larger.
const BODY_LIMIT: usize = 64 * 1024;

/// The cookie that tells a browser from others.
const BROWSER: &str = "idp_browser";
/// The hidden field that says which sign-in a form belongs to.
const STATE: &str = "flowState";

/// A form: what it asks for, where it goes, and its field.
struct Form {
    asked: Asked,
    path: &'static str,
    field: &'static str,
    kind: &'static str,
    label: &'static str,
    /// What browsers and password keepers know the field by.
    filled: &'static str,
    button: &'static str,
}

const FORMS: [Form; 3] = [
    Form {
        asked: Asked::Name,
        path: "/saml2/idp/identify",
        field: "loginName",
        kind: "text",
        label: "User name",
        filled: "username",
        button: "Next",
    },
    Form {
        asked: Asked::Password,
        path: "/saml2/idp/authenticate",
        field: "loginPassword",
        kind: "password",
        label: "Password",
        filled: "current-password",
        button: "Sign in",
    },
    Form {
        asked: Asked::Code,
        path: "/saml2/idp/verify",
        field: "oneTimeCode",
        kind: "text",
        label: "One-time code",
        filled: "one-time-code",
        button: "Verify",
    },
];

/// The routes of the identity provider.
pub(in crate::practice) fn router(provider: Arc<Provider>) -> Router {
    Router::new().fallback(serve).with_state(provider)
}

async fn serve(State(provider): State<Arc<Provider>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => answer(&provider, &Visit::read(&parts, &body)).into_response(),
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    }
}

fn answer(provider: &Provider, visit: &Visit) -> Answer {
    if visit.path == ENTRY && !visit.is_post() {
        // A second tab is the same browser.
        let browser = visit.cookie(BROWSER).map_or_else(secret, str::to_owned);
        let set = format!("{BROWSER}={browser}; Path=/; HttpOnly; SameSite=Lax");
        let company = visit.query("company").unwrap_or_default();
        let relay = visit.query("RelayState").unwrap_or_default();
        let next = provider.begin(company, visit.query("SAMLRequest"), relay, browser);
        return page(next).with_cookies(vec![set]);
    }
    match FORMS
        .iter()
        .find(|form| form.path == visit.path && visit.is_post())
    {
        Some(form) => {
            let state = visit.field(STATE).unwrap_or_default();
            let said = visit.field(form.field).unwrap_or_default();
            page(provider.advance(form.asked, state, visit.cookie(BROWSER), said))
        }
        None => notice("There is no such page.").with_status(StatusCode::NOT_FOUND),
    }
}

fn page(next: Next) -> Answer {
    match next {
        Next::Ask {
            asked,
            state,
            company,
            name,
            message,
        } => match FORMS.iter().find(|form| form.asked == asked) {
            Some(form) => ask(form, &state, &company, name.as_deref(), message),
            None => notice("There is no such page."),
        },
        Next::Leave {
            consumer,
            response,
            relay,
        } => leave(&consumer, &response, &relay),
        Next::Over => {
            notice("This sign-in is not known, or is over. Begin again.").with_status(StatusCode::FORBIDDEN)
        }
    }
}

fn ask(form: &Form, state: &str, company: &str, name: Option<&str>, message: Option<&'static str>) -> Answer {
    let message = message.map_or_else(String::new, |text| {
        format!("<p class=\"error\" role=\"alert\">{}</p>\n", escape(text))
    });
    let name = name.map_or_else(String::new, |name| {
        format!("<p class=\"user\">{}</p>\n", escape(name))
    });
    let sent = match form.asked {
        Asked::Code => "<p>A code was sent to your telephone.</p>\n",
        Asked::Name | Asked::Password => "",
    };
    let text = format!(
        "<h1>Sign in to {company}</h1>\n{name}{sent}{message}\
         <form method=\"post\" action=\"{path}\">\n{state}\
         <label for=\"{field}\">{label}</label>\n\
         <input type=\"{kind}\" id=\"{field}\" name=\"{field}\" autocomplete=\"{filled}\" autofocus>\n\
         <button type=\"submit\">{button}</button>\n</form>",
        company = escape(company),
        path = form.path,
        state = hidden(STATE, state),
        field = form.field,
        label = form.label,
        kind = form.kind,
        filled = form.filled,
        button = form.button,
    );
    document("Sign in", &format!("<body>\n{text}\n</body>"))
}

/// The way back to an instance: a form that nothing but a script sends.
fn leave(consumer: &str, response: &str, relay: &str) -> Answer {
    let text = format!(
        "<body onload=\"document.forms[0].submit()\">\n\
         <noscript><p>Your browser must run scripts to sign in.</p></noscript>\n\
         <form method=\"post\" action=\"{}\">\n{}{}</form>\n</body>",
        escape(consumer),
        hidden("SAMLResponse", response),
        hidden("RelayState", relay),
    );
    document("Signing in", &text)
}

fn notice(text: &str) -> Answer {
    document("Sign in", &format!("<body>\n<p>{}</p>\n</body>", escape(text)))
}

fn document(title: &str, body: &str) -> Answer {
    Answer::page(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\">\n<title>{title}</title>\n</head>\n\
         {body}\n</html>\n"
    ))
}
