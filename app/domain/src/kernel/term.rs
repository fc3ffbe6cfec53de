//! Terms: from when until when something is held, by official time. A term ends by its date, without
//! anybody acting: whoever judges asks for the person as they are at that moment ([`Who::at`]).

use crate::{DAY_MS, OrgCode, Post, Role, Who, parse_date};
use serde::{Deserialize, Serialize};

/// So long before its end a term is shown as ending: half a year, enough to prepare an election.
pub const TERM_WARNING_MS: i64 = 183 * DAY_MS;

/// From when until when. UTC ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Term {
    /// First moment; `None`: from the receipt on.
    #[serde(default)]
    pub from_ms: Option<i64>,
    /// First moment after it; `None`: without end.
    #[serde(default)]
    pub until_ms: Option<i64>,
}

impl Term {
    /// From the first moment of one day to the last of another, as dates (`2026-11-23`); "" for open.
    /// `None` for what is no date, or ends before it begins.
    pub fn of_days(from: &str, until: &str) -> Option<Self> {
        let day = |text: &str| if text.is_empty() { Some(None) } else { parse_date(text).map(Some) };
        let (from_ms, until_ms) = (day(from)?, day(until)?.map(|day| day + DAY_MS));
        let backwards = matches!((from_ms, until_ms), (Some(from), Some(until)) if from >= until);
        (!backwards).then_some(Self { from_ms, until_ms })
    }
    /// True at this moment.
    pub fn holds(self, now_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| from <= now_ms) && !self.is_over(now_ms)
    }
    /// True once it has ended.
    pub fn is_over(self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|until| until <= now_ms)
    }
    /// True in its last half year.
    pub fn ends_soon(self, now_ms: i64) -> bool {
        self.holds(now_ms) && self.until_ms.is_some_and(|until| until - now_ms <= TERM_WARNING_MS)
    }
}

impl Post {
    /// A post without end.
    pub fn new(role: Role, at: OrgCode) -> Self {
        Self { role, at, term: Term::default() }
    }
}

impl Who {
    /// The person at this moment of official time: posts whose term is over or has not begun are not held.
    #[must_use]
    pub fn at(mut self, now_ms: i64) -> Self {
        self.posts.retain(|post| post.term.holds(now_ms));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_counts_both_its_days_and_nothing_after() {
        let term = Term::of_days("2026-01-01", "2028-12-31").unwrap();
        let at = |day: &str| parse_date(day).unwrap();
        assert!(!term.holds(at("2026-01-01") - 1) && term.holds(at("2026-01-01")));
        assert!(term.holds(at("2029-01-01") - 1) && !term.holds(at("2029-01-01")));
        assert!(!term.ends_soon(at("2028-06-01")) && term.ends_soon(at("2028-07-15")));
        assert_eq!(Term::of_days("", ""), Some(Term::default()));
        for (from, until) in [("2026-02-02", "2026-02-01"), ("gestern", ""), ("", "2026-02-30")] {
            assert_eq!(Term::of_days(from, until), None, "{from} {until}");
        }
        assert!(Term::of_days("2026-02-02", "2026-02-02").is_some(), "one day is a term");
    }
}
