//! What a part of the LMS tells of itself, and how requests find their part.

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::practice::faults::{Effect, Named};
use crate::practice::instance::Instance;
use crate::practice::look::Look;
use crate::practice::operation::PARTS;
use crate::practice::service;
use crate::practice::shell;
use crate::practice::visit::{Answer, Visit};

/// A request to a page or a service of a part, with what goes wrong with it.
pub(in crate::practice) struct Call<'c> {
    pub(in crate::practice) visit: &'c Visit,
    pub(in crate::practice) look: &'c Look,
    pub(in crate::practice) effect: Option<&'c Effect>,
}

impl Call<'_> {
    /// Whether this fault hits the request.
    pub(in crate::practice) fn suffers(&self, fault: Named) -> bool {
        self.effect == Some(&Effect::Named(fault))
    }

    /// The decoded segments of a service's address, without what all services share.
    pub(in crate::practice) fn segments(&self) -> Vec<String> {
        let path = self.visit.path.strip_prefix(service::ROOT).unwrap_or_default();
        let decoded = |segment| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        path.split('/').map(decoded).collect()
    }
}

/// Answers a request of an admin who may see the part; none where the part has no such address.
pub(in crate::practice) type Answers = fn(&mut Instance, &Call<'_>) -> Option<Answer>;

/// Does what the control door is told, and says what is wrong with the order.
pub(in crate::practice) type Order = fn(&mut Instance, &Value) -> Result<Value, String>;

/// One part of the LMS that a refresh overwrites.
pub(in crate::practice) struct Part {
    /// The id of its menu entry.
    pub(in crate::practice) entry: &'static str,
    /// The paths of its classic pages, with those that its forms lead to.
    pub(in crate::practice) addresses: &'static [&'static str],
    pub(in crate::practice) page: Answers,
    /// The first segments of its services; the first of them is also the route of the script. None has no script page.
    pub(in crate::practice) services: &'static [&'static str],
    pub(in crate::practice) service: Answers,
    /// Its labels in English and German.
    pub(in crate::practice) labels: &'static [(&'static str, &'static str)],
    /// What the control door tells of it, judged against the start.
    pub(in crate::practice) report: fn(&Instance) -> Vec<(&'static str, Value)>,
    /// What the control door takes: `POST /NAME/SIDE`.
    pub(in crate::practice) orders: &'static [(&'static str, Order)],
}

/// The part of a menu entry.
pub(in crate::practice) fn of_entry(id: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.entry == id)
}

/// Answers a request to a classic page, if it is one of a part.
pub(in crate::practice) fn page(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let path = call.visit.path.as_str();
    let part = PARTS.iter().find(|part| part.addresses.contains(&path))?;
    if instance.scenario.narrow {
        return Some(shell::notice(
            call.look,
            "Error",
            "You do not have permission to view this page.",
        ));
    }
    (part.page)(instance, call)
}

/// Answers a call of the script, if its first segment is a part's.
pub(in crate::practice) fn serve(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let first = call.segments().into_iter().next()?;
    let part = PARTS
        .iter()
        .find(|part| part.services.contains(&first.as_str()))?;
    if instance.scenario.narrow {
        return Some(service::error(
            StatusCode::FORBIDDEN,
            call.look.t("You do not have permission to view this page."),
        ));
    }
    (part.service)(instance, call)
}
