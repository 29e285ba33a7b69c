//! The configuration file: what is refused and where, and edits that leave the rest alone.

use std::path::Path;

use crate::error::Kind;
use crate::instance::address::read_address;
use crate::instance::config::Config;
use crate::instance::edit::Setting;
use crate::instance::{Instance, Network, ProxyChoice, Role};
use crate::sensitive::Sensitivity;

const COMMENTED: &str = "\
# Our systems

[instance.prod] # the real one
url = \"https://prod.plateau.com/\"   # never touch
user = \"ADMIN\"

# refreshed twice a year
[instance.stage]
role = 'test'
url  = 'https://stage.plateau.com/'
pages.system-configuration = \"/learning/a.do\"
";

fn read(text: &str) -> Config {
    Config::parse(Path::new("config.toml"), text.to_owned()).unwrap()
}

fn set(config: &Config, name: &str, key: &str, value: &str) -> Config {
    config
        .with_setting(name, &Setting::read(key, value).unwrap())
        .unwrap()
}

#[test]
fn reads_all_that_is_there() {
    let config = read(
        "[instance.'acme.stage']\nurl='https://x.com/learning'\nuser='A'\nrole='test'\nsource='prod'\nprofile='p'\n\
         password_command='pass lms'\n[instance.'acme.stage'.pages]\nsystem-configuration='S'\n\
         [instance.'acme.stage'.identity]\ncompany='X'\n",
    );
    let wanted = Instance {
        user: Some("A".to_owned()),
        role: Role::Test,
        source: Some("prod".to_owned()),
        profile: Some("p".to_owned()),
        password_command: Some("pass lms".to_owned()),
        pages: [("system-configuration".to_owned(), "S".to_owned())].into(),
        identity: [("company".to_owned(), "X".to_owned())].into(),
        ..Instance::new("acme.stage", read_address("https://x.com").unwrap())
    };
    assert_eq!(config.instance("acme.stage").unwrap(), &wanted);
}

#[test]
fn own_rules_for_secrets_are_read_and_a_bad_pattern_is_named() {
    let config = read("[sensitive]\nencrypted=['SEARCH:x.*']\nsecret=['*:y']\nclear=['SEARCH:x.password']\n");
    let judged = |key: &str| config.rules().classify("configuration/SEARCH", key, "k7Gm2q");
    assert_eq!(judged("x.a"), Some(Sensitivity::Encrypted));
    assert_eq!(judged("y"), Some(Sensitivity::Secret));
    // What is encrypted by one rule and clear by another is encrypted: in doubt nothing is shown.
    assert_eq!(judged("x.password"), Some(Sensitivity::Encrypted));
    for text in ["[sensitive]\nclear=['A:']\n", "[sensitive]\nplain=['A']\n"] {
        let error = Config::parse(Path::new("config.toml"), text.to_owned()).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(
            error.message().contains("sensitive") || error.message().contains("plain"),
            "{}",
            error.message()
        );
    }
}

#[test]
fn what_a_scan_lets_stay_is_kept_by_edits() {
    let text = "[instance.a]\nurl='https://a.com'\n[scan]\nallow = ['smtp.a.com', 'CONNECTORS:x.*'] # both\n";
    let config = set(&read(text), "a", "user", "A");
    assert_eq!(config.scan_allow(), ["smtp.a.com", "CONNECTORS:x.*"]);
    assert!(config.text().contains("# both"));
    assert!(read("").scan_allow().is_empty());
    for wrong in ["[scan]\nalow=[]\n", "[scan]\nallow='x'\n"] {
        let error = Config::parse(Path::new("config.toml"), wrong.to_owned()).unwrap_err();
        assert!(error.message().contains("in line 2"), "{error}");
    }
}

#[test]
fn names_line_and_reason_of_what_is_wrong() {
    let cases = [
        (
            "[instance.a]\nurl = 'https://x.com'\nrolle = 'test'\n",
            "line 3: unknown field `rolle`",
        ),
        ("\n[instances.a]\n", "line 2: unknown field `instances`"),
        (
            "[instance.a]\nurl = 'https://x.com'\nrole = 'stage'\n",
            "line 3: unknown variant `stage`",
        ),
        (
            "[instance.a]\nurl = 'http://x.com'\n",
            "line 2: `x.com` would be reached over plain http",
        ),
        ("[instance.A]\nurl = 'https://x.com'\n", "line 1: `A` is no name"),
        ("[instance.a]\nuser = 'X'\n", "line 1: missing field `url`"),
        (
            "[instance.a]\nurl = 'https://x.com'\nurl = 'https://y.com'\n",
            "line 3: duplicate key",
        ),
        ("[instance.a\n", "line 1: "),
        (
            "[instance.a]\nurl = 'https://x.com'\nuser = 7\n",
            "line 3: invalid type",
        ),
        (
            "[instance.a]\r\nurl = 'https://x.com'\r\nuser = 7\r\n",
            "line 3: invalid type",
        ),
    ];
    for (text, part) in cases {
        let error = Config::parse(Path::new("config.toml"), text.to_owned()).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.message().contains(part), "{text}: {error}");
    }
}

#[test]
fn never_quotes_the_line_that_is_wrong() {
    let text = "[instance.a]\nurl = 'https://A:hunter2@x.com'\npassword = 'hunter2'\n";
    let error = Config::parse(Path::new("config.toml"), text.to_owned()).unwrap_err();
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    assert!(
        read("\u{feff}[instance.a]\nurl = 'https://x.com'\n")
            .instance("a")
            .is_ok()
    );
}

