//! Cells with a choice hold one of the words that count: statistics are made from them.

use super::super::words::{Employment, PostKind, Sex, word, yes_no};
use super::{Check, Code, Column, Facts, Found, Row};

/// One check for each column with a choice.
pub fn checks() -> [Check; 5] {
    use Column::{Employment, Member, PostKind, Rural, Sex};
    [Sex, PostKind, Employment, Rural, Member].map(|at| Check {
        code: Code::WordUnknown,
        at,
        with: &[],
        find: unknown,
    })
}

fn unknown(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let text = row.text(at);
    match at {
        Column::Sex if word::<Sex>(text).is_none() => {
            Found::saying("性别应为男或女", "Sex is neither 男 nor 女")
        }
        Column::PostKind if word::<PostKind>(text).is_none() => {
            Found::saying("岗位性质应为井下、地面或管理", "Kind of post is not 井下, 地面 or 管理")
        }
        Column::Employment if word::<Employment>(text).is_none() => Found::saying(
            "用工形式应为劳动合同、劳务派遣或其他",
            "Employment is not 劳动合同, 劳务派遣 or 其他",
        ),
        Column::Member if yes_no(text).is_none() => {
            Found::saying("是否会员应为是或否", "Member is neither 是 nor 否")
        }
        Column::Rural if !text.is_empty() && yes_no(text).is_none() => {
            Found::saying("是否农民工应为是或否", "Rural worker is neither 是 nor 否")
        }
        _ => None,
    }
}
