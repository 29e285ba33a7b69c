//! How services tell the values of a page as an object, and take it back.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::operation::part::Call;
use crate::practice::operation::sheet::{Field, Record, Values, members, of_members};
use crate::practice::saving::APPLIED;
use crate::practice::service::{error, json_answer};
use crate::practice::visit::Answer;

/// What an object says beside the values: members that stay as they are, and the name of the version.
pub(super) struct Frame<'f> {
    pub(super) fixed: &'f [(&'f str, Value)],
    pub(super) version: &'f str,
    pub(super) sheet: &'f [Field],
}

impl Frame<'_> {
    fn object(&self, record: &Record) -> Map<String, Value> {
        let fixed = self
            .fixed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let mut object: Map<String, Value> = fixed.collect();
        object.extend(members(self.sheet, record));
        object.insert(self.version.to_owned(), json!(record.version));
        object
    }

    /// Tells the object.
    pub(super) fn tell(&self, call: &Call<'_>, record: &Record) -> Answer {
        let mut object = self.object(record);
        if call.suffers(Named::FieldMissing) {
            object.remove(self.version);
        }
        json_answer(&Value::Object(object))
    }

    /// Takes the object back: its version must be that of now, and all but the values as it was told.
    ///
    /// Errors: the answer that refuses it.
    pub(super) fn take(
        &self,
        instance: &mut Instance,
        call: &Call<'_>,
        record: &Record,
    ) -> Result<Values, Answer> {
        let sent = call.visit.json.as_ref().and_then(Value::as_object);
        let version = sent
            .and_then(|sent| sent.get(self.version))
            .and_then(Value::as_u64);
        if version.is_some_and(|version| version != record.version) {
            let why = "The settings were changed in the meantime. Open them again.";
            return Err(error(StatusCode::CONFLICT, call.look.t(why)));
        }
        sent.and_then(|sent| of_members(self.sheet, &self.object(record), sent))
            .ok_or_else(|| {
                instance.harm.wrong_form += 1;
                error(
                    StatusCode::BAD_REQUEST,
                    call.look.t("The request was incomplete."),
                )
            })
    }

    /// Says what came of it, with the version of now.
    pub(super) fn answer(&self, call: &Call<'_>, saved: Result<(), &'static str>, version: u64) -> Answer {
        let (status, message) = match saved {
            Ok(()) => ("OK", APPLIED),
            Err(why) => ("ERROR", why),
        };
        json_answer(&json!({ "status": status, "message": call.look.t(message), self.version: version }))
    }
}
