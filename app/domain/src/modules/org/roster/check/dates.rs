//! Dates are days of the calendar, and a roster speaks of what has happened, not of what will.
//! The date of birth is compared with the ID number elsewhere; here it is judged only when that failed.

use super::super::date::Date;
use super::{Check, Code, Column, Facts, Found, Row};

/// Two checks for each column that holds a date.
pub fn checks() -> Vec<Check> {
    use Column::{Born, JoinedCompany, JoinedUnion};
    let of = |at| {
        [
            Check { code: Code::DateShape, at, with: &[], find: shape },
            Check { code: Code::DateFuture, at, with: &[], find: future },
        ]
    };
    [Born, JoinedCompany, JoinedUnion].into_iter().flat_map(of).collect()
}

fn shape(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let text = row.text(at);
    Found::when(!text.is_empty() && Date::parse(text).is_none())
}

fn future(row: &Row<'_>, at: Column, facts: &Facts<'_>) -> Option<Found> {
    Found::when(Date::parse(row.text(at)).is_some_and(|date| date > facts.today))
}
