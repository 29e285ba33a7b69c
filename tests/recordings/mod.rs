//! Recordings of browsers: how they are read, however large they are.

mod amiss;
mod browser;
pub(crate) mod cut;
pub(crate) mod journeys;
pub(crate) mod learned;
mod memory;
pub(crate) mod recorder;
