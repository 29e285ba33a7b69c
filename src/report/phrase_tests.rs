//! Counts, sizes, times and ages.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::report::phrase::{age, count, count_of, size, time};

#[test]
fn counts_mind_the_plural() {
    assert_eq!(count(0, "document"), "0 documents");
    assert_eq!(count(1, "document"), "1 document");
    assert_eq!(count(1_234_567, "key"), "1,234,567 keys");
    assert_eq!(count_of(1, "key waits", "keys wait"), "1 key waits");
    assert_eq!(count_of(12, "key waits", "keys wait"), "12 keys wait");
}

#[test]
fn sizes_have_at_most_three_digits() {
    let cases = [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 KB"),
        (1_249, "1.2 KB"),
        (9_949, "9.9 KB"),
        (9_950, "10 KB"),
        (307_200, "307 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (12_345_678, "12 MB"),
        (u64::MAX, "18 EB"),
    ];
    for (bytes, words) in cases {
        assert_eq!(size(bytes), words, "{bytes}");
    }
}

#[test]
fn times_are_shown_in_the_zone_asked_for() {
    let moment: Timestamp = "2026-11-03T23:05:59Z".parse().unwrap();
    assert_eq!(time(moment, &TimeZone::UTC), "2026-11-03 23:05");
    let berlin = TimeZone::fixed(jiff::tz::offset(1));
    assert_eq!(time(moment, &berlin), "2026-11-04 00:05");
}

#[test]
fn ages_are_told_in_whole_units() {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let cases = [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (20 * 86_400, "20 days ago"),
        (100 * 86_400, "3 months ago"),
        (3 * 366 * 86_400, "3 years ago"),
        (-30, "just now"),
        (-300, "in the future"),
    ];
    for (seconds, words) in cases {
        assert_eq!(age(now - seconds.seconds(), now), words, "{seconds}");
    }
}
