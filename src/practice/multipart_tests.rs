use super::{Part, is_kind, parse};

const KIND: &str = "multipart/form-data; boundary=----WebKitFormBoundaryAb1";

fn body(lines: &[&str]) -> Vec<u8> {
    lines.join("\r\n").into_bytes()
}

fn part(name: &str, file_name: Option<&str>, bytes: &[u8]) -> Part {
    Part {
        name: name.to_owned(),
        file_name: file_name.map(str::to_owned),
        bytes: bytes.to_vec(),
    }
}

#[test]
fn fields_and_files_come_in_order_with_their_bytes() {
    let mut sent = body(&[
        "------WebKitFormBoundaryAb1",
        "Content-Disposition: form-data; name=\"a%22b\"",
        "",
        "x\r\n\r\n--y",
        "------WebKitFormBoundaryAb1",
        "Content-Disposition: form-data; name=\"file\"; filename=\"Logo; neu =ü%22.png\"",
        "Content-Type: image/png",
        "",
        "",
    ]);
    sent.extend_from_slice(&[0x89, b'P', b'\r', b'\n', 0, b'\n']);
    sent.extend_from_slice(b"\r\n------WebKitFormBoundaryAb1--\r\n");
    let parts = parse(KIND, &sent).unwrap();
    assert_eq!(
        parts,
        [
            part("a\"b", None, b"x\r\n\r\n--y"),
            part(
                "file",
                Some("Logo; neu =ü\".png"),
                &[0x89, b'P', b'\r', b'\n', 0, b'\n']
            ),
        ]
    );
}

#[test]
fn a_file_that_was_not_chosen_has_no_name_and_no_bytes() {
    let sent = body(&[
        "--b",
        "content-disposition: form-data; name=\"f\"; filename=\"\"",
        "Content-Type: application/octet-stream",
        "",
        "",
        "--b--",
        "",
    ]);
    let parts = parse("multipart/form-data; charset=utf-8; boundary=\"b\"", &sent).unwrap();
    assert_eq!(parts, [part("f", Some(""), b"")]);
    assert_eq!(
        parse("multipart/form-data; boundary=b", b"--b--\r\n"),
        Some(Vec::new())
    );
}

#[test]
fn what_is_not_whole_is_nothing() {
    let sent = body(&[
        "--b",
        "Content-Disposition: form-data; name=\"f\"",
        "",
        "text",
        "--b--",
        "",
    ]);
    assert!(parse("multipart/form-data; boundary=b", &sent).is_some());
    for end in [0, 3, 20, sent.len() - 8] {
        assert_eq!(
            parse("multipart/form-data; boundary=b", &sent[..end]),
            None,
            "{end}"
        );
    }
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=c",
    ] {
        assert_eq!(parse(kind, &sent), None, "{kind}");
    }
    assert!(is_kind("Multipart/Form-Data; boundary=b"));
    assert!(!is_kind("multipart/mixed; boundary=b"));
}
