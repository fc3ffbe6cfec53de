//! The staff number names a person in the company and signs them in, so each has one and nobody shares it.
//! A duplicate is reported in the later line.

use super::{Check, Code, Column, Found};

pub const EMPTY: Check = Check {
    code: Code::NoEmpty,
    at: Column::No,
    with: &[],
    find: |row, at, _| Found::when(row.number(at).is_empty()),
};

pub const SHAPE: Check = Check {
    code: Code::NoShape,
    at: Column::No,
    with: &[],
    find: |row, at, _| Found::when(row.number(at).contains(|c: char| !c.is_ascii_alphanumeric() && c != '-')),
};

pub const TWICE: Check = Check {
    code: Code::NoTwice,
    at: Column::No,
    with: &[],
    find: |row, at, facts| Found::seen_before(facts.first_no.get(&row.number(at)), row.line),
};
