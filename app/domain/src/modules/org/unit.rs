//! A unit of the tree: company, mine, branch, group. Everybody may see the tree ("find my union").

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

/// A unit needs no decisions yet; founding and closing units comes with the module's full pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitAct {
    /// The unit is closed from this moment.
    Close {
        /// Why, and by which document.
        reason: String,
    },
}

words! {
    /// Steps of a unit.
    pub enum UnitStep { Close = "close", "撤销", "Close", Danger; }
}
words! {
    /// States of a unit.
    pub enum UnitStatus {
        Live = "live", "正常", "Live", Ok;
        Closed = "closed", "已撤销", "Closed", Off;
    }
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
    const RULES: &'static [Rule<Self>] = &[Rule {
        from: &[UnitStatus::Live],
        step: UnitStep::Close,
        by: &[By::RoleAt(Role::Organiser, 1)],
        when: None,
        to: Some(UnitStatus::Closed),
    }];
    const EDITORS: &'static [By<Self>] = &[By::Role(Role::Organiser)];
    const FOUNDERS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 1)];
    type Body = UnitBody;
    type Act = UnitAct;
    type Step = UnitStep;
    type Status = UnitStatus;

    fn step(_: &UnitAct) -> UnitStep {
        UnitStep::Close
    }
    fn readers(_: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::from([Reader::Public])
    }
    fn row(doc: &Doc<Self>) -> Row {
        let mut row = doc.plain_row(&doc.body.name, &doc.body.network);
        row.facts.insert("code".into(), doc.meta.unit.0.clone());
        row.facts.insert("level".into(), doc.meta.unit.level().to_string());
        row
    }
    fn words(act: &UnitAct) -> String {
        let UnitAct::Close { reason } = act;
        reason.clone()
    }
    fn sample() -> UnitBody {
        UnitBody { name: "青石岭煤矿工会".into(), kind: "井工矿".into(), ..UnitBody::default() }
    }
}
