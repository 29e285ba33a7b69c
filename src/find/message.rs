//! What a page that came as an answer says to a person, without what every page says.

use crate::page::{Content, Json, Page};

/// Texts of JSON that are looked at, at most.
const MOST_TEXTS: usize = 100;

/// Gives what an answer says: of a page its text without headings and links, of JSON its sentences.
pub fn message(page: &Page) -> String {
    match page.content {
        Content::Html => {
            let links = page.links.iter().map(|link| &link.text);
            let mut aside: Vec<&String> = page.headings.iter().chain(links).collect();
            // What is a part of another must not tear a piece out of it.
            aside.sort_by_key(|text| std::cmp::Reverse(text.len()));
            let left = aside
                .into_iter()
                .filter(|text| !text.is_empty())
                .fold(page.text.clone(), |text, word| {
                    text.replacen(word.as_str(), " ", 1)
                });
            left.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Content::Json => {
            let mut said = Vec::new();
            if let Ok(json) = Json::parse(&page.source) {
                gather(json, &mut said);
            }
            said.join(" ")
        }
        Content::Other => String::new(),
    }
}

/// Adds the texts of several words.
fn gather(json: Json<'_>, said: &mut Vec<String>) {
    if said.len() >= MOST_TEXTS {
        return;
    }
    if let Some(text) = json.text() {
        if text.trim().contains(' ') {
            said.push(text.trim().to_owned());
        }
        return;
    }
    let members = json.members().ok().flatten().unwrap_or_default();
    let members = members.into_iter().map(|(_, value)| value);
    for value in members.chain(json.elements().unwrap_or_default()) {
        gather(value, said);
    }
}
