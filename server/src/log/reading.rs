//! What a caller gets to see of a document: whole, what is new, or only its row. Decided from its feed
//! lines and the caller's cursors, in the same moment in which the bytes are read.

use super::feed::{FeedRow, Standing, position};
use domain::{AnyKind, Carry, DocId, Entry, Hash, Row, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// THE LIST of kinds.
pub type Kinds = fn() -> &'static [&'static dyn AnyKind];

/// How a caller reads.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The scopes he holds, with how far he is in each.
    pub cursors: BTreeMap<Scope, u64>,
    /// Documents that he wants whole, whatever he has (somebody opened them); of the others what is new to him.
    pub whole: BTreeSet<DocId>,
    /// Documents that he began in this very request, so that he has them from their first change on.
    pub begun: BTreeSet<DocId>,
    /// Changes that he sent in this very request; they are not sent back.
    pub has: BTreeSet<Hash>,
    /// THE LIST.
    pub kinds: Kinds,
}

/// What is read of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Row only.
    Row,
    /// Everything.
    Whole,
    /// What happened after this place.
    After(u64),
}

impl Reading {
    pub(super) fn part(&self, doc: DocId, kind: &str, standing: &Standing) -> Part {
        let carry = (self.kinds)().iter().find(|known| known.name() == kind).map(|kind| kind.carry());
        match (self.whole.contains(&doc), carry, standing.known) {
            (true, ..) => Part::Whole,
            (false, Some(Carry::Ahead | Carry::Sealed), Some(n)) => Part::After(n),
            (false, Some(Carry::Ahead | Carry::Sealed), None) if self.begun.contains(&doc) => Part::After(0),
            (false, Some(Carry::Ahead | Carry::Sealed), None) => Part::Whole,
            (false, ..) => Part::Row,
        }
    }
}

/// A document as a caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The document.
    pub id: DocId,
    /// Name of its kind.
    pub kind: String,
    /// The caller's scopes in which it lies.
    pub scopes: BTreeSet<Scope>,
    /// Its line in lists.
    pub row: Row,
    /// Its body.
    pub body: Body,
    /// Acts that the caller may see and may lack, in order.
    pub acts: Vec<Entry>,
}

/// A body as it is read: the smaller of the two where both would do.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Not wanted or nothing new.
    None,
    /// As `Automerge::save` writes it.
    Snapshot(Vec<u8>),
    /// Changes, in order.
    Delta(Vec<Vec<u8>>),
}

/// One line of a feed that a caller has not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The scope.
    pub scope: Scope,
    /// The document.
    pub doc: DocId,
    /// Where the line stands now: the caller is past it once he has reached this.
    pub n: u64,
    /// The place in history right behind which a page may be cut.
    pub at: u64,
    /// It left this scope, and the caller may have it from there.
    pub left: bool,
    /// It came into this scope, and the caller has not been there yet.
    pub came: bool,
}

impl News {
    /// `next`: the first thing that happened to it here after the cursor, `born`: its beginning; each where
    /// the line needs it.
    pub(super) fn of(row: FeedRow, cursor: u64, next: Option<u64>, born: Option<u64>) -> Self {
        let at = position(&row, cursor, next);
        let (left, came) = (row.is_news_of_leaving(cursor, born), row.has_come(cursor));
        Self { scope: row.scope, doc: row.doc, n: row.n, at, left, came }
    }
}

impl Part {
    /// After which places wide and narrow acts are read; `None` when none are.
    pub(super) fn acts_after(self, standing: &Standing) -> Option<(u64, u64)> {
        match self {
            Self::Row => None,
            Self::Whole => Some((0, 0)),
            Self::After(n) => Some((n, standing.narrow_known)),
        }
    }
}

/// The delta, unless a snapshot of `snapshot` bytes is smaller. A sealed document has none.
pub(super) fn smaller(delta: Vec<Vec<u8>>, snapshot: usize) -> Option<Body> {
    let size: usize = delta.iter().map(Vec::len).sum();
    match delta.is_empty() {
        true => Some(Body::None),
        false => (size <= snapshot || snapshot == 0).then_some(Body::Delta(delta)),
    }
}
