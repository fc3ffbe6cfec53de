//! What a caller holds against what they named: gained, lost, and how far they are in each scope.

use domain::{Scope, Who, scopes_held};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Frame, Request};

/// The scopes of one request.
#[derive(Debug)]
pub(super) struct Scopes {
    /// Held scopes with the cursor from which news are wanted.
    pub cursors: BTreeMap<Scope, u64>,
    /// Held and not named.
    pub added: BTreeSet<Scope>,
    /// Named and not held.
    pub removed: BTreeSet<Scope>,
    /// The cursors that the caller named are not to be believed.
    pub afresh: bool,
}

impl Scopes {
    /// The caller never asserts permissions: scopes come from posts, cursors only say where to go on.
    /// `afresh`: the cursors speak of another history, everything is handed out again.
    pub fn of(who: &Who, request: &Request, afresh: bool) -> Self {
        let held = scopes_held(who);
        let named = |scope: &Scope| request.cursors.get(scope).copied().filter(|_| !afresh);
        Self {
            added: held.iter().filter(|scope| !request.cursors.contains_key(scope)).cloned().collect(),
            removed: request.cursors.keys().filter(|scope| !held.contains(scope)).cloned().collect(),
            cursors: held.into_iter().map(|scope| (scope.clone(), named(&scope).unwrap_or(0))).collect(),
            afresh,
        }
    }

    /// True when the caller's picture of who they are may be old.
    pub fn have_changed(&self) -> bool {
        self.afresh || !self.added.is_empty() || !self.removed.is_empty()
    }

    /// Who the caller is, if that changed (or there is other news of them), and scopes gained and lost.
    pub fn frames(&self, who: &Who, news: bool) -> Vec<Frame> {
        let me = (news || self.have_changed()).then(|| Frame::Me(who.clone()));
        let added = self.added.iter().cloned().map(Frame::ScopeAdded);
        let removed = self.removed.iter().cloned().map(Frame::ScopeRemoved);
        me.into_iter().chain(added).chain(removed).collect()
    }
}
