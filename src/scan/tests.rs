//! What is found and what is not, without any instance.

use crate::backup::{Document, Format};
use crate::environment::Rule;
use crate::scan::text::{readings, stands_in};
use crate::scan::{Found, How, Input, scan};
use crate::selection::Selection;
use crate::sensitive::Rules;

const CIPHER: &str = "mVb0Wq2pUe7Yf1kTzR8dLw==";

fn document(name: &str, text: &str) -> Document {
    Document {
        path: format!("configuration/{name}"),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    }
}

/// Documents by name and text: live, the instance's own backup, the source's.
struct Sides<'a> {
    live: &'a [(&'a str, &'a str)],
    own: &'a [(&'a str, &'a str)],
    source: &'a [(&'a str, &'a str)],
}

impl Sides<'_> {
    fn scan(&self, only: &[&str], allow: &[&str]) -> Found {
        let documents = |all: &[(&str, &str)]| {
            all.iter()
                .map(|(name, text)| document(name, text))
                .collect::<Vec<_>>()
        };
        let owned = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let (live, own, source) = (documents(self.live), documents(self.own), documents(self.source));
        let rules = Rules::default();
        scan(&Input {
            live: &live,
            own: &own,
            source: &source,
            own_host: "stage.lms.example.com",
            source_host: Some("lms.example.com"),
            selection: &Selection::new(&owned(only), &[])
                .unwrap()
                .among(&rules, live.iter().chain(&source)),
            allow: &owned(allow),
            rules: &rules,
        })
    }

    fn told(&self) -> Vec<String> {
        told(&self.scan(&[], &[]))
    }
}

fn told(found: &Found) -> Vec<String> {
    let one = |f: &crate::scan::Finding| {
        let place = f.key.clone().unwrap_or_else(|| format!("line {}", f.line));
        let how = if f.how == How::Value { "=" } else { "names" };
        format!(
            "{place} {how} {} ({})",
            f.text.as_deref().unwrap_or("-"),
            f.rule.word()
        )
    };
    found.findings.iter().map(one).collect()
}

#[test]
fn a_text_is_found_between_its_borders_only() {
    for (rule, text, reading, wanted) in [
        (
            Rule::Host,
            "lms.example.com",
            "https://lms.example.com:8443/x",
            true,
        ),
        (Rule::Host, "lms.example.com", "LMS.Example.COM", true),
        (Rule::Host, "lms.example.com", "write to a@lms.example.com.", true),
        (Rule::Host, "lms.example.com", "(lms.example.com)", true),
        (Rule::Host, "lms.example.com", "lms.example.com.au", false),
        (Rule::Host, "lms.example.com", "xlms.example.com", false),
        (Rule::Host, "lms.example.com", "x-lms.example.com", false),
        (Rule::Host, "lms.example.com", "x.lms.example.com", false),
        (Rule::Host, "lms.example.com", "lms.example.company", false),
        (Rule::Host, "lms.example.com", "lms.example.com-old", false),
        (Rule::Host, "lms.example.com", "lmsxexample.com", false),
        (Rule::Host, "10.1.2.3", "10.1.2.34", false),
        (
            Rule::Host,
            "lms.example.com",
            "xlms.example.com,lms.example.com",
            true,
        ),
        (Rule::Tenant, "exampleCorp", "?company=exampleCorp&x", true),
        (Rule::Tenant, "exampleCorp", "exampleCorpT1", false),
        (Rule::Tenant, "exampleCorp", "exampleCorp-T1", false),
        (Rule::Tenant, "exampleCorp", "my_exampleCorp", false),
        (Rule::Tenant, "exampleCorp", "examplecorp", false),
        (Rule::Tenant, "Straße", "Straßen", false),
        (Rule::Mail, "a@example.com", "A <a@Example.com>", true),
        (Rule::Mail, "a@example.com", "b.a@example.com", false),
        (Rule::Mail, "a@example.com", "a@example.com.au", false),
        (Rule::Directory, "/prod/in", "/prod/in/x.csv", true),
        (Rule::Directory, "/prod/in", "/prod/in2", false),
        (Rule::Directory, "/prod/in", "/data/prod/in", false),
        (Rule::Host, "", "x", false),
    ] {
        assert_eq!(stands_in(text, rule, reading), wanted, "{text} in {reading}");
    }
}

