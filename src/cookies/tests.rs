use super::*;

fn read(text: &str) -> Handed {
    Handed::read(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn pairs(handed: &Handed) -> Vec<(String, String)> {
    let pair = |c: &Cookie| (c.name.clone(), c.value.expose().to_owned());
    handed.cookies.iter().map(pair).collect()
}

fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn root(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_header_is_read_with_its_name_without_it_and_among_others() {
    let wanted = named(&[("a", "1"), ("b", "x=y"), ("c", "")]);
    assert_eq!(pairs(&read("Cookie: a=1; b=x=y; c=")), wanted);
    assert_eq!(pairs(&read("a=1; b=x=y; c=")), wanted);
    assert_eq!(pairs(&read("\u{feff}cookie:a=1;b=x=y;c=\r\n")), wanted);
    let all = read(
        "GET /learning HTTP/1.1\nHost: lms.example.com\nUser-Agent: Some/1.0 (X)\nCookie: a=1; b=x=y; c=\n",
    );
    assert_eq!(pairs(&all), wanted);
    assert_eq!(all.user_agent.as_deref(), Some("Some/1.0 (X)"));
}

#[test]
fn a_cookies_txt_is_read_with_hosts_paths_and_ends() {
    let text = "# Netscape HTTP Cookie File\n\n\
        #HttpOnly_lms.example.com\tFALSE\t/learning\tTRUE\t0\tJSESSIONID\tAB12\n\
        .example.com\tTRUE\t/\tFALSE\t1800000000.5\troute\tn1\n\
        lms.example.com\tFALSE\t/\tFALSE\t1600000000\told\tx\n\
        other.test\tFALSE\t/\tFALSE\t0\tforeign\tx\n";
    let kept = read(text)
        .kept_for(&root("https://lms.example.com/"), now())
        .unwrap();
    assert_eq!(pairs(&kept), named(&[("JSESSIONID", "AB12"), ("route", "n1")]));
    assert_eq!(kept.cookies[0].path.as_deref(), Some("/learning"));
    assert!(kept.cookies[0].secure && !kept.cookies[0].below && kept.cookies[1].below);
}

#[test]
fn only_what_is_for_the_host_is_kept() {
    let text = "lms.example.com\tFALSE\t/\tFALSE\t0\ta\t1\n.example.com\tTRUE\t/\tFALSE\t0\tb\t2\n\
                badexample.com\tTRUE\t/\tFALSE\t0\tc\t3\nexample.com\tFALSE\t/\tFALSE\t0\td\t4\n";
    let for_host = |url: &str| read(text).kept_for(&root(url), now());
    assert_eq!(
        pairs(&for_host("https://LMS.example.com/").unwrap()),
        named(&[("a", "1"), ("b", "2")])
    );
    assert_eq!(
        pairs(&for_host("https://example.com/").unwrap()),
        named(&[("b", "2"), ("d", "4")])
    );
    let foreign = for_host("https://127.0.0.1/").unwrap_err();
    let Unfit::Foreign(hosts) = foreign else {
        panic!("{foreign:?}")
    };
    assert_eq!(hosts.len(), 4 - 1);
    let ended = read("h.test\tFALSE\t/\tFALSE\t1699999999\ta\t1").kept_for(&root("https://h.test/"), now());
    assert!(matches!(ended.unwrap_err(), Unfit::Ended(1_699_999_999)));
}

#[test]
fn a_curl_line_for_bash_is_read() {
    let text = r#"curl 'https://lms.example.com/learning/admin/main.do?x=1' \
  -H 'accept: text/html' \
  -b 'JSESSIONID=AB; name="quo'\''ted"; pct=100%25' \
  -H $'user-agent: Brow\'ser/1.0 \u0041\x42\103' \
  --data-raw 'a=b&c=d' --compressed --insecure"#;
    let read = read(text);
    assert_eq!(
        pairs(&read),
        named(&[("JSESSIONID", "AB"), ("name", "\"quo'ted\""), ("pct", "100%25")])
    );
    assert_eq!(read.user_agent.as_deref(), Some("Brow'ser/1.0 ABC"));
    assert_eq!(read.cookies[0].host.as_deref(), Some("lms.example.com"));
}

#[test]
fn a_curl_line_for_cmd_is_read_in_both_of_its_kinds() {
    let new = "curl ^\"https://lms.example.com/x?a=1^&b=2^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  \
        -b ^\"JSESSIONID=AB^%^20C; q=^\\^\"x^\\^\"; caret=a^^b^\" ^\r\n  -H ^\"user-agent: B/1 (x; y)^\"";
    let old = "curl \"https://lms.example.com/x?a=1&b=2\" ^\r\n  -H \"accept: */*\" ^\r\n  \
        -H \"Cookie: JSESSIONID=AB%20C; q=\\\"x\\\"; caret=a^b\" ^\r\n  -H \"User-Agent: B/1 (x; y)\" --compressed";
    for text in [new, old] {
        let read = read(text);
        assert_eq!(
            pairs(&read),
            named(&[("JSESSIONID", "AB%20C"), ("q", "\"x\""), ("caret", "a^b")]),
            "{text}"
        );
        assert_eq!(read.user_agent.as_deref(), Some("B/1 (x; y)"));
        assert_eq!(read.cookies[0].host.as_deref(), Some("lms.example.com"));
    }
}

#[test]
fn what_is_copied_for_powershell_is_read() {
    let curl =
        "curl.exe 'https://lms.example.com/' `\n  -H 'cookie: a=1; b=it''s' `\n  -H \"user-agent: B`\"1`\"\"";
    let read_curl = read(curl);
    assert_eq!(pairs(&read_curl), named(&[("a", "1"), ("b", "it's")]));
    assert_eq!(read_curl.user_agent.as_deref(), Some("B\"1\""));

    let session = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n\
        $session.UserAgent = \"Mozilla/5.0 (Windows NT 10.0)\"\n\
        $session.Cookies.Add((New-Object System.Net.Cookie(\"JSESSIONID\", \"A`$B;`\"\"\"c\", \"/learning\", \"lms.example.com\")))\n\
        $session.Cookies.Add((New-Object System.Net.Cookie(\"route\", \"n1\", \"/\", \".example.com\")))\n\
        Invoke-WebRequest -UseBasicParsing -Uri \"https://lms.example.com/learning\" `\n-WebSession $session `\n\
        -Headers @{\n\"method\"=\"GET\"\n  \"accept\"=\"text/html\"\n}";
    let kept = read(session).kept_for(&root("https://lms.example.com/"), now());
    let Err(Unfit::Wrong(refused)) = kept else {
        panic!("{kept:?}")
    };
    assert!(refused.message().contains("JSESSIONID"), "{refused}");
    let read = read(&session.replace(";`\"\"\"c", "c"));
    assert_eq!(pairs(&read), named(&[("JSESSIONID", "A$Bc"), ("route", "n1")]));
    assert_eq!(read.user_agent.as_deref(), Some("Mozilla/5.0 (Windows NT 10.0)"));
    assert_eq!(read.cookies[0].path.as_deref(), Some("/learning"));
    assert!(read.cookies[1].below);
}

#[test]
fn of_several_commands_each_keeps_its_host() {
    let text = "curl 'https://a.test/1' -H 'cookie: x=1' ;\ncurl 'https://b.test/2' -b 'x=2' &\ncurl 'https://b.test/3'";
    let kept = read(text).kept_for(&root("https://b.test/"), now()).unwrap();
    assert_eq!(pairs(&kept), named(&[("x", "2")]));
}

#[test]
fn files_that_a_command_names_are_not_opened() {
    let noted =
        read("curl https://a.test/ -b a=1 --data @/etc/passwd -F 'x=@secret.txt' --data-raw '@plain'");
    assert_eq!(noted.notes.len(), 2, "{:?}", noted.notes);
    assert!(noted.notes[0].contains("/etc/passwd"));
    for text in [
        "curl https://a.test/ -b jar.txt",
        "curl -K options https://a.test/",
    ] {
        let error = Handed::read(text).unwrap_err();
        assert!(error.message().contains("not opened"), "{error}");
    }
}

#[test]
fn a_list_in_json_is_read() {
    let text = r#"[{"name":"a","value":"1","domain":".h.test","hostOnly":false,"path":"/x","secure":true,
        "expirationDate":1800000000.25},{"name":"b","value":"2","domain":"h.test","hostOnly":true}]"#;
    for text in [
        text.to_owned(),
        format!("{{\"cookies\":{text},\"userAgent\":\"B/1\"}}"),
    ] {
        let read = read(&text);
        assert_eq!(pairs(&read), named(&[("a", "1"), ("b", "2")]));
        assert!(read.cookies[0].below && !read.cookies[1].below && read.cookies[0].secure);
        assert_eq!(read.cookies[0].ends, Some(1_800_000_000));
    }
}

/// What is wrong with it, whether that is seen at once or when it is kept for an instance.
fn refused(text: &str) -> Error {
    match Handed::read(text) {
        Err(error) => error,
        Ok(handed) => match handed.kept_for(&root("https://h.test/"), now()) {
            Err(Unfit::Wrong(error)) => error,
            other => panic!("{text}: {other:?}"),
        },
    }
}

#[test]
fn what_is_no_cookie_is_refused_with_a_sentence_that_shows_no_value() {
    let cases = [
        ("", "nothing in it"),
        ("hello", "not understood"),
        ("<html>\n<body>", "not understood"),
        ("<html charset=\"S3cretValue\">", "not understood"),
        ("https://h.test/x?x=S3cretValue", "not understood"),
        (
            "wget --header='Cookie: a=S3cretValue' https://h.test/",
            "not understood",
        ),
        ("{\"log\":{\"entries\":[]}}", "recording"),
        ("{\"a\":", "is none"),
        ("{\\rtf1 a=S3cretValue}", "formatted text"),
        ("curl https://a.test/", "sends no cookies"),
        (
            "fetch(\"https://h.test/\", {\"headers\":{\"accept\":\"*/*\"}});",
            "no cookies in it",
        ),
        ("a=1; b=S3cretVa\u{b}lue", "control character"),
        ("[{\"name\":\"a\",\"value\":\"S3cret;Value\"}]", "semicolon"),
        (
            "[{\"name\":\"S3cretValue \",\"value\":\"1\"}]",
            "name holds signs",
        ),
        ("x\tTRUE\t/\tFALSE\tS3cretValue\ta\tb", "Line 1"),
        ("x\tTRUE\t/\tFALSE\t0\ta\tb\tS3cretValue", "Line 1"),
        ("curl https://h.test/ -b S3cretValue", "from a file"),
    ];
    for (text, part) in cases {
        let error = refused(text);
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.message().contains(part), "{text}: {error}");
        assert!(!format!("{error:?}").contains("S3cret"), "{error:?}");
    }
    assert!(!format!("{:?}", read("a=S3cretValue")).contains("S3cret"));
}

