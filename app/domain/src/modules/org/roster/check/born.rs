//! The date of birth must be the one in the ID number (GB 11643-1999, digits 7–14). A date that never was
//! differs too. An empty cell is fine: the date is then taken from the number.

use super::super::date::Date;
use super::super::id_number::IdNumber;
use super::{Check, Code, Column, Facts, Found, Row};

pub const DIFFERS: Check =
    Check { code: Code::BornDiffers, at: Column::Born, with: &[Column::IdNumber], find: differs };

fn differs(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let id = IdNumber::parse(&row.number(Column::IdNumber)).ok()?;
    let text = row.text(at);
    Found::when(!text.is_empty() && Date::parse(text) != Some(id.born()))
}