#[test]
fn what_is_written_in_codes_is_read_decoded() {
    for (written, read) in [
        ("https%3A%2F%2Flms.example.com%2Fx", "https://lms.example.com/x"),
        ("https%253A%252F%252Flms.example.com", "https://lms.example.com"),
        ("https\\://lms.example.com", "https://lms.example.com"),
        ("https:\\/\\/lms.example.com", "https://lms.example.com"),
        ("100%", "100%"),
        ("%zz%C3%A4", "%zzä"),
        ("%ff", "%ff"),
    ] {
        assert!(
            readings(written).contains(&read.to_owned()),
            "{:?}",
            readings(written)
        );
        assert!(readings(written).contains(&written.to_owned()));
    }
}

#[test]
fn the_sources_own_values_are_found_where_the_backup_had_others() {
    let sides = Sides {
        live: &[(
            "BIZX",
            &format!(
                "baseURL=https://hcm.example.com\nflag=true\nsame=https://cdn.example.com/x\nsecret.password={CIPHER}\nmy.password=other+Ci9pher/Text==\n"
            ),
        )],
        own: &[(
            "BIZX",
            "baseURL=https://hcm-t.example.com\nflag=false\nsame=https://cdn.example.com/x\nsecret.password=own0Cipher1Text2==\n",
        )],
        source: &[(
            "bizx",
            &format!(
                "baseURL=https://hcm.example.com\nflag=true\nsame=https://cdn.example.com/x\nsecret.password={CIPHER}\n"
            ),
        )],
    };
    assert_eq!(
        sides.told(),
        [
            "baseURL = https://hcm.example.com (address)",
            "secret.password = - (encrypted value)"
        ]
    );
}

#[test]
fn texts_that_name_the_source_are_found_in_other_places() {
    let source = "ftp.server=sftp.example.com\nftp.userID=lmsfeed_prod\nsuccessFactorsCompanyID=exampleCorp\nin.directory=/prod/in\ndb.url=jdbc:oracle:thin:@//db.example.com:1521/LMSPRD\nmail.from=a@prod.example.com\n";
    let sides = Sides {
        live: &[
            (
                "X",
                "help=Ask SFTP.example.com first\nlink=https%3A%2F%2Flms.example.com%2F\nc=go?c=exampleCorp\nu=lmsfeed_prod\np=x:/prod/in/a\nd=on LMSPRD\nm=b@prod.example.com\nn=sftp.example.com.au\ntrust/lms.example.com=true\n",
            ),
            (
                "RULES",
                "<a>\n<b href=\"https:\\/\\/lms.example.com\"/>\n<c>stage.lms.example.com</c></a>\n",
            ),
        ],
        own: &[("X", "mail=x@stage.example.com\n")],
        source: &[("Y", source)],
    };
    assert_eq!(
        sides.told(),
        [
            "help names sftp.example.com (host)",
            "link names lms.example.com (host)",
            "c names exampleCorp (company id)",
            "u names lmsfeed_prod (account)",
            "p names /prod/in (directory)",
            "d names LMSPRD (database)",
            "m names prod.example.com (host)",
            "trust/lms.example.com names lms.example.com (host)",
            "line 2 names lms.example.com (host)",
        ]
    );
    assert_eq!(sides.scan(&[], &[]).findings[0].from, "Y:ftp.server");
}

#[test]
fn what_the_backup_held_in_the_same_place_may_stay() {
    let sides = Sides {
        live: &[
            (
                "X",
                "link=see https://lms.example.com/new\n# lms.example.com is production\n#x=lms.example.com\n",
            ),
            ("RULES", "<a>lms.example.com</a>\n  <b>lms.example.com</b>\n"),
        ],
        own: &[
            (
                "X",
                "link=see https://lms.example.com/\n# lms.example.com is production\n",
            ),
            ("RULES", "<a>lms.example.com</a>\n"),
        ],
        source: &[("X", "flag=true\n")],
    };
    assert_eq!(sides.told(), ["line 2 names lms.example.com (host)"]);
    let comments = sides.scan(&[], &[]).comments;
    assert_eq!(comments.len(), 1);
    assert_eq!(
        (comments[0].line, comments[0].text.as_deref()),
        (3, Some("lms.example.com"))
    );
}

#[test]
fn what_says_too_little_is_not_looked_for() {
    let source = "a.server=db\nb.mail.host=localhost\nc.proxy.user=admin\nd.api.user=ab1\ne.directory=/prod\nf.service.user=learner\ng.ftp.port=2222\nh.mail.from=a@example.com\nx.environment.name=PRODUCTION\nsame.server=shared.example.com\n";
    let sides = Sides {
        live: &[(
            "X",
            "1=db\n2=localhost\n3=admin\n4=ab1\n5=/prod\n6=a learner\n7=2222\n8=b@example.com\n9=PRODUCTION\n10=shared.example.com\n",
        )],
        own: &[(
            "Y",
            "greeting=Dear learner\nmail.from=x@example.com\nsame.server=shared.example.com\n",
        )],
        source: &[("Y", source)],
    };
    assert_eq!(sides.told(), Vec::<String>::new());
}

