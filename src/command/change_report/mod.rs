//! The report for the change ticket: one HTML page that tells somebody who knows nothing of this program who did what, when,
//! what was left out and why, what waits, and who approves.
//!
//! A pure function of values, but for [`write()`]. It loads nothing and runs nothing, prints black on white, and holds no
//! secret: it is given names and hashes, and every text passes what masks the passwords of this run.

mod sections;
mod sum;
mod who;

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::command::access;
use crate::command::change_report::sum::Sum;
use crate::error::Result;
use crate::report::Ui;
use crate::state::{Item, Pinned, Place, Refresh, Write};

/// All that the page tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChangeReport<'a> {
    /// The instance that was refreshed.
    pub(crate) instance: &'a str,
    /// Scheme, host and port of it.
    pub(crate) origin: &'a str,
    /// The instance that was copied over it, where that is known.
    pub(crate) source: Option<&'a str>,
    /// When the round began.
    pub(crate) began: Timestamp,
    /// When all of it was done.
    pub(crate) ended: Option<Timestamp>,
    /// How it was refreshed, where that is known.
    pub(crate) kind: Option<Refresh>,
    /// The day for which the refresh was planned.
    pub(crate) planned: Option<Date>,
    /// The backup that was put back.
    pub(crate) backup: Option<&'a Pinned>,
    /// The backup of the source.
    pub(crate) source_backup: Option<&'a Pinned>,
    /// The items of the round, in order.
    pub(crate) items: &'a [Row<'a>],
    /// The writes to the instance since the round began, in order ([`crate::state::State::writes_since`]).
    pub(crate) writes: &'a [Write],
    /// The values that wait to be entered.
    pub(crate) waiting: &'a [Place],
    /// Who approves; with none, there is a line for a name.
    pub(crate) approver: Option<&'a str>,
    /// Who had the report made.
    pub(crate) made_by: &'a str,
    /// When it was made.
    pub(crate) made: Timestamp,
    /// The zone of all times.
    pub(crate) zone: &'a TimeZone,
    /// The version of the program.
    pub(crate) version: &'a str,
}

/// An item of the round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// What command lines call it.
    pub(crate) id: &'a str,
    /// What it is about.
    pub(crate) title: &'a str,
    /// How it stands; nothing where nobody has looked yet.
    pub(crate) stands: Option<&'a Item>,
}

/// Writes the report to a file that a person named, in place of what is there.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) where it cannot be written.
pub(crate) async fn write(ui: &Ui, report: &ChangeReport<'_>, file: &Path) -> Result<()> {
    let page = page(report, &|text| ui.shown_str(text)).into_string();
    access::put_file(file, page).await?;
    ui.say(format!(
        "Wrote the change report of {} to {}.",
        report.instance,
        file.display()
    ));
    Ok(())
}

/// Renders the page; every text passes `shown`.
fn page(report: &ChangeReport<'_>, shown: &dyn Fn(&str) -> String) -> Markup {
    let sheet = Sheet {
        report,
        shown,
        sum: Sum::of(report),
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                // A page that is handed from desk to desk must be able to do nothing at all.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Change report: refresh of " (sheet.text(report.instance)) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                main {
                    (sheet.head())
                    (sheet.who())
                    (sheet.done())
                    (sheet.left_out())
                    (sheet.changed())
                    (sheet.waits())
                    (sheet.approval())
                }
                (sheet.foot())
            }
        }
    }
}

/// A report on its way to the page.
struct Sheet<'a> {
    report: &'a ChangeReport<'a>,
    shown: &'a dyn Fn(&str) -> String,
    sum: Sum<'a>,
}

impl Sheet<'_> {
    /// A text as it may be shown.
    fn text(&self, text: &str) -> String {
        (self.shown)(text)
    }

    /// A moment to the minute.
    fn time(&self, moment: Timestamp) -> String {
        self.in_zone(moment, "%Y-%m-%d %H:%M")
    }

    /// A moment to the second.
    fn exact_time(&self, moment: Timestamp) -> String {
        self.in_zone(moment, "%Y-%m-%d %H:%M:%S")
    }

    fn in_zone(&self, moment: Timestamp, format: &str) -> String {
        let zoned = moment.to_zoned(self.report.zone.clone());
        zoned.strftime(format).to_string()
    }

    /// The zone, by its name and by how far it was from UTC when the report was made.
    fn zone(&self) -> String {
        let offset = self.in_zone(self.report.made, "UTC%:z");
        match self.report.zone.iana_name() {
            Some(name) if name != "UTC" => format!("{name}, {offset} when this report was made"),
            Some(name) => name.to_owned(),
            None => offset,
        }
    }
}

#[cfg(test)]
mod tests;
