//! The form that asks for a name and a password, and the pages that those see who are outside.

use url::Url;

use crate::find::Unclear;
use crate::find::address::bare;
use crate::find::words::{same_label, speaks_of};
use crate::page::{Control, Form, Kind, Link, Page};
use crate::profile::{Profile, SignIn};

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

    /// Tells whether a page asks for name and password in these fields; a form with more passwords asks for a new one.
    pub fn stand_in(&self, page: &Page) -> bool {
        page.forms.iter().any(|form| {
            let has = |name: &str, secret: bool| {
                form.controls
                    .iter()
                    .any(|c| c.name == name && (c.kind == Kind::Password) == secret)
            };
            passwords(form).count() == 1 && has(&self.user, false) && has(&self.password, true)
        })
    }
}

/// Finds the sign-in form: a form with one password field and one text field, or the text field that the profile
/// names. Where several forms look like one, only the names of the profile decide.
///
/// # Errors
/// More than one text field that may be the user's, or more than one form: the sentence says which.
pub fn sign_in_form(page: &Page, rules: &SignIn) -> Result<Option<SignInForm>, Unclear> {
    let mut named = Vec::new();
    let mut others = Vec::new();
    for (at, form) in page.forms.iter().enumerate() {
        match in_form(at, form, rules) {
            Some(Ok((found, true))) => named.push(found),
            Some(other) => others.push(other),
            None => {}
        }
    }
    let asks = named.len() + others.len();
    match (named.pop(), named.len(), others.len()) {
        (Some(only), 0, _) => Ok(Some(only)),
        (None, _, 0) => Ok(None),
        (None, _, 1) => others.remove(0).map(|(found, _)| Some(found)),
        _ => Err(Unclear::new(format!("has {asks} forms that ask for a password"))),
    }
}

/// Tells whether a page asks for a new password: two or more password fields in one form.
pub fn asks_for_new_password(page: &Page) -> bool {
    page.forms.iter().any(|form| passwords(form).count() >= 2)
}

/// Tells whether a page has nothing to say but that one must sign in: no forms, no frames, and no links but to the
/// doors, which are the sign-in page and the start page; and there is a link to the sign-in page that is no way out,
/// or a word that the session is over.
pub fn says_to_sign_in(page: &Page, profile: &Profile, sign_in: &Url, start: &Url) -> bool {
    let silent = page.forms.is_empty() && page.frames.is_empty() && page.loose.is_empty();
    // Where one script makes all pages, only the query tells them apart.
    let one_script = sign_in.path() == start.path();
    let asks_for = |url: &Url, door: &Url| {
        let mut wanted = door.query_pairs().peekable();
        match wanted.peek() {
            None => url.query().is_none(),
            Some(_) => wanted.all(|pair| url.query_pairs().any(|other| other == pair)),
        }
    };
    let leads = |url: &Url, door: &Url| {
        url.origin() == door.origin()
            && bare(url, &[]).path() == door.path()
            && (!one_script || asks_for(url, door))
    };
    let to_doors = page
        .links
        .iter()
        .all(|link| leads(&link.url, sign_in) || leads(&link.url, start));
    let way_in = |link: &Link| !link.text.is_empty() && !speaks_of(&link.text, &profile.words.never);
    let to_sign_in = page
        .links
        .iter()
        .any(|link| leads(&link.url, sign_in) && way_in(link));
    silent && to_doors && (to_sign_in || speaks_of(&page.text, &profile.sign_in.expired))
}

fn passwords(form: &Form) -> impl Iterator<Item = usize> {
    let usable = |c: &Control| c.kind == Kind::Password && !c.disabled;
    form.controls
        .iter()
        .enumerate()
        .filter(move |(_, c)| usable(c))
        .map(|(at, _)| at)
}

/// The sign-in form that a form is, and whether the profile names its fields.
fn in_form(at: usize, form: &Form, rules: &SignIn) -> Option<Result<(SignInForm, bool), Unclear>> {
    let mut fields = passwords(form);
    let password = fields.next()?;
    if fields.next().is_some() {
        return None;
    }
    let named = |c: &Control, names: &[String]| names.iter().any(|n| *n == c.name || *n == c.id);
    let writable =
        |c: &Control| matches!(c.kind, Kind::Text | Kind::Email | Kind::Tel) && !c.disabled && !c.read_only;
    let texts: Vec<usize> = (0..form.controls.len())
        .filter(|i| writable(&form.controls[*i]))
        .collect();
    let by_name = texts
        .iter()
        .copied()
        .find(|i| named(&form.controls[*i], &rules.user));
    let user = match (by_name, texts.as_slice()) {
        (Some(user), _) => user,
        (None, [only]) => *only,
        (None, []) => return None,
        (None, several) => {
            let names: Vec<String> = several
                .iter()
                .map(|i| format!("`{}`", form.controls[*i].name))
                .collect();
            let sentence = format!("has several fields that may be the user's: {}", names.join(", "));
            return Some(Err(Unclear::new(sentence)));
        }
    };
    let is_named = by_name.is_some() && named(&form.controls[password], &rules.password);
    let button = button(form, rules);
    Some(Ok((
        SignInForm {
            form: at,
            user,
            password,
            button,
        },
        is_named,
    )))
}

/// Pressing Enter presses the first button that submits (HTML, "implicit submission").
fn button(form: &Form, rules: &SignIn) -> Option<usize> {
    let presses = |c: &Control| c.kind.submits() && !c.disabled;
    let labelled = |c: &Control| same_label(&c.label, &rules.button) || same_label(&c.title, &rules.button);
    let called = |c: &Control| rules.button.iter().any(|b| *b == c.name || *b == c.id);
    let find = |wanted: &dyn Fn(&Control) -> bool| form.controls.iter().position(|c| presses(c) && wanted(c));
    find(&labelled)
        .or_else(|| find(&called))
        .or_else(|| find(&|_| true))
}
