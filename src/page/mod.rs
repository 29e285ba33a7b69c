//! Pages as values: bytes to text, lists, links and forms; a form and new values to the request a browser sends.
//!
//! It follows the WHATWG HTML standard, and where browsers agree against it, Chromium. It opens no connection, runs
//! no script, and knows nothing of the LMS. Half a page is not a page: [`Page::cut`] and [`Page::garbled`] say when
//! the bytes were not all there, or not what they claim to be (promise 5).

mod color;
mod control;
mod decode;
mod direction;
mod entries;
mod flow;
mod form;
mod json;
mod media;
mod options;
mod prescan;
mod read;
mod request;
mod resolve;
mod runs;
mod sanitize;
mod select;
mod skeleton;
mod tree;

#[cfg(test)]
mod cut_tests;
#[cfg(test)]
mod law_tests;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod tests;

use std::fmt;

use encoding_rs::Encoding;
use url::Url;

pub use crate::page::entries::{Edits, Entry, EntryValue, Upload};
pub use crate::page::form::{Choice, Control, Enctype, Form, Kind, Method, Overrides};
pub use crate::page::json::{Json, quoted};
pub use crate::page::request::{Request, Verb, multipart_body};
pub use crate::page::select::{select_links, select_text};
pub use crate::page::skeleton::Skeletons;

/// What a body is, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// HTML: read into links, forms and texts.
    Html,
    /// JSON: only its text is kept.
    Json,
    /// Anything else: only its text is kept.
    Other,
}

/// What an answer of the LMS shows, as owned values.
#[derive(Clone)]
pub struct Page {
    /// The address it was answered at.
    pub url: Url,
    /// What it is.
    pub content: Content,
    /// The encoding it was read with.
    pub encoding: &'static Encoding,
    /// Some bytes mean nothing in that encoding, and were replaced by U+FFFD: the charset is declared wrongly.
    pub garbled: bool,
    /// The decoded text of the body.
    pub source: String,
    /// The title, blanks collapsed.
    pub title: String,
    /// The headings in their order.
    pub headings: Vec<String>,
    /// All visible text but that of controls, blanks collapsed.
    pub text: String,
    /// The links in their order.
    pub links: Vec<Link>,
    /// The images in their order.
    pub images: Vec<Picture>,
    /// The frames in their order.
    pub frames: Vec<Frame>,
    /// The forms in their order.
    pub forms: Vec<Form>,
    /// The controls that belong to no form, which nothing sends.
    pub loose: Vec<Control>,
    /// Everything that looks like a list, outer ones before what they hold.
    pub runs: Vec<Run>,
    /// The tables that hold data in their order; those that lay a page out, as they hold tables or forms, are none.
    pub tables: Vec<Table>,
    /// The scripts in their order.
    pub scripts: Vec<Script>,
    /// What its head says of it for scripts: name and content of each `meta`, as guards hand their token to scripts.
    pub metas: Vec<(String, String)>,
    /// Where the page sends a browser by itself.
    pub refresh: Option<Refresh>,
    /// The version that the answer carried as its `ETag` (RFC 9110), as it was; who asked for the page sets it.
    pub etag: Option<String>,
    /// Why the page looks cut off: it ended while something was open that must be closed.
    pub cut: Option<String>,
}

/// A link that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, resolved against the page's base.
    pub url: Url,
    /// The address as written.
    pub raw_href: String,
    /// Its visible text; else the text of the picture in it; else its `aria-label` or `title`.
    pub text: String,
    /// Its `title`, else that of the picture in it, or nothing.
    pub title: String,
    /// Its `id`, or nothing.
    pub id: String,
    /// Its `rel`, or nothing.
    pub rel: String,
    /// The window it opens in, or nothing.
    pub target: String,
    /// What a script does when it is followed, or nothing.
    pub onclick: String,
}

/// An image that a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub url: Url,
    /// What stands for it where it is not shown, or nothing.
    pub alt: String,
    /// Its `title`, or nothing.
    pub title: String,
    /// Position of the form it stands in among the page's forms.
    pub form: Option<usize>,
    /// It stands in a link or a button, as an icon does.
    pub pressed: bool,
    /// The larger of its sides in pixels, where the page says it.
    pub side: Option<u32>,
    /// It stands on other pages, too; who has read those says so.
    pub elsewhere: bool,
}

/// A page within the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its address.
    pub url: Url,
    /// Its name, to which a link's target may refer, or nothing.
    pub name: String,
    /// Its `title`, or nothing.
    pub title: String,
}

/// A list: elements of one sort side by side that hold links, such as rows of a table or items of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The tag of its rows; `dt` where rows are a `dt` with its `dd`.
    pub tag: String,
    /// The rows that hold a link, and header rows.
    pub rows: Vec<Row>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The texts of a table row's cells, empty ones too; of any other row its pieces.
    pub cells: Vec<String>,
    /// The texts as they stand apart in the markup, no empty ones.
    pub pieces: Vec<String>,
    /// The links in it.
    pub links: Vec<Link>,
    /// Whether it only names the columns.
    pub header: bool,
}

/// A table that holds data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its rows in their order, but for hidden ones.
    pub rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableRow {
    /// The texts of its cells, empty ones too.
    pub cells: Vec<String>,
    /// It only names the columns.
    pub head: bool,
    /// It stands below the others, as sums do.
    pub foot: bool,
    /// It holds fields that a person fills in.
    pub typed: bool,
}

/// A script, by its text or its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Where it is, when it is not in the page.
    pub src: Option<Url>,
    /// Its text, when it is in the page.
    pub text: String,
    /// Its `type`, or nothing.
    pub kind: String,
}

/// A `<meta http-equiv=refresh>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// After how many seconds.
    pub seconds: u64,
    /// Where to.
    pub url: Url,
}

impl Page {
    /// Reads a body as a browser would read it; any bytes give a page.
    pub fn parse(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Page {
        let content = decode::content(bytes, content_type);
        let mut decoded = decode::decode(bytes, content_type, content);
        if content != Content::Html {
            return Page::plain(decoded, content, url);
        }
        let mut parsed = tree::parse(&decoded.text);
        if !decoded.certain
            && let Some(encoding) = parsed.charset.as_deref().and_then(decode::meta_encoding)
            && encoding != decoded.encoding
        {
            decoded = decode::decode_as(bytes, encoding, true);
            parsed = tree::parse(&decoded.text);
        }
        let mut page = Page::plain(decoded, content, url);
        read::read(&mut page, &parsed);
        page.cut = parsed.cut;
        page
    }

    fn plain(decoded: decode::Decoded, content: Content, url: &Url) -> Page {
        Page {
            url: url.clone(),
            content,
            encoding: decoded.encoding,
            garbled: decoded.garbled,
            source: decoded.text,
            title: String::new(),
            headings: Vec::new(),
            text: String::new(),
            links: Vec::new(),
            images: Vec::new(),
            frames: Vec::new(),
            forms: Vec::new(),
            loose: Vec::new(),
            runs: Vec::new(),
            tables: Vec::new(),
            scripts: Vec::new(),
            metas: Vec::new(),
            refresh: None,
            etag: None,
            cut: None,
        }
    }
}

impl fmt::Debug for Page {
    /// Says what sort of page it is and keeps what stands on it to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("path", &self.url.path())
            .field("content", &self.content)
            .field("encoding", &self.encoding.name())
            .field("title", &self.title)
            .field("links", &self.links.len())
            .field("forms", &self.forms)
            .field("cut", &self.cut)
            .finish_non_exhaustive()
    }
}
