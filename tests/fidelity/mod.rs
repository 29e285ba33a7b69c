//! What the product makes of forms and of properties, judged by those who decide: a real Chromium and a real JDK.
//!
//! `docs/fidelity.md` says what is promised. A judge that is not on the machine is skipped, as `real::part` has it.

mod beside;
mod case;
pub(crate) mod chromium;
mod forms;
mod java;
mod properties;
mod round_trip;
mod server;
mod service;
mod soup;
mod stream;
