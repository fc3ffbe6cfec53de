//! How documents stand once their receipts are final: row, scopes, person. Runs inside the write, because
//! numbers are drawn there; pure and quick.

use super::slot::Open;
use crate::log::DocState;
use domain::{Receipt, scopes_of};

/// The states of all documents that a batch touched.
pub(super) fn settle(opens: Vec<Open>, receipts: &[Option<Receipt>]) -> Vec<DocState> {
    let state = |mut open: Open| {
        open.receive(receipts);
        open.state()
    };
    opens.into_iter().map(state).collect()
}

impl Open {
    /// Everything that is kept of it, by the rules of this program.
    pub(super) fn state(self) -> DocState {
        let raw = self.raw();
        DocState {
            row: self.kind.row(&raw),
            scopes: scopes_of(&self.kind.readers(&raw)),
            who: self.kind.who(&raw),
            device: self.kind.device(&raw),
            meta: self.meta,
            values: self.values,
            heads: self.heads,
            snapshot: self.snapshot,
        }
    }
}
