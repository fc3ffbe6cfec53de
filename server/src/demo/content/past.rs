//! Times of the demo, counted back from today, and dates in its texts.

use domain::{DAY_MS, date_of, date_text, start_of};

const MINUTE_MS: i64 = 60_000;

/// The time before a moment.
pub struct Past {
    now_ms: i64,
    midnight_ms: i64,
}

impl Past {
    /// Before this moment (UTC ms).
    pub fn before(now_ms: i64) -> Self {
        let (year, month, day) = date_of(now_ms);
        Self { now_ms, midnight_ms: start_of(year, month, day) }
    }
    /// So many days ago at this time of day (`8.5` is half past eight in Beijing); never in the future.
    pub fn day(&self, days_ago: i64, hour: f64) -> i64 {
        let minutes = (hour * 60.0).round() as i64;
        let at_ms = self.midnight_ms - days_ago * DAY_MS + minutes * MINUTE_MS;
        at_ms.min(self.now_ms - (25 - hour as i64) * MINUTE_MS)
    }
    /// So many minutes after a moment; never in the future.
    pub fn after(&self, at_ms: i64, minutes: i64) -> i64 {
        (at_ms + minutes * MINUTE_MS).min(self.now_ms - MINUTE_MS)
    }
    /// A date as fields hold it, so many days from today.
    pub fn date(&self, days: i64) -> String {
        date_text(self.now_ms + days * DAY_MS)
    }
    /// Fills dates into a text: `{+5}` becomes `11月28日`, `{-30}` a day a month ago, `{year}` this year.
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (mark, behind) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&self.mark(mark));
            rest = behind;
        }
        out + rest
    }
    fn mark(&self, mark: &str) -> String {
        let (year, ..) = date_of(self.now_ms);
        match mark.parse::<i64>() {
            Ok(days) => {
                let (_, month, day) = date_of(self.now_ms + days * DAY_MS);
                format!("{month}月{day}日")
            }
            Err(_) => year.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_today() {
        let past = Past::before(start_of(2026, 11, 23) + 10 * 3_600_000);
        assert_eq!(past.fill("请于 {+5} 前报送，{year}年"), "请于 11月28日 前报送，2026年");
        assert_eq!(past.date(-23), "2026-10-31");
        assert_eq!(date_text(past.day(3, 8.5)), "2026-11-20");
        assert!(past.day(0, 23.0) < past.now_ms, "nothing lies in the future");
    }
}
