//! What the table cannot say about a unit: codes that are free or taken, units that stand, days in order.

use super::person_guard::{effective, no, written};
use super::{Unit, UnitAct, UnitStatus, edges, unit_id};
use crate::*;

type Check = Result<(), Refusal>;

/// Longest name, as the body's table has it.
const NAME_MAX: usize = 60;

pub(super) fn needs(act: &UnitAct) -> Vec<DocId> {
    let id = |code: &OrgCode| unit_id(code.as_str());
    match act {
        UnitAct::Establish { code, .. } => vec![id(code)],
        UnitAct::Found { from, .. } => vec![id(from)],
        UnitAct::Move { to, .. } => {
            [Some(id(to)), to.parent().as_ref().map(id)].into_iter().flatten().collect()
        }
        UnitAct::Merge { into, .. } => vec![id(into)],
        UnitAct::Rename { .. } | UnitAct::Close { .. } => vec![],
    }
}

pub(super) fn judge(doc: &Doc<Unit>, act: &UnitAct, by: &Who, facts: &Facts) -> Check {
    let (UnitAct::Establish { on, reason, .. }
    | UnitAct::Found { on, reason, .. }
    | UnitAct::Rename { on, reason, .. }
    | UnitAct::Move { on, reason, .. }
    | UnitAct::Merge { on, reason, .. }
    | UnitAct::Close { on, reason }) = act;
    written(reason, "请写明依据的文号或原因", "Please give the document number or the reason")?;
    let changes = !matches!(act, UnitAct::Establish { .. });
    let last = edges(doc).pop().and_then(|edge| edge.term.from_ms).filter(|_| changes);
    effective(on, last, facts.now_ms)?;
    match act {
        UnitAct::Establish { code, name, .. } => {
            named(name)?;
            free(code, facts)?;
            if code.parent().as_ref() != Some(&doc.meta.unit) || !is_code(code) {
                return no(
                    "code",
                    "代码要接在上级代码之后",
                    "The code must continue the one of the unit above",
                );
            }
            Ok(())
        }
        UnitAct::Found { from, .. } => found(doc, from, by, facts),
        UnitAct::Rename { name, .. } => named(name),
        UnitAct::Move { to, .. } => {
            free(to, facts)?;
            if to.is_within(&doc.meta.unit) || to.company() != doc.meta.unit.company() || !is_code(to) {
                return no(
                    "to",
                    "只能划转到本公司的其他单位之下",
                    "It can move below another unit of the company only",
                );
            }
            to.parent().map_or(Ok(()), |above| stands("to", &above, facts))
        }
        UnitAct::Merge { into, .. } if into.is_within(&doc.meta.unit) => {
            no("into", "不能并入本单位或下级", "It cannot become part of itself or of a unit below it")
        }
        UnitAct::Merge { into, .. } => stands("into", into, facts),
        UnitAct::Close { .. } => Ok(()),
    }
}

/// Letters, digits and dots, as the roster's units file has them.
fn is_code(code: &OrgCode) -> bool {
    let text = code.as_str();
    text.len() <= 20
        && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn named(name: &str) -> Check {
    match name.trim().chars().count() {
        1..=NAME_MAX => Ok(()),
        _ => no("name", "请填写名称，最多 60 字", "Please give a name of at most 60 characters"),
    }
}

/// A code that stood for one unit never stands for another: old figures keep their meaning.
fn free(code: &OrgCode, facts: &Facts) -> Check {
    if facts.docs.contains_key(&unit_id(code.as_str())) {
        return no(
            "code",
            "这个代码用过了，请换一个；撤销的代码也不再用",
            "This code was used; take another. A closed unit's code is not used again",
        );
    }
    Ok(())
}

fn stands(field: &str, code: &OrgCode, facts: &Facts) -> Check {
    match facts.doc::<Unit>(unit_id(code.as_str())) {
        Some(unit) if unit.status == UnitStatus::Live => Ok(()),
        _ => no(
            field,
            "没有这个单位，或它已撤销，请重新选择",
            "There is no such unit, or it is closed; choose another",
        ),
    }
}

/// A unit begins by the act of the one above, or by its own move; by the same person, once.
fn found(doc: &Doc<Unit>, from: &OrgCode, by: &Who, facts: &Facts) -> Check {
    let Some(source) = facts.doc::<Unit>(unit_id(from.as_str())) else { return Err(Refusal::Waits) };
    let names = |act: &UnitAct| match act {
        UnitAct::Establish { code, .. } => *code == doc.meta.unit,
        UnitAct::Move { to, .. } => *to == doc.meta.unit,
        _ => false,
    };
    let asked = source.acts.iter().any(|done| by.is(done.by) && names(&done.act));
    if asked && doc.acts.is_empty() {
        return Ok(());
    }
    Err(Refusal::rule(
        "没有对应的设立或划转决定，不能建会。请在上级单位办理",
        "No act of the unit above (or of a move) sets this unit up; do it there",
    ))
}
