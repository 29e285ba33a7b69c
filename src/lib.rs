//! `lmskeep` carries the configuration of an SAP SuccessFactors Learning instance across a refresh.
//!
//! The modules are listed in the order of their dependencies: a module imports only from modules listed above
//! it. `docs/architecture.md` draws how a value flows through them.

pub mod error;
pub mod progress;
pub mod secret;
pub mod properties;
pub mod pattern;
pub mod sensitive;
pub mod environment;
pub mod backup;
pub mod copies;
pub mod selection;
pub mod knowledge;
pub mod profile;
pub mod page;
pub mod recording;
pub mod cookies;
pub mod find;
pub mod learn;
pub mod store;
pub mod archive;
pub mod state;
pub mod instance;
pub mod session;
pub mod capture;
pub mod diff;
pub mod scan;
pub mod plan;
pub mod restore;
pub mod practice;
pub mod report;
pub mod command;
pub mod cli;
