use std::io::{self, Read};

use proptest::prelude::*;

use super::text::{CUT, Lean};

#[test]
fn half_a_pair_of_surrogates_spoils_nothing() {
    let cases = [
        (r"a\ud83db", "a\u{fffd}b"),
        (r"a\ude00b", "a\u{fffd}b"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"\ud83d\n", "\u{fffd}\n"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\ud83d", "\u{fffd}"),
        (r"\\ud83d\\", r"\ud83d\"),
    ];
    for (written, wanted) in cases {
        let json = format!("[\"{written}\", 1]");
        for step in 1..=json.len() {
            let read: (String, u8) =
                serde_json::from_reader(Lean::new(Steps(json.as_bytes(), step))).unwrap();
            assert_eq!(read.0, wanted, "{written}");
        }
    }
}

/// Gives a few bytes at a time.
struct Steps<'a>(&'a [u8], usize);

impl Read for Steps<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

proptest! {
    #[test]
    fn a_string_within_the_limit_is_passed_on_and_a_longer_one_is_cut(text: String, step in 1usize..9, limit in 1usize..40) {
        let written = serde_json::to_string(&text).unwrap();
        let length = written.len() - 2;
        let mut lean = Lean::with_limit(Steps(written.as_bytes(), step), limit);
        let read: String = serde_json::from_reader(&mut lean).unwrap();
        if length <= limit {
            prop_assert_eq!(read, text);
        } else {
            let begin = read.strip_suffix(CUT).unwrap();
            prop_assert!(text.starts_with(begin));
            prop_assert!(begin.len() <= limit);
        }
    }
}
