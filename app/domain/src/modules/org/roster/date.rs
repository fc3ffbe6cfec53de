//! Calendar dates as they stand in a roster. A birthday has no clock and no zone, so it is not a moment.

use std::fmt;

/// A day of the calendar. Orders by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, when the calendar has it and it lies in 1900–2999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let known = (1900..=2999).contains(&year) && (1..=12).contains(&month);
        (known && (1..=days_in(year, month)).contains(&day)).then_some(Date { year, month, day })
    }

    /// Today, for the check: the Beijing date of a moment in UTC ms.
    pub fn of(at_ms: i64) -> Option<Date> {
        let (year, month, day) = crate::date_of(at_ms);
        Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
    }

    /// Reads what spreadsheets make of a date: `2020-04-30`, `2020/4/30`, `2020.4.30`, `2020年4月30日`,
    /// `20200430`. A time of 0:00 behind it is dropped.
    pub fn parse(text: &str) -> Option<Date> {
        let day = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix(" 0:00")).unwrap_or(text);
        if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
            return Date::new(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?);
        }
        let plain = day.strip_suffix('日').unwrap_or(day);
        let mut parts = plain.split(['-', '/', '.', '年', '月']);
        let date = Date::new(number(parts.next()?, 4)?, small(parts.next()?)?, small(parts.next()?)?);
        if parts.next().is_some() { None } else { date }
    }

    /// First millisecond of the day in Beijing, UTC ms.
    pub fn start_ms(self) -> i64 {
        crate::start_of(self.year.into(), self.month.into(), self.day.into())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn small(text: &str) -> Option<u8> {
    number(text, 2)?.try_into().ok()
}

fn number(text: &str, most: usize) -> Option<u16> {
    let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_of_writing_is_the_same_day() {
        let day = Date::new(2020, 4, 30);
        for text in [
            "2020-04-30",
            "2020/4/30",
            "2020.4.30",
            "2020年4月30日",
            "20200430",
            "2020/4/30 0:00",
            "2020-04-30 00:00:00",
        ] {
            assert_eq!(Date::parse(text), day, "{text}");
        }
        assert_eq!(day.map(|d| d.to_string()).as_deref(), Some("2020-04-30"));
    }

    #[test]
    fn days_that_never_were_are_not_dates() {
        for text in [
            "1980-02-30",
            "2026-02-29",
            "2020-13-01",
            "2020-4",
            "2020-4-30-1",
            "43951",
            "",
            "去年",
            "1899-12-31",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2024-02-29").is_some() && Date::parse("2000-02-29").is_some());
    }

    #[test]
    fn a_date_agrees_with_the_kernels_clock() {
        let day = Date::new(2026, 11, 23).expect("a day");
        assert_eq!(Date::of(day.start_ms()), Some(day));
        assert!(Date::of(day.start_ms() - 1) < Some(day));
    }
}
