//! The button that deletes all that a page of records tells of, such as unsent mail.
//!
//! It is pressed by one command alone, which has asked. It is known by its own label and no other: a button beside it may
//! send what this one deletes.

use url::Url;

use crate::error;
use crate::find::editor::Guarded;
use crate::find::words::same_label;
use crate::find::{Answers, Unclear};
use crate::page::{Control, Edits, Page, Request, Verb};
use crate::profile::{Part, Service};

/// What it takes to delete all that the records tell of.
#[derive(Debug, Clone)]
pub struct Removal(Way);

#[derive(Debug, Clone)]
enum Way {
    Classic {
        page: Box<Page>,
        form: usize,
        button: usize,
    },
    Service {
        service: Box<Service>,
        page: Box<Page>,
        url: Url,
    },
}

impl Removal {
    /// Finds the button on a page; none where the page has none, as where there is nothing to delete.
    ///
    /// # Errors
    /// Several different buttons of that label, or one that cannot be pressed: the sentence says which.
    pub fn of(page: &Page, part: &Part, answers: &Answers) -> Result<Option<Self>, Unclear> {
        if let Some(service) = &part.service {
            let Some(address) = &service.remove else {
                return Err(Unclear::new(
                    "is a service, and the profile does not say how its rows are removed",
                ));
            };
            let url = page.url.join(address);
            let url = url.map_err(|_| Unclear::new(format!("has no address `{address}`")))?;
            return Ok(Some(Self(Way::Service {
                service: Box::new(service.clone()),
                page: Box::new(page.clone()),
                url,
            })));
        }
        let wanted = answers.get(&format!("{}.remove", part.id));
        let labels = match wanted {
            Some(label) => std::slice::from_ref(label),
            None => part.remove.as_slice(),
        };
        let is_it = |c: &Control| {
            c.kind.submits() && [&c.label, &c.title].iter().any(|said| same_label(said, labels))
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (form, owner) in page.forms.iter().enumerate() {
            // Twins of one form count once.
            found.extend(owner.controls.iter().position(is_it).map(|button| (form, button)));
        }
        match found.as_slice() {
            [] => Ok(None),
            [(form, button)] if page.forms[*form].controls[*button].disabled => {
                Err(Unclear::new("has a button that deletes, but it is disabled"))
            }
            [(form, button)] => Ok(Some(Self(Way::Classic {
                page: Box::new(page.clone()),
                form: *form,
                button: *button,
            }))),
            several => Err(Unclear::new(format!(
                "has {} forms with a button that deletes",
                several.len()
            ))),
        }
    }

    /// The page that shows the button.
    pub fn page(&self) -> &Page {
        match &self.0 {
            Way::Classic { page, .. } | Way::Service { page, .. } => page,
        }
    }

    /// Tells where the guard's token belongs.
    pub fn guarded(&self) -> Guarded<'_> {
        match &self.0 {
            Way::Classic { page, form, .. } => Guarded::Form(page, &page.forms[*form]),
            Way::Service { service, .. } => service.token.as_ref().map_or(Guarded::Not, Guarded::Header),
        }
    }

    /// Gives the request that pressing the button sends.
    ///
    /// # Errors
    /// Those of [`crate::page::Form::request`].
    pub fn request(&self, tokens: &[(String, String)]) -> error::Result<Request> {
        match &self.0 {
            Way::Classic { page, form, button } => {
                page.forms[*form].request(&Edits::new(), Some(*button), tokens)
            }
            Way::Service { service, url, .. } => {
                let own = service.headers.iter();
                let own = own.map(|(name, value)| (name.clone(), value.clone()));
                Ok(Request {
                    method: Verb::Post,
                    url: url.clone(),
                    content_type: Some("application/json".to_owned()),
                    body: b"{}".to_vec(),
                    fields: Vec::new(),
                    headers: own.chain(tokens.iter().cloned()).collect(),
                })
            }
        }
    }
}
