//! Formula injection: a cell that a spreadsheet would run when somebody exports and opens the list again
//! (OWASP "CSV Injection"). Full-width signs count, because spreadsheets in Chinese accept them.

use super::super::sheet::half_width;
use super::{Check, Code, Column, Found, Row};

pub const fn check(at: Column) -> Check {
    Check { code: Code::CellFormula, at, with: &[], find: |row, at, _| Found::when(is_formula(row, at)) }
}

fn is_formula(row: &Row<'_>, at: Column) -> bool {
    if at.is_number() && is_plain_number(&row.number(at)) {
        // Many programs write a tab before long numbers to save them from Excel, and people write
        // `+86` before mobile numbers. Only the digits are kept.
        return false;
    }
    let text = row.text(at);
    let begins = text.chars().next().map(half_width);
    let hidden = row.raw(at).trim_start_matches(' ').starts_with(['\t', '\r']) && !text.is_empty();
    hidden || matches!(begins, Some('=' | '+' | '-' | '@'))
}

fn is_plain_number(number: &str) -> bool {
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == 'X')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::org::roster::column::is_padding;
    use crate::modules::org::roster::read;

    fn judged(name: &str) -> bool {
        let text = format!("工号,姓名,性别,身份证号,单位代码,岗位性质,用工形式,是否会员\n1,\"{name}\",,,,,,");
        let sheet = read(text.as_bytes()).expect("readable");
        let row = sheet.rows().next().expect("a row");
        assert!(row.text(Column::Name).chars().next().is_none_or(|c| !is_padding(c)));
        is_formula(&row, Column::Name)
    }

    #[test]
    fn all_signs_that_start_a_formula_are_found() {
        for name in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠A",
            " =1",
            "\u{3000}=1",
            "\t张三",
            "\t=1",
        ] {
            assert!(judged(name), "{name:?}");
        }
        for name in ["张三", " 张三", "张-三", "—", "-", ""] {
            assert!(!judged(name), "{name:?}");
        }
    }
}
