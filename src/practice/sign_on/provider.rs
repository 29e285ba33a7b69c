//! The identity provider without its pages: how far each sign-in is, its codes, and the assertions it made.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::practice::content::{Content, Side};
use crate::practice::look::{escape, query_value};
use crate::practice::sign_on::{consumer, door};

/// The file and the key that say whose sign-on an instance uses \[kba\].
pub(in crate::practice) const COMPANY: (&str, &str) = ("BIZX", "successFactorsCompanyID");

/// The identity provider of both companies.
pub(in crate::practice) struct Provider {
    /// Scheme, host and port.
    root: String,
    content: Arc<Content>,
    companies: [Company; 2],
    memory: Mutex<Memory>,
}

/// A company, and the instance its people are sent to.
struct Company {
    side: Side,
    id: String,
    /// The address that takes the assertions.
    consumer: String,
}

#[derive(Default)]
struct Memory {
    /// The instance that made a request, by the request's id.
    requests: HashMap<String, Side>,
    /// Sign-ins that wait for a form, by its state.
    underway: HashMap<String, SignIn>,
    /// The codes that were given out and not used, the newest last.
    codes: Vec<GivenCode>,
    /// The assertions, by all of their text: one that was altered is none.
    assertions: HashMap<String, Assertion>,
}

struct SignIn {
    /// The company whose entry it is.
    company: usize,
    /// The instance that asked for it.
    from: Side,
    request: String,
    relay: String,
    /// The cookie of the browser it began in.
    browser: String,
    step: Step,
}

/// What a sign-in waits for.
enum Step {
    Name,
    Password { name: String },
    Code { name: String, code: String },
}

struct GivenCode {
    sides: [Side; 2],
    name: String,
    code: String,
}

struct Assertion {
    side: Side,
    name: String,
    used: bool,
}

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Name,
    Password,
    Code,
}

/// What comes next in a sign-in.
pub(super) enum Next {
    /// A form.
    Ask {
        asked: Asked,
        /// What the form must bring back.
        state: String,
        company: String,
        /// The name that was given, from the second form on.
        name: Option<String>,
        message: Option<&'static str>,
    },
    /// The way back, with the assertion.
    Leave {
        consumer: String,
        response: String,
        relay: String,
    },
    /// There is no such sign-in, or it is over.
    Over,
}

/// Why an assertion is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Unknown,
    Used,
    ForAnother,
}

impl Provider {
    /// A provider at that address, for the instances at these.
    pub(in crate::practice) fn new(
        root: String,
        content: Arc<Content>,
        instances: [(Side, &str); 2],
    ) -> Self {
        let companies = instances.map(|(side, root)| {
            let id = content.own_value(side, COMPANY.0, COMPANY.1).unwrap_or_default();
            let consumer = format!("{root}{}?company={}", consumer::PATH, query_value(&id));
            Company { side, id, consumer }
        });
        Self {
            root,
            content,
            companies,
            memory: Mutex::default(),
        }
    }

