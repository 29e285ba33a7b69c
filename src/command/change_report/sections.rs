//! The sections of the page, one function each.

use maud::{Markup, html};

use crate::command::change_report::who::{Span, Who, are_done};
use crate::command::change_report::{Row, Sheet};
use crate::report::phrase::count;
use crate::state::{Action, Item, Pinned, Refresh, Write};

/// Digits of a hash that are shown; its title has all.
const SHORT: usize = 8;

impl Sheet<'_> {
    /// What it is, the verdict, and the facts of the round.
    pub(super) fn head(&self) -> Markup {
        let report = self.report;
        let instance = self.text(report.instance);
        let source = report.source.map(|source| self.text(source));
        html! {
            header {
                p.kicker { "Change report" }
                h1 { "Refresh of " (instance) }
                div.verdict.good[self.sum.is_good()].care[!self.sum.is_good()] role="status" {
                    p { strong { (self.sum.verdict()) } }
                    @if let Some(doubt) = self.sum.doubt() { p { (doubt) } }
                }
                p {
                    "The learning management system " b { (instance) } " was overwritten with a copy of "
                    @match &source { Some(source) => { b { (source) } } None => "another instance" }
                    " (a " i { "refresh" } "). This report tells what was done so that it is itself again, by whom, and what is still to do. "
                    "What is listed under “What changed in the system” was changed by the program lmskeep, which reads every page again after it has saved it; "
                    "what people did by hand is told in their own words."
                }
                ul.tiles {
                    (tile("done", self.sum.done, "done"))
                    (tile("skipped", self.sum.left_out, "left out"))
                    (tile("open", self.sum.open + self.sum.values, "waiting"))
                    (tile("", self.report.writes.len(), if report.writes.len() == 1 { "write" } else { "writes" }))
                }
                dl.facts {
                    (fact("System", html! { (instance) ", " span.path { (self.text(report.origin)) } }))
                    (fact("Copied from", html! { (source.as_deref().unwrap_or("not known")) }))
                    (fact("Kind of refresh", html! { (report.kind.map_or("not known", kind)) }))
                    (fact("Planned for", html! { (report.planned.map_or("not known".to_owned(), |day| day.to_string())) }))
                    (fact("Begun", html! { (self.time(report.began)) }))
                    (fact("Ended", html! { (report.ended.map_or("not yet".to_owned(), |ended| self.time(ended))) }))
                    (fact("Backup to put back", self.pinned(report.backup)))
                    (fact("Backup of the source", self.pinned(report.source_backup)))
                    (fact("Times", html! { (self.zone()) }))
                }
            }
        }
    }

    fn pinned(&self, pinned: Option<&Pinned>) -> Markup {
        html! {
            @match pinned {
                Some(pinned) => { code { (self.text(&pinned.id)) } " of " (self.text(&pinned.instance)) ", taken " span.time { (self.time(pinned.taken)) } }
                None => "none is noted",
            }
        }
    }

    /// The persons, the accounts, and the program.
    pub(super) fn who(&self) -> Markup {
        let who = Who::of(self.report);
        html! {
            section {
                h2 { "Who and when" }
                table.stacks {
                    thead { tr { th { "Who" } th { "What" } th { "When" } } }
                    tbody {
                        @for (person, answers) in &who.persons {
                            (self.who_did(html! { b { (self.text(person)) } }, &answers.in_words(), answers.since))
                        }
                        @for (account, (writes, since)) in &who.accounts {
                            (self.who_did(
                                html! { b { (self.text(account)) } " " span.faint { (kind_of_account(account)) } },
                                &format!("made {}", count(*writes, "write")),
                                Some(*since),
                            ))
                        }
                        @if let Some((items, since)) = who.program {
                            (self.who_did(
                                html! { b { "lmskeep" } " " span.faint { "the program" } },
                                &format!("found by itself that {}", are_done(items)),
                                Some(since),
                            ))
                        }
                    }
                }
            }
        }
    }

    fn who_did(&self, who: Markup, what: &str, since: Option<Span>) -> Markup {
        html! {
            tr {
                td data-label="Who" { (who) }
                td data-label="What" { (what) }
                td data-label="When" {
                    @if let Some((first, last)) = since {
                        span.time { (self.time(first)) }
                        @if self.time(first) != self.time(last) { " to " span.time { (self.time(last)) } }
                    }
                }
            }
        }
    }

    /// What is done.
    pub(super) fn done(&self) -> Markup {
        html! {
            section {
                h2 { "What was done" }
                @if self.sum.done == 0 { p.none { "Nothing is done yet." } } @else {
                    table.stacks {
                        thead { tr { th { "Item" } th { "What was found or said" } th { "By" } th { "Since" } } }
                        tbody {
                            @for row in self.report.items {
                                @if let Some(Item::Done { when, by, note }) = row.stands {
                                    tr {
                                        td data-label="Item" { (self.title(row)) }
                                        td.said data-label="Found or said" { (self.text(note)) }
                                        td data-label="By" { (by.as_ref().map_or("lmskeep".to_owned(), |by| self.text(by))) }
                                        td.time data-label="Since" { (self.time(*when)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What was left out on purpose.
    pub(super) fn left_out(&self) -> Markup {
        html! {
            section {
                h2 { "What was left out, and why" }
                @if self.sum.left_out == 0 { p.none { "Nothing was left out." } } @else {
                    table.stacks {
                        thead { tr { th { "Item" } th { "Why" } th { "Left out by" } th { "When" } } }
                        tbody {
                            @for row in self.report.items {
                                @if let Some(Item::Skipped { when, by, why }) = row.stands {
                                    tr {
                                        td data-label="Item" { (self.title(row)) }
                                        td.said data-label="Why" { (self.text(why)) }
                                        td data-label="Left out by" { (by.as_ref().map_or("nobody is named".to_owned(), |by| self.text(by))) }
                                        td.time data-label="When" { (self.time(*when)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Every write.
    pub(super) fn changed(&self) -> Markup {
        let writes = self.report.writes;
        html! {
            section {
                h2 { "What changed in the system" }
                p { (self.text(&self.sum.of_writes())) }
                @if !self.sum.unproven.is_empty() {
                    p { "Not proven by reading back, by the last write to each:" }
                    ul { @for document in &self.sum.unproven { li { span.path { (self.text(document)) } } } }
                }
                @if !writes.is_empty() {
                    p.faint {
                        "A hash (SHA-256) stands for the text of a document: before the write, as it was sent, and as it was read last. "
                        "Here are its first " (SHORT) " digits; the evidence file " code { "evidence/" (self.text(self.report.instance)) ".jsonl" }
                        " of lmskeep's state folder has all of them."
                    }
                    table.stacks.writes {
                        thead { tr { th { "Time" } th { "Document" } th { "Action" } th { "Keys changed" } th { "Outcome" } th { "Before, sent, read" } } }
                        tbody { @for write in writes { (self.write(write)) } }
                    }
                }
            }
        }
    }

    fn write(&self, write: &Write) -> Markup {
        let keys = write.key_names();
        html! {
            tr.bad[!write.is_written() && !write.is_sent_again()] {
                td.time data-label="Time" { (self.exact_time(write.when)) }
                td.document data-label="Document" { (self.path(&write.document)) }
                td.action data-label="Action" title=(format!("by {}, run {}", self.text(write.by()), self.text(&write.run))) { (action(write.action)) }
                td.path.keys data-label="Keys changed" {
                    @match keys.as_deref() {
                        None => span.faint { "as a whole" },
                        Some([]) => span.faint { "comments or order only" },
                        Some(keys) => @for (at, key) in keys.iter().enumerate() {
                            @if at > 0 { ", " }
                            (self.text(key))
                        }
                    }
                }
                td.outcome data-label="Outcome" { (self.text(&write.outcome)) }
                td.hashes data-label="Hashes" {
                    (self.hash(&write.before)) " " (self.hash(&write.wanted)) " "
                    @match &write.after { Some(after) => (self.hash(after)), None => span.faint { "not read" } }
                }
            }
        }
    }

    /// What is still to do.
    pub(super) fn waits(&self) -> Markup {
        html! {
            section {
                h2 { "What waits" }
                @if self.sum.open + self.sum.values == 0 { p.none { "Nothing waits." } }
                @if self.sum.open > 0 {
                    table.stacks {
                        thead { tr { th { "Item" } th { "For what" } th { "What to do" } } }
                        tbody {
                            @for row in self.report.items {
                                @match row.stands {
                                    Some(Item::Open { why, hints }) => (self.open(row, why, hints)),
                                    None => (self.open(row, "Nobody has looked yet.", &[])),
                                    Some(_) => {}
                                }
                            }
                        }
                    }
                }
                @if self.sum.values > 0 {
                    h3 { "Values to be entered by hand" }
                    p.faint { "They are encrypted or hidden in the system, so that no backup holds them in a form that could be put back. Only their names are known here." }
                    table.stacks {
                        thead { tr { th { "Document" } th { "Key" } } }
                        tbody {
                            @for place in self.report.waiting {
                                tr {
                                    td.path data-label="Document" { (self.text(&place.document)) }
                                    td.path data-label="Key" { (self.text(&place.key)) @if place.occurrence > 1 { " (" (place.occurrence) ")" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn open(&self, row: &Row<'_>, why: &str, hints: &[String]) -> Markup {
        html! {
            tr {
                td data-label="Item" { (self.title(row)) }
                td.said data-label="For what" { (self.text(why)) }
                td data-label="What to do" {
                    @if hints.is_empty() { span.faint { "nothing is noted" } } @else {
                        ul.plain { @for hint in hints { li { (self.text(hint)) } } }
                    }
                }
            }
        }
    }

    /// Place for a name, a date and a signature.
    pub(super) fn approval(&self) -> Markup {
        let tick = if self.sum.is_good() {
            "I have read this report and approve the change as it was made, with what was left out."
        } else {
            "I have read this report and approve the change as it was made, with what was left out and what still waits."
        };
        html! {
            section.approval {
                h2 { "Approval" }
                p { span.box {} " " (tick) }
                p { span.box {} " Not approved, because:" span.line {} }
                div.sign {
                    div { p.filled { (self.report.approver.map_or(String::new(), |name| self.text(name))) } p.under { "Name" } }
                    div { p.filled {} p.under { "Date" } }
                    div { p.filled {} p.under { "Signature" } }
                }
            }
        }
    }

    /// What made it, and when.
    pub(super) fn foot(&self) -> Markup {
        html! {
            footer {
                p {
                    "Made by lmskeep " (self.text(self.report.version)) " on " (self.exact_time(self.report.made)) " (" (self.zone())
                    ") from its journal of writes and from what people answered. This page loads nothing, runs nothing and holds no passwords or values."
                }
            }
        }
    }

    /// A path, which may be broken behind its part.
    fn path(&self, path: &str) -> Markup {
        let path = self.text(path);
        html! {
            @match path.split_once('/') {
                Some((part, name)) => { (part) "/" wbr; (name) }
                None => (path),
            }
        }
    }

    fn hash(&self, hash: &str) -> Markup {
        let hash = self.text(hash);
        let short: String = hash.chars().take(SHORT).collect();
        html! { code title=(hash) { (short) } }
    }

    fn title(&self, row: &Row<'_>) -> Markup {
        html! { b { (self.text(row.title)) } " " span.faint { (self.text(row.id)) } }
    }
}

fn tile(class: &str, number: usize, word: &str) -> Markup {
    html! { li class=(class) { b { (number) } " " span { (word) } } }
}

fn fact(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn kind(kind: Refresh) -> &'static str {
    match kind {
        Refresh::Irt => "with SAP's Instance Refresh Tool",
        Refresh::Manual => "by SAP's people, in a support case",
        Refresh::LearningOnly => "by SAP's people, in a support case, Learning alone",
    }
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Restore => "put back",
        Action::Undo => "undone",
        Action::Freeze => "switched off",
        Action::Thaw => "switched on",
        Action::Purge => "mail deleted",
    }
}

fn kind_of_account(account: &str) -> &'static str {
    match account {
        "browser session" => "signed in by a person in a browser",
        _ => "account in the system",
    }
}
