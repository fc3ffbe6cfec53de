//! Feeds: in which scope a document lies since when, and what a caller with a cursor therefore has of it.
//!
//! A cursor `c` of a scope promises: *of every document that lies in this scope and came in at or before
//! `c`, the caller has everything up to `c`.* A feed keeps one line for each document, whose `n` moves up
//! with every write, so a page must be cut at places in history, not at these moving `n`: see
//! [`position`]. Cutting by `n` would let the cursor pass a write whose line has just moved on.
//!
//! At such a place the caller is told how the document stands by now, and that names scopes into which it came
//! only after his cursor. So what he may hold from a scope is not what came into it before his cursor. What holds:
//! *nobody is told of a document whose beginning lies beyond the place right after his cursor*, in any scope.

use domain::{DocId, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// One document in one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// The scope.
    pub scope: Scope,
    /// The document.
    pub doc: DocId,
    /// Last thing that happened to it in this scope.
    pub n: u64,
    /// When it first came in; `None` when only narrow acts ever lay here.
    pub first: Option<u64>,
    /// When it last came in; 0 for never.
    pub entered: u64,
    /// Its readers include this scope now.
    pub here: bool,
}

impl FeedRow {
    fn new(scope: &Scope, doc: DocId) -> Self {
        Self { scope: scope.clone(), doc, n: 0, first: None, entered: 0, here: false }
    }
    fn enter(&mut self, n: u64) {
        if !self.here {
            (self.here, self.entered) = (true, n);
            self.first = self.first.or(Some(n));
        }
        self.n = n;
    }
    fn leave(&mut self, n: u64) {
        (self.here, self.n) = (false, n);
    }
    /// Somebody at this cursor may have the document, which began at `born`, from this scope although it left.
    /// A page may end right before a document of which it has a piece, hence the one place more.
    pub(super) fn is_news_of_leaving(&self, cursor: u64, born: Option<u64>) -> bool {
        let told_from = |first: u64| born.unwrap_or(first).min(first);
        !self.here && self.first.is_some_and(|first| told_from(first) <= cursor.saturating_add(1))
    }
    /// Whether its beginning decides that.
    pub(super) fn needs_birth(&self, cursor: u64) -> bool {
        !self.here && self.first.is_some_and(|first| first > cursor)
    }
    /// True when the caller got the document through this scope and has all of it up to the cursor.
    fn is_known(&self, cursor: u64) -> bool {
        self.here && self.entered <= cursor
    }
    /// It came in where the caller has not been yet.
    pub(super) fn has_come(&self, cursor: u64) -> bool {
        self.here && self.entered > cursor
    }
    /// Whether [`position`] needs to look into the document's history.
    pub(super) fn needs_history(&self, cursor: u64) -> bool {
        !self.has_come(cursor)
    }
}

/// What one batch does to one document.
pub(crate) struct Write<'a> {
    pub doc: DocId,
    /// Place of the last change or wide act, and the scopes from then on.
    pub wide: Option<(u64, &'a BTreeSet<Scope>)>,
    /// Places of narrow acts with their scopes.
    pub narrow: Vec<(u64, &'a BTreeSet<Scope>)>,
}

/// The lines that this write changes. `old` holds the lines of the document that are `here`, and those of
/// all scopes that the write names.
pub(crate) fn moves(write: &Write<'_>, old: Vec<FeedRow>) -> Vec<FeedRow> {
    let mut rows: BTreeMap<Scope, FeedRow> = old.into_iter().map(|row| (row.scope.clone(), row)).collect();
    let before = rows.clone();
    if let Some((n, scopes)) = write.wide {
        rows.values_mut().filter(|row| row.here && !scopes.contains(&row.scope)).for_each(|row| row.leave(n));
        for scope in scopes {
            rows.entry(scope.clone()).or_insert_with(|| FeedRow::new(scope, write.doc)).enter(n);
        }
    }
    for (n, scopes) in &write.narrow {
        for scope in *scopes {
            let row = rows.entry(scope.clone()).or_insert_with(|| FeedRow::new(scope, write.doc));
            row.n = row.n.max(*n);
        }
    }
    rows.into_values().filter(|row| before.get(&row.scope) != Some(row)).collect()
}

/// Where in history a line belongs for a caller at `cursor`: where the document came in, if he has not
/// passed that; else the first thing that happened to it after his cursor (`next`). Nothing that the caller
/// lacks lies before this place, so a page may be cut right behind any position. It is always a place
/// at which something happened to this very document, so no two documents share one.
pub(super) fn position(row: &FeedRow, cursor: u64, next: Option<u64>) -> u64 {
    if row.needs_history(cursor) { next.unwrap_or(row.n).min(row.n) } else { row.entered }
}

/// What a caller has of a document already, from its lines in the scopes that he holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The caller's scopes in which it lies; empty: he may not see it.
    pub scopes: BTreeSet<Scope>,
    /// Everything that all readers see up to here; `None`: nothing.
    pub known: Option<u64>,
    /// Narrow acts up to here.
    pub narrow_known: u64,
}