#[test]
fn no_secret_is_shown() {
    let address = "sftp://acme:S0mmer9Secret@sftp.example.com/in";
    let sides = Sides {
        live: &[
            (
                "X",
                &format!(
                    "a.url={address}\nb.url=sftp://x:Other9Secret@sftp.example.com/\n#c.password={CIPHER} lms.example.com\nelse.password={CIPHER}\n"
                ),
            ),
            ("RULES", &format!("<a>\n<password>{CIPHER}</password></a>\n")),
        ],
        own: &[],
        source: &[
            (
                "X",
                &format!("a.url={address}\nq.server=sftp.example.com\nd.password={CIPHER}\n"),
            ),
            ("RULES", &format!("<password>{CIPHER}</password></a>\n")),
        ],
    };
    let found = sides.scan(&[], &[]);
    let all = format!("{:?} {}", found, serde_json::to_string(&found).unwrap());
    for secret in ["S0mmer9Secret", "Other9Secret", CIPHER] {
        assert!(!all.contains(secret), "{all}");
    }
    assert_eq!(
        told(&found),
        [
            "a.url = - (address)",
            "b.url names - (host)",
            "else.password = - (encrypted value)",
            "line 2 = - (encrypted value)"
        ]
    );
    assert_eq!(found.findings[2].from, "X:d.password");
    assert!(found.comments[0].text.is_none());
}

#[test]
fn masks_are_counted_and_are_no_findings() {
    let sides = Sides {
        live: &[("X", "a.password=*****\nb=*****\n")],
        own: &[],
        source: &[("X", "a.password=*****\n")],
    };
    let found = sides.scan(&[], &[]);
    assert_eq!((told(&found).len(), found.masked), (0, 1));
}

#[test]
fn what_is_allowed_stays_and_what_allows_nothing_is_told() {
    let sides = Sides {
        live: &[
            (
                "X",
                "a.server=smtp.example.com\nb.server=sftp.example.com\nc.x.server=z.example.com\n",
            ),
            ("Y", "d=lms.example.com\n"),
        ],
        own: &[],
        source: &[(
            "X",
            "a.server=smtp.example.com\nb.server=sftp.example.com\nc.x.server=z.example.com\n",
        )],
    };
    let found = sides.scan(
        &[],
        &["SMTP.example.com", "x:c.x.*", "Y", "old.example.com", "[", ""],
    );
    assert_eq!(told(&found), ["b.server = sftp.example.com (host)"]);
    assert_eq!(found.allowed, 3);
    assert_eq!(found.unused, ["old.example.com", "[", ""]);
    assert!(sides.scan(&["Y"], &["old.example.com"]).unused.is_empty());
    let part = sides.scan(&[], &["example.com"]);
    assert_eq!(part.allowed, 0);
}

#[test]
fn a_selection_narrows_what_is_looked_through() {
    let sides = Sides {
        live: &[
            (
                "X",
                "a.server=a.example.com\nb=lms.example.com\n#lms.example.com\n",
            ),
            ("Z", "<a>lms.example.com</a>"),
        ],
        own: &[],
        source: &[("X", "a.server=a.example.com\n")],
    };
    let found = sides.scan(&["@environment"], &[]);
    assert_eq!(
        told(&found),
        [
            "a.server = a.example.com (host)",
            "b names lms.example.com (host)"
        ]
    );
    assert!(found.comments.is_empty());
    assert_eq!(sides.scan(&["X:b"], &[]).findings.len(), 1);
    assert_eq!(sides.scan(&["Z"], &[]).documents, 1);
}

#[test]
fn an_instance_before_the_refresh_points_nowhere() {
    let own = [(
        "X",
        "a.server=stage.example.com\nlink=https://lms.example.com/\n#a.server=lms.example.com\n",
    )];
    let sides = Sides {
        live: &own,
        own: &own,
        source: &[("X", "a.server=prod.example.com\nlink=https://lms.example.com/\n")],
    };
    let found = sides.scan(&[], &[]);
    assert!(
        found.findings.is_empty() && found.comments.is_empty(),
        "{found:?}"
    );
}
