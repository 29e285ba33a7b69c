//! Mail and whom it goes to: learners, admins, addresses that are real or masked.

use serde_json::{Value, json};

use crate::practice::admins::Admin;
use crate::practice::content::Side;
use crate::practice::instance::Instance;
use crate::practice::operation::Operation;
use crate::practice::operation::unsent;

/// The end of a learner's address that is masked.
const MASKED: &str = "@masked.example.com";
/// The end of an address that only stage has.
const OF_STAGE: &str = "@stage.example.com";
/// The end of an address of production.
const REAL: &str = "@example.com";

/// Whom a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::practice) enum Recipient {
    Learner,
    Admin,
}

/// A mail that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Mail {
    /// Its type, such as `Course Reminder`.
    pub(in crate::practice) kind: String,
    pub(in crate::practice) recipient: Recipient,
    pub(in crate::practice) address: String,
    /// Whether it is being sent now; then nothing deletes it.
    pub(in crate::practice) being_sent: bool,
}

impl Mail {
    /// Whether a person would get it.
    pub(in crate::practice) fn is_real(&self) -> bool {
        is_real(&self.address)
    }
}

/// A learner, as far as mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Learner {
    id: String,
    pub(in crate::practice) address: String,
}

impl Learner {
    /// A learner with the address it has at the start.
    pub(super) fn of(id: &str, side: Side) -> Learner {
        let address = format!("{}{REAL}", id.to_lowercase());
        let mut learner = Learner {
            id: id.to_owned(),
            address,
        };
        if side == Side::Stage {
            learner.mask();
        }
        learner
    }

    /// Whether mail to it reaches a person.
    pub(super) fn is_real(&self) -> bool {
        is_real(&self.address)
    }

    /// Gives it the address that stage's own feed has for it.
    pub(super) fn mask(&mut self) {
        self.address = format!("{}{MASKED}", self.id.to_lowercase());
    }
}

/// What waits in the queue: the answer to `GET /queue/SIDE`.
pub(in crate::practice) fn report(instance: &Instance) -> Value {
    let told = |mail: &Mail| {
        let recipient = match mail.recipient {
            Recipient::Learner => "learner",
            Recipient::Admin => "admin",
        };
        json!({
            "type": mail.kind, "recipient": recipient, "address": mail.address, "real": mail.is_real(),
            "beingSent": mail.being_sent,
        })
    };
    unsent::waiting(&instance.operation).map(told).collect()
}

/// Whether mail to that address reaches a person.
pub(in crate::practice) fn is_real(address: &str) -> bool {
    !address.is_empty() && !address.ends_with(MASKED) && !address.ends_with(OF_STAGE)
}

/// Where mail to admins goes that waits at the start.
pub(super) fn operators(side: Side) -> String {
    match side {
        Side::Production => format!("lms-operations{REAL}"),
        Side::Stage => format!("lms-test{OF_STAGE}"),
    }
}

/// The addresses of the admins who have one.
pub(super) fn addresses(admins: &[Admin]) -> Vec<String> {
    admins.iter().filter_map(|admin| admin.mail.clone()).collect()
}

/// Makes mail of one type to that many learners and admins, each time to the next ones.
pub(super) fn make(
    operation: &mut Operation,
    admins: &[String],
    kind: &str,
    to_learners: usize,
    to_admins: usize,
) -> Vec<Mail> {
    let learners: Vec<&str> = operation
        .learners
        .iter()
        .map(|learner| learner.address.as_str())
        .collect();
    let admins: Vec<&str> = admins.iter().map(String::as_str).collect();
    let mail = |recipient, addresses: &[&str], number: usize| {
        let address = addresses.get(number.checked_rem(addresses.len())?)?;
        Some(Mail {
            kind: kind.to_owned(),
            recipient,
            address: (*address).to_owned(),
            being_sent: false,
        })
    };
    let first = operation.made;
    let for_learners = (0..to_learners).filter_map(|n| mail(Recipient::Learner, &learners, first + n));
    let for_admins = (0..to_admins).filter_map(|n| mail(Recipient::Admin, &admins, first + n));
    let made = for_learners.chain(for_admins).collect();
    operation.made += to_learners + to_admins;
    made
}
