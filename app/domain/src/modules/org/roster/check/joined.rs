//! Joining the union. Membership begins on the day of approval (会员会籍管理办法) and goes with the person from
//! union to union ("一次入会、动态接转"), so a date before the company's is possible for people who came
//! from elsewhere: it is imported, and somebody is asked to look.

use super::super::date::Date;
use super::super::words::yes_no;
use super::{Check, Code, Column, Facts, Found, Row};

pub const EARLY: Check =
    Check { code: Code::JoinedEarly, at: Column::JoinedUnion, with: &[Column::JoinedCompany], find: early };

pub const MISSING: Check = Check {
    code: Code::JoinedMissing,
    at: Column::JoinedUnion,
    with: &[Column::Member],
    find: |row, at, _| Found::when(is_member(row) == Some(true) && row.text(at).is_empty()),
};

pub const IDLE: Check = Check {
    code: Code::JoinedIdle,
    at: Column::JoinedUnion,
    with: &[Column::Member],
    find: |row, at, _| Found::when(is_member(row) == Some(false) && !row.text(at).is_empty()),
};

fn early(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let (union, company) = (Date::parse(row.text(at))?, Date::parse(row.text(Column::JoinedCompany))?);
    Found::when(union < company)
}

fn is_member(row: &Row<'_>) -> Option<bool> {
    yes_no(row.text(Column::Member))
}
