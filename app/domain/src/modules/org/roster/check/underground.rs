//! No woman works underground in a mine: 《女职工劳动保护特别规定》(国务院令第619号, 2012) 第四条 and 附录
//! 一(一) "矿山井下作业" is work that women are forbidden to do, whatever the kind of mine. 第十二条 has the
//! union watch over it, so the import refuses such a line rather than record it as normal.
//!
//! It rests on both cells: if the sex was typed wrong, correcting it settles the matter, and saying in the
//! same breath that the sex differs from the ID number would hide the graver question.

use super::super::words::{PostKind, Sex, word};
use super::{Check, Code, Column, Facts, Found, Row};

pub const WOMAN: Check =
    Check { code: Code::WomanUnderground, at: Column::PostKind, with: &[Column::Sex], find: woman };

fn woman(row: &Row<'_>, at: Column, _: &Facts<'_>) -> Option<Found> {
    let female = word(row.text(Column::Sex)) == Some(Sex::Female);
    Found::when(female && word(row.text(at)) == Some(PostKind::Underground))
}
