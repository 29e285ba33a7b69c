//! The verbs: a file a verb, with the words it takes and what it does.
//!
//! A verb is a function `run(ui, context, args)` that gives an [`Exit`]; it prints through [`crate::report::Ui`] alone. It knows
//! nothing of the other verbs. Which verbs are offered is said in [`crate::cli`].

pub mod access;
mod bundle;
mod change_report;
mod checklist;
mod ciphertext;
mod diff_report;
mod marker;
mod origin_report;
mod origins;
mod page_change;
mod plan_report;
mod planned;
mod reenter;
mod round;
mod route;
mod safety;
mod scan_report;
mod switching;
mod waits;
mod way_in;
mod write_back;
pub mod completions;
pub mod context;
pub mod instance;
pub mod man;
pub mod profiles;
pub mod rules;
pub mod sign_in;
pub mod values;
pub mod words;

pub mod after;
pub mod backup;
pub mod before;
pub mod browser;
pub mod check;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod export;
pub mod freeze;
pub mod history;
pub mod import;
pub mod list;
pub mod login;
pub mod logout;
pub mod practice;
pub mod profile;
pub mod purge;
pub mod ready;
pub mod restore;
pub mod scan;
pub mod secret;
pub mod show;
pub mod thaw;
pub mod undo;
pub mod verify;

pub use context::Context;

/// How a command ended that did not fail; failures are [`crate::error::Kind`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Done; nothing differs, nothing waits.
    Done,
    /// There are differences or findings.
    Different,
    /// A write was sent, and something is neither written nor unchanged; the report lists each document.
    Incomplete,
    /// Done, but values wait to be entered by hand.
    Waits,
    /// Stopped by the user after something had been written; the report lists each document.
    Stopped,
}

impl Exit {
    /// Gives the exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Different => 1,
            Exit::Incomplete => 7,
            Exit::Waits => 8,
            Exit::Stopped => 130,
        }
    }
}

#[cfg(test)]
mod tests;
