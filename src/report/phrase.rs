//! Counts, sizes, times and ages in words; pure.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

/// Words a count with a regular noun: "1 document", "2 documents".
pub fn count(number: usize, one: &str) -> String {
    count_of(number, one, &format!("{one}s"))
}

/// Words a count with both forms of its noun: "1 key", "2 keys".
pub fn count_of(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Sets a comma between each three digits: "12,345".
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Words a size in bytes with three digits at most: "512 bytes", "1.2 KB", "34 MB"; a KB is 1,000 bytes.
pub fn size(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} {}", if bytes == 1 { "byte" } else { "bytes" });
    }
    let bytes = u128::from(bytes);
    let mut unit = 1_000;
    for name in ["KB", "MB", "GB", "TB", "PB"] {
        let tenths = (bytes * 10 + unit / 2) / unit;
        let whole = (bytes + unit / 2) / unit;
        if tenths < 100 {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
        if whole < 1_000 {
            return format!("{whole} {name}");
        }
        unit *= 1_000;
    }
    format!("{} EB", (bytes + unit / 2) / unit)
}

/// Words a moment to the minute in a zone: "2026-11-03 14:05".
pub fn time(moment: Timestamp, zone: &TimeZone) -> String {
    moment
        .to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// Words how long ago something was: "just now", "1 minute ago", "3 days ago".
pub fn age(then: Timestamp, now: Timestamp) -> String {
    let Ok(seconds) = now.since(then).and_then(|span| span.total(Unit::Second)) else {
        return "long ago".to_owned();
    };
    let (number, unit) = match seconds {
        s if s < -60.0 => return "in the future".to_owned(),
        s if s < 60.0 => return "just now".to_owned(),
        s if s < 3_600.0 => (s / 60.0, "minute"),
        s if s < 86_400.0 => (s / 3_600.0, "hour"),
        s if s < 86_400.0 * 60.0 => (s / 86_400.0, "day"),
        s if s < 86_400.0 * 730.0 => (s / (86_400.0 * 30.44), "month"),
        s => (s / (86_400.0 * 365.25), "year"),
    };
    // Whole units that have passed; `as` saturates, and no age comes near its limits.
    format!("{} ago", count(number as usize, unit))
}
