//! Limits as versioned data: which number held on which day, and where it comes from.

use crate::{DAY_MS, end_of_day_after, parse_date};
use std::sync::LazyLock;

/// How strong a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The company's own, shorter one; CONFIG.
    Inner,
    /// The outer bound from a source.
    Law,
}

/// One limit, as it held from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// First moment, UTC ms.
    pub from_ms: i64,
    /// What is limited, e.g. `finish`.
    pub key: &'static str,
    /// How strong.
    pub rank: Rank,
    /// How many.
    pub days: i64,
    /// Monday to Friday only.
    pub workdays: bool,
    /// Article or rule, in Chinese.
    pub source: &'static str,
}

impl Limit {
    /// Last millisecond of the limit for a clock that started at `start_ms` (official time, UTC ms),
    /// `more` days later where more time was granted.
    pub fn end(&self, start_ms: i64, more: i64) -> i64 {
        if self.workdays {
            end_of_workday_after(start_ms, self.days + more)
        } else {
            end_of_day_after(start_ms, self.days + more)
        }
    }
}

static LIMITS: LazyLock<Vec<Limit>> = LazyLock::new(|| {
    let table = include_str!("limits.tsv");
    table.lines().filter(|line| !line.starts_with('#')).filter_map(read).collect()
});

/// Every line of the table, oldest first.
pub fn limits() -> &'static [Limit] {
    &LIMITS
}

/// The limit of this key and rank that held at `at_ms`.
pub fn limit(key: &str, rank: Rank, at_ms: i64) -> Option<Limit> {
    limits()
        .iter()
        .copied()
        .filter(|l| l.key == key && l.rank == rank && l.from_ms <= at_ms)
        .max_by_key(|l| l.from_ms)
}

fn read(line: &'static str) -> Option<Limit> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [from, key, rank, days, unit, source] = cells[..] else { return None };
    let rank = if rank == "inner" { Rank::Inner } else { Rank::Law };
    Some(Limit {
        from_ms: parse_date(from)?,
        key,
        rank,
        days: days.parse().ok()?,
        workdays: unit == "workdays",
        source,
    })
}

/// Last millisecond of the n-th working day (Monday to Friday in Beijing) after the day of `from_ms`.
pub fn end_of_workday_after(from_ms: i64, workdays: i64) -> i64 {
    let (mut end, mut left) = (end_of_day_after(from_ms, 0), workdays);
    while left > 0 {
        end += DAY_MS;
        if is_workday(end) {
            left -= 1;
        }
    }
    end
}

fn is_workday(at_ms: i64) -> bool {
    // 1970-01-01 was a Thursday; Beijing is 8 hours ahead.
    let days = (at_ms + 8 * 3_600_000).div_euclid(DAY_MS);
    (days + 3).rem_euclid(7) < 5
}