#[test]
fn the_host_is_told_by_whatever_tells_it() {
    for text in [
        "Host: other.test\nCookie: a=1",
        ":authority: other.test\ncookie: a=1",
        "cookie: a=1\nreferer: https://other.test/x",
        "curl '/x' -H 'Host: other.test' -b a=1",
        "curl other.test/x -b a=1",
        "curl https://h.test.other.test -e https://h.test/ -b a=1",
        "Invoke-WebRequest -Uri \"https://other.test/x\" -Headers @{\"cookie\"=\"a=1\"}",
        "fetch(\"https://other.test/x\", {\"headers\": {\"cookie\": \"a=1\"}})",
        "a\t1\tother.test\t/\tSession\t2",
        "[{\"name\":\"a\",\"value\":\"1\",\"domain\":\"other.test:8080\"}]",
    ] {
        let kept = read(text).kept_for(&root("https://h.test/"), now());
        assert!(matches!(kept, Err(Unfit::Foreign(_))), "{text}: {kept:?}");
    }
}

#[test]
fn what_people_copy_is_read_however_they_do() {
    let wanted = named(&[("a", "1"), ("b", "x2")]);
    for text in [
        "cookie:\na=1; b=x2\nuser-agent:\nB/1",
        "cookie\na=1; b=x2",
        "cookie\ta=1; b=x2\naccept\t*/*",
        "-H 'Cookie: a=1; b=x2'",
        "-b \"a=1; b=x2\"",
        "“a=1; b=x2”",
        "Cookie: a=1;\nb=x2",
        "$ curl 'https://h.test/' -b 'a=1; b=x2'",
        "me@host:~$ curl 'https://h.test/' -b 'a=1; b=x2'",
        "PS C:\\Users\\me> curl.exe 'https://h.test/' -b 'a=1; b=x2'",
        "```\ncurl 'https://h.test/' -b 'a=1; b=x2'\n```",
        "\u{200b}curl ‘https://h.test/’ –b ‘a=1; b=x2’",
        "curl “https://h.test/” —cookie “a=1; b=x2”",
        "curl -sSLb 'a=1; b=x2' https://h.test/",
        "curl --cookie='a=1; b=x2' https://h.test/",
        "curl \"https://h.test/\" -b \"a=1; b=x2\"",
        "a\t1\nb\tx2",
        "a\t1\th.test\t/\t2030-01-01T00:00:00.000Z\t12\t✓\nb\tx2\th.test\t/\tSession\t9",
        "# Netscape HTTP Cookie File\nh.test FALSE / FALSE 0 a 1\nh.test FALSE / FALSE 1.9e9 b x2",
        "{\"a\":1,\"b\":\"x2\"}",
        "{\"Request Cookies\":{\"a\":\"1\",\"b\":\"x2\"}}",
        "{\"name\":\"a\",\"value\":\"1\"}\n{\"name\":\"b\",\"value\":\"x2\"}",
        "[{\"Name raw\":\"a\",\"Content raw\":\"1\"},{\"name\":\"b\",\"value\":\"x2\",\"expiry\":1800000000}]",
        "fetch(\"https://h.test/\", {\"headers\": {\"cookie\": \"a=1; b=x2\", \"user-agent\": \"B/1\"}})",
        "Cookie: a=1; b=x2; a=STALE",
    ] {
        assert_eq!(pairs(&read(text)), wanted, "{text}");
        assert!(
            read(text).kept_for(&root("https://h.test/"), now()).is_ok(),
            "{text}"
        );
    }
    let older = "curl \"https://h.test/\" ^\n  -H \"sec-ch-ua: ^\\^\"Browser^\\^\";v=^\\^\"1^\\^\"\" ^\n  \
                 -H \"User-Agent: B/1\" ^\n  -H \"Cookie: a=1; b=x^%^20y^&z\" --compressed";
    let read_older = read(older);
    assert_eq!(pairs(&read_older), named(&[("a", "1"), ("b", "x%20y&z")]));
    assert_eq!(read_older.user_agent.as_deref(), Some("B/1"));
}

