//! What was published. Nobody edits it; it can be pinned, extended, withdrawn, archived, and readers
//! confirm that they read it. A confirmation goes to the reader and the officers above only.

use super::article_guard::{may_confirm, may_publish, may_remind};
use super::{Audience, NewsBody, expires, is_pinned, published_ms, reading_posts};
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is decided about an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleAct {
    /// Puts it before its readers; made together with the draft's last approval.
    Publish {
        /// The approved draft.
        draft: DocId,
    },
    /// Takes it from its readers.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Puts it on top, or not.
    Pin {
        /// On top.
        on: bool,
    },
    /// Moves the day until which it is shown.
    Extend {
        /// `2026-12-31`; "" for no end.
        until: String,
    },
    /// Moves it from the front lists to the archive; readers keep it.
    Archive,
    /// "I have read this." Narrow: the reader and the officers of the reader's unit.
    Confirm {
        /// Unit of the reader, so that officers can count by branch.
        unit: OrgCode,
    },
    /// 催办: asks persons to read it. Narrow: those persons and the officers.
    Remind {
        /// Persons, at most [`REMIND_MAX`].
        to: Vec<DocId>,
    },
}

/// Most persons in one reminder; a larger branch takes several.
pub const REMIND_MAX: usize = 100;

words! {
    /// Steps of an article.
    pub enum ArticleStep {
        Publish = "publish", "发布", "Publish", Ok;
        Withdraw = "withdraw", "撤回", "Withdraw", Danger;
        Pin = "pin", "置顶", "Pin", Info;
        Extend = "extend", "延长有效期", "Extend", Info;
        Archive = "archive", "归档", "Archive", Off;
        Confirm = "confirm", "确认已读", "Confirm", Ok;
        Remind = "remind", "催办", "Remind", Warn;
    }
}
words! {
    /// States of an article.
    pub enum ArticleStatus {
        Placing = "placing", "待发布", "About to be published", Info;
        Published = "published", "已发布", "Published", Ok;
        Withdrawn = "withdrawn", "已撤回", "Withdrawn", Off;
        Archived = "archived", "已归档", "Archived", Off;
    }
}

/// Kind `news.article`.
#[derive(Clone, Debug)]
pub struct Article;

use ArticleStatus as S;
use ArticleStep as T;

/// Who counts readers and reminds them, in their own units.
pub const READING_ROLES: [Role; 4] =
    [Role::BranchOfficer, Role::BranchChair, Role::UnitChair, Role::Publicity];

const LIVE: &[S] = &[S::Published];
const KEEPERS: &[By<Article>] = &[By::RoleAt(Role::Publicity, 2), By::RoleAt(Role::UnitChair, 2)];
const PULLERS: &[By<Article>] =
    &[By::RoleAt(Role::Publicity, 2), By::RoleAt(Role::UnitChair, 2), By::RoleAt(Role::CompanyChair, 1)];
const COMPANY: &[By<Article>] = &[By::RoleAt(Role::Publicity, 1), By::RoleAt(Role::CompanyChair, 1)];
const FOR_UNIT: When<Article> = When {
    zh: "只发给本单位",
    en: "published to one unit",
    holds: |doc| matches!(Audience::parse(&doc.body.audience), Some(Audience::Unit(code)) if code.is_within(&doc.meta.unit.at_level(2))),
};
const ASKS: When<Article> =
    When { zh: "需确认阅读", en: "asks for confirmation", holds: |doc| doc.body.confirm };
const OFFICERS: By<Article> = By::Named(
    "有本单位职工应读的工会干部",
    "officers whose people should read it",
    |doc, who| {
        let audience = Audience::parse(&doc.body.audience);
        reading_posts(who).into_iter().any(|post| match &audience {
            Some(Audience::Unit(code)) => post.is_within(code) || code.is_within(post),
            other => other.is_some(),
        })
    },
);

const fn rule(
    from: &'static [S],
    step: T,
    by: &'static [By<Article>],
    when: Option<When<Article>>,
    to: Option<S>,
) -> Rule<Article> {
    Rule { from, step, by, when, to }
}

