use proptest::prelude::{prop_assert_eq, proptest};

use crate::copies::{GUIDE, document_name, file_name, text};

#[test]
fn names_that_no_system_takes_come_back() {
    for name in [
        "BIZX",
        "LMS Admin",
        "wiki:start",
        "a/b",
        "con",
        "NUL.x",
        "50%",
        "Größe & Maß",
        ".hidden",
        " x ",
        "a%41",
    ] {
        let file = file_name(name);
        assert!(
            !file.contains(['/', ':', '\\']) && !file.starts_with('.'),
            "{file}"
        );
        assert_eq!(document_name(&file).as_deref(), Some(name.trim()), "{file}");
    }
    assert_eq!(file_name("con"), "%63on.txt");
}

#[test]
fn what_is_no_copy_is_left_out() {
    for file in [
        GUIDE,
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "~$BIZX.txt",
        ".txt",
    ] {
        assert_eq!(document_name(file), None, "{file}");
    }
    assert_eq!(document_name("BIZX").as_deref(), Some("BIZX"));
    assert_eq!(document_name("BIZX.TXT").as_deref(), Some("BIZX"));
    assert_eq!(document_name("v1.2").as_deref(), Some("v1.2"));
}

#[test]
fn every_editors_encoding_is_read() {
    let wanted = "größe=1\nx=€\n";
    let utf16: Vec<u16> = wanted.replace('\n', "\r\n").encode_utf16().collect();
    let le: Vec<u8> = utf16.iter().flat_map(|u| u.to_le_bytes()).collect();
    let be: Vec<u8> = utf16.iter().flat_map(|u| u.to_be_bytes()).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    assert_eq!(text(wanted.as_bytes()), wanted);
    assert_eq!(text(&marked(b"\xef\xbb\xbf", wanted.as_bytes())), wanted);
    assert_eq!(text(&marked(b"\xff\xfe", &le)), wanted);
    assert_eq!(text(&marked(b"\xfe\xff", &be)), wanted);
    assert_eq!(text(&le), wanted);
    assert_eq!(text(&be), wanted);
    assert_eq!(text(b"gr\xf6\xdfe=1\r\nx=\x80\r"), wanted);
    assert_eq!(text(b""), "");
}

#[test]
fn a_document_called_like_what_an_editor_leaves_behind_is_a_document() {
    assert_eq!(file_name("~$0"), "%7E$0.txt");
    assert_eq!(document_name(&file_name("~$0")), Some("~$0".to_owned()));
}

proptest! {
    #[test]
    fn any_bytes_are_some_text(bytes: Vec<u8>) {
        text(&bytes);
    }

    #[test]
    fn a_file_name_gives_its_document_back(name in "[^\\s][^\\n]{0,20}[^\\s]") {
        prop_assert_eq!(document_name(&file_name(&name)), Some(name));
    }
}