impl Standing {
    pub fn of(rows: &[FeedRow], cursors: &BTreeMap<Scope, u64>) -> Self {
        let mut standing = Self { narrow_known: u64::MAX, ..Self::default() };
        for row in rows {
            let Some(&cursor) = cursors.get(&row.scope) else { continue };
            if row.here {
                standing.scopes.insert(row.scope.clone());
            }
            if row.is_known(cursor) {
                standing.known = standing.known.max(Some(cursor));
            }
            // A narrow act that he lacks has moved a line of his beyond that line's cursor.
            if row.n > cursor {
                standing.narrow_known = standing.narrow_known.min(cursor);
            }
        }
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC: DocId = DocId([1; 16]);
    fn scope(name: &str) -> Scope {
        Scope(name.into())
    }
    fn set(names: &[&str]) -> BTreeSet<Scope> {
        names.iter().map(|name| scope(name)).collect()
    }
    fn wide(n: u64, scopes: &BTreeSet<Scope>, old: Vec<FeedRow>) -> Vec<FeedRow> {
        moves(&Write { doc: DOC, wide: Some((n, scopes)), narrow: vec![] }, old)
    }

    #[test]
    fn a_document_that_moves_leaves_and_enters_and_remembers_when_it_first_came() {
        let rows = wide(5, &set(&["a"]), vec![]);
        assert_eq!(
            rows,
            [FeedRow { scope: scope("a"), doc: DOC, n: 5, first: Some(5), entered: 5, here: true }]
        );
        let rows = wide(9, &set(&["b"]), rows);
        assert!(!rows[0].here && rows[0].n == 9 && rows[0].first == Some(5), "{rows:?}");
        assert!(rows[1].here && rows[1].entered == 9);
        let rows = wide(12, &set(&["a", "b"]), rows);
        assert_eq!((rows[0].first, rows[0].entered, rows[0].here), (Some(5), 12, true));
    }

    #[test]
    fn a_narrow_act_touches_only_its_scopes_and_lets_nobody_in() {
        let old = wide(5, &set(&["a"]), vec![]);
        let (narrow, wide_to) = (set(&["p"]), set(&["a"]));
        let rows = moves(&Write { doc: DOC, wide: None, narrow: vec![(7, &narrow)] }, old.clone());
        assert_eq!(
            rows,
            [FeedRow { scope: scope("p"), doc: DOC, n: 7, first: None, entered: 0, here: false }]
        );
        let all = [old, rows].concat();
        let standing = Standing::of(&all, &BTreeMap::from([(scope("p"), 0)]));
        assert!(standing.scopes.is_empty(), "holding only the narrow scope shows nothing");
        let both = BTreeMap::from([(scope("p"), 6), (scope("a"), 6)]);
        let standing = Standing::of(&all, &both);
        assert_eq!((standing.known, standing.narrow_known), (Some(6), 6));
        assert_eq!(wide(8, &wide_to, all)[0].n, 8);
    }

    #[test]
    fn positions_are_places_in_the_documents_own_history() {
        let row = FeedRow { scope: scope("a"), doc: DOC, n: 30, first: Some(10), entered: 10, here: true };
        assert_eq!(position(&row, 5, None), 10, "he has not seen it come in");
        assert_eq!(position(&row, 15, Some(20)), 20, "20 must not be passed although the line stands at 30");
    }

    #[test]
    fn who_was_away_while_it_left_and_came_back_gets_it_whole() {
        let row = FeedRow { scope: scope("a"), doc: DOC, n: 35, first: Some(10), entered: 30, here: true };
        let standing = Standing::of(std::slice::from_ref(&row), &BTreeMap::from([(scope("a"), 15)]));
        assert_eq!(standing.known, None);
        let gone = FeedRow { here: false, ..row };
        assert!(gone.is_news_of_leaving(15, None), "he got it at its first coming");
        assert!(!gone.is_news_of_leaving(8, None));
    }

    #[test]
    fn who_may_have_heard_of_a_document_before_it_came_is_told_that_it_left() {
        let gone = FeedRow { scope: scope("a"), doc: DOC, n: 35, first: Some(30), entered: 30, here: false };
        assert!(gone.needs_birth(15) && gone.is_news_of_leaving(15, Some(10)), "told of it at 10 or 15");
        assert!(gone.is_news_of_leaving(9, Some(10)), "a page with a piece of it ended right before it");
        assert!(!gone.is_news_of_leaving(8, Some(10)), "nobody who is here was told of it");
        assert!(!FeedRow { here: true, ..gone.clone() }.is_news_of_leaving(15, Some(10)));
        let narrow = FeedRow { first: None, ..gone };
        assert!(!narrow.needs_birth(15) && !narrow.is_news_of_leaving(15, Some(10)));
    }
}
