//! A person's private details: only the person and the company's organisation officers read them
//! (个人信息保护法 6, 28: least scope, sensitive data). A document of its own, because whoever holds a
//! document holds all of it.

use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

body! {
    /// What nobody else may read.
    pub struct PrivateBody {
        id_number: Str(18), "身份证号", "Identity number";
        phone: Str(20), "手机号", "Mobile";
        born: Str(10), "出生日期", "Date of birth";
        ethnic: Str(20), "民族", "Ethnic group";
        rural: Bool(0), "是否农民工", "Rural worker";
    }
}

/// Nothing is decided about these details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateAct {
    /// The person saw and confirmed the details.
    Confirm,
}

words! {
    /// Steps on private details.
    pub enum PrivateStep { Confirm = "confirm", "确认无误", "Confirm", Ok; }
}
words! {
    /// States of private details.
    pub enum PrivateStatus {
        Recorded = "recorded", "已登记", "Recorded", Info;
        Confirmed = "confirmed", "本人已确认", "Confirmed by the person", Ok;
    }
}

/// Kind `org.private`.
#[derive(Clone, Debug)]
pub struct Private;

impl Kind for Private {
    const NAME: &'static str = "org.private";
    const ZH: &'static str = "个人信息";
    const EN: &'static str = "Personal details";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const RULES: &'static [Rule<Self>] = &[Rule {
        from: &[PrivateStatus::Recorded, PrivateStatus::Confirmed],
        step: PrivateStep::Confirm,
        by: &[By::Owner],
        when: None,
        to: Some(PrivateStatus::Confirmed),
    }];
    const EDITORS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 1)];
    const FOUNDERS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 1)];
    type Body = PrivateBody;
    type Act = PrivateAct;
    type Step = PrivateStep;
    type Status = PrivateStatus;

    fn step(_: &PrivateAct) -> PrivateStep {
        PrivateStep::Confirm
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let company = doc.meta.unit.company();
        BTreeSet::from([Reader::Person(doc.meta.owner), Reader::Role(Role::Organiser, company)])
    }
    /// The row carries nothing private: rows are cached and searched.
    fn row(doc: &Doc<Self>) -> Row {
        doc.plain_row("个人信息", "")
    }
    fn sample() -> PrivateBody {
        PrivateBody { phone: "19900000001".into(), ..PrivateBody::default() }
    }
}
