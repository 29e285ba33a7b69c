//! What an LMS's pages are like, as data: a TOML file, checked whole when it is loaded.
//!
//! No address, selector, field name or label of an LMS stands in Rust: they stand in profiles. The built-in one is
//! `sap-learning`; `docs/profiles.md` describes every key. A profile knows nothing of HTTP or of HTML.

mod check;
mod check_service;
mod layer;
#[cfg(test)]
mod layer_tests;
mod load;
mod service;
#[cfg(test)]
mod service_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::backup::Format;

pub use layer::{Line, Place};
pub use load::{BUILT_IN, BUILT_IN_NAME, Layer, Layered, Origin, Source, built_in, layered, parse};
pub use service::{
    BodyEncoding, Constant, Service, ServiceDocument, ServiceList, ServiceMethod, ServiceSave, ServiceToken,
};

/// Describes the pages of one kind of LMS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// Version of the profile's own format: `lmskeep/profile/1`.
    pub schema: String,
    /// The name that `--profile` and backups speak of.
    pub name: String,
    /// One sentence for people.
    #[serde(default)]
    pub about: String,
    /// The profile that this one is laid over.
    #[serde(default)]
    pub extends: Option<String>,
    /// What it was learned from, where a person did not write it.
    #[serde(default)]
    pub learned: Option<String>,
    /// How a person signs in natively.
    pub sign_in: SignIn,
    /// Where a guard against forged requests keeps its token.
    #[serde(default)]
    pub token: Token,
    /// What tells one instance from another, and what a refresh changes.
    #[serde(default)]
    pub identity: IdentityRules,
    /// Labels that tell buttons and links apart.
    #[serde(default)]
    pub words: Words,
    /// The parts of the LMS that hold documents.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// What the LMS does with a mask that is sent back as a value.
    #[serde(default)]
    pub mask: MaskMeans,
    /// What to say when a restore is about to change certain keys.
    #[serde(default, rename = "warning")]
    pub warnings: Vec<Warning>,
}

/// What an LMS that shows a mask in place of a value does when the mask is sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskMeans {
    /// Nobody knows: it may store the mask as the value.
    #[default]
    Unknown,
    /// It leaves the value behind it as it is.
    Unchanged,
}

/// How a person signs in natively: a page with a form that asks for a name and a password.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignIn {
    /// Address of the sign-in page, below the instance's root.
    pub page: String,
    /// The page that is visited first once signed in; it opens the others and shows the menu.
    pub start: String,
    /// Names or ids of the field for the user's name; without one the only text field beside the password.
    #[serde(default)]
    pub user: Vec<String>,
    /// Names or ids of the field for the password.
    #[serde(default)]
    pub password: Vec<String>,
    /// Names, ids or labels of the button; without one the form's default button.
    #[serde(default)]
    pub button: Vec<String>,
    /// What to do where no sign-in form is offered.
    #[serde(default)]
    pub closed: Option<String>,
    /// Words of a page without forms that tell that the session is over.
    #[serde(default)]
    pub expired: Vec<String>,
    /// A part of a link's address that every page shows to those who are signed in, and to nobody else.
    #[serde(default)]
    pub inside: Option<String>,
}

/// A guard against forged requests (OWASP CSRFGuard): the names its token goes by.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Token {
    /// Names of the field or query parameter that carries the token; none means that forms carry all they need.
    #[serde(default)]
    pub names: Vec<String>,
    /// Parts of the address of the script that knows the token where forms and links do not carry it.
    #[serde(default)]
    pub scripts: Vec<String>,
}

/// What tells instances apart.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IdentityRules {
    /// Keys (`part/DOCUMENT:key`) whose value is an instance's own, and the source's after a refresh.
    #[serde(default)]
    pub markers: Vec<String>,
    /// Texts of the start page that a refresh leaves alone: a name for each, and a CSS selector.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
}

/// Labels and names, in all the languages that are known; compared without case and extra blanks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    /// Labels, names or ids of buttons that save.
    #[serde(default)]
    pub save: Vec<String>,
    /// Labels, names or ids of buttons that save a file, where a file is what is saved.
    #[serde(default)]
    pub upload: Vec<String>,
    /// Words of a page that says that there is nothing to list.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Words of a page that says that the admin may not see it.
    #[serde(default)]
    pub denied: Vec<String>,
    /// Labels, names or ids of buttons and links that must never be pressed or followed.
    #[serde(default)]
    pub never: Vec<String>,
    /// Labels of links that open an item for editing.
    #[serde(default)]
    pub edit: Vec<String>,
    /// Labels of links to a further result page, beside plain numbers.
    #[serde(default)]
    pub further: Vec<String>,
    /// What a list calls its rows, or their number, where it says how many there are.
    #[serde(default)]
    pub count: Vec<String>,
    /// What follows where it says how many rows a page shows at most.
    #[serde(default)]
    pub per: Vec<String>,
}

/// The shapes a part can have; the engine knows no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A list whose items each open a form; the document is one field's text.
    #[default]
    Forms,
    /// The same, but the document is all fields of the form, one of which switches the item on.
    Fields,
    /// A list whose items each show a file, and open a form that takes another one.
    Files,
    /// A list whose rows are the document: it can be compared, not written.
    Records,
}

