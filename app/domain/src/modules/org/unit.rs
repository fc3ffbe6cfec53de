//! A unit of the tree: company, mine, branch, group. Everybody may see the tree ("find my union").

use super::unit_guard;
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

body! {
    /// What is written about a unit.
    pub struct UnitBody {
        name: Str(60), "工会名称", "Name";
        kind: Str(40), "单位性质", "Kind of unit";
        network: Str(60), "网络情况", "Network";
        contact: Str(40), "联系人", "Contact";
        phone: Str(40), "联系电话", "Telephone";
        office: Str(80), "办公地点", "Office";
    }
}

/// What is decided about a unit. Each has its day (`on`, `2026-11-23`) and its reason or document number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitAct {
    /// Sets up a unit right below this one.
    Establish {
        /// Its code, for ever; never one that was used before.
        code: OrgCode,
        /// Its name.
        name: String,
        /// What it does, in words.
        kind: String,
        /// From which day.
        on: String,
        /// By which document.
        reason: String,
    },
    /// The first act of a unit, made together with the act that set it up.
    Found {
        /// The unit whose act that is: the one above, or its own former place.
        from: OrgCode,
        /// From which day.
        on: String,
        /// By which document.
        reason: String,
    },
    /// Has another name.
    Rename {
        /// The new name.
        name: String,
        /// From which day.
        on: String,
        /// By which document.
        reason: String,
    },
    /// Goes on under a new code elsewhere in the tree (划转); this code ends.
    Move {
        /// The new code.
        to: OrgCode,
        /// From which day.
        on: String,
        /// By which document.
        reason: String,
    },
    /// Becomes part of another unit; this code ends.
    Merge {
        /// Of which.
        into: OrgCode,
        /// From which day.
        on: String,
        /// By which document.
        reason: String,
    },
    /// Is closed.
    Close {
        /// Why, and by which document.
        reason: String,
        /// From which day; "" for the day of the receipt (acts of before this field).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        on: String,
    },
}

words! {
    /// Steps of a unit.
    pub enum UnitStep {
        Establish = "establish", "设立下级", "Set up a unit below", Ok;
        Found = "found", "建会", "Found", Ok;
        Rename = "rename", "改名", "Rename", Info;
        Move = "move", "划转", "Move", Warn;
        Merge = "merge", "合并", "Merge", Warn;
        Close = "close", "撤销", "Close", Danger;
    }
}
words! {
    /// States of a unit.
    pub enum UnitStatus {
        Live = "live", "正常", "Live", Ok;
        Closed = "closed", "已撤销", "Closed", Off;
        Merged = "merged", "已合并", "Merged", Off;
        Moved = "moved", "已划转", "Moved", Off;
    }
}

const fn rule(step: UnitStep, to: Option<UnitStatus>) -> Rule<Unit> {
    Rule { from: &[UnitStatus::Live], step, by: &[By::RoleAt(Role::Organiser, 1)], when: None, to }
}

/// Kind `org.unit`.
#[derive(Clone, Debug)]
pub struct Unit;

