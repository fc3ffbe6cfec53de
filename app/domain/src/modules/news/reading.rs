//! 应读 / 已读 / 未读 of a notice, by branch. Lists of people exist for 催办 only: in the order of the
//! roster, never ranked.

use super::{Article, ArticleStep, Audience};
use crate::{Doc, DocId, OrgCode, Row};
use std::collections::{BTreeMap, BTreeSet};

/// How far the reading is in one branch (or unit above, for people who are in no branch).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// People who should read it, in the order of the roster.
    pub should: Vec<DocId>,
    /// Those of them who did not.
    pub unread: Vec<DocId>,
}
impl Branch {
    /// 应读.
    pub fn due(&self) -> usize {
        self.should.len()
    }
    /// 已读.
    pub fn read(&self) -> usize {
        self.should.len() - self.unread.len()
    }
}

/// How far the reading is, as far as the rows at hand reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// By branch code.
    pub branches: BTreeMap<OrgCode, Branch>,
}
impl Reading {
    /// 应读.
    pub fn due(&self) -> usize {
        self.branches.values().map(Branch::due).sum()
    }
    /// 已读.
    pub fn read(&self) -> usize {
        self.branches.values().map(Branch::read).sum()
    }
    /// 未读.
    pub fn unread(&self) -> usize {
        self.due() - self.read()
    }
}

/// Counts readers among `people` (rows of `org.person`, as an officer's phone holds them). Only
/// receipted confirmations count, and only of people who are on the roster today.
pub fn count(article: &Doc<Article>, people: &[Row]) -> Reading {
    let confirmed: BTreeSet<DocId> = article
        .steps(ArticleStep::Confirm)
        .filter(|done| done.receipt.is_some())
        .map(|done| done.by)
        .collect();
    let audience = Audience::parse(&article.body.audience);
    let mut reading = Reading::default();
    for person in
        people.iter().filter(|person| audience.as_ref().is_some_and(|audience| audience.holds(person)))
    {
        let branch = reading.branches.entry(person.unit.at_level(3)).or_default();
        branch.should.push(person.id);
        if !confirmed.contains(&person.id) {
            branch.unread.push(person.id);
        }
    }
    reading
}
