//! A person as colleagues in office may see them: name, number, unit, post. Nothing private.
//! Posts are acts, so that the server's receipts say who may what.

use super::person_guard;
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

body! {
    /// What officers of the person's unit may read.
    pub struct PersonBody {
        no: Str(20), "工号", "Staff number";
        name: Str(40), "姓名", "Name";
        initials: Str(20), "拼音首字母", "Pinyin initials";
        sex: Str(2), "性别", "Sex";
        job: Str(40), "岗位", "Job";
        job_kind: Str(10), "岗位性质", "Kind of job";
        employment: Str(20), "用工形式", "Employment";
        joined: Str(10), "入司时间", "Joined the company";
        member: Bool(0), "是否会员", "Union member";
        member_since: Str(10), "入会日期", "Member since";
        union_post: Str(40), "工会职务", "Union post";
        branch_name: Str(60), "分会", "Branch";
        group_name: Str(60), "工会小组", "Group";
    }
}

/// What is decided about a person's posts and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAct {
    /// Gives a post. Giving the same post again sets a new term.
    Appoint {
        /// What for.
        role: Role,
        /// Where.
        at: OrgCode,
        /// First day, `2026-11-23`; "" for the day of the receipt.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        from: String,
        /// Last day; "" without end.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        until: String,
        /// By which decision or document.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Ends a post before its term.
    Dismiss {
        /// What for.
        role: Role,
        /// Where.
        at: OrgCode,
        /// Why, or by which document.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Moves the person to another unit. Posts stay until they are ended.
    Transfer {
        /// The new unit.
        to: OrgCode,
        /// From which day, `2026-11-23`; not in the future.
        on: String,
        /// Why, or by which document.
        reason: String,
    },
}

impl PersonAct {
    /// A post without end.
    pub fn appoint(role: Role, at: OrgCode) -> Self {
        let (from, until, reason) = Default::default();
        Self::Appoint { role, at, from, until, reason }
    }
    /// The end of a post.
    pub fn dismiss(role: Role, at: OrgCode, reason: &str) -> Self {
        Self::Dismiss { role, at, reason: reason.into() }
    }
}

words! {
    /// Steps on a person's posts and place.
    pub enum PersonStep {
        Appoint = "appoint", "任命", "Appoint", Ok;
        Dismiss = "dismiss", "免去", "Dismiss", Warn;
        Transfer = "transfer", "调动", "Transfer", Info;
    }
}
words! {
    /// A person is on the staff; leaving comes with membership.
    pub enum PersonStatus { Staff = "staff", "在册", "On staff", Ok; }
}

/// Kind `org.person`.
#[derive(Clone, Debug)]
pub struct Person;

const ORGANISERS: &[By<Person>] = &[By::RoleAt(Role::Organiser, 1), By::RoleAt(Role::Admin, 1)];
const ORGANISER: &[By<Person>] = &[By::RoleAt(Role::Organiser, 1)];

const fn rule(step: PersonStep, by: &'static [By<Person>]) -> Rule<Person> {
    Rule { from: &[PersonStatus::Staff], step, by, when: None, to: None }
}

impl Kind for Person {
    const NAME: &'static str = "org.person";
    const ZH: &'static str = "人员";
    const EN: &'static str = "Person";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const AUDITED: bool = true;
    const RULES: &'static [Rule<Self>] = &[
        rule(PersonStep::Appoint, ORGANISERS),
        rule(PersonStep::Dismiss, ORGANISERS),
        rule(PersonStep::Transfer, ORGANISER),
    ];
    /// Nobody gives himself a post (三员分立: who administers accounts does not serve his own interest).
    const APART: &'static [Apart<Self>] = &[Apart {
        did: Did::Named("本人", "the person concerned", |doc, who| who.is(doc.meta.id)),
        not: &[PersonStep::Appoint, PersonStep::Dismiss, PersonStep::Transfer],
        zh: "不能任免、调动自己，请由另一位管理人员办理",
        en: "Nobody appoints, dismisses or transfers himself; another officer does it",
    }];
    const EDITORS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 2)];
    const FOUNDERS: &'static [By<Self>] = &[By::RoleAt(Role::Organiser, 1)];
    type Body = PersonBody;
    type Act = PersonAct;
    type Step = PersonStep;
    type Status = PersonStatus;

    fn step(act: &PersonAct) -> PersonStep {
        match act {
            PersonAct::Appoint { .. } => PersonStep::Appoint,
            PersonAct::Dismiss { .. } => PersonStep::Dismiss,
            PersonAct::Transfer { .. } => PersonStep::Transfer,
        }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::from([Reader::Person(doc.meta.id), Reader::Officers(Self::seat(doc))])
    }
    fn seat(doc: &Doc<Self>) -> OrgCode {
        stays(doc).pop().map_or_else(|| doc.meta.unit.clone(), |stay| stay.unit)
    }
    fn needs(_: &Doc<Self>, act: &PersonAct) -> Vec<DocId> {
        match act {
            PersonAct::Transfer { to, .. } => vec![super::unit_id(to.as_str())],
            _ => vec![],
        }
    }
    fn guard(doc: &Doc<Self>, act: &PersonAct, _: &Who, facts: &Facts) -> Result<(), Refusal> {
        person_guard::judge(doc, act, facts)
    }
    fn row(doc: &Doc<Self>) -> Row {
        let body = &doc.body;
        let note = [&body.branch_name, &body.group_name, &body.job];
        let note: Vec<&str> = note.iter().map(|s| s.as_str()).filter(|s| !s.is_empty()).collect();
        let mut row = doc.plain_row(&body.name, &note.join(" · "));
        for (key, value) in [("no", &body.no), ("py", &body.initials), ("post", &body.union_post)] {
            if !value.is_empty() {
                row.facts.insert(key.into(), value.clone());
            }
        }
        row.facts.insert("member".into(), if body.member { "1" } else { "0" }.into());
        row
    }
    fn who(doc: &Doc<Self>) -> Option<Who> {
        let (no, name) = (doc.body.no.clone(), doc.body.name.clone());
        let (person, unit) = (doc.meta.id, Self::seat(doc));
        Some(Who { person, no, name, unit, member: doc.body.member, posts: posts(doc), aliases: vec![] })
    }
    fn words(act: &PersonAct) -> String {
        let with =
            |text: String, reason: &str| if reason.is_empty() { text } else { format!("{text}：{reason}") };
        match act {
            PersonAct::Appoint { role, at, until, reason, .. } if !until.is_empty() => {
                with(format!("{}（{at}），任期至 {until}", role.zh()), reason)
            }
            PersonAct::Appoint { role, at, reason, .. } | PersonAct::Dismiss { role, at, reason } => {
                with(format!("{}（{at}）", role.zh()), reason)
            }
            PersonAct::Transfer { to, on, reason } => with(format!("{on} 起到 {to}"), reason),
        }
    }
    fn sample() -> PersonBody {
        PersonBody {
            no: "0200017".into(),
            name: "李大勇".into(),
            initials: "ldy".into(),
            ..PersonBody::default()
        }
    }
}