#[test]
fn what_is_foreign_does_not_spoil_what_is_not() {
    let text = "h.test\tFALSE\t/\tFALSE\t0\ta\t1\n.other.test\tTRUE\t/\tFALSE\t0\t\tx\n\
                .other.test\tTRUE\t/\tFALSE\t0\tb\tx;y\n.other.test\tTRUE\t/\tFALSE\t0\tb\tx\tz\n";
    let handed = read(text);
    assert_eq!(handed.notes.len(), 1, "{:?}", handed.notes);
    let kept = handed.kept_for(&root("https://h.test/"), now()).unwrap();
    assert_eq!(pairs(&kept), named(&[("a", "1")]));
}

#[test]
fn what_looks_like_a_file_and_is_none_is_not_told() {
    let told = read("curl https://h.test/ --data 'user=admin&pw=@S3cret&b=2' -b a=1");
    assert!(told.notes.is_empty(), "{:?}", told.notes);
}

/// A recording of requests to one page each: its address, the cookies sent, the cookies set.
fn recorded(exchanges: &[(&str, &str, &[&str])]) -> crate::recording::Recording {
    let entry = |(number, (url, sent, set)): (usize, &(&str, &str, &[&str]))| {
        let mut asked = vec![serde_json::json!({ "name": "User-Agent", "value": format!("B/{number}") })];
        if !sent.is_empty() {
            asked.push(serde_json::json!({ "name": "Cookie", "value": sent }));
        }
        let set: Vec<_> = set
            .iter()
            .map(|line| serde_json::json!({ "name": "Set-Cookie", "value": line }))
            .collect();
        serde_json::json!({
            "startedDateTime": format!("2023-11-14T22:13:{number:02}.000Z"),
            "request": { "method": "GET", "url": url, "headers": asked, "cookies": [] },
            "response": { "status": 200, "headers": set, "content": {} },
        })
    };
    let entries: Vec<_> = exchanges.iter().enumerate().map(entry).collect();
    let har = serde_json::json!({ "log": { "version": "1.2", "entries": entries } }).to_string();
    crate::recording::read(har.as_bytes()).unwrap()
}