impl Kind for Article {
    const NAME: &'static str = "news.article";
    const ZH: &'static str = "信息";
    const EN: &'static str = "News";
    const CARRY: Carry = Carry::Ahead;
    const NARROWS: bool = true;
    const RULES: &'static [Rule<Self>] = &[
        rule(&[S::Placing], T::Publish, &[By::Owner], None, Some(S::Published)),
        rule(LIVE, T::Pin, COMPANY, None, None),
        rule(LIVE, T::Pin, KEEPERS, Some(FOR_UNIT), None),
        rule(LIVE, T::Extend, COMPANY, None, None),
        rule(LIVE, T::Extend, KEEPERS, Some(FOR_UNIT), None),
        // A mistake must go quickly: whoever is on the review path above the branch may pull it.
        rule(&[S::Published, S::Archived], T::Withdraw, PULLERS, None, Some(S::Withdrawn)),
        rule(LIVE, T::Archive, COMPANY, None, Some(S::Archived)),
        rule(LIVE, T::Archive, KEEPERS, Some(FOR_UNIT), Some(S::Archived)),
        rule(LIVE, T::Confirm, &[By::Reader], Some(ASKS), None),
        rule(LIVE, T::Remind, &[OFFICERS], Some(ASKS), None),
    ];
    const EDITORS: &'static [By<Self>] = &[];
    const FOUNDERS: &'static [By<Self>] = COMPANY;
    type Body = NewsBody;
    type Act = ArticleAct;
    type Step = ArticleStep;
    type Status = ArticleStatus;

    fn step(act: &ArticleAct) -> ArticleStep {
        match act {
            ArticleAct::Publish { .. } => T::Publish,
            ArticleAct::Withdraw { .. } => T::Withdraw,
            ArticleAct::Pin { .. } => T::Pin,
            ArticleAct::Extend { .. } => T::Extend,
            ArticleAct::Archive => T::Archive,
            ArticleAct::Confirm { .. } => T::Confirm,
            ArticleAct::Remind { .. } => T::Remind,
        }
    }
    /// A withdrawn article leaves its readers' feeds altogether, row included: what was withdrawn is not
    /// passed on any more (网络安全法 47), and a title can be the mistake. A correction is a new article.
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let unit = doc.meta.unit.at_level(2);
        let mut readers = BTreeSet::from([Reader::Person(doc.meta.owner)]);
        if doc.status == S::Placing {
            readers.insert(Reader::Role(Role::Publicity, unit.company()));
            return readers;
        }
        readers.insert(Reader::Role(Role::CompanyChair, unit.company()));
        readers.insert(Reader::Role(Role::Publicity, unit.clone()));
        readers.insert(Reader::Role(Role::UnitChair, unit));
        if let (S::Published | S::Archived, Some(audience)) =
            (doc.status, Audience::parse(&doc.body.audience))
        {
            readers.insert(audience.reader());
        }
        readers
    }
    fn narrow(_: &Doc<Self>, act: &ArticleAct, by: &Who) -> Option<BTreeSet<Reader>> {
        let officers = |unit: &OrgCode| READING_ROLES.map(|role| Reader::Role(role, unit.clone()));
        match act {
            ArticleAct::Confirm { .. } => {
                let mut readers = BTreeSet::from(officers(&by.unit));
                readers.insert(Reader::Person(by.person));
                Some(readers)
            }
            ArticleAct::Remind { to } => {
                let mut readers: BTreeSet<Reader> = to.iter().map(|person| Reader::Person(*person)).collect();
                readers.insert(Reader::Person(by.person));
                readers.extend(reading_posts(by).into_iter().flat_map(officers));
                Some(readers)
            }
            _ => None,
        }
    }
    fn needs(_: &Doc<Self>, act: &ArticleAct) -> Vec<DocId> {
        match act {
            ArticleAct::Publish { draft } => vec![*draft],
            ArticleAct::Remind { to } => to.iter().copied().take(REMIND_MAX).collect(),
            _ => vec![],
        }
    }
    fn guard(doc: &Doc<Self>, act: &ArticleAct, by: &Who, facts: &Facts) -> Result<(), Refusal> {
        match act {
            ArticleAct::Publish { draft } => may_publish(doc, *draft, by, facts),
            ArticleAct::Withdraw { reason } if reason.trim().is_empty() => {
                Err(Refusal::invalid("reason", "请写明撤回原因", "Please say why it is withdrawn"))
            }
            ArticleAct::Extend { until } if !until.is_empty() && parse_date(until).is_none() => {
                Err(Refusal::invalid(
                    "until",
                    "日期不存在，请写成 2026-11-23 这样的形式",
                    "No such date; write it like 2026-11-23",
                ))
            }
            ArticleAct::Confirm { unit } => may_confirm(doc, unit, by),
            ArticleAct::Remind { to } => may_remind(doc, to, by, facts),
            _ => Ok(()),
        }
    }
    fn said(field: &str, code: &str) -> Option<(String, String)> {
        super::said(field, code)
    }
    fn row(doc: &Doc<Self>) -> Row {
        let body = &doc.body;
        let mut row = doc.plain_row(&body.title, &body.short());
        row.at_ms = published_ms(doc).unwrap_or(row.at_ms);
        let flag = |on: bool| if on { "1".to_string() } else { String::new() };
        let facts = [
            ("column", body.column.clone()),
            ("audience", body.audience.clone()),
            ("cover", body.cover.clone()),
            ("source", body.source.clone()),
            ("summary", body.short()),
            ("pinned", flag(is_pinned(doc))),
            ("expires", expires(doc)),
            ("confirm", flag(body.confirm)),
            ("confirm_by", body.confirm_by.clone()),
            ("honour_doc_no", body.honour_doc_no.clone()),
            ("honour_level", body.honour_level.clone()),
        ];
        row.facts.extend(
            facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.into(), value)),
        );
        let asked = doc.settled == S::Published && body.confirm;
        row.due_ms = parse_date(&body.confirm_by).filter(|_| asked).map(|day| end_of_day_after(day, 0));
        row
    }
    fn words(act: &ArticleAct) -> String {
        match act {
            ArticleAct::Withdraw { reason } => reason.clone(),
            ArticleAct::Pin { on } => if *on { "置顶" } else { "取消置顶" }.into(),
            ArticleAct::Extend { until } if until.is_empty() => "长期有效".into(),
            ArticleAct::Extend { until } => format!("有效期至 {until}"),
            ArticleAct::Remind { to } => format!("{} 人", to.len()),
            _ => String::new(),
        }
    }
    fn sample() -> NewsBody {
        NewsBody {
            column: "notice".into(),
            title: "关于做好2026年元旦春节期间送温暖工作的通知".into(),
            text: "各二级单位工会：请于 1 月 12 日前报送走访慰问计划。".into(),
            source: "公司工会".into(),
            audience: "members".into(),
            confirm: true,
            confirm_by: "2026-01-12".into(),
            ..NewsBody::default()
        }
    }
}
