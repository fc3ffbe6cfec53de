//! Time is UTC milliseconds. Dates people speak of are Beijing dates (UTC+8, no summer time), so that
//! a deadline ends at midnight where the mines are.

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
const ZONE_MS: i64 = 8 * 3_600_000;

/// Calendar date in Beijing of a moment: (year, month 1–12, day 1–31).
pub fn date_of(at_ms: i64) -> (i32, u32, u32) {
    // Howard Hinnant's days-to-civil, the public-domain algorithm.
    let days = (at_ms + ZONE_MS).div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let doe = days.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    ((yoe + era * 400 + i64::from(month <= 2)) as i32, month, day)
}

/// First millisecond in Beijing of a date.
pub fn start_of(year: i32, month: u32, day: u32) -> i64 {
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = i64::from((month + 9) % 12);
    let doy = (153 * mp + 2) / 5 + i64::from(day) - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    (era * 146_097 + doe - 719_468) * DAY_MS - ZONE_MS
}

/// The date as `2026-11-23`.
pub fn date_text(at_ms: i64) -> String {
    let (y, m, d) = date_of(at_ms);
    format!("{y:04}-{m:02}-{d:02}")
}

/// Reads `2026-11-23`; `None` for anything that is not a date of the calendar.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    let (y, m, d): (i32, u32, u32) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    if !(1..=12).contains(&m) || !(1..=31).contains(&d) || !(0..=9_999).contains(&y) {
        return None;
    }
    let at = start_of(y, m, d);
    (date_text(at) == text).then_some(at)
}

/// Last millisecond of the day that lies `days` after the day of `from_ms`: a legal limit of N days
/// counts from the day after (民法典 201) and runs to the end of its last day.
pub fn end_of_day_after(from_ms: i64, days: i64) -> i64 {
    let (y, m, d) = date_of(from_ms);
    start_of(y, m, d) + (days + 1) * DAY_MS - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip_over_leap_years_and_the_zone() {
        for text in ["1970-01-01", "2000-02-29", "2024-02-29", "2026-11-23", "2100-03-01"] {
            assert_eq!(parse_date(text).map(date_text).as_deref(), Some(text));
        }
        for text in ["2026-02-29", "2026-4294967295-01", "2026-00-01", "99999-01-01", "x"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert_eq!(date_text(1_767_196_800_000 - 1), "2025-12-31", "16:00 UTC is midnight in Beijing");
        assert_eq!(date_text(1_767_196_800_000), "2026-01-01");
    }

    #[test]
    fn a_limit_ends_with_its_last_day() {
        let noon = start_of(2026, 1, 5) + 12 * 3_600_000;
        let end = end_of_day_after(noon, 15);
        assert_eq!(date_text(end), "2026-01-20");
        assert_eq!(date_text(end + 1), "2026-01-21");
    }
}
