//! The native login: its page, the sign-in, and the change of a password at sign-in.

use crate::practice::admins::Verdict;
use crate::practice::forms::Form;
use crate::practice::guard;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden};
use crate::practice::session::{Session, Who};
use crate::practice::shell;
use crate::practice::visit::{Answer, Visit};

/// The login page \[kba\].
pub(super) const PAGE: &str = "/learning/admin/nativelogin.jsp";
/// Where its form goes.
pub(super) const SIGN_IN: &str = "/learning/admin/nativeLogin.do";
/// Where the form of the page that asks for a new password goes.
pub(super) const CHANGE_PASSWORD: &str = "/learning/admin/changePassword.do";
/// Where the link to sign out goes.
pub(super) const SIGN_OUT: &str = "/learning/admin/logout.do";

const TENANT: &str = "practice";

/// Answers with the login page, in the session there is or a new one.
pub(super) fn page(instance: &mut Instance, visit: &Visit, message: Option<&'static str>) -> Answer {
    let (scenario, closed) = (instance.scenario, instance.native_login_closed());
    let (session, cookies) = match instance.sessions.of(visit).cloned() {
        Some(session) => (session, Vec::new()),
        None => {
            let (session, cookies) = instance.sessions.begin(Who::Nobody);
            (session.clone(), cookies)
        }
    };
    let look = Look::new(scenario, &session.token);
    let text = if closed {
        closed_text(&look)
    } else {
        form(&look, &session, message)
    };
    Answer::page(look.page(look.t("Admin Login"), &text)).with_cookies(cookies)
}

fn closed_text(look: &Look) -> String {
    let text = look.t("Native sign-in is not available. Sign in through SAP SuccessFactors HCM.");
    format!(
        "<h1>{}</h1>\n<div class=\"errorMessage\">{text}</div>",
        look.t("Admin Login")
    )
}

fn message_line(look: &Look, message: Option<&'static str>) -> String {
    message.map_or_else(String::new, |m| {
        format!("<div class=\"errorMessage\">{}</div>\n", escape(look.t(m)))
    })
}

fn form(look: &Look, session: &Session, message: Option<&'static str>) -> String {
    let locales: String = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
        .iter()
        .map(|(value, name)| {
            let selected = if *value == look.language() {
                " selected"
            } else {
                ""
            };
            format!("<option value=\"{value}\"{selected}>{name}</option>")
        })
        .collect();
    format!(
        "<h1>{title}</h1>\n{message}\
         <form name=\"nativeLoginForm\" method=\"post\" action=\"{action}\" autocomplete=\"off\">\n\
         {token}{kind}{tenant}{stamp}\
         <table>\n\
         <tr><td><label for=\"userName\">{user}</label></td>\
         <td><input type=\"text\" id=\"userName\" name=\"userName\" value=\"\" maxlength=\"90\"></td></tr>\n\
         <tr><td><label for=\"password\">{password}</label></td>\
         <td><input type=\"password\" id=\"password\" name=\"password\" value=\"\"></td></tr>\n\
         <tr><td><label for=\"localeID\">{language}</label></td>\
         <td><select id=\"localeID\" name=\"localeID\">{locales}</select></td></tr>\n\
         <tr><td></td><td><input type=\"submit\" id=\"submit\" name=\"submit\" value=\"{log_in}\"></td></tr>\n\
         </table>\n</form>\n<p><a href=\"{forgot}\">{forgot_text}</a></p>",
        title = look.t("Admin Login"),
        message = message_line(look, message),
        action = look.address(SIGN_IN),
        token = look.token_field(),
        kind = hidden("loginType", "native"),
        tenant = hidden("tenantID", TENANT),
        stamp = hidden("formStamp", &session.stamp),
        user = look.t("User Name"),
        password = look.t("Password"),
        language = look.t("Language"),
        log_in = look.t("Log In"),
        forgot = look.address("/learning/admin/forgotPassword.jsp"),
        forgot_text = look.t("Forgot your password?"),
    )
}

