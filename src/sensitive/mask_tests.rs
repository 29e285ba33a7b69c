//! No secret is left in a masked text, and what is none stays.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::sensitive::{Rules, masked_value};

const DOCUMENT: &str = "configuration/CONNECTORS";

fn mask(text: &str) -> String {
    Rules::default().mask_text(DOCUMENT, text)
}

fn unchanged(text: &str) {
    assert_eq!(mask(text), text);
}

#[test]
fn lines_keep_all_but_the_secret() {
    let text = "# set-up\n\nconnector.ftp.server = sftp.example.com\n  connector.ftp.password : a b \\= c\nconnector.ftp.password=\nx=1";
    assert_eq!(
        mask(text),
        "# set-up\n\nconnector.ftp.server = sftp.example.com\n  connector.ftp.password : ‹secret›\nconnector.ftp.password=\nx=1"
    );
    assert_eq!(mask("x.password\tabc\r\ny=1\r"), "x.password\t‹secret›\r\ny=1\r");
}

#[test]
fn continuation_lines_are_masked_whole() {
    let masked = mask("x.password=abc\\\n   CANARY\\\r\n CANARY\ny=1\\\n 2\n");
    assert_eq!(masked, "x.password=‹secret›\\\n‹secret›\\\n‹secret›\ny=1\\\n 2\n");
    assert_eq!(mask("x.pass\\\n  word=abc\n"), "x.pass\\\n  word=‹secret›\n");
}

#[test]
fn secrets_in_other_notations_are_masked() {
    for text in [
        "- password: CANARY1\n",
        "// x.password=CANARY1\n",
        "<!-- x.password=CANARY1 -->\n",
        ";x.password = CANARY1\n",
        "x=1 # x.password=CANARY1\n",
        "config={\"user\": 1, \"password\": \"CANARY1\"}\n",
        "config=see {\"password\":\"CANARY1\"}\n",
        "config=<x><password>CANARY1</password></x>\n",
        "https://u:CANARY1@host=x\n",
        "x=sftp://u:CAN?ARY1@host/\n",
        "#\\u0078.password\\=CANARY1=\n",
    ] {
        let masked = mask(text);
        assert!(!masked.contains("ARY1"), "{text}{masked}");
        assert_eq!(masked.lines().count(), text.lines().count(), "{text}{masked}");
    }
    for text in [
        "mail.body=<p>Your password: {PASSWORD}</p>\n",
        "mail.body=Dear {0}, {1} expires: {2}\n",
        "help=Enter your password: at least 8 letters\n",
        "x={\"a\": 1}\n",
        "- list: abc\n",
    ] {
        unchanged(text);
    }
}

#[test]
fn long_texts_do_not_take_long() {
    // Looking at everything again for each piece would take minutes here.
    for piece in [
        "//",
        "a=",
        "#:",
        "<a b=",
        "password=",
        "\"a\":",
        "{\"a\":",
        "<!--",
        "Basic ",
        "<b>",
        "=a:b@",
    ] {
        for lead in ["#", "x=", "<x>", "{\"x\":"] {
            mask(&format!("{lead}{}", piece.repeat(6_000)));
        }
    }
}

#[test]
fn a_key_spelled_with_escapes_is_read() {
    assert_eq!(mask("x.\\u0070assword=abc\n"), "x.\\u0070assword=‹secret›\n");
    assert_eq!(mask("x.pass\\word=abc\n"), "x.pass\\word=‹secret›\n");
    assert_eq!(mask("#x.\\u0070assword=abc\n"), "#x.\\u0070assword=‹secret›\n");
    assert_eq!(mask("bad.password=\\uZZZZabc\n"), "bad.password=‹secret›\n");
}

#[test]
fn commented_out_lines_are_masked() {
    for (text, wanted) in [
        ("#connector.ftp.password=abc", "#connector.ftp.password=‹secret›"),
        ("! x.secret : y", "! x.secret : ‹secret›"),
        (
            "  ## old: x.password = a b c\n",
            "  ## old: x.password = ‹secret›\n",
        ),
        (
            "# connector.ftp.password abc\n",
            "# connector.ftp.password ‹secret›\n",
        ),
        ("# password abc123\n", "# password ‹secret›\n"),
        ("# sftp://u:pw@host/ was it\n", "# ‹secret›\n"),
        (
            "#a.password=abc\\\n#   CANARY\n#end\n",
            "#a.password=‹secret›\n#   ‹secret›\n#end\n",
        ),
        (
            "#a.password=abc\\\n   CANARY\nb=1\n",
            "#a.password=‹secret›\n‹secret›\nb=1\n",
        ),
    ] {
        assert_eq!(mask(text), wanted, "{text}");
    }
    unchanged(
        "# PGP setup for decryption of input files\n# The password must be entered twice.\n#x.enabled=true\n",
    );
    unchanged("# see https://www.example.com/a?b=c\n# rules.PasswordSameAsEsigRule.enabled=false\n");
}

#[test]
fn private_keys_are_masked_line_by_line() {
    let key = "note\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nCANARYab+/=\nCANARY\n-----END RSA PRIVATE KEY-----\nx=1\n";
    let masked = mask(key);
    assert!(
        !masked.contains("CANARY") && masked.ends_with("\nx=1\n"),
        "{masked}"
    );
    assert_eq!(masked.lines().count(), key.lines().count());
    let endless = mask("-----BEGIN PRIVATE KEY-----\nCANARY\nx = 1\n");
    assert!(
        !endless.contains("CANARY") && endless.ends_with("x = 1\n"),
        "{endless}"
    );
    unchanged("-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n");
}

