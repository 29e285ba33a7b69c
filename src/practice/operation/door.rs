//! What the control door tells of all parts, and what it takes.

use serde_json::{Map, Value};

use crate::practice::instance::Instance;
use crate::practice::operation::PARTS;

/// What `GET /operation/SIDE` answers: how each part is, judged against how the instance was at the start.
pub(in crate::practice) fn report(instance: &Instance) -> Value {
    let told = PARTS.iter().flat_map(|part| (part.report)(instance));
    let all: Map<String, Value> = told.map(|(name, value)| (name.to_owned(), value)).collect();
    Value::Object(all)
}

/// The names of the orders that parts take.
pub(in crate::practice) fn orders() -> impl Iterator<Item = &'static str> {
    PARTS.iter().flat_map(|part| part.orders).map(|(name, _)| *name)
}

/// Does what `POST /NAME/SIDE` says; none for an order that no part knows.
pub(in crate::practice) fn order(
    instance: &mut Instance,
    name: &str,
    told: &Value,
) -> Option<Result<Value, String>> {
    let mut all = PARTS.iter().flat_map(|part| part.orders);
    let (_, order) = all.find(|(known, _)| *known == name)?;
    Some(order(instance, told))
}
