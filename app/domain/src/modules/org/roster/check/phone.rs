//! Mobile numbers in mainland China have 11 digits and begin with 1. A wrong one is refused, because the
//! message for one person would reach another; none at all is allowed, because there are people without.

use super::{Check, Code, Column, Facts, Found, Row};

pub const SHAPE: Check = Check { code: Code::PhoneShape, at: Column::Phone, with: &[], find: shape };

pub const MISSING: Check = Check {
    code: Code::PhoneMissing,
    at: Column::Phone,
    with: &[],
    find: |row, at, _| Found::when(row.text(at).is_empty()),
};

fn shape(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let number = row.number(at);
    let digits = number.starts_with('1') && number.bytes().all(|b| b.is_ascii_digit());
    match number.len() {
        0 => None,
        11 if digits => None,
        10 if digits => Found::saying("手机号少一位", "Mobile number is one digit short"),
        12 if digits => Found::saying("手机号多一位", "Mobile number has one digit too many"),
        _ => Found::plain(),
    }
}
