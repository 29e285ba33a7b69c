//! Recordings of browsers: how they are read, however large they are.

mod browser;
pub(crate) mod cut;
pub(crate) mod journeys;
mod memory;
pub(crate) mod recorder;
