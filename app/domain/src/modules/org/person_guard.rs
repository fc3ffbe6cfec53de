//! What the tables cannot say about a person's posts and place: terms, incompatible roles, real units.

use super::{Person, PersonAct, Unit, UnitStatus, posts, stays, unit_id};
use crate::*;

type Check = Result<(), Refusal>;

pub(super) fn judge(doc: &Doc<Person>, act: &PersonAct, facts: &Facts) -> Check {
    match act {
        PersonAct::Appoint { role, at, from, until, .. } => {
            appoint(doc, *role, at, facts.now_ms)?;
            term(from, until, facts.now_ms)
        }
        PersonAct::Dismiss { role, at, reason } => {
            written(reason, "请写明免职原因或文号", "Please say why, or by which document")?;
            dismiss(doc, *role, at, facts.now_ms)
        }
        PersonAct::Transfer { to, on, reason } => {
            written(reason, "请写明调动原因或文号", "Please say why, or by which document")?;
            transfer(doc, to, on, facts)
        }
    }
}

fn appoint(doc: &Doc<Person>, role: Role, at: &OrgCode, now_ms: i64) -> Check {
    if at.company() != doc.meta.unit.company() {
        return no("at", "只能在本公司内任职", "Posts are given within the company only");
    }
    let mut held = posts(doc);
    held.retain(|post| !post.term.is_over(now_ms));
    match incompatible(role, &held) {
        None => Ok(()),
        Some(post) => {
            let zh = format!(
                "此人现任{}，不能同时任{}（三员分立）。请先免去原职务，或另选一人",
                post.role.zh(),
                role.zh()
            );
            let en = format!(
                "This person is {}, which nobody holds together with {}; dismiss first or choose another person",
                post.role.en(),
                role.en()
            );
            Err(Refusal::Rule(zh, en))
        }
    }
}

fn term(from: &str, until: &str, now_ms: i64) -> Check {
    match Term::of_days(from, until) {
        None => no(
            "until",
            "任期的日期不对：写成 2026-11-23 这样，届满不早于开始",
            "These dates are no term: write them like 2026-11-23, the end not before the beginning",
        ),
        Some(term) if term.is_over(now_ms) => {
            no("until", "任期已经届满，请核对日期", "This term is over already; please check the dates")
        }
        Some(_) => Ok(()),
    }
}

fn dismiss(doc: &Doc<Person>, role: Role, at: &OrgCode, now_ms: i64) -> Check {
    let is_held = |post: &Post| (post.role, &post.at) == (role, at) && !post.term.is_over(now_ms);
    if posts(doc).iter().any(is_held) {
        return Ok(());
    }
    Err(Refusal::rule("此人现在没有这个职务", "This person does not hold that post"))
}

fn transfer(doc: &Doc<Person>, to: &OrgCode, on: &str, facts: &Facts) -> Check {
    let last = stays(doc)
        .pop()
        .unwrap_or_else(|| super::Stay { unit: doc.meta.unit.clone(), term: Term::default() });
    effective(on, last.term.from_ms, facts.now_ms)?;
    if *to == last.unit {
        return no("to", "此人已在这个单位", "This person belongs to that unit already");
    }
    if to.company() != doc.meta.unit.company() {
        return no("to", "只能在本公司内调动", "Transfers stay within the company");
    }
    match facts.doc::<Unit>(unit_id(to.as_str())) {
        Some(unit) if unit.status == UnitStatus::Live => Ok(()),
        _ => no(
            "to",
            "没有这个单位，或它已撤销，请重新选择",
            "There is no such unit, or it is closed; choose another",
        ),
    }
}

/// A day on which something in the tree changes: entered on that day or later, so that lists and feeds
/// change with the receipt; and never before the change before it.
pub(super) fn effective(on: &str, last_ms: Option<i64>, now_ms: i64) -> Check {
    let Some(day) = parse_date(on) else {
        return no(
            "on",
            "请填写生效日期，写成 2026-11-23 这样",
            "Please give the day it takes effect, like 2026-11-23",
        );
    };
    if day > now_ms {
        return no("on", "生效日期还没到，请在当日办理", "That day has not come; enter it on the day");
    }
    if last_ms.is_some_and(|last| day < last) {
        return no(
            "on",
            "生效日期早于上一次变动，请核对",
            "That is before the last change; please check the day",
        );
    }
    Ok(())
}

pub(super) fn written(text: &str, zh: &str, en: &str) -> Check {
    if text.trim().is_empty() { no("reason", zh, en) } else { Ok(()) }
}

pub(super) fn no(field: &str, zh: &str, en: &str) -> Check {
    Err(Refusal::invalid(field, zh, en))
}
