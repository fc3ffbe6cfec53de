//! Checking: one small file per rule, one list of them, one runner.
//!
//! A cell that one finding has put in doubt is not used by another: a number that belongs to somebody
//! else would otherwise be reported three times, as a duplicate, a wrong birthday and a wrong sex. So
//! the order of the list matters: rules about a cell by itself come before rules that compare cells.

mod born;
mod cells;
mod dates;
mod formula;
mod id_number;
mod joined;
mod name;
mod phone;
mod place;
mod sex;
mod staff_no;
mod underground;
mod words;

use super::column::Column;
use super::date::Date;
use super::finding::{Code, Finding};
use super::sheet::{Row, Sheet};
use super::units::Units;
use std::collections::HashMap;

/// One rule.
struct Check {
    code: Code,
    /// The cell that the finding points to.
    at: Column,
    /// Other cells that the rule compares it with.
    with: &'static [Column],
    /// `None` when all is well.
    find: fn(&Row<'_>, Column, &Facts<'_>) -> Option<Found>,
}

/// What rules need beside the line itself.
struct Facts<'a> {
    units: &'a Units,
    today: Date,
    /// First line of each staff number and each ID number.
    first_no: HashMap<String, u32>,
    first_id: HashMap<String, u32>,
}

/// What a rule has to say beyond its code.
#[derive(Default)]
struct Found {
    said: Option<(&'static str, &'static str)>,
    see: Option<u32>,
}

/// Finds what is wrong in a sheet, in the order of lines and columns. `today` is the Beijing date.
pub fn check(sheet: &Sheet, units: &Units, today: Date) -> Vec<Finding> {
    let facts = Facts {
        units,
        today,
        first_no: first_lines(sheet, Column::No),
        first_id: first_lines(sheet, Column::IdNumber),
    };
    let checks = checks();
    let mut findings = cells::ignored_columns(sheet);
    for row in sheet.rows() {
        match cells::broken(&row) {
            Some(finding) => findings.push(finding),
            None => findings.extend(check_row(&row, &checks, &facts)),
        }
    }
    findings
}

/// The list of rules, in the order in which they may put a cell in doubt.
fn checks() -> Vec<Check> {
    let every = Column::ALL.into_iter().flat_map(|at| [cells::long(at), formula::check(at)]);
    let mut checks: Vec<Check> = every.collect();
    checks.extend([staff_no::EMPTY, staff_no::SHAPE, staff_no::TWICE, name::EMPTY]);
    checks.extend(words::checks());
    checks.extend([id_number::SHAPE, id_number::CHECKSUM, id_number::TWICE]);
    checks.extend([underground::WOMAN, born::DIFFERS, sex::DIFFERS]);
    checks.extend([phone::SHAPE, phone::MISSING]);
    checks.extend(dates::checks());
    checks.extend([joined::MISSING, joined::IDLE, joined::EARLY]);
    checks.extend([place::UNIT_UNKNOWN, place::UNIT_NAME, place::BRANCH_MISSING, place::GROUP_APART]);
    checks
}

fn check_row(row: &Row<'_>, checks: &[Check], facts: &Facts<'_>) -> Vec<Finding> {
    let mut doubted = [false; Column::ALL.len()];
    let mut findings = Vec::new();
    for check in checks {
        let rests_on = || std::iter::once(&check.at).chain(check.with);
        if rests_on().any(|column| doubted[*column as usize]) {
            continue;
        }
        if let Some(found) = (check.find)(row, check.at, facts) {
            rests_on().for_each(|column| doubted[*column as usize] = true);
            findings.push(found.finding(row.line, check));
        }
    }
    findings.sort_by_key(|finding| finding.column);
    findings
}

/// The first line in which each value of a column stands. Broken lines do not count: their cells may
/// have moved.
fn first_lines(sheet: &Sheet, column: Column) -> HashMap<String, u32> {
    let mut first = HashMap::with_capacity(sheet.len());
    for row in sheet.rows().filter(|row| cells::broken(row).is_none()) {
        first.entry(row.number(column)).or_insert(row.line);
    }
    first
}

impl Found {
    /// Just what the code says.
    fn plain() -> Option<Found> {
        Some(Found::default())
    }
    fn when(wrong: bool) -> Option<Found> {
        if wrong { Found::plain() } else { None }
    }
    fn saying(zh: &'static str, en: &'static str) -> Option<Found> {
        Some(Found { said: Some((zh, en)), see: None })
    }
    /// A number that already stood in an earlier line.
    fn seen_before(first: Option<&u32>, line: u32) -> Option<Found> {
        let earlier = *first?;
        (earlier < line).then_some(Found { said: None, see: Some(earlier) })
    }
    fn finding(self, line: u32, check: &Check) -> Finding {
        let plain = Finding { see: self.see, ..Finding::new(line, Some(check.at), check.code) };
        match self.said {
            Some((zh, en)) => plain.saying(zh, en),
            None => plain,
        }
    }
}
