//! Everybody has a name.

use super::{Check, Code, Column, Found};

pub const EMPTY: Check = Check {
    code: Code::NameEmpty,
    at: Column::Name,
    with: &[],
    find: |row, at, _| Found::when(row.text(at).is_empty()),
};
