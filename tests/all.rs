//! All tests that run the product from outside, in one program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod architecture;
mod before;
mod browser;
mod cli;
mod faults;
mod fidelity;
mod journey;
mod network;
mod origins;
mod promises;
mod real;
mod recordings;
mod rehearsal;
mod strangers;
mod runbook;
mod sso;
mod values;
