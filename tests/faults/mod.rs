//! Writes that go wrong, ordered at the practice LMS: each document ends as exactly what it is, and no write is sent
//! twice blindly.

mod reading;
mod writing;

use serde_json::Value;

use crate::rehearsal::{Ran, Rehearsal};

/// A document that differs after the refresh and holds no encrypted value.
const DOCUMENT: &str = "UI";

/// Restores that document with a fault ordered: its method, its part of the address, requests to let pass, effect.
fn restore_with(rehearsal: &Rehearsal, fault: (&str, &str, u64, Value)) -> Ran {
    let (method, path, skip, effect) = fault;
    rehearsal.fault(method, path, skip, effect);
    restore(rehearsal)
}

fn restore(rehearsal: &Rehearsal) -> Ran {
    rehearsal.run(&["restore", "stage", "--only", DOCUMENT, "--yes", "--json"])
}
