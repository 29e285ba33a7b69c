use super::{Given, load};
use crate::practice::content::Side;
use crate::practice::operation::global_settings;
use crate::practice::operation::jobs::{Job, Kind};
use crate::practice::operation::sheet::{Control, Field, Record, members};

/// Every value that is given has a field, and a page can show it.
fn fits(given: &Given, sheet: &[Field], record: &Record, what: &str) {
    for key in given.values.keys().chain(given.stage.keys()) {
        assert!(sheet.iter().any(|field| field.key == key), "{what}: {key}");
    }
    let told = members(sheet, record);
    for field in sheet {
        assert!(given.values.contains_key(field.key), "{what}: {}", field.key);
        if !matches!(field.control, Control::Password) {
            let back = field.of_json(&told[field.member]).expect(what);
            assert_eq!(back, record.values[field.key], "{what}: {}", field.key);
        }
    }
}

#[test]
fn the_content_fits_the_pages() {
    let content = load().unwrap();
    for side in [Side::Production, Side::Stage] {
        let start = content.start(side);
        for (tab, given, record) in [
            ("general", &content.common.general, &start.settings.general),
            ("mail", &content.common.mail, &start.settings.mail),
            ("security", &content.common.security, &start.settings.security),
        ] {
            fits(given, global_settings::sheet(tab), record, tab);
        }
        for (kind, infos) in [
            (Kind::Process, &content.processes),
            (Kind::Connector, &content.connectors),
        ] {
            for job in start.jobs(kind) {
                let info = infos.iter().find(|info| info.id == job.id).unwrap();
                fits(&info.settings, kind.sheet(), &job.record, &job.name);
            }
        }
    }
}

#[test]
fn the_sides_differ_in_several_schedules_and_weekly_jobs_alone_have_days() {
    let content = load().unwrap();
    let [production, stage] = [Side::Production, Side::Stage].map(|side| content.start(side));
    for kind in [Kind::Process, Kind::Connector] {
        let differ = |job: &&Job| {
            let other = stage.job_of(kind, &job.id);
            other.is_some_and(|(_, other)| !job.record.differences(&other.record, kind.sheet()).is_empty())
        };
        assert!((6..=12).contains(&production.jobs(kind).iter().filter(differ).count()));
        for job in production.jobs(kind).iter().chain(stage.jobs(kind)) {
            let weekly = job.record.text("frequency") == "WEEKLY";
            assert_eq!(job.record.is_on("weekdays"), weekly, "{}", job.name);
        }
    }
    assert_eq!(production.settings.mail.text("smtpServer"), "localhost");
    assert_eq!(stage.settings.mail.text("smtpServer"), "localhost");
    assert!(production.learners.len() >= 36 && production.queue.len() > stage.queue.len());
    assert!(production.queue.iter().all(|mail| mail.is_real()));
    assert!(!stage.queue.iter().any(|mail| mail.is_real()));
}