    /// Where an instance leads a browser to sign in, with a request of its own.
    pub(super) fn entry(&self, side: Side, company: &str, relay: &str) -> String {
        let request = format!("_{}", secret());
        let xml = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{request}\" Version=\"2.0\">\
             <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer></samlp:AuthnRequest>",
            escape(company)
        );
        self.memory().requests.insert(request, side);
        format!(
            "{}{}?company={}&SAMLRequest={}&RelayState={}",
            self.root,
            door::ENTRY,
            query_value(company),
            query_value(&BASE64_STANDARD.encode(xml)),
            query_value(relay)
        )
    }

    /// Begins a sign-in for a company in a browser; a person may also come without a request.
    pub(super) fn begin(&self, company: &str, request: Option<&str>, relay: &str, browser: String) -> Next {
        let Some(place) = self.companies.iter().position(|known| known.id == company) else {
            return Next::Over;
        };
        let request = request.and_then(request_id).unwrap_or_default();
        let mut memory = self.memory();
        let from = memory.requests.remove(&request);
        let sign_in = SignIn {
            company: place,
            from: from.unwrap_or(self.companies[place].side),
            request,
            relay: relay.to_owned(),
            browser,
            step: Step::Name,
        };
        self.ask(&mut memory, sign_in, None)
    }

    /// Takes what a form brings back. A state is good for one form, in the browser that was given it.
    pub(super) fn advance(&self, asked: Asked, state: &str, browser: Option<&str>, said: &str) -> Next {
        let mut memory = self.memory();
        let fits = |sign_in: &SignIn| sign_in.step.asks() == asked && Some(&*sign_in.browser) == browser;
        if !memory.underway.get(state).is_some_and(fits) {
            return Next::Over;
        }
        let Some(mut sign_in) = memory.underway.remove(state) else {
            return Next::Over;
        };
        let said = said.trim();
        let step = std::mem::replace(&mut sign_in.step, Step::Name);
        let (step, message) = match step {
            Step::Name if said.is_empty() => (Step::Name, Some("Enter your user name.")),
            Step::Name => (
                Step::Password {
                    name: said.to_owned(),
                },
                None,
            ),
            Step::Password { name } if self.knows(sign_in.company, &name, said) => {
                let code = format!("{:06}", rand::random::<u32>() % 1_000_000);
                memory.codes.push(GivenCode {
                    sides: [sign_in.from, self.companies[sign_in.company].side],
                    name: name.clone(),
                    code: code.clone(),
                });
                (Step::Code { name, code }, None)
            }
            // Nor is it told whether there is such a user.
            Step::Password { name } => (
                Step::Password { name },
                Some("The user name or the password is incorrect."),
            ),
            Step::Code { name, code } if said == code => {
                memory
                    .codes
                    .retain(|given| given.name != name || given.code != code);
                return self.leave(&mut memory, &sign_in, name);
            }
            step @ Step::Code { .. } => (step, Some("The code is incorrect.")),
        };
        sign_in.step = step;
        self.ask(&mut memory, sign_in, message)
    }

    /// Takes an assertion for an instance, once, and tells whose it is.
    pub(super) fn take(&self, side: Side, response: &str) -> Result<String, Refusal> {
        let mut memory = self.memory();
        match memory.assertions.get_mut(response) {
            None => Err(Refusal::Unknown),
            Some(assertion) if assertion.side != side => Err(Refusal::ForAnother),
            Some(assertion) if assertion.used => Err(Refusal::Used),
            Some(assertion) => {
                assertion.used = true;
                Ok(assertion.name.clone())
            }
        }
    }

    /// The newest code of a sign-in that an instance asked for, or that leads to it; null where none waits.
    pub(in crate::practice) fn code(&self, side: Side) -> Value {
        let memory = self.memory();
        let newest = memory.codes.iter().rfind(|given| given.sides.contains(&side));
        json!({ "code": newest.map(|given| &given.code), "user": newest.map(|given| &given.name) })
    }

    fn ask(&self, memory: &mut Memory, sign_in: SignIn, message: Option<&'static str>) -> Next {
        let state = secret();
        let name = match &sign_in.step {
            Step::Name => None,
            Step::Password { name } | Step::Code { name, .. } => Some(name.clone()),
        };
        let next = Next::Ask {
            asked: sign_in.step.asks(),
            state: state.clone(),
            company: self.companies[sign_in.company].id.clone(),
            name,
            message,
        };
        memory.underway.insert(state, sign_in);
        next
    }

    fn leave(&self, memory: &mut Memory, sign_in: &SignIn, name: String) -> Next {
        let company = &self.companies[sign_in.company];
        let response = BASE64_STANDARD.encode(format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_{id}\" Version=\"2.0\" \
             InResponseTo=\"{request}\" Destination=\"{destination}\">\
             <Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><Issuer>{issuer}</Issuer>\
             <Subject><NameID>{name}</NameID></Subject>\
             <Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions>\
             </Assertion></samlp:Response>",
            id = secret(),
            request = escape(&sign_in.request),
            destination = escape(&company.consumer),
            issuer = escape(&self.root),
            name = escape(&name),
            audience = escape(&company.id),
        ));
        let assertion = Assertion {
            side: company.side,
            name,
            used: false,
        };
        memory.assertions.insert(response.clone(), assertion);
        Next::Leave {
            consumer: company.consumer.clone(),
            response,
            relay: sign_in.relay.clone(),
        }
    }

    /// Whether a company's directory has that user with that password. It is no instance's: no refresh reaches it.
    fn knows(&self, company: usize, name: &str, password: &str) -> bool {
        let side = self.companies[company].side;
        let mut people = self.content.admins.iter().filter(|admin| !admin.built_in);
        people.any(|admin| admin.name == name && admin.password(side) == Some(password))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Step {
    fn asks(&self) -> Asked {
        match self {
            Step::Name => Asked::Name,
            Step::Password { .. } => Asked::Password,
            Step::Code { .. } => Asked::Code,
        }
    }
}

/// The id of a request, as it stands in its text.
fn request_id(request: &str) -> Option<String> {
    let xml = String::from_utf8(BASE64_STANDARD.decode(request).ok()?).ok()?;
    let (_, after) = xml.split_once(" ID=\"")?;
    Some(after.split_once('"')?.0.to_owned())
}

/// A word that nobody guesses.
pub(super) fn secret() -> String {
    hex::encode(rand::random::<[u8; 20]>())
}
