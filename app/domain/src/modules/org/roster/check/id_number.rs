//! The ID number by itself: shape and check digit (GB 11643-1999), and one number for one person, so that
//! somebody with two posts is counted once. A duplicate is reported in the later line.

use super::super::id_number::{IdFault, IdNumber};
use super::{Check, Code, Column, Facts, Found, Row};

pub const SHAPE: Check = Check {
    code: Code::IdShape,
    at: Column::IdNumber,
    with: &[],
    find: |row, at, facts| match IdNumber::parse(&row.number(at)) {
        Err(fault) => Found::when(fault == IdFault::Shape),
        Ok(id) => Found::when(id.born() > facts.today),
    },
};

pub const CHECKSUM: Check = Check {
    code: Code::IdChecksum,
    at: Column::IdNumber,
    with: &[],
    find: |row, at, _| Found::when(IdNumber::parse(&row.number(at)).err() == Some(IdFault::Checksum)),
};

pub const TWICE: Check = Check { code: Code::IdTwice, at: Column::IdNumber, with: &[], find: twice };

fn twice(row: &Row<'_>, at: Column, facts: &Facts<'_>) -> Option<Found> {
    Found::seen_before(facts.first_id.get(&row.number(at)), row.line)
}