/// Takes a sign-in: all fields of the form, a user and a password.
pub(super) fn sign_in(instance: &mut Instance, visit: &Visit) -> Answer {
    let session = instance.sessions.of(visit).cloned();
    if !guard::passes(visit, session.as_ref().map(|s| s.token.as_str())) {
        instance.harm.wrong_token += 1;
        return Answer::redirect(guard::ERROR_ADDRESS);
    }
    let Some(session) = session.filter(|_| !instance.native_login_closed()) else {
        return page(instance, visit, None);
    };
    let look = Look::new(instance.scenario, &session.token);
    let form = Form {
        fixed: &[
            ("loginType", "native"),
            ("tenantID", TENANT),
            ("formStamp", &session.stamp),
        ],
        free: &["userName", "password", "localeID"],
        buttons: &[("submit", look.t("Log In"))],
    };
    if form.pressed(visit).is_none() {
        instance.harm.wrong_form += 1;
        return page(instance, visit, Some("The request was incomplete."));
    }
    let (name, password) = (
        visit.field("userName").unwrap_or(""),
        visit.field("password").unwrap_or(""),
    );
    let Some(admin) = instance.admins.iter_mut().find(|admin| admin.name == name) else {
        return page(instance, visit, Some("Your user name or password is incorrect."));
    };
    instance.harm.built_in_admin += u64::from(admin.built_in);
    match admin.try_password(password) {
        Verdict::Wrong => page(instance, visit, Some("Your user name or password is incorrect.")),
        Verdict::Locked => page(
            instance,
            visit,
            Some("Your account is locked. Contact your administrator."),
        ),
        Verdict::Right => {
            let name = admin.name.clone();
            let must_change = admin.must_change_password;
            let who = if must_change {
                Who::ChangingPassword(name)
            } else {
                Who::Admin(name)
            };
            instance.sessions.end(visit);
            let (_, cookies) = instance.sessions.begin(who);
            Answer::redirect(shell::MAIN).with_cookies(cookies)
        }
    }
}

/// Answers with the page that asks for a new password.
pub(super) fn change_page(look: &Look, message: Option<&'static str>) -> Answer {
    let text = format!(
        "<h1>{title}</h1>\n{message}<p>{why}</p>\n\
         <form name=\"changePasswordForm\" method=\"post\" action=\"{action}\">\n{token}\
         <label for=\"newPassword\">{new}</label> <input type=\"password\" id=\"newPassword\" name=\"newPassword\">\n\
         <label for=\"confirmPassword\">{confirm}</label> \
         <input type=\"password\" id=\"confirmPassword\" name=\"confirmPassword\">\n\
         <input type=\"submit\" name=\"change\" value=\"{title}\">\n</form>",
        title = look.t("Change Password"),
        message = message_line(look, message),
        why = look.t("You must change your password before you continue."),
        action = look.address(CHANGE_PASSWORD),
        token = look.token_field(),
        new = look.t("New Password"),
        confirm = look.t("Confirm Password"),
    );
    Answer::page(look.page(look.t("Change Password"), &text))
}

/// Takes a new password; then the admin is in.
pub(super) fn change_password(instance: &mut Instance, visit: &Visit, look: &Look, name: &str) -> Answer {
    let form = Form {
        fixed: &[],
        free: &["newPassword", "confirmPassword"],
        buttons: &[("change", look.t("Change Password"))],
    };
    let new = visit.field("newPassword").unwrap_or("");
    let same = form.pressed(visit).is_some() && visit.field("confirmPassword") == Some(new);
    if !same
        || !instance
            .admin_mut(name)
            .is_some_and(|admin| admin.change_password(new))
    {
        return change_page(look, Some("This password cannot be used."));
    }
    if let Some(session) = instance.sessions.of(visit) {
        session.who = Who::Admin(name.to_owned());
    }
    Answer::redirect(shell::MAIN)
}

/// Ends the session and its cookies.
pub(super) fn sign_out(instance: &mut Instance, visit: &Visit) -> Answer {
    instance.sessions.end(visit);
    let gone = [
        "JSESSIONID=; Path=/learning; Max-Age=0",
        "TENANT_AUTH_COOKIE=; Path=/; Max-Age=0",
    ];
    Answer::redirect(PAGE).with_cookies(gone.map(str::to_owned).to_vec())
}
