//! Days on which people work; pure.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The business days that SAP's article asks for before a refresh by case.
pub(super) const LEAD: usize = 10;

/// Gives the day that lies so many business days after another. Weekends are left out; no holiday is known.
pub(super) fn business_days_after(day: Date, days: usize) -> Date {
    let mut at = day;
    let mut left = days;
    while left > 0 {
        at = at.saturating_add(1.day());
        if at == Date::MAX {
            break;
        }
        if !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use crate::command::before::dates::{LEAD, business_days_after};

    #[test]
    fn weekends_are_no_business_days() {
        let friday = date(2026, 11, 27);
        assert_eq!(business_days_after(friday, 0), friday);
        assert_eq!(business_days_after(friday, 1), date(2026, 11, 30));
        assert_eq!(business_days_after(date(2026, 11, 28), 1), date(2026, 11, 30));
        assert_eq!(business_days_after(date(2026, 11, 28), LEAD), date(2026, 12, 11));
        assert_eq!(business_days_after(friday, LEAD), date(2026, 12, 11));
        assert_eq!(business_days_after(date(2026, 12, 24), LEAD), date(2027, 1, 7));
    }

    #[test]
    fn the_calendar_has_an_end() {
        assert_eq!(business_days_after(Date::MAX, LEAD), Date::MAX);
    }
}
