//! What the acts of a matter add up to, besides its status: where it lies, who handles it, how often.

use super::{Grade, Matter, MatterAct, MatterStatus, MatterStep};
use crate::{Doc, DocId, OrgCode};

/// The unit where the matter lies: the one it was written to, or the last one it was forwarded to.
pub fn place(doc: &Doc<Matter>) -> OrgCode {
    let mut path = vec![doc.meta.unit.at_level(2)];
    for done in &doc.acts {
        match &done.act {
            MatterAct::Forward { to, .. } => path.push(to.clone()),
            MatterAct::Object { .. } if path.len() > 1 => drop(path.pop()),
            _ => {}
        }
    }
    path.pop().unwrap_or_default()
}

/// Who is in charge: the last assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Unit in charge.
    pub unit: OrgCode,
    /// Person in charge.
    pub handler: DocId,
    /// Name of the person.
    pub name: String,
    /// Units that help.
    pub co: Vec<OrgCode>,
}

/// Who is in charge now.
pub fn charge(doc: &Doc<Matter>) -> Option<Charge> {
    match &doc.last(MatterStep::Assign)?.act {
        MatterAct::Assign { unit, handler, handler_name, co } => {
            Some(Charge { unit: unit.clone(), handler: *handler, name: handler_name.clone(), co: co.clone() })
        }
        _ => None,
    }
}

/// True when somebody asked for more time and nobody has allowed it yet.
pub fn extension_waits(doc: &Doc<Matter>) -> bool {
    doc.steps(MatterStep::ProposeExtend).count() > doc.steps(MatterStep::GrantExtend).count()
}

/// Days that were allowed on top of the limit, by receipts.
pub fn extended_days(doc: &Doc<Matter>) -> i64 {
    let (mut asked, mut granted) = (0, 0);
    for done in doc.acts.iter().filter(|done| done.receipt.is_some()) {
        match &done.act {
            MatterAct::ProposeExtend { days, .. } => asked = *days,
            MatterAct::GrantExtend { .. } => granted += std::mem::take(&mut asked),
            _ => {}
        }
    }
    granted
}

/// True once the person was not satisfied: the second handling has begun, or is over.
pub fn handled_twice(doc: &Doc<Matter>) -> bool {
    doc.last(MatterStep::RateBad).is_some()
}

/// The last rating.
pub fn grade(doc: &Doc<Matter>) -> Option<Grade> {
    doc.acts.iter().rev().find_map(|done| match &done.act {
        MatterAct::Rate { grade, .. } => Some(*grade),
        _ => None,
    })
}

/// True while somebody in office has to do something.
pub fn is_open(status: MatterStatus) -> bool {
    use MatterStatus::*;
    matches!(status, Submitted | Registered | Forwarded | Accepted | Assigned | Working | Second)
}