#[test]
fn markup_is_masked_by_name() {
    for (text, wanted) in [
        (
            "<a><password>abc</password><b>x</b></a>",
            "<a><password>‹secret›</password><b>x</b></a>",
        ),
        (
            "<a>\n <p:Password\n  x='1'>\n  a\n  b\n </p:Password>\n</a>",
            "<a>\n <p:Password\n  x='1'>\n  ‹secret›\n\n </p:Password>\n</a>",
        ),
        (
            "<ftp user='u' password='abc' port=\"22\"/>",
            "<ftp user='u' password='‹secret›' port=\"22\"/>",
        ),
        ("<ftp password = abc>", "<ftp password = ‹secret›>"),
        (
            "<property name=\"ftp.password\" value=\"abc\"/>",
            "<property name=\"ftp.password\" value=\"‹secret›\"/>",
        ),
        (
            "<properties><entry key='x.secret'>abc</entry><entry key='x.host'>h</entry></properties>",
            "<properties><entry key='x.secret'>‹secret›</entry><entry key='x.host'>h</entry></properties>",
        ),
        (
            "<password><![CDATA[a<b>c]]></password>",
            "<password><![CDATA[‹secret›]]></password>",
        ),
        (
            "<a><!-- <password>abc</password> --><b>x</b></a>",
            "<a><!-- <password>‹secret›</password> --><b>x</b></a>",
        ),
        (
            "<a><!-- x.password=abc --></a>",
            "<a><!-- x.password=‹secret› --></a>",
        ),
        ("<a url='sftp://u:pw@h/'>x</a>", "<a url='‹secret›'>x</a>"),
        (
            "<smtp><pass>abc</pass></smtp>",
            "<smtp><pass>‹secret›</pass></smtp>",
        ),
        (
            "<password><value>12345</value></password>",
            "<password><value>‹secret›</value></password>",
        ),
        ("<?x password='abc'?><a/>", "<?x password='‹secret›'?><a/>"),
        (
            "<!DOCTYPE a [<!ENTITY password 'abc'>]><a/>",
            "<!DOCTYPE a [<!ENTITY password '‹secret›'>]><a/>",
        ),
        ("<password>abc", "<password>‹secret›"),
        (
            "<c><param-name>x.password</param-name><param-value>abc</param-value></c>",
            "<c><param-name>x.password</param-name><param-value>‹secret›</param-value></c>",
        ),
        ("<a password='abc", "<a password='‹secret›"),
    ] {
        assert_eq!(mask(text), wanted, "{text}");
    }
    unchanged(
        "<?xml version=\"1.0\"?>\n<policy><passwordMinLength>8</passwordMinLength><usePassword>true</usePassword></policy>\n",
    );
    unchanged("<a><token type='x'/><certificate>MIID1234</certificate><b>1 &lt; 2</b></a>");
}

#[test]
fn json_is_masked_by_name() {
    for (text, wanted) in [
        (
            "{\"user\": \"u\", \"password\": \"a\\\"bc\"}",
            "{\"user\": \"u\", \"password\": \"‹secret›\"}",
        ),
        (
            "{\"pin\": 4711, \"x\": [1, true]}",
            "{\"pin\": \"‹secret›\", \"x\": [1, true]}",
        ),
        (
            "[{\"value\": \"abc\", \"name\": \"ftp.password\"}]",
            "[{\"value\": \"‹secret›\", \"name\": \"ftp.password\"}]",
        ),
        (
            "{\"\\u0070assword\": \"abc\"}",
            "{\"\\u0070assword\": \"‹secret›\"}",
        ),
        (
            "{\"secret\": {\"prod\": \"abc\", \"list\": [\"d1\"]}}",
            "{\"secret\": {\"prod\": \"‹secret›\", \"list\": [\"‹secret›\"]}}",
        ),
        ("{\"url\": \"https://u:pw@h/\"}", "{\"url\": \"‹secret›\"}"),
    ] {
        assert_eq!(mask(text), wanted, "{text}");
    }
    unchanged("{\"token\": {\"expiry\": 5}, \"usePassword\": true, \"password\": \"\"}");
    let broken = mask("{\"password\": \"CANARY\nx\", \"a\": 1\nb.password=CANARY\n");
    assert!(!broken.contains("CANARY"), "{broken}");
}

proptest! {
    #[test]
    fn any_text_is_masked_and_masking_again_changes_nothing_more(text in any::<String>()) {
        let once = mask(&text);
        mask(&once);
        prop_assert!(once.len() <= text.len() * 12 + 100);
    }

    #[test]
    fn tag_soup_is_survived(text in "[<>/=\"'!?\\[\\]{}:,&;#\\\\ \n\rapsword-]{0,60}") {
        for start in ["<", "{", "[\"", "", "<!--", "<![CDATA["] {
            mask(&format!("{start}{text}"));
        }
    }

    #[test]
    fn no_planted_secret_is_left(
        before in "([a-z.]{1,8}=[a-z ]{0,8}\n|# [a-z ]{0,9}\n|\n|  ){0,3}",
        lead in "([#!] ?)?", key in "x[.]password|a_secret|keyStorePwd|A-TOKEN", separator in "=|:| = | : ",
        after in "(\n[a-z]{1,5}=1){0,2}\n?",
    ) {
        let text = format!("{before}{lead}{key}{separator}CANARY9{after}");
        let masked = mask(&text);
        prop_assert!(!masked.contains("CANARY"), "{}", masked);
        prop_assert_eq!(masked.lines().count(), text.lines().count());
        prop_assert!(masked.contains(masked_value()));
        prop_assert_eq!(&mask(&masked), &masked);
    }
}
