//! How documents stand once their receipts are final: row, scopes, person. Runs inside the write, because
//! numbers are drawn there; pure and quick.

use super::slot::Open;
use crate::log::DocState;
use domain::{Receipt, scopes_of};

/// The states of all documents that a batch touched.
pub(super) fn settle(opens: Vec<Open>, receipts: &[Option<Receipt>]) -> Vec<DocState> {
    let state = |mut open: Open| {
        open.receive(receipts);
        let raw = open.raw();
        DocState {
            row: open.kind.row(&raw),
            scopes: scopes_of(&open.kind.readers(&raw)),
            who: open.kind.who(&raw),
            device: open.kind.device(&raw),
            meta: open.meta,
            values: open.values,
            heads: open.heads,
            snapshot: open.snapshot,
        }
    };
    opens.into_iter().map(state).collect()
}
