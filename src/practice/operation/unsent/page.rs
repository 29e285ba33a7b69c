//! Manage Unsent Emails on a classic page: a table of types with their counts, and two buttons in forms of their own.

use crate::practice::faults::Named;
use crate::practice::forms::Form;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden};
use crate::practice::operation::part::Call;
use crate::practice::operation::unsent;
use crate::practice::visit::Answer;

pub(super) const PAGE: &str = "/learning/admin/tools/unsentEmails.do";
pub(super) const DELETE: &str = "/learning/admin/tools/purgeUnsentEmails.do";
pub(super) const SEND: &str = "/learning/admin/tools/releaseUnsentEmails.do";
pub(super) const MENU_ID: &str = "UNSENT_EMAILS";

const TITLE: &str = "Manage Unsent Emails";

/// What is said of a form that came in.
type Said = Option<Result<&'static str, &'static str>>;

/// Answers a request to this page or to what its forms lead to.
pub(super) fn answer(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    unsent::settle(instance, false);
    Some(match (call.visit.path.as_str(), call.visit.is_post()) {
        (PAGE, false) => page(instance, call, None),
        (DELETE, true) => {
            let pressed = pressed(instance, call, ("purgeEmails", "Delete Unsent Emails"));
            let said = pressed.and_then(|()| unsent::delete(instance, call.effect));
            page(instance, call, Some(said))
        }
        (SEND, true) => {
            let pressed = pressed(instance, call, ("releaseEmails", "Send Unsent Emails"));
            let said = pressed.and_then(|()| unsent::send(instance));
            page(instance, call, Some(said))
        }
        _ => return None,
    })
}

/// Whether a form came back as a browser sends it.
fn pressed(
    instance: &mut Instance,
    call: &Call<'_>,
    (button, label): (&str, &'static str),
) -> Result<(), &'static str> {
    let form = Form {
        fixed: &[("scope", "ALL"), ("adminShellMenuId", MENU_ID)],
        free: &[],
        buttons: &[(button, call.look.t(label))],
    };
    if form.pressed(call.visit).is_some() {
        return Ok(());
    }
    instance.harm.wrong_form += 1;
    Err("The request was incomplete.")
}

fn page(instance: &Instance, call: &Call<'_>, said: Said) -> Answer {
    let (look, operation) = (call.look, &instance.operation);
    let said = match said {
        Some(Ok(text)) => format!("<div class=\"message\">{}</div>\n", look.t(text)),
        Some(Err(text)) => format!("<div class=\"errorMessage\">{}</div>\n", look.t(text)),
        None => String::new(),
    };
    let counts = unsent::counts(operation);
    let rows: String = counts
        .iter()
        .map(|(kind, count)| {
            let name = escape(unsent::name_of(look, kind));
            format!("<tr><td>{name}</td><td align=\"right\">{count}</td></tr>\n")
        })
        .collect();
    let total: usize = counts.values().sum();
    let body = format!(
        "<h1>{title}</h1>\n{said}<table class=\"summary\" border=\"1\">\n\
         <thead><tr><th>{kind}</th><th>{waiting}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n\
         <tfoot><tr><td>{sum}</td><td align=\"right\">{total}</td></tr></tfoot>\n</table>\n{below}\
         <p><a href=\"{again}\">{refresh}</a></p>",
        title = look.t(TITLE),
        kind = look.t("Email Type"),
        waiting = look.t("Waiting"),
        sum = look.t("Total"),
        below = below(instance, call, total),
        again = look.address(&format!("unsentEmails.do?adminShellMenuId={MENU_ID}")),
        refresh = look.t("Refresh"),
    );
    Answer::page(look.page(look.t(TITLE), &body))
}

/// The forms, or why there are none.
fn below(instance: &Instance, call: &Call<'_>, total: usize) -> String {
    let look = call.look;
    let notice = match (unsent::is_running(&instance.operation), total) {
        (true, _) => "Unsent emails are being deleted.",
        (false, 0) => "There are no unsent emails.",
        (false, _) => {
            let send = form(call, "release", ("releaseEmails", "Send Unsent Emails"));
            let delete = form(call, "purge", ("purgeEmails", "Delete Unsent Emails"));
            return format!("{send}{delete}");
        }
    };
    format!("<p class=\"notice\">{}</p>\n", look.t(notice))
}

fn form(call: &Call<'_>, word: &str, (button, label): (&str, &'static str)) -> String {
    let look: &Look = call.look;
    let scope = match call.suffers(Named::FieldMissing) {
        true => String::new(),
        false => hidden("scope", "ALL"),
    };
    format!(
        "<form name=\"{word}Form\" method=\"post\" action=\"{action}\">\n{token}{scope}{menu}\
         <input type=\"submit\" name=\"{button}\" value=\"{label}\"></form>\n",
        action = look.address(&format!("{word}UnsentEmails.do")),
        token = look.token_field(),
        menu = hidden("adminShellMenuId", MENU_ID),
        label = look.t(label),
    )
}
