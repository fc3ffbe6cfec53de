//! A draft: several people write it, three levels review it (三审). The author never reviews his own
//! draft and nobody reviews the same draft at two levels.

use super::{ArticleAct, NewsBody, article_id, check, column};
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is decided about a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftAct {
    /// Asks for review.
    Submit,
    /// Passes it up; the last approval publishes.
    Approve {
        /// Opinion; may be empty.
        opinion: String,
    },
    /// Gives it back to be mended.
    Return {
        /// What to mend; must not be empty.
        opinion: String,
    },
    /// The author takes it back before it is published; it can be submitted again.
    PullBack {
        /// Why; may be empty.
        reason: String,
    },
}

words! {
    /// Steps of a draft.
    pub enum DraftStep {
        Submit = "submit", "提交审核", "Submit", Info;
        Approve = "approve", "同意", "Approve", Ok;
        Return = "return", "退回", "Return", Warn;
        PullBack = "pull_back", "撤回", "Take back", Off;
    }
}
words! {
    /// States of a draft.
    pub enum DraftStatus {
        Draft = "draft", "草稿", "Draft", Off;
        Review1 = "review1", "待初审", "First review", Info;
        Review2 = "review2", "待复审", "Second review", Info;
        Review3 = "review3", "待终审", "Final review", Info;
        Published = "published", "已发布", "Published", Ok;
        Returned = "returned", "被退回", "Returned", Warn;
        Withdrawn = "withdrawn", "已撤回", "Withdrawn", Off;
    }
}

/// Kind `news.draft`.
#[derive(Clone, Debug)]
pub struct Draft;

use DraftStatus as S;
use DraftStep as T;

const OPEN: &[S] = &[S::Draft, S::Returned, S::Withdrawn];
const AT_BRANCH: When<Draft> =
    When { zh: "分会稿件", en: "a branch's draft", holds: |doc| doc.meta.unit.level() >= 3 };
const AT_MINE: When<Draft> =
    When { zh: "二级单位稿件", en: "a mine's draft", holds: |doc| doc.meta.unit.level() == 2 };
const AT_COMPANY: When<Draft> =
    When { zh: "公司稿件", en: "the company's draft", holds: |doc| doc.meta.unit.level() == 1 };
const AUTHOR: By<Draft> =
    By::Named("作者", "author", |doc, who| who.is(doc.meta.owner) && !is_chair(doc, who));
const CHAIR: By<Draft> =
    By::Named("作者（本人是分会主席）", "author who is the branch chair", |doc, who| {
        who.is(doc.meta.owner) && is_chair(doc, who)
    });

const REVIEW1: &[By<Draft>] = &[By::RoleAt(Role::BranchChair, 3)];
const REVIEW2: &[By<Draft>] = &[By::RoleAt(Role::UnitChair, 2), By::RoleAt(Role::Publicity, 2)];
const REVIEW3: &[By<Draft>] = &[By::RoleAt(Role::Publicity, 1), By::RoleAt(Role::CompanyChair, 1)];

const OWN: (&str, &str) = ("作者不能审核自己的稿件，请由其他审核人办理", "Nobody reviews his own draft");
const TWICE: (&str, &str) = (
    "您已在前一级审核过这篇稿件，三审须由不同的人办理",
    "You reviewed this draft at an earlier level; three reviews take three people",
);
/// 三审 means three different people, none of them the author.
const fn apart(did: Did<Draft>, (zh, en): (&'static str, &'static str)) -> Apart<Draft> {
    Apart { did, not: &[T::Approve, T::Return], zh, en }
}

const fn submit(when: When<Draft>, by: &'static [By<Draft>], to: S) -> Rule<Draft> {
    Rule { from: OPEN, step: T::Submit, by, when: Some(when), to: Some(to) }
}
const fn review(from: &'static [S], step: T, by: &'static [By<Draft>], to: S) -> Rule<Draft> {
    Rule { from, step, by, when: None, to: Some(to) }
}

fn is_chair(doc: &Doc<Draft>, who: &Who) -> bool {
    who.holds(Role::BranchChair, &doc.meta.unit.at_level(3))
}