/// The key under which a document of [`Shape::Fields`] tells whether its item is switched on, whatever its field is called.
pub const SWITCH: &str = "switch";
/// What stands there when it is.
pub const ON: &str = "on";
/// What stands there when it is not.
pub const OFF: &str = "off";

/// How a document's text is read for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Properties, unless the text is plainly markup or JSON.
    #[default]
    Auto,
    /// Java properties.
    Properties,
    /// Plain text.
    Plain,
}

impl TextFormat {
    /// Tells how a text of the part is read.
    pub fn of(self, text: &str) -> Format {
        match self {
            TextFormat::Auto => Format::sniff(text),
            TextFormat::Properties => Format::Properties,
            TextFormat::Plain => Format::Plain,
        }
    }
}

/// A part of the LMS: where its list is, how an item opens, what is saved.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Part {
    /// Name of the part, as in `instance set NAME page system-configuration=…`.
    pub id: String,
    /// First half of its documents' paths, as `configuration` in `configuration/BIZX`.
    pub path: String,
    /// SAP's own name for it, for messages.
    pub title: String,
    /// Which of the engine's shapes it has.
    pub shape: Shape,
    /// The permission that an admin needs to see it, for messages.
    #[serde(default)]
    pub permission: Option<String>,
    /// Labels of its entry in the admin menu.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Labels of the menu's levels above that entry, where they are pages of their own.
    #[serde(default)]
    pub via: Vec<String>,
    /// Labels of links to follow from there, where the page behind the entry has tabs.
    #[serde(default)]
    pub onward: Vec<String>,
    /// Address of its list below the instance's root, where it is known.
    #[serde(default)]
    pub address: Option<String>,
    /// Name of its only document, where it is one page and no list.
    #[serde(default)]
    pub single: Option<String>,
    /// Labels of the check box that switches an item on.
    #[serde(default)]
    pub switch: Vec<String>,
    /// Names of the items that are switched on before all others, and alone.
    #[serde(default)]
    pub first: Vec<String>,
    /// Documents whose values its items need: where one waits to be entered, none is switched on.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Labels of the button that removes all that its records tell of.
    #[serde(default)]
    pub remove: Vec<String>,
    /// An instance where it is nowhere to be found may do without it: that is said, and the other parts are read.
    #[serde(default)]
    pub optional: bool,
    /// How its texts are compared.
    #[serde(default)]
    pub format: TextFormat,
    /// Names of the documents that matter most, for `backup --recommended`.
    #[serde(default)]
    pub recommended: Vec<String>,
    /// Names of the documents that are written last of all.
    #[serde(default)]
    pub last: Vec<String>,
    /// The list; found by structure where nothing is said.
    #[serde(default)]
    pub list: List,
    /// The page of an item; found by structure where nothing is said.
    #[serde(default)]
    pub edit: Edit,
    /// Where the pages are scripts over JSON, what that JSON is like; `list` and `edit` say nothing then.
    #[serde(default)]
    pub service: Option<Service>,
}

/// How the items of a part are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct List {
    /// CSS selector of the links, one an item.
    #[serde(default)]
    pub links: Option<String>,
    /// Query parameter of the link that is the item's name; without it the link's text.
    #[serde(default)]
    pub name_in_query: Option<String>,
    /// CSS selector of links to further pages of the list.
    #[serde(default)]
    pub further: Option<String>,
}

/// What an item's page is like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Edit {
    /// Address of the page below the instance's root, with `{name}` where the item's name stands,
    /// percent-encoded; without it the list's link is followed.
    #[serde(default)]
    pub address: Option<String>,
    /// Name or id of the field that holds the text; without it the only large text of the page.
    #[serde(default)]
    pub text: Option<String>,
    /// Name, id or label of the button that saves; without it by `words.save`.
    #[serde(default)]
    pub button: Option<String>,
    /// Name of the hidden field that names the item; without it by structure.
    #[serde(default)]
    pub named_by: Option<String>,
}

/// A sentence to show before a key is changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Warning {
    /// `part/DOCUMENT:key`.
    pub key: String,
    /// Only when the key is about to get this value.
    #[serde(default)]
    pub value: Option<String>,
    /// The sentence.
    pub text: String,
    /// True when the change can close the way in: it is made only after all else went well.
    #[serde(default)]
    pub closes_the_way_in: bool,
}

impl Part {
    /// Tells whether its pages show in place of a value nothing that a browser would not send back as it is: fields of a form
    /// that nobody touches.
    pub fn sends_masks_back(&self) -> bool {
        self.shape == Shape::Fields
    }

    /// Says which permission may be lacking where the part is not to be seen.
    pub fn permission_hint(&self) -> String {
        match &self.permission {
            Some(permission) => format!("the admin's role may lack the permission `{permission}`"),
            None => "the user's role may lack a permission".to_owned(),
        }
    }
}

impl Profile {
    /// Finds the part a document belongs to, by its path.
    pub fn part_of(&self, path: &str) -> Option<&Part> {
        let (part, _) = path.split_once('/')?;
        self.parts.iter().find(|p| p.path == part)
    }
}
