//! A person as colleagues in office may see them: name, number, unit, post. Nothing private.
//! Posts are acts, so that the server's receipts say who may what.

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

/// What is decided about a person's posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonAct {
    /// Gives a post.
    Appoint {
        /// What for.
        role: Role,
        /// Where.
        at: OrgCode,
    },
    /// Ends a post.
    Dismiss {
        /// What for.
        role: Role,
        /// Where.
        at: OrgCode,
    },
}

words! {
    /// Steps on a person's posts.
    pub enum PersonStep {
        Appoint = "appoint", "任命", "Appoint", Ok;
        Dismiss = "dismiss", "免去", "Dismiss", Warn;
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

const fn rule(step: PersonStep) -> Rule<Person> {
    Rule { from: &[PersonStatus::Staff], step, by: ORGANISERS, when: None, to: None }
}

impl Kind for Person {
    const NAME: &'static str = "org.person";
    const ZH: &'static str = "人员";
    const EN: &'static str = "Person";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const AUDITED: bool = true;
    const RULES: &'static [Rule<Self>] = &[rule(PersonStep::Appoint), rule(PersonStep::Dismiss)];
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
        }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::from([Reader::Person(doc.meta.id), Reader::Officers(doc.meta.unit.clone())])
    }
    /// Nobody gives himself a post (三员分立: who administers accounts does not serve his own interest).
    fn guard(doc: &Doc<Self>, act: &PersonAct, by: &Who, _: &Facts) -> Result<(), Refusal> {
        if by.is(doc.meta.id) {
            return Err(Refusal::rule(
                "不能任免自己，请由另一位管理人员办理",
                "Nobody appoints or dismisses himself",
            ));
        }
        let held = posts(doc);
        match act {
            PersonAct::Dismiss { role, at } if !held.contains(&Post { role: *role, at: at.clone() }) => {
                Err(Refusal::rule("此人现在没有这个职务", "This person does not hold that post"))
            }
            _ => Ok(()),
        }
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
        let (person, unit) = (doc.meta.id, doc.meta.unit.clone());
        Some(Who { person, no, name, unit, member: doc.body.member, posts: posts(doc), aliases: vec![] })
    }
    fn words(act: &PersonAct) -> String {
        let (PersonAct::Appoint { role, at } | PersonAct::Dismiss { role, at }) = act;
        format!("{}（{at}）", role.zh())
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

/// Posts in force: receipted appointments less dismissals.
pub fn posts(doc: &Doc<Person>) -> Vec<Post> {
    let mut held = BTreeSet::new();
    for done in doc.acts.iter().filter(|done| done.receipt.is_some()) {
        match &done.act {
            PersonAct::Appoint { role, at } => held.insert(Post { role: *role, at: at.clone() }),
            PersonAct::Dismiss { role, at } => held.remove(&Post { role: *role, at: at.clone() }),
        };
    }
    held.into_iter().collect()
}
