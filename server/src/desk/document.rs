//! One whole document for one person, for export: the same permission as sync, the same bytes.

use super::{Desk, Trouble};
use crate::log::{Body, Log, Reading};
use domain::{DocId, Entry, Row, Who, scopes_held};
use std::collections::BTreeSet;

/// A document as its reader may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Name of its kind.
    pub kind: String,
    /// Its line in lists.
    pub row: Row,
    /// As `Automerge::save` writes it.
    pub snapshot: Vec<u8>,
    /// Acts with receipts that this reader may see, in order.
    pub entries: Vec<Entry>,
}

impl<L: Log> Desk<L> {
    /// A document; `None` when it is not here or this person (as they are now) may not read it: nobody can tell which.
    ///
    /// # Errors
    /// What the log says.
    pub async fn document(&self, who: &Who, doc: DocId) -> Result<Option<Document>, Trouble> {
        let cursors = scopes_held(who).into_iter().map(|scope| (scope, 0)).collect();
        let (begun, has) = (BTreeSet::new(), BTreeSet::new());
        let reading = Reading { cursors, whole: BTreeSet::from([doc]), begun, has, kinds: self.kinds };
        let copy = self.log.read(&[doc], &reading).await?.pop().flatten();
        Ok(copy.and_then(|copy| {
            let Body::Snapshot(snapshot) = copy.body else { return None };
            Some(Document { kind: copy.kind, row: copy.row, snapshot, entries: copy.acts })
        }))
    }
}
