use std::collections::BTreeSet;
use std::path::Path;

use super::{Content, Side};
use crate::practice::content_files::FILES;
use crate::practice::settings;

fn texts(content: &Content, side: Side) -> Vec<(&str, &'static str)> {
    content
        .files
        .iter()
        .map(|file| (file.name.as_str(), content.text(side, file)))
        .collect()
}

#[test]
fn every_file_of_the_folder_is_in_the_program_and_the_reverse() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/practice");
    let mut found = BTreeSet::new();
    for folder in ["", "common", "production", "stage"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let about = ["README.md", ".gitattributes"]
                .iter()
                .any(|name| path.ends_with(name));
            if path.is_file() && !about {
                let path = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.insert(path);
            }
        }
    }
    let listed: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn the_files_are_of_the_sizes_that_real_tenants_have() {
    let content = Content::load().unwrap();
    let production = texts(&content, Side::Production);
    assert!((45..=60).contains(&production.len()));
    let lines = |name: &str| {
        production
            .iter()
            .find(|(n, _)| *n == name)
            .unwrap()
            .1
            .lines()
            .count()
    };
    assert!((1500..=3000).contains(&lines("CONNECTORS")));
    let keys = |text: &str| settings::read(text).len();
    let admin = production.iter().find(|(n, _)| *n == "LMS_ADMIN").unwrap().1;
    assert!((300..=600).contains(&keys(admin)));
    assert!(production.iter().any(|(_, text)| text.len() >= 300 * 1024 - 1024));
    assert!(production.iter().any(|(_, text)| text.is_empty()));
    assert!(production.iter().any(|(_, text)| text.starts_with("<?xml")));
    assert_eq!(content.files.iter().filter(|file| file.read_only).count(), 1);
}

#[test]
fn the_sides_differ_in_a_few_files_and_in_every_encrypted_value() {
    let content = Content::load().unwrap();
    let (production, stage) = (texts(&content, Side::Production), texts(&content, Side::Stage));
    let differ = production.iter().zip(&stage).filter(|(a, b)| a != b).count();
    assert!((6..=12).contains(&differ), "{differ}");
    let mut seen = 0;
    for (name, keys) in &content.encrypted {
        for key in keys {
            let values = [Side::Production, Side::Stage].map(|side| content.own_value(side, name, key));
            assert_ne!(values[0], values[1], "{name}:{key}");
            seen += 1;
            let used = format!("{name}:{key}");
            assert!(
                content.integrations.iter().any(|i| i.uses.contains(&used)),
                "{used}"
            );
        }
    }
    assert!((3..=10).contains(&seen));
}

#[test]
fn disguised_values_stand_in_files_without_other_encrypted_ones_and_are_used_by_integrations_of_their_own() {
    let content = Content::load().unwrap();
    assert!(content.disguised.len() >= 2);
    for (name, keys) in &content.disguised {
        assert!(!content.encrypted.contains_key(name), "{name}");
        for key in keys {
            let values = [Side::Production, Side::Stage].map(|side| content.own_value(side, name, key));
            assert!(
                values[0] != values[1] && values.iter().all(Option::is_some),
                "{name}:{key}"
            );
            let used = format!("{name}:{key}");
            let users = content.integrations.iter().filter(|i| i.uses.contains(&used));
            assert_eq!(users.map(|i| i.disguised).collect::<Vec<_>>(), [true], "{used}");
        }
    }
}

#[test]
fn sealed_keys_differ_between_the_sides_and_leave_the_way_in_open() {
    let content = Content::load().unwrap();
    for key in &content.sealed["BIZX"] {
        let values = [Side::Production, Side::Stage].map(|side| content.own_value(side, "BIZX", key));
        assert!(
            values[0] != values[1] && values.iter().all(Option::is_some),
            "{key}"
        );
    }
    assert_eq!(content.sealed.len(), 1);
    assert!(
        !content.sealed["BIZX"]
            .iter()
            .any(|key| key == "successFactorsLearningEnabled")
    );
}

#[test]
fn each_integration_differs_between_the_sides() {
    let content = Content::load().unwrap();
    for integration in &content.integrations {
        let differs = integration.uses.iter().any(|used| {
            let (name, key) = used.split_once(':').unwrap();
            content.own_value(Side::Production, name, key) != content.own_value(Side::Stage, name, key)
        });
        assert!(differs, "{}", integration.name);
    }
}
