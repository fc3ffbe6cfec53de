//! What is new to a caller, as steps along history: one step for each document, at the place right behind
//! which a page may be cut (see `log/feed.rs`). Planned once for a request, read page by page.

use super::scopes::Scopes;
use crate::log::News;
use domain::{DocId, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// One document to look at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub at: u64,
    pub doc: DocId,
    /// Scopes of the caller that it left.
    pub left: BTreeSet<Scope>,
    /// It came into one of them where the caller has not been yet.
    pub came: bool,
}

/// All steps of a request, and where the caller stands after them.
#[derive(Debug)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    cursors: BTreeMap<Scope, u64>,
    heads: BTreeMap<Scope, u64>,
    changed: bool,
}

impl Plan {
    pub fn of(news: Vec<News>, scopes: &Scopes) -> Self {
        let mut heads = scopes.cursors.clone();
        let mut steps: BTreeMap<DocId, Step> = BTreeMap::new();
        for News { scope, doc, n, at, left, came } in news {
            let step = steps.entry(doc).or_insert(Step { at, doc, left: BTreeSet::new(), came });
            (step.at, step.came) = (step.at.min(at), step.came || came);
            if left {
                step.left.insert(scope.clone());
            }
            let head = heads.entry(scope).or_default();
            *head = n.max(*head);
        }
        let mut steps: Vec<Step> = steps.into_values().collect();
        steps.sort_by_key(|step| (step.at, step.doc));
        let changed = scopes.have_changed() || heads != scopes.cursors;
        Self { steps, cursors: scopes.cursors.clone(), heads, changed }
    }

    /// Where the caller stands when everything up to and with the step before `done` is handed out: right before
    /// the next one, of which a page may have a piece (see `log/feed.rs`).
    pub fn cursors_after(&self, done: usize) -> BTreeMap<Scope, u64> {
        let last = || self.steps.last().map_or(0, |last| last.at);
        let at = self.steps.get(done).map_or_else(last, |next| next.at.saturating_sub(1));
        let reached = if done == self.steps.len() { &self.heads } else { &self.cursors };
        reached.iter().map(|(scope, cursor)| (scope.clone(), at.max(*cursor))).collect()
    }

    /// True when the caller must be told where they stand, even without documents.
    pub fn moves_cursors(&self) -> bool {
        self.changed
    }
}