impl Kind for Draft {
    const NAME: &'static str = "news.draft";
    const ZH: &'static str = "信息稿件";
    const EN: &'static str = "News draft";
    const CARRY: Carry = Carry::Ahead;
    const RULES: &'static [Rule<Self>] = &[
        submit(AT_BRANCH, &[AUTHOR, By::RoleAt(Role::BranchOfficer, 3)], S::Review1),
        // The only one who could give the first review is the author: it falls to the levels above.
        submit(AT_BRANCH, &[CHAIR], S::Review2),
        submit(AT_MINE, &[By::Owner], S::Review2),
        submit(AT_COMPANY, &[By::Owner], S::Review3),
        review(&[S::Review1], T::Approve, REVIEW1, S::Review2),
        review(&[S::Review2], T::Approve, REVIEW2, S::Review3),
        review(&[S::Review3], T::Approve, REVIEW3, S::Published),
        review(&[S::Review1], T::Return, REVIEW1, S::Returned),
        review(&[S::Review2], T::Return, REVIEW2, S::Returned),
        review(&[S::Review3], T::Return, REVIEW3, S::Returned),
        review(
            &[S::Draft, S::Review1, S::Review2, S::Review3, S::Returned],
            T::PullBack,
            &[By::Owner],
            S::Withdrawn,
        ),
    ];
    const APART: &'static [Apart<Self>] = &[
        apart(Did::Owner, OWN),
        apart(Did::Step { step: T::Submit, since: T::Submit }, OWN),
        apart(Did::Step { step: T::Approve, since: T::Submit }, TWICE),
    ];
    const EDITORS: &'static [By<Self>] = &[
        By::Owner,
        By::Role(Role::BranchOfficer),
        By::Role(Role::BranchChair),
        By::RoleAt(Role::UnitChair, 2),
        By::RoleAt(Role::Publicity, 2),
        By::RoleAt(Role::CompanyChair, 1),
    ];
    const FOUNDERS: &'static [By<Self>] = &[
        By::Role(Role::GroupLeader),
        By::Role(Role::BranchOfficer),
        By::Role(Role::BranchChair),
        By::Role(Role::UnitChair),
        By::Role(Role::Publicity),
        By::Role(Role::CompanyChair),
    ];
    type Body = NewsBody;
    type Act = DraftAct;
    type Step = DraftStep;
    type Status = DraftStatus;

    fn step(act: &DraftAct) -> DraftStep {
        match act {
            DraftAct::Submit => T::Submit,
            DraftAct::Approve { .. } => T::Approve,
            DraftAct::Return { .. } => T::Return,
            DraftAct::PullBack { .. } => T::PullBack,
        }
    }
    /// Before the first submission only the unit's own people; from then on everybody on the path.
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let unit = &doc.meta.unit;
        let mut readers = BTreeSet::from([Reader::Person(doc.meta.owner)]);
        for role in [Role::BranchOfficer, Role::BranchChair] {
            readers.insert(Reader::Role(role, unit.clone()));
        }
        if doc.last(T::Submit).is_some() || unit.level() <= 2 {
            for role in [Role::UnitChair, Role::Publicity] {
                readers.insert(Reader::Role(role, unit.at_level(2)));
            }
            readers.insert(Reader::Role(Role::CompanyChair, unit.company()));
        }
        readers
    }
    fn guard(doc: &Doc<Self>, act: &DraftAct, _: &Who, _: &Facts) -> Result<(), Refusal> {
        match act {
            DraftAct::Submit | DraftAct::Approve { .. } => check::ready(&doc.body, &doc.meta.unit),
            DraftAct::Return { opinion } if opinion.trim().is_empty() => Err(Refusal::invalid(
                "opinion",
                "请写明退回的原因和需要修改的地方",
                "Please say what has to be mended",
            )),
            DraftAct::Return { .. } | DraftAct::PullBack { .. } => Ok(()),
        }
    }
    fn offspring(doc: &Doc<Self>, act: &DraftAct) -> Vec<Offspring> {
        match act {
            DraftAct::Approve { .. } if doc.status == S::Review3 => vec![Offspring {
                kind: super::Article::NAME,
                id: article_id(doc.meta.id),
                unit: doc.meta.unit.clone(),
                values: doc.body.write(),
                acts: vec![to_cbor(&ArticleAct::Publish { draft: doc.meta.id })],
            }],
            _ => vec![],
        }
    }
    fn said(field: &str, code: &str) -> Option<(String, String)> {
        super::said(field, code)
    }
    fn row(doc: &Doc<Self>) -> Row {
        let title = if doc.body.title.is_empty() { "（未写标题）" } else { &doc.body.title };
        let mut row = doc.plain_row(title, &doc.body.short());
        row.facts.insert("column".into(), doc.body.column.clone());
        row.facts.insert("audience".into(), doc.body.audience.clone());
        row.facts.insert("cover".into(), doc.body.cover.clone());
        row.facts.retain(|_, value| !value.is_empty());
        row
    }
    fn figures(doc: &Doc<Self>, out: &mut Figures) {
        if doc.settled == S::Published {
            let name = column(&doc.body.column).map_or("other", |column| column.code);
            *out.entry(format!("news.published/{}/{name}", doc.meta.unit)).or_default() += 1;
        }
    }
    fn words(act: &DraftAct) -> String {
        match act {
            DraftAct::Submit => String::new(),
            DraftAct::Approve { opinion: words }
            | DraftAct::Return { opinion: words }
            | DraftAct::PullBack { reason: words } => words.clone(),
        }
    }
    fn sample() -> NewsBody {
        NewsBody {
            column: "news".into(),
            title: "青石岭煤矿工会“井口送清凉”走进综采队".into(),
            text: "7 月 18 日，青石岭煤矿工会在井口为综采一队送去绿豆汤和防暑药品。".into(),
            author: "李大勇".into(),
            source: "青石岭煤矿工会".into(),
            audience: "public".into(),
            ..NewsBody::default()
        }
    }
}