#[test]
fn a_recording_tells_the_cookies_that_the_browser_has_at_its_end() {
    let recording = recorded(&[
        (
            "https://lms.example.com/learning/login",
            "",
            &["JSESSIONID=first; Path=/learning; HttpOnly"],
        ),
        ("https://cdn.example.com/x.js", "foreign=1", &[]),
        (
            "https://lms.example.com/learning/admin/main",
            "JSESSIONID=first; old=1; lang=en",
            &[
                "JSESSIONID=second; Path=/learning",
                "old=; Max-Age=0; Path=/",
                "week=7; Max-Age=604800; Secure; Path=/",
            ],
        ),
        (
            "https://lms.example.com/learning/admin/list",
            "JSESSIONID=second; lang=de; week=7",
            &["gone=1; Expires=Thu, 01-Jan-1970 00:00:10 GMT"],
        ),
    ]);
    let root = root("https://lms.example.com/");
    let handed = Handed::of_recording(&recording, &root).unwrap();
    assert_eq!(handed.user_agent.as_deref(), Some("B/3"));
    let kept = handed.kept_for(&root, now()).unwrap();
    let mut found = pairs(&kept);
    found.sort();
    assert_eq!(
        found,
        named(&[("JSESSIONID", "second"), ("lang", "de"), ("week", "7")])
    );
    let week = kept.cookies.iter().find(|c| c.name == "week").unwrap();
    assert!(week.secure);
    assert_eq!(week.ends, Some(1_699_999_982 + 604_800));
}

#[test]
fn a_recording_without_cookies_or_of_another_host_is_refused() {
    let recording = recorded(&[("https://lms.example.com/a", "", &[])]);
    let error = Handed::of_recording(&recording, &root("https://lms.example.com/")).unwrap_err();
    assert!(error.message().contains("no cookies"), "{error}");
    assert!(error.hints().join(" ").contains("sensitive data"));
    let error = Handed::of_recording(&recording, &root("https://stage.example.com/")).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.message().contains("`lms.example.com`"), "{error}");
    let signed_out = recorded(&[("https://lms.example.com/a", "s=1", &["s=; Max-Age=0; Path=/"])]);
    let error = Handed::of_recording(&signed_out, &root("https://lms.example.com/")).unwrap_err();
    assert_eq!(error.kind(), Kind::SignIn);
}