impl Kind for Unit {
    const NAME: &'static str = "org.unit";
    const ZH: &'static str = "工会组织";
    const EN: &'static str = "Union unit";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const RULES: &'static [Rule<Self>] = &[
        rule(UnitStep::Establish, None),
        rule(UnitStep::Found, None),
        rule(UnitStep::Rename, None),
        rule(UnitStep::Move, Some(UnitStatus::Moved)),
        rule(UnitStep::Merge, Some(UnitStatus::Merged)),
        rule(UnitStep::Close, Some(UnitStatus::Closed)),
    ];
    const FIXED: &'static [&'static str] = &["name"];
    const EDITORS: &'static [By<Self>] = &[By::Role(Role::Organiser)];
    const FOUNDERS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 1)];
    type Body = UnitBody;
    type Act = UnitAct;
    type Step = UnitStep;
    type Status = UnitStatus;

    fn step(act: &UnitAct) -> UnitStep {
        match act {
            UnitAct::Establish { .. } => UnitStep::Establish,
            UnitAct::Found { .. } => UnitStep::Found,
            UnitAct::Rename { .. } => UnitStep::Rename,
            UnitAct::Move { .. } => UnitStep::Move,
            UnitAct::Merge { .. } => UnitStep::Merge,
            UnitAct::Close { .. } => UnitStep::Close,
        }
    }
    /// One code, one document: nobody begins a second one beside it.
    fn only_id(doc: &Doc<Self>) -> Option<DocId> {
        Some(super::unit_id(doc.meta.unit.as_str()))
    }
    fn needs(_: &Doc<Self>, act: &UnitAct) -> Vec<DocId> {
        unit_guard::needs(act)
    }
    fn guard(doc: &Doc<Self>, act: &UnitAct, by: &Who, facts: &Facts) -> Result<(), Refusal> {
        unit_guard::judge(doc, act, by, facts)
    }
    fn offspring(doc: &Doc<Self>, act: &UnitAct) -> Vec<Offspring> {
        let from = doc.meta.unit.clone();
        let (code, body, on, reason) = match act {
            UnitAct::Establish { code, name, kind, on, reason } => {
                let (name, kind) = (name.clone(), kind.clone());
                (code, UnitBody { name, kind, ..UnitBody::default() }, on, reason)
            }
            UnitAct::Move { to, on, reason } => {
                (to, UnitBody { name: name(doc), ..doc.body.clone() }, on, reason)
            }
            _ => return vec![],
        };
        vec![Offspring {
            kind: Self::NAME,
            id: super::unit_id(code.as_str()),
            unit: code.clone(),
            values: body.write(),
            acts: vec![to_cbor(&UnitAct::Found { from, on: on.clone(), reason: reason.clone() })],
        }]
    }
    fn readers(_: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::from([Reader::Public])
    }
    fn row(doc: &Doc<Self>) -> Row {
        let mut row = doc.plain_row(&name(doc), &doc.body.network);
        row.facts.insert("code".into(), doc.meta.unit.0.clone());
        if let Some(above) = doc.meta.unit.parent() {
            row.facts.insert("parent".into(), above.0);
        }
        row.facts.insert("level".into(), doc.meta.unit.level().to_string());
        row
    }
    fn words(act: &UnitAct) -> String {
        let dated = |on: &str, text: &str, reason: &str| {
            let parts = [on, text, reason].into_iter().filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("，")
        };
        match act {
            UnitAct::Establish { code, name, on, reason, .. } => {
                dated(on, &format!("{name}（{code}）"), reason)
            }
            UnitAct::Found { on, reason, .. } => dated(on, "", reason),
            UnitAct::Rename { name, on, reason } => dated(on, name, reason),
            UnitAct::Move { to, on, reason } => dated(on, &format!("到 {to}"), reason),
            UnitAct::Merge { into, on, reason } => dated(on, &format!("并入 {into}"), reason),
            UnitAct::Close { on, reason } => dated(on, "", reason),
        }
    }
    fn sample() -> UnitBody {
        UnitBody { name: "青石岭煤矿工会".into(), kind: "井工矿".into(), ..UnitBody::default() }
    }
}

/// A stretch of time in which a unit stood in the tree under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its name then.
    pub name: String,
    /// From when until when; open where no record says more.
    pub term: Term,
}

/// The unit's history, in order. Its place never changes, because the code is the place: a unit that
/// moves goes on under another code. Statistics of a past day ask here which units stood then.
pub fn edges(doc: &Doc<Unit>) -> Vec<Edge> {
    let mut edges = vec![Edge { name: doc.body.name.clone(), term: Term::default() }];
    for done in doc.acts.iter().filter(|done| done.receipt.is_some()) {
        let day = |on: &str| parse_date(on).or(Some(done.time()));
        let Some(last) = edges.last_mut() else { break };
        match &done.act {
            UnitAct::Found { on, .. } => last.term.from_ms = day(on),
            UnitAct::Rename { name, on, .. } => {
                last.term.until_ms = day(on);
                let term = Term { from_ms: day(on), until_ms: None };
                edges.push(Edge { name: name.clone(), term });
            }
            UnitAct::Move { on, .. } | UnitAct::Merge { on, .. } | UnitAct::Close { on, .. } => {
                last.term.until_ms = day(on);
            }
            UnitAct::Establish { .. } => {}
        }
    }
    edges
}

/// The unit's name by the last receipt.
pub fn name(doc: &Doc<Unit>) -> String {
    edges(doc).pop().map(|edge| edge.name).unwrap_or_default()
}

/// The unit's name at a moment; `None` when it did not stand then. UTC ms.
pub fn name_at(doc: &Doc<Unit>, at_ms: i64) -> Option<String> {
    edges(doc).into_iter().find(|edge| edge.term.holds(at_ms)).map(|edge| edge.name)
}
