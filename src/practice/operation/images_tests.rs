use axum::body::Bytes;

use super::{KINDS, LARGEST, Refusal, media_of, of, picture};
use crate::practice::content::Side;

#[test]
fn the_sides_differ_in_two_images_and_one_kind_has_none() {
    let [production, stage] = [Side::Production, Side::Stage].map(of);
    assert_eq!((production.len(), KINDS.len()), (6, 6));
    let pairs = production.iter().zip(&stage);
    let bytes = |image: &super::Image| image.shown().map(|picture| picture.bytes.clone());
    assert_eq!(pairs.filter(|(a, b)| bytes(a) != bytes(b)).count(), 2);
    for images in [production, stage] {
        assert_eq!(images.iter().filter(|image| image.shown().is_none()).count(), 1);
        let media: Vec<_> = images.iter().filter_map(|i| Some(i.shown()?.media)).collect();
        for kind in ["image/png", "image/jpeg", "image/gif"] {
            assert!(media.contains(&kind), "{kind}");
        }
    }
}

#[test]
fn an_upload_is_judged_by_its_bytes_and_its_size() {
    let png = |length: usize| {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.resize(length, 0);
        Bytes::from(bytes)
    };
    let taken = picture("C:\\Users\\me\\a logo.gif", png(LARGEST)).unwrap();
    assert_eq!(
        (taken.file_name.as_str(), taken.media),
        ("a logo.gif", "image/png")
    );
    assert_eq!(picture("a.png", png(LARGEST + 1)), Err(Refusal::TooLarge));
    assert_eq!(picture("", png(20)), Err(Refusal::NothingChosen));
    assert_eq!(picture("a.png", Bytes::new()), Err(Refusal::NothingChosen));
    for other in [&b"<svg></svg>"[..], b"BM6", b"\x89PN", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(media_of(other), None);
        assert_eq!(
            picture("a.png", Bytes::from_static(other)),
            Err(Refusal::WrongType)
        );
    }
}
