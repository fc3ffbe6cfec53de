//! The sex must be the one in the ID number (GB 11643-1999, digit 17: odd is male).

use super::super::id_number::IdNumber;
use super::super::words::{Sex, word};
use super::{Check, Code, Column, Facts, Found, Row};

pub const DIFFERS: Check =
    Check { code: Code::SexDiffers, at: Column::Sex, with: &[Column::IdNumber], find: differs };

fn differs(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let id = IdNumber::parse(&row.number(Column::IdNumber)).ok()?;
    Found::when(word::<Sex>(row.text(at))? != id.sex())
}
