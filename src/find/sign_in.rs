//! The form that asks for a name and a password.

use crate::find::words::same_label;
use crate::page::{Control, Form, Kind, Page};
use crate::profile::SignIn;

/// A sign-in form on a page: positions of the form and of its controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInForm {
    /// Position in the page's forms.
    pub form: usize,
    /// Position of the field for the user's name.
    pub user: usize,
    /// Position of the field for the password.
    pub password: usize,
    /// Position of the button to press: the named one, else the form's default button.
    pub button: Option<usize>,
}

/// The fields a sign-in form asks in: a page that asks in the same ones is outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    user: String,
    password: String,
}

impl Fields {
    /// Remembers the fields of a form.
    pub fn of(page: &Page, found: &SignInForm) -> Self {
        let form = &page.forms[found.form];
        let name = |at: usize| form.controls[at].name.clone();
        Self {
            user: name(found.user),
            password: name(found.password),
        }
    }

    /// Tells whether a page asks for name and password in these fields.
    pub fn stand_in(&self, page: &Page) -> bool {
        page.forms.iter().any(|form| {
            let has = |name: &str, secret: bool| {
                form.controls
                    .iter()
                    .any(|c| c.name == name && (c.kind == Kind::Password) == secret)
            };
            has(&self.user, false) && has(&self.password, true)
        })
    }
}

/// Finds the sign-in form: a form with one password field and a text field before it.
///
/// Where several forms look like one, only the names of the profile decide; without them there is none.
pub fn sign_in_form(page: &Page, rules: &SignIn) -> Option<SignInForm> {
    let found: Vec<(SignInForm, bool)> = page
        .forms
        .iter()
        .enumerate()
        .filter_map(|(at, form)| in_form(at, form, rules))
        .collect();
    match found.iter().filter(|(_, named)| *named).count() {
        1 => found.into_iter().find(|(_, named)| *named).map(|(form, _)| form),
        0 if found.len() == 1 => found.into_iter().next().map(|(form, _)| form),
        _ => None,
    }
}

/// Tells whether a page asks for a new password: two or more password fields in one form.
pub fn asks_for_new_password(page: &Page) -> bool {
    page.forms.iter().any(|form| passwords(form).count() >= 2)
}

fn passwords(form: &Form) -> impl Iterator<Item = usize> {
    let usable = |c: &Control| c.kind == Kind::Password && !c.disabled;
    form.controls
        .iter()
        .enumerate()
        .filter(move |(_, c)| usable(c))
        .map(|(at, _)| at)
}

fn in_form(at: usize, form: &Form, rules: &SignIn) -> Option<(SignInForm, bool)> {
    let mut fields = passwords(form);
    let password = fields.next()?;
    if fields.next().is_some() {
        return None;
    }
    let named = |c: &Control, names: &[String]| names.iter().any(|n| *n == c.name || *n == c.id);
    let writable = |c: &Control| matches!(c.kind, Kind::Text | Kind::Email | Kind::Tel) && !c.disabled;
    let by_name = form
        .controls
        .iter()
        .position(|c| writable(c) && named(c, &rules.user));
    let user = by_name.or_else(|| (0..password).rev().find(|i| writable(&form.controls[*i])))?;
    let is_named = by_name.is_some() && named(&form.controls[password], &rules.password);
    Some((
        SignInForm {
            form: at,
            user,
            password,
            button: button(form, rules),
        },
        is_named,
    ))
}

/// Pressing Enter presses the first button that submits (HTML, "implicit submission").
fn button(form: &Form, rules: &SignIn) -> Option<usize> {
    let presses = |c: &Control| c.kind.submits() && !c.disabled;
    let wanted = |c: &Control| {
        rules.button.iter().any(|b| *b == c.name || *b == c.id) || same_label(&c.label, &rules.button)
    };
    let by_name = form.controls.iter().position(|c| presses(c) && wanted(c));
    by_name.or_else(|| form.controls.iter().position(presses))
}
