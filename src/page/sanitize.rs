//! What a browser makes of a control's value: the "value sanitization algorithm" of each input type.

use crate::page::color::color;
use crate::page::form::{Kind, Rules};

/// Gives the value that a control of this kind takes when it is given this text.
pub(super) fn sanitize(kind: Kind, rules: &Rules, value: &str) -> String {
    match kind {
        Kind::Text | Kind::Search | Kind::Tel | Kind::Password => without_newlines(value),
        Kind::Url => trim(&without_newlines(value)).to_owned(),
        Kind::Email if rules.multiple => {
            let value = without_newlines(value);
            value.split(',').map(trim).collect::<Vec<_>>().join(",")
        }
        Kind::Email => trim(&without_newlines(value)).to_owned(),
        Kind::Number => {
            if number(value).is_some() {
                value.to_owned()
            } else {
                String::new()
            }
        }
        Kind::Range => range(rules, value),
        Kind::Date => kept_if(value, is_date(value)),
        Kind::Month => kept_if(value, month(value).is_some()),
        Kind::Week => kept_if(value, is_week(value)),
        Kind::Time => kept_if(value, time(value).is_some()),
        Kind::DateTime => date_time(value).unwrap_or_default(),
        Kind::Color => color(value),
        Kind::TextArea => lines(value),
        Kind::File => String::new(),
        Kind::Hidden
        | Kind::CheckBox
        | Kind::Radio
        | Kind::Select { .. }
        | Kind::Submit
        | Kind::Image
        | Kind::Reset
        | Kind::Button => value.to_owned(),
    }
}

/// Writes every line end as LF, as a text area's value has them.
pub(super) fn lines(value: &str) -> String {
    if value.contains('\r') {
        value.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        value.to_owned()
    }
}

/// Cuts the blanks of HTML off both ends.
pub(super) fn trim(value: &str) -> &str {
    value.trim_matches(is_blank)
}

/// Tells the blanks of HTML from those of Unicode.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

fn kept_if(value: &str, valid: bool) -> String {
    if valid { value.to_owned() } else { String::new() }
}

fn without_newlines(value: &str) -> String {
    value.replace(['\n', '\r'], "")
}

/// Reads a "valid floating-point number": no plus sign, no blanks, no point at the end.
fn number(value: &str) -> Option<f64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || all_digits(whole)) && all_digits(fraction),
        None => all_digits(mantissa),
    };
    let exponent = exponent.is_none_or(|e| all_digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    if !whole || !exponent {
        return None;
    }
    value.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Moves the value between the limits and onto a step.
fn range(rules: &Rules, value: &str) -> String {
    let limit = |index: usize| rules.limits[index].as_deref().and_then(number);
    let (low, high) = (limit(0).unwrap_or(0.0), limit(1).unwrap_or(100.0));
    let middle = if high < low { low } else { low + (high - low) / 2.0 };
    let mut result = number(value).unwrap_or(middle).min(high).max(low);
    let any = rules.limits[2]
        .as_deref()
        .is_some_and(|step| step.eq_ignore_ascii_case("any"));
    if !any {
        let step = limit(2).filter(|step| *step > 0.0).unwrap_or(1.0);
        let base = limit(0).or_else(|| limit(3)).unwrap_or(0.0);
        let stepped = base + ((result - base) / step + 0.5).floor() * step;
        let below = base + ((high - base) / step).floor() * step;
        result = if stepped > high && below >= low {
            below
        } else {
            stepped
        };
        if result < low {
            result = base + ((low - base) / step).ceil() * step;
        }
        result = tidy(result, step, base);
    }
    format!("{result}")
}

/// Takes away what binary fractions add: a value on a step has no more decimals than step and base have.
fn tidy(value: f64, step: f64, base: f64) -> f64 {
    let decimals = |number: f64| {
        format!("{number}")
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len())
    };
    let places = decimals(step).max(decimals(base)).min(15);
    format!("{value:.places$}").parse().unwrap_or(value)
}

/// Reads so many digits, or more where `open`.
fn digits(text: &str, count: usize, open: bool) -> Option<u32> {
    let right = if open {
        text.len() >= count
    } else {
        text.len() == count
    };
    if !right || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn month(value: &str) -> Option<(u32, u32)> {
    let (year, month) = value.rsplit_once('-')?;
    let year = digits(year, 4, true).filter(|year| *year > 0)?;
    let month = digits(month, 2, false).filter(|month| (1..=12).contains(month))?;
    Some((year, month))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn is_date(value: &str) -> bool {
    let Some((first, day)) = value.rsplit_once('-') else {
        return false;
    };
    let (Some((year, month)), Some(day)) = (month(first), digits(day, 2, false)) else {
        return false;
    };
    let last = match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=last).contains(&day)
}

fn is_week(value: &str) -> bool {
    let Some((year, week)) = value.split_once("-W") else {
        return false;
    };
    let (Some(year), Some(week)) = (digits(year, 4, true), digits(week, 2, false)) else {
        return false;
    };
    if year == 0 {
        return false;
    }
    // A year has 53 weeks when it begins on a Thursday, or on a Wednesday and is a leap year.
    let before = year - 1;
    let weekday = (1 + before + before / 4 - before / 100 + before / 400) % 7;
    let long = weekday == 4 || (weekday == 3 && is_leap(year));
    (1..=52 + u32::from(long)).contains(&week)
}

/// Gives hours and minutes as written, and the rest without what is zero.
fn time(value: &str) -> Option<(&str, String)> {
    let (minutes, rest) = value.split_at_checked(5)?;
    let (hour, minute) = minutes.split_once(':')?;
    let in_day = digits(hour, 2, false)? < 24 && digits(minute, 2, false)? < 60;
    if !in_day {
        return None;
    }
    if rest.is_empty() {
        return Some((minutes, String::new()));
    }
    let (second, fraction) = match rest.strip_prefix(':')?.split_once('.') {
        Some((second, fraction)) if (1..=3).contains(&fraction.len()) => (second, fraction),
        Some(_) => return None,
        None => (&rest[1..], "0"),
    };
    if digits(second, 2, false)? >= 60 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let shown = match (second, fraction) {
        ("00", "") => String::new(),
        (second, "") => format!(":{second}"),
        (second, fraction) => format!(":{second}.{fraction}"),
    };
    Some((minutes, shown))
}

fn date_time(value: &str) -> Option<String> {
    let (date, clock) = value.split_once(['T', ' '])?;
    let (minutes, rest) = time(clock)?;
    is_date(date).then(|| format!("{date}T{minutes}{rest}"))
}
