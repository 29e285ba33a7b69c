use super::{decrypt, encrypt, from_base64, to_base64};
use crate::practice::content::Side;

#[test]
fn a_value_comes_back_with_the_same_key_only() {
    for plain in ["x", "", "umlaut ü and 😀", &"long ".repeat(500)] {
        let cipher = encrypt(Side::Production, plain);
        assert_eq!(decrypt(Side::Production, &cipher).as_deref(), Some(plain));
        assert_eq!(decrypt(Side::Stage, &cipher), None);
    }
}

#[test]
fn the_same_value_is_encrypted_differently_each_time() {
    assert_ne!(encrypt(Side::Stage, "same"), encrypt(Side::Stage, "same"));
}

#[test]
fn what_is_no_ciphertext_gives_nothing() {
    for text in [
        "",
        "abc",
        "hello world",
        "********",
        "AAAA",
        "aGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==",
    ] {
        assert_eq!(decrypt(Side::Stage, text), None, "{text}");
    }
}

#[test]
fn base64_is_the_standard_one() {
    for (bytes, text) in [
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
    ] {
        assert_eq!(to_base64(bytes.as_bytes()), text);
        assert_eq!(from_base64(text).unwrap(), bytes.as_bytes());
    }
}