/// Posts as the receipts say, with their terms: appointments less dismissals. Whether a term has begun or
/// is over is for whoever knows the time ([`Who::at`]).
pub fn posts(doc: &Doc<Person>) -> Vec<Post> {
    let mut held = BTreeSet::<Post>::new();
    for done in doc.acts.iter().filter(|done| done.receipt.is_some()) {
        let (PersonAct::Appoint { role, at, .. } | PersonAct::Dismiss { role, at, .. }) = &done.act else {
            continue;
        };
        held.retain(|post| (post.role, &post.at) != (*role, at));
        if let PersonAct::Appoint { from, until, .. } = &done.act {
            let term = Term::of_days(from, until).unwrap_or_default();
            held.insert(Post { role: *role, at: at.clone(), term });
        }
    }
    held.into_iter().collect()
}

/// One stay of a person in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Where.
    pub unit: OrgCode,
    /// From when until when; the first stay begins before all records.
    pub term: Term,
}

/// Where the person belonged, in order; the last stay goes on. Statistics of a past day ask here, so a
/// transfer changes no figure of the time before it.
pub fn stays(doc: &Doc<Person>) -> Vec<Stay> {
    let mut stays = vec![Stay { unit: doc.meta.unit.clone(), term: Term::default() }];
    for done in doc.acts.iter().filter(|done| done.receipt.is_some()) {
        if let PersonAct::Transfer { to, on, .. } = &done.act {
            let from_ms = parse_date(on).or(Some(done.time()));
            stays.iter_mut().next_back().into_iter().for_each(|stay| stay.term.until_ms = from_ms);
            stays.push(Stay { unit: to.clone(), term: Term { from_ms, until_ms: None } });
        }
    }
    stays
}

/// The unit to which a person belonged at a moment. UTC ms.
pub fn unit_at(doc: &Doc<Person>, at_ms: i64) -> OrgCode {
    let stay = stays(doc).into_iter().find(|stay| stay.term.holds(at_ms));
    stay.map_or_else(|| Person::seat(doc), |stay| stay.unit)
}
