//! Documents that this person may no longer read leave the phone, but never before what waits for them has
//! gone up and been answered.

use crate::doc_rec::RowRec;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{DocId, Scope};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Removes a document. "Needs attention" keeps the person's words of it.
    pub(crate) fn forget(&self, txn: &mut Txn, id: DocId) {
        txn.docs.insert(id, None);
        txn.rows.insert(id, None);
        txn.works.retain(|(doc, _)| *doc != id);
    }

    /// The person no longer holds this scope: its documents are out of it.
    pub(crate) fn scope_gone(&self, txn: &mut Txn, scope: &Scope) {
        let inside = self.mem.borrow().rows.ids(|rec| rec.scopes.contains(scope));
        inside.into_iter().for_each(|id| self.out_of_scope(txn, id, scope));
        self.ask_for_narrower(txn);
        self.meta(txn).cursors.remove(scope);
    }

    /// Through a scope that was lost may have come acts that fewer people see than their document. Such documents
    /// come anew, with what this person may see now.
    fn ask_for_narrower(&self, txn: &mut Txn) {
        let narrows = |name: &str| self.kind(name).is_some_and(|kind| kind.narrows());
        let all = self.mem.borrow().rows.ids(|rec| rec.whole && narrows(&rec.row.kind));
        for id in all {
            if self.row(txn, id).is_some_and(|row| !row.leaving && !row.lacking) {
                self.ask_whole(txn, id);
            }
        }
    }

    /// The document is no longer in this scope; when that was the last one, it goes as soon as it may.
    pub(crate) fn out_of_scope(&self, txn: &mut Txn, id: DocId, scope: &Scope) {
        let Some(mut row) = self.row(txn, id) else { return };
        if row.scopes.remove(scope) {
            row.leaving = row.scopes.is_empty();
            txn.rows.insert(id, Some(row));
        }
    }

    /// Forgets what is leaving and has nothing that waits.
    pub(crate) async fn let_go(&self, txn: &mut Txn) -> Result<(), Stop> {
        let leaving = |rec: &RowRec| rec.leaving;
        let mut ids: Vec<DocId> = {
            let mem = self.mem.borrow();
            mem.rows
                .iter()
                .filter(|(id, rec)| leaving(rec) && !txn.rows.contains_key(id))
                .map(|(id, _)| id)
                .collect()
        };
        ids.extend(txn.rows.iter().filter(|(_, rec)| rec.as_ref().is_some_and(leaving)).map(|(id, _)| *id));
        for id in ids {
            let Some(row) = self.row(txn, id).filter(|_| self.pending(txn, id).is_empty()) else { continue };
            if !row.unseen && !row.broken {
                self.park(txn, id, &row).await?;
            }
            self.forget(txn, id);
        }
        Ok(())
    }
}
