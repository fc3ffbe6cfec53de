//! The place in the tree: the unit must exist (a roster may make branches and groups, never a mine), and
//! what the line says about unit, branch and group should agree.

use super::super::plan::place;
use super::super::words::yes_no;
use super::{Check, Code, Column, Facts, Found, Row};

pub const UNIT_UNKNOWN: Check = Check {
    code: Code::UnitUnknown,
    at: Column::Unit,
    with: &[],
    find: |row, at, facts| Found::when(facts.units.get(row.text(at)).is_none()),
};

pub const UNIT_NAME: Check =
    Check { code: Code::UnitName, at: Column::UnitName, with: &[Column::Unit], find: unit_name };

pub const BRANCH_MISSING: Check =
    Check { code: Code::BranchMissing, at: Column::Branch, with: &[], find: branch_missing };

pub const GROUP_APART: Check =
    Check { code: Code::GroupApart, at: Column::Group, with: &[Column::Branch], find: group_apart };

/// The roster gives the unit's short name (白桦沟露天煤矿), the tree its union's (白桦沟露天煤矿工会).
fn unit_name(row: &Row<'_>, at: Column, facts: &Facts<'_>) -> Option<Found> {
    let unit = facts.units.get(row.text(Column::Unit))?;
    Found::when(!unit.name.starts_with(row.text(at)))
}

/// A member belongs to a branch; a group hangs on one.
fn branch_missing(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let needs = yes_no(row.text(Column::Member)) == Some(true) || !row.text(Column::Group).is_empty();
    Found::when(needs && row.text(at).is_empty())
}

fn group_apart(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    Found::when(place::is_apart(row.text(Column::Branch), row.text(at)))
}
