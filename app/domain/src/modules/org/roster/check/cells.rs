//! Lines and cells as such. A line with the wrong number of cells is not looked at further: every cell
//! may stand under a wrong header. A line break means that a stray quote may have swallowed other people.

use super::super::column::is_padding;
use super::{Check, Code, Column, Finding, Found, Row, Sheet};

/// What is wrong with the line as a whole.
pub fn broken(row: &Row<'_>) -> Option<Finding> {
    let cells = row.cells().count();
    let beyond = || row.cells().skip(row.width()).any(|cell| !cell.chars().all(is_padding));
    let code = if row.cells().any(|cell| cell.trim_matches(is_padding).contains(['\n', '\r'])) {
        Code::CellBreak
    } else if cells < row.width() {
        Code::CellsFew
    } else if beyond() {
        Code::CellsMany
    } else {
        return None;
    };
    Some(Finding::new(row.line, None, code))
}

/// Tells which columns are left out, so that nobody believes they were taken. Only what is needed may be
/// collected (个人信息保护法 第六条).
pub fn ignored_columns(sheet: &Sheet) -> Vec<Finding> {
    let finding = |name: &String| {
        Finding::new(1, None, Code::ColumnIgnored)
            .saying(format!("“{name}”列不会导入"), format!("Column \"{name}\" will not be imported"))
    };
    sheet.ignored().iter().map(finding).collect()
}

/// A cell longer than the field it goes to.
pub const fn long(at: Column) -> Check {
    Check {
        code: Code::CellLong,
        at,
        with: &[],
        find: |row, at, _| Found::when(row.text(at).chars().count() > at.max_chars()),
    }
}
