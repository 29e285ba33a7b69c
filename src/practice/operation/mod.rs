//! What a refresh overwrites beside the configuration files: mail, schedules, queue, images, report jobs.
//!
//! Each part of it stands in a file of its own and tells of itself by a [`Part`]: its pages, its services, its
//! words, what the control door reports of it and may do with it. It knows nothing of configuration files but
//! whether the connectors reach their feeds.

mod admin_list;
mod clock;
mod connectors;
pub(super) mod damage;
pub(super) mod door;
pub(super) mod global_settings;
pub(super) mod images;
mod jobs;
pub(super) mod mail;
mod objects;
mod orders;
pub(super) mod part;
mod processes;
mod reports;
mod sheet;
mod start;
mod unsent;

pub(super) use clock::tick;
pub(super) use damage::Damage;
pub(super) use part::{Call, Part};
pub(super) use start::{OperationContent, load};

use std::collections::BTreeMap;

use crate::practice::operation::global_settings::Settings;
use crate::practice::operation::images::Image;
use crate::practice::operation::jobs::Job;
use crate::practice::operation::mail::{Learner, Mail};
use crate::practice::operation::reports::ReportJob;
use crate::practice::operation::unsent::Deletions;

/// All parts, in the order of their menu entries.
pub(super) const PARTS: &[Part] = &[
    global_settings::PART,
    images::PART,
    admin_list::PART,
    unsent::PART,
    processes::PART,
    connectors::PART,
    reports::PART,
];

/// All of it, of one instance; a refresh clones it.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// The tabs of Global Application Settings.
    pub(super) settings: Settings,
    pub(super) processes: Vec<Job>,
    pub(super) connectors: Vec<Job>,
    /// Mail that was made and not sent, oldest first.
    pub(super) queue: Vec<Mail>,
    /// Deletions of what is queued.
    pub(super) deletions: Deletions,
    pub(super) images: Vec<Image>,
    pub(super) report_jobs: Vec<ReportJob>,
    pub(super) learners: Vec<Learner>,
    /// Changes of learning plans that no Learning Plan Notification told yet.
    pub(super) untold_changes: usize,
    /// Jobs that run now, by id, with how many saves they will refuse before they end.
    pub(super) running: BTreeMap<String, u64>,
    /// How much mail was made so far.
    made: usize,
}

impl Operation {
    /// What a refresh makes of it on the instance it is copied to: nothing runs there.
    pub(super) fn copied(&self) -> Operation {
        let mut copy = self.clone();
        copy.running.clear();
        copy.queue = unsent::waiting(self).cloned().collect();
        copy.deletions = self.deletions.stopped();
        copy.queue.iter_mut().for_each(|mail| mail.being_sent = false);
        copy
    }

    /// Whether mail is sent at all: Enable email.
    pub(super) fn mail_on(&self) -> bool {
        self.settings.mail.is_on("enableEmail")
    }
}
