//! What a form is: its controls, in the state a browser would show them.

use std::fmt;

use encoding_rs::Encoding;
use url::Url;

/// The request method of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The entries go into the address.
    Get,
    /// The entries go into the body.
    Post,
    /// Nothing is sent: the form closes a dialog.
    Dialog,
}

/// How a form's entries are written into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Enctype {
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// `multipart/form-data`.
    Multipart,
    /// `text/plain`.
    Plain,
}

/// A form and the controls it owns, in tree order.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its `id`, or nothing.
    pub id: String,
    /// Its `name`, or nothing.
    pub name: String,
    /// Where it is sent: the document's own address where it has no action; `about:invalid` where it has one that
    /// is no address.
    pub action: Url,
    /// How it is sent, unless the button says otherwise.
    pub method: Method,
    /// How its body is written, unless the button says otherwise.
    pub enctype: Enctype,
    /// The window it opens in, or nothing.
    pub target: String,
    /// Its `accept-charset` as written, or nothing.
    pub accept_charset: String,
    /// The encoding its entries are sent in: UTF-8 or one that is no UTF-16.
    pub encoding: &'static Encoding,
    /// Its controls in tree order, with those that are never sent.
    pub controls: Vec<Control>,
    /// Whether its end tag was seen.
    pub closed: bool,
}

impl Form {
    /// Gives the places of the controls with this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.controls
            .iter()
            .enumerate()
            .filter(move |(_, control)| control.name == name)
            .map(|(place, _)| place)
    }

    /// Gives the places of the buttons that would send the form.
    pub fn submitters(&self) -> impl Iterator<Item = usize> + '_ {
        self.controls
            .iter()
            .enumerate()
            .filter(|(_, control)| control.kind.submits())
            .map(|(place, _)| place)
    }
}

/// What sort of control it is: the type a browser takes it for, so `<input type=nonsense>` is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Text to search for.
    Search,
    /// A telephone number.
    Tel,
    /// An address.
    Url,
    /// A mail address, or several.
    Email,
    /// A password.
    Password,
    /// A number.
    Number,
    /// A number between two others.
    Range,
    /// A day.
    Date,
    /// A month of a year.
    Month,
    /// A week of a year.
    Week,
    /// A time of the day.
    Time,
    /// A day and a time of it.
    DateTime,
    /// A colour.
    Color,
    /// A value nobody sees.
    Hidden,
    /// Something to switch on or off.
    CheckBox,
    /// One of several.
    Radio,
    /// A file to send.
    File,
    /// Text of many lines.
    TextArea,
    /// A list to choose from.
    Select {
        /// More than one can be chosen.
        multiple: bool,
    },
    /// A button that sends the form.
    Submit,
    /// A picture that sends the form.
    Image,
    /// A button that undoes the edits.
    Reset,
    /// A button that does something only a script knows.
    Button,
}

impl Kind {
    /// Tells whether pressing it sends the form.
    pub fn submits(self) -> bool {
        matches!(self, Kind::Submit | Kind::Image)
    }

    /// Tells whether it is a button of any sort.
    pub fn is_button(self) -> bool {
        matches!(self, Kind::Submit | Kind::Image | Kind::Reset | Kind::Button)
    }
}

/// One control of a form.
#[derive(Clone)]
pub struct Control {
    /// What sort of control it is.
    pub kind: Kind,
    /// Its `name`; without one it is never sent.
    pub name: String,
    /// Its `id`, or nothing.
    pub id: String,
    /// Its value as a script would read it: a text area's with LF, a number's only if it is one.
    pub value: String,
    /// Whether a check box or radio button is on.
    pub checked: bool,
    /// Whether it is disabled, by itself or by a `fieldset` around it.
    pub disabled: bool,
    /// Whether a person can change it.
    pub read_only: bool,
    /// What a person reads beside it or on it: the text of its `label`, else its `aria-label`; of a button its text,
    /// value or picture's text.
    pub label: String,
    /// The text right before it, as in the cell to its left; at most 120 characters.
    pub before: String,
    /// The text right behind it; at most 120 characters.
    pub after: String,
    /// Its `title`, or nothing.
    pub title: String,
    /// Its `class`, or nothing.
    pub class: String,
    /// How many UTF-16 units a person may type; a value that is set is not cut.
    pub max_length: Option<usize>,
    /// The options of a list.
    pub options: Vec<Choice>,
    /// The name under which the direction of its text is sent, which may be empty.
    pub dirname: Option<String>,
    /// What the button says otherwise than its form.
    pub overrides: Overrides,
    /// What a browser makes of a value that is set.
    pub(super) rules: Rules,
}

impl fmt::Debug for Control {
    /// Names the control and keeps its value to itself: it may be a password or a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("id", &self.id)
            .field("checked", &self.checked)
            .field("disabled", &self.disabled)
            .field("label", &self.label)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Control {
    /// Tells whether it is a text area, where a whole document can stand.
    pub fn is_large_text(&self) -> bool {
        self.kind == Kind::TextArea
    }
}

/// One option of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent when it is chosen.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
    /// Whether it, or its group, is disabled: it is not sent even if chosen.
    pub disabled: bool,
}

/// What a button says otherwise than its form (`formaction` and the like).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Where to send.
    pub action: Option<Url>,
    /// How to send.
    pub method: Option<Method>,
    /// How to write the body.
    pub enctype: Option<Enctype>,
    /// The window to open.
    pub target: Option<String>,
}

/// What a browser needs to know to take a new value.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    /// `min`, `max`, `step` and the value attribute, of a range.
    pub(super) limits: [Option<String>; 4],
    /// Several mail addresses, or files.
    pub(super) multiple: bool,
    /// Column after which a browser breaks lines for good (`wrap=hard`).
    pub(super) wrap: Option<usize>,
    /// The direction of the text.
    pub(super) direction: Direction,
}

/// The direction of a control's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
    /// As the first letter says.
    Auto,
}
