//! A stream of texts that love what `java.util.Properties` treats specially; the same seed gives the same stream.

use std::time::{SystemTime, UNIX_EPOCH};

/// What texts are made of.
const PARTS: [&str; 46] = [
    "\\", "\\", "\\", "\n", "\n", "\r", "\r\n", " ", "\t", "\u{c}", "=", ":", "#", "!", "a", "b", "k", "u",
    "n", "t", "f", "r", "0", "é", "😀", "\\u", "\\u00e9", "\\u005c", "\\u000a", "\\u003d", "\\ud83d",
    "\\ude00", "\\u12", "\\uABcd", "\\uABCg", "\\\n", "\\\r\n", "\\\r", "\\\n   ", "k=v\n", "=v\n", "\u{b}",
    "\u{85}", "\u{2028}", "\u{a0}", "\0",
];

/// Gives the seed that was asked for.
pub(crate) fn seed() -> Option<u64> {
    #[allow(
        clippy::disallowed_methods,
        reason = "a word to the tests, not to the program"
    )]
    let seed = std::env::var("LMSKEEP_SEED").ok()?;
    Some(seed.parse().unwrap())
}

/// Gives a seed that was not there before.
pub(crate) fn fresh_seed() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "a seed, not a time")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs()
}

/// A stream of texts.
pub(crate) struct Stream(u64);

impl Stream {
    /// Begins the stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Gives the next text: mostly short ones, where every combination comes up, and now and then a long one.
    pub(crate) fn text(&mut self) -> String {
        let length = match self.below(100) {
            0 => self.below(400),
            1..10 => self.below(40),
            _ => self.below(12),
        };
        (0..length).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }

    /// Gives a value to set, surrogates that stand alone included.
    pub(crate) fn value(&mut self) -> Vec<u16> {
        let mut units = Vec::new();
        for _ in 0..self.below(6) {
            match self.below(8) {
                0 => units.push([0xd83d, 0xde00, 0xffff][self.below(3)]),
                _ => units.extend(PARTS[self.below(PARTS.len())].encode_utf16()),
            }
        }
        units
    }

    /// Gives a number below another.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // Splitmix64: a stream must stay the same when a crate for random numbers changes.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit.max(1) as u64).unwrap()
    }
}
