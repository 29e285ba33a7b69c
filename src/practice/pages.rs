//! Which page an address leads to, and who may see it.

use axum::http::StatusCode;

use crate::practice::configuration;
use crate::practice::faults::{Effect, Named};
use crate::practice::guard;
use crate::practice::instance::Instance;
use crate::practice::login;
use crate::practice::look::Look;
use crate::practice::operation::{Call, part};
use crate::practice::saving;
use crate::practice::service;
use crate::practice::session::{Session, Who};
use crate::practice::shell;
use crate::practice::sign_on::consumer;
use crate::practice::visit::{Answer, Visit};

const STYLE: &str = "body{font:14px sans-serif}table.list td{padding:2px 8px}.errorMessage{color:#a00}";
const PENCIL: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">\
                      <path d=\"M2 14l1-4 8-8 3 3-8 8z\"/></svg>";

/// Answers one request; `effect` is what goes wrong with its page, if anything does.
pub(super) fn answer(instance: &mut Instance, visit: &Visit, effect: Option<&Effect>) -> Answer {
    if effect == Some(&Effect::Named(Named::LoginPage)) {
        return login::page(instance, visit, None);
    }
    if let Some(answer) = open(instance, visit) {
        return answer;
    }
    if instance.scenario.service && visit.path.starts_with(service::ROOT) {
        return service::answer(instance, visit, effect);
    }
    let Some(session) = instance.sessions.of(visit).cloned() else {
        return consumer::outside(instance, visit);
    };
    let look = Look::new(instance.scenario, &session.token);
    if session.who != Who::Nobody && !guard::passes(visit, Some(&session.token)) {
        instance.harm.wrong_token += 1;
        return Answer::redirect(guard::ERROR_ADDRESS);
    }
    match &session.who {
        Who::Nobody => consumer::outside(instance, visit),
        Who::ChangingPassword(name) if visit.is_post() && visit.path == login::CHANGE_PASSWORD => {
            login::change_password(instance, visit, &look, name)
        }
        Who::ChangingPassword(_) => login::change_page(&look, None),
        Who::Admin(name) => inside(instance, visit, effect, &look, &session, name),
    }
}

/// What is answered whoever asks.
fn open(instance: &mut Instance, visit: &Visit) -> Option<Answer> {
    let session = instance.sessions.of(visit).cloned();
    let token = session.as_ref().map_or("", |session| session.token.as_str());
    Some(match visit.path.as_str() {
        "/" | "/learning" | "/learning/" | "/learning/admin" | "/learning/admin/" => {
            Answer::redirect(match instance.scenario.sso {
                true => shell::MAIN,
                false => login::PAGE,
            })
        }
        consumer::PATH if instance.provider.is_some() => consumer::consume(instance, visit),
        "/learning/css/admin.css" => Answer::typed("text/css;charset=UTF-8", STYLE.to_owned()),
        "/learning/images/pencil.svg" => Answer::typed("image/svg+xml", PENCIL.to_owned()),
        service::SCRIPT if instance.scenario.service => service::script(),
        guard::SCRIPT_ADDRESS => guard::script(token),
        guard::ERROR_ADDRESS => {
            let look = Look::new(instance.scenario, token);
            shell::notice(&look, "Error", "The request could not be verified.")
        }
        login::PAGE => login::page(instance, visit, None),
        login::SIGN_IN if visit.is_post() => login::sign_in(instance, visit),
        login::SIGN_OUT => login::sign_out(instance, visit),
        // A browser asks for its icon here, without the cookies of the LMS: no reason to begin a session.
        path if !path.starts_with("/learning/") => {
            Answer::typed("text/plain;charset=UTF-8", "Not found".to_owned())
                .with_status(StatusCode::NOT_FOUND)
        }
        _ => return None,
    })
}

/// What is answered to an admin who is signed in.
fn inside(
    instance: &mut Instance,
    visit: &Visit,
    effect: Option<&Effect>,
    look: &Look,
    session: &Session,
    name: &str,
) -> Answer {
    let configures = instance.admin_mut(name).is_some_and(|admin| admin.configures);
    if visit.path == shell::MAIN {
        if let Some(session) = instance.sessions.of(visit) {
            session.shell = true;
        }
        return match instance.scenario.service {
            true => service::main(look),
            false => shell::main(look),
        };
    }
    if !session.shell {
        return Answer::redirect(shell::MAIN);
    }
    let allowed = configures && !instance.scenario.denied;
    let missing = || shell::notice(look, "Error", "Page not found").with_status(StatusCode::NOT_FOUND);
    if instance.scenario.service {
        return missing();
    }
    match visit.path.as_str() {
        shell::MENU => shell::menu(look, &shell::Sees::of(instance, configures)),
        shell::BANNER => shell::banner(look),
        configuration::LIST | configuration::EDIT | configuration::SAVE if !allowed => shell::notice(
            look,
            "System Configuration",
            "You do not have permission to view this page.",
        ),
        configuration::LIST => configuration::list(instance, visit, look),
        configuration::EDIT => configuration::edit(instance, visit, look, effect),
        configuration::SAVE if visit.is_post() => saving::save(instance, visit, look, effect),
        path => {
            let call = Call { visit, look, effect };
            part::page(instance, &call)
                .or_else(|| shell::simple(look, path))
                .unwrap_or_else(missing)
        }
    }
}
