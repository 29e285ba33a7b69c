//! The shape of the code, held by tests: order of modules, purity, size of files, one reader of the environment, one
//! writer of files, one HTTP client, one printer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PURE: [&str; 18] = [
    "pattern",
    "error",
    "progress",
    "properties",
    "sensitive",
    "backup",
    "selection",
    "profile",
    "page",
    "recording",
    "find",
    "learn",
    "diff",
    "plan",
    "copies",
    "environment",
    "knowledge",
    "scan",
];

/// What a pure module must not name, and why.
const IMPURE: [&str; 11] = [
    "tokio::",
    "reqwest::",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::time::SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "Instant::now",
    "object_store::",
];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join("src"), root.join("tests"), root.join("benches")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(root).unwrap().to_path_buf(), text);
            }
        }
    }
    assert!(
        found.len() > 50,
        "the sources are not where this test looks for them"
    );
    found
}

/// Sources of the product by module, without its unit tests.
fn product() -> Vec<(String, PathBuf, String)> {
    let is_test = |path: &Path| path.to_string_lossy().contains("tests");
    sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with("src") && !is_test(path))
        .filter_map(|(path, text)| {
            let module = path
                .components()
                .nth(1)?
                .as_os_str()
                .to_string_lossy()
                .trim_end_matches(".rs")
                .to_owned();
            Some((module, path, without_comments(&text)))
        })
        .collect()
}

fn without_comments(text: &str) -> String {
    text.lines()
        .map(|l| l.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn order() -> Vec<String> {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    lib.lines()
        .filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// Every `crate::x` a text names, also inside `use crate::{…}`, which the style forbids anyway.
fn imports(text: &str) -> Vec<String> {
    text.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        })
        .collect()
}

#[test]
fn a_module_imports_only_from_modules_listed_above_it() {
    let order = order();
    let place = |name: &str| order.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    for (module, path, text) in product() {
        let Some(own) = place(&module) else { continue };
        for import in imports(&text) {
            match place(&import) {
                Some(other) if other <= own => {}
                _ => wrong.push(format!("{} names crate::{import}", path.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_name_no_effect() {
    let mut wrong = Vec::new();
    for (module, path, text) in product() {
        if PURE.contains(&module.as_str()) {
            for word in IMPURE {
                if text.contains(word) {
                    wrong.push(format!("{} names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_effect_has_one_door() {
    let doors: [(&str, &[&str]); 6] = [
        ("std::env::var", &["instance"]),
        ("reqwest::", &["session"]),
        ("rustls::", &["session", "practice"]),
        ("println!", &[]),
        ("object_store::", &["store"]),
        ("keyring_core::", &["secret"]),
    ];
    let mut wrong = Vec::new();
    for (module, path, text) in product() {
        for (word, allowed) in doors {
            if text.contains(word) && !allowed.contains(&module.as_str()) {
                wrong.push(format!("{} names {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_practice_lms_shares_nothing_with_the_engine() {
    for (module, path, text) in product() {
        if module == "practice" {
            let strangers: Vec<String> = imports(&text)
                .into_iter()
                .filter(|m| m != "error" && m != "practice")
                .collect();
            assert!(strangers.is_empty(), "{} names {strangers:?}", path.display());
        }
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > 500)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_of_the_lms_stands_in_rust() {
    let facts = [
        "nativelogin",
        "OWASP_CSRFTOKEN",
        "Apply Changes",
        "adminShellMenuId",
        "successFactors",
        "wikitext",
        "sectok",
        "JSESSIONID",
    ];
    let engine = [
        "page", "find", "learn", "session", "capture", "restore", "plan", "diff",
    ];
    for (module, path, text) in product() {
        if engine.contains(&module.as_str()) {
            for fact in facts {
                assert!(!text.contains(fact), "{} names {fact}", path.display());
            }
        }
    }
}
