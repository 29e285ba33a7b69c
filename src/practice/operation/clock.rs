//! The clock, which is wound by hand: in a tick all that is scheduled runs, and mail is sent, queued or dropped.

use crate::practice::content::Side;
use crate::practice::health::{self, Access};
use crate::practice::instance::Instance;
use crate::practice::operation::jobs::{Job, Kind, PLANS, USERS};
use crate::practice::operation::mail::{self, Mail, Recipient};
use crate::practice::operation::unsent;

/// The integration by which connectors reach their feeds.
const FEEDS: &str = "Connectors: SFTP";
/// How many plans change between two ticks.
const CHANGES: usize = 2;

/// Lets the time pass in which everything that is scheduled runs once.
pub(in crate::practice) fn tick(instance: &mut Instance) {
    unsent::settle(instance, true);
    let operation = &mut instance.operation;
    operation
        .queue
        .iter_mut()
        .for_each(|mail| mail.being_sent = false);
    operation.untold_changes += CHANGES;
    let mut made = Vec::new();
    for kind in [Kind::Connector, Kind::Process] {
        let jobs: Vec<Job> = instance.operation.jobs(kind).clone();
        let access = access(instance, kind);
        for job in jobs.iter().filter(|job| job.scheduled()) {
            made.extend(run(instance, kind, job, access));
        }
    }
    settle(instance, made);
}

/// Runs one job now, scheduled or not.
pub(super) fn run_one(instance: &mut Instance, kind: Kind, place: usize) {
    let Some(job) = instance.operation.jobs(kind).get(place).cloned() else {
        return;
    };
    let access = access(instance, kind);
    let made = run(instance, kind, &job, access);
    settle(instance, made);
}

/// Whose feeds the connectors reach; processes read none.
fn access(instance: &Instance, kind: Kind) -> Access {
    match kind {
        Kind::Process => Access::Nothing,
        Kind::Connector => health::access(instance, FEEDS),
    }
}

/// Does what a job does, and gives the mail that it makes.
fn run(instance: &mut Instance, kind: Kind, job: &Job, access: Access) -> Vec<Mail> {
    match kind {
        Kind::Process => run_process(instance, job),
        Kind::Connector => run_connector(instance, job, access),
    }
}

fn run_process(instance: &mut Instance, job: &Job) -> Vec<Mail> {
    let admins = mail::addresses(&instance.admins);
    let operation = &mut instance.operation;
    if job.id == PLANS {
        let untold = std::mem::take(&mut operation.untold_changes);
        return mail::make(operation, &admins, &job.name, untold, 0);
    }
    match &job.makes {
        Some(makes) => mail::make(operation, &admins, &makes.mail, makes.learners, makes.admins),
        None => Vec::new(),
    }
}

/// A connector takes the file it reads away, and reports by mail. On stage the users' feed has masked addresses.
fn run_connector(instance: &mut Instance, job: &Job, access: Access) -> Vec<Mail> {
    match (instance.side, access) {
        (_, Access::Nothing) | (Side::Production, _) => {}
        (Side::Stage, Access::Other) => instance.damage.feed_files_eaten += 1,
        (Side::Stage, Access::Own) => {
            if job.id == USERS {
                instance
                    .operation
                    .learners
                    .iter_mut()
                    .for_each(|learner| learner.mask());
            }
        }
    }
    let contact = job.record.text("contact").to_owned();
    if contact.is_empty() {
        return Vec::new();
    }
    mail::make(&mut instance.operation, &[contact], "Connector Report", 0, 1)
}

/// Sends what is queued and what was made, while mail is on; else what was made is queued, or dropped.
pub(super) fn settle(instance: &mut Instance, made: Vec<Mail>) {
    // A deletion that runs is quicker than what is sent.
    unsent::settle(instance, instance.operation.mail_on());
    let operation = &mut instance.operation;
    let archives = operation.settings.mail.is_on("archiveEmails");
    if operation.mail_on() || archives {
        operation.queue.extend(made);
    } else if instance.side == Side::Production {
        instance.damage.unsent_lost += made.len() as u64;
    }
    if !operation.mail_on() {
        return;
    }
    let sent = std::mem::take(&mut operation.queue);
    if instance.side == Side::Stage {
        for mail in sent.iter().filter(|mail| mail.is_real()) {
            match mail.recipient {
                Recipient::Learner => instance.damage.mail_to_real_people += 1,
                Recipient::Admin => instance.damage.mail_to_admins += 1,
            }
        }
    }
}