#[test]
fn a_missing_file_knows_no_instance() {
    let config = Config::read(Path::new("/no/such/place/config.toml")).unwrap();
    assert!(config.instances().is_empty());
    let error = config.instance("stage").unwrap_err();
    assert_eq!(
        error.hints(),
        ["lmskeep instance add NAME --url URL --user USER --role test"]
    );
}

#[test]
fn edits_leave_comments_and_order_alone() {
    let config = read(COMMENTED);
    let changed = set(&config, "prod", "user", "OTHER");
    assert_eq!(changed.text(), COMMENTED.replace("\"ADMIN\"", "\"OTHER\""));
    let changed = set(&changed, "prod", "url", "https://new.plateau.com/learning");
    assert!(
        changed
            .text()
            .contains("url = \"https://new.plateau.com/\"   # never touch\n"),
        "{}",
        changed.text()
    );
    let changed = set(&changed, "stage", "page", "system-configuration=");
    assert!(changed.instance("stage").unwrap().pages.is_empty());
    assert!(
        changed
            .text()
            .contains("# refreshed twice a year\n[instance.stage]\n"),
        "{}",
        changed.text()
    );
}

#[test]
fn adds_at_the_end_and_takes_away_whole() {
    let new = Instance {
        role: Role::Test,
        network: Network {
            proxy: Some(ProxyChoice::read("http://anna@proxy:8080").unwrap()),
            ca: Some("/a/ca.pem".into()),
            client_cert: Some("/a/client.pem".into()),
        },
        ..Instance::new("a.b", read_address("https://x.com").unwrap())
    };
    let more = read(COMMENTED).with_instance(&new).unwrap();
    assert_eq!(more.instance("a.b").unwrap(), &new);
    assert!(more.text().starts_with(COMMENTED), "{}", more.text());
    assert_eq!(more.without_instance("a.b").unwrap().text(), COMMENTED);
    assert_eq!(more.with_instance(&new).unwrap_err().kind(), Kind::Usage);
    assert_eq!(more.without_instance("c").unwrap_err().kind(), Kind::Usage);
    let fewer = more.without_instance("prod").unwrap();
    assert!(!fewer.text().contains("prod"), "{}", fewer.text());
}

#[test]
fn edits_inline_tables_as_well() {
    let config = read("instance = { a = { url = 'https://x.com' } }\n");
    let changed = set(&config, "a", "page", "system-configuration=Menu > Entry");
    assert_eq!(
        changed.instance("a").unwrap().pages["system-configuration"],
        "Menu > Entry"
    );
}

#[test]
fn sets_and_takes_away_every_setting() {
    let values = [
        ("user", "U"),
        ("role", "test"),
        ("source", "prod"),
        ("profile", "dokuwiki"),
        ("password-command", "pass"),
        ("proxy", "http://anna@proxy:8080"),
        ("ca", "/a/ca.pem"),
        ("client-cert", "/a/client.pem"),
        ("page", "images=Images"),
        ("identity", "company=ACME"),
    ];
    let bare = read("[instance.a]\nurl = 'https://x.com/'\n");
    for (key, value) in values {
        let there = set(&bare, "a", key, value);
        assert_ne!(there.instance("a").unwrap(), bare.instance("a").unwrap(), "{key}");
        let nothing = value
            .split_once('=')
            .map_or(String::new(), |(what, _)| format!("{what}="));
        let gone = set(&there, "a", key, &nothing);
        assert_eq!(gone.instance("a").unwrap(), bare.instance("a").unwrap(), "{key}");
    }
}

#[test]
fn refuses_settings_that_are_none() {
    let cases = [
        ("rolle", "test"),
        ("role", "stage"),
        ("url", ""),
        ("source", "A B"),
        ("page", "images"),
        ("page", "=x"),
    ];
    for (key, value) in cases {
        assert_eq!(
            Setting::read(key, value).unwrap_err().kind(),
            Kind::Usage,
            "{key}={value}"
        );
    }
}

#[test]
fn a_change_is_told_without_a_password_command() {
    let told = |key, value| Setting::read(key, value).unwrap().described();
    assert_eq!(told("role", "test"), "role is test");
    assert_eq!(told("source", ""), "source is no longer set");
    assert_eq!(told("page", "images=Images"), "page images is Images");
    assert_eq!(
        told("password_command", "echo hunter2"),
        "password_command is set"
    );
}

#[test]
fn a_page_lies_within_its_instance() {
    let config = read("[instance.a]\nurl = 'https://a.com/'\n");
    let set =
        |place: &str| config.with_setting("a", &Setting::Page("images".to_owned(), Some(place.to_owned())));
    for good in [
        "https://a.com/x?y=z",
        "https://a.com:443/x",
        "/x.do",
        "System Admin: Images",
        "Images",
    ] {
        assert!(set(good).is_ok(), "{good}");
    }
    for bad in ["https://b.com/x", "http://a.com/x", "https://a.com:8443/x"] {
        assert_eq!(set(bad).unwrap_err().kind(), Kind::Usage, "{bad}");
    }
}

#[test]
fn finds_the_source_where_it_is_known() {
    let config = read(
        "[instance.a]\nurl = 'https://a.com/'\nsource = 'b'\n[instance.b]\nurl = 'https://b.com/'\nsource = 'c'\n",
    );
    let source = |name: &str| {
        config
            .source_of(config.instance(name).unwrap())
            .map(|source| source.name.as_str())
    };
    assert_eq!((source("a"), source("b")), (Some("b"), None));
}
