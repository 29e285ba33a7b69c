//! The floor: the same requests as the program sent, by a loop that does nothing else.
//!
//! What a form's fields hold is found out beforehand, without latency, so that the loop reads no page: it only takes
//! from the last answer the values that the guard and the version of a record change with every session.

use futures::stream::{self, StreamExt};
use lmskeep::page::{Edits, EntryValue, Page};
use reqwest::{Client, redirect};
use url::Url;

use crate::Any;
use crate::asked::Asked;

/// Reads that the program has under way at the same time.
const SIDE_BY_SIDE: usize = 4;

/// The fields of a form, as sent.
type Fields = Vec<(String, String)>;

/// Requests that can be sent again.
pub(crate) struct Floor {
    root: Url,
    all: Vec<(Asked, Option<Fields>)>,
}

impl Floor {
    /// Finds out what was sent with each form, by sending the requests once.
    pub(crate) async fn of(root: &str, (user, password): (&str, &str), all: &[Asked]) -> Any<Self> {
        let root = Url::parse(root)?;
        let client = client()?;
        let mut learned = Vec::new();
        let mut last: Option<Page> = None;
        for asked in all {
            let fields = match (asked.post, &last) {
                (true, Some(page)) => Some(typed(page, asked, (user, password))?),
                _ => None,
            };
            let url = root.join(&asked.path)?;
            let body = exchange(&client, url.clone(), fields.as_ref()).await?;
            last = Some(Page::parse(
                body.as_bytes(),
                Some("text/html;charset=UTF-8"),
                &url,
            ));
            learned.push((asked.clone(), fields));
        }
        Ok(Self { root, all: learned })
    }

    /// Sends all of them, `groups` of them side by side.
    pub(crate) async fn run(&self, groups: &[usize]) -> Any<()> {
        let client = client()?;
        let mut rest = self.all.as_slice();
        let mut last = String::new();
        for group in groups {
            let (now, later) = rest.split_at(*group);
            rest = later;
            let sent = stream::iter(now).map(|(asked, fields)| {
                let fresh = fields.as_ref().map(|fields| refreshed(fields, &last));
                let (client, url) = (&client, self.root.join(&asked.path));
                async move { exchange(client, url?, fresh.as_ref()).await }
            });
            let answers: Vec<Any<String>> = sent.buffered(SIDE_BY_SIDE).collect().await;
            for answer in answers {
                last = answer?;
            }
        }
        Ok(())
    }

    /// Some of them, by their place.
    pub(crate) fn only(&self, is_meant: impl Fn(usize) -> bool) -> Self {
        let all = self.all.iter().enumerate().filter(|(at, _)| is_meant(*at));
        Self {
            root: self.root.clone(),
            all: all.map(|(_, sent)| sent.clone()).collect(),
        }
    }

    /// One after the other.
    pub(crate) fn in_a_row(&self) -> Vec<usize> {
        vec![1; self.all.len()]
    }
}

fn client() -> Any<Client> {
    let builder = Client::builder().tls_certs_only([]).no_proxy();
    Ok(builder
        .cookie_store(true)
        .redirect(redirect::Policy::none())
        .build()?)
}

async fn exchange(client: &Client, url: Url, fields: Option<&Fields>) -> Any<String> {
    let request = match fields {
        Some(fields) => client.post(url).form(fields),
        None => client.get(url),
    };
    Ok(request.send().await?.text().await?)
}

/// What a browser sends with the form of a page; of its fields those that the program sent.
fn typed(page: &Page, asked: &Asked, (user, password): (&str, &str)) -> Any<Fields> {
    let path = asked.path.split('?').next().unwrap_or_default();
    let form = page.forms.iter().find(|form| form.action.path() == path);
    let form = form.ok_or_else(|| format!("no form that goes to {path}"))?;
    let button = form
        .submitters()
        .find(|at| asked.fields.contains(&form.controls[*at].name));
    let entries = form.entries(&Edits::new(), button)?.into_iter();
    let entries = entries.filter(|entry| asked.fields.contains(&entry.name));
    let texts = entries.filter_map(|entry| match (entry.name.as_str(), entry.value) {
        ("userName", _) => Some((entry.name, user.to_owned())),
        ("password", _) if asked.is_sign_in() => Some((entry.name, password.to_owned())),
        (_, EntryValue::Text(text)) => Some((entry.name, text)),
        (_, EntryValue::File(_)) => None,
    });
    Ok(texts.collect())
}

/// The fields with the hidden values of a page.
fn refreshed(fields: &Fields, page: &str) -> Fields {
    let hidden = |name: &str| {
        let begin = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let (_, behind) = page.split_once(&begin)?;
        Some(behind.split('"').next()?.to_owned())
    };
    let fresh =
        |(name, value): &(String, String)| (name.clone(), hidden(name).unwrap_or_else(|| value.clone()));
    fields.iter().map(fresh).collect()
}
