//! Poison documents. In the browser a panic ends the worker, and a document that panics at every start
//! would end it for ever. So the ids of the documents being opened are written down first and crossed out
//! after. Who finds ids at the start knows where the last worker died: each such document is a suspect and
//! tried alone; one that kills the worker alone a second time is put aside, listed, and fetched afresh.
//! The outbox and everything else go on.

use crate::doc_rec::{AttRec, OPENING_KEY};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{DocId, Refusal, to_cbor};
use store::{Col, Durability, Store, Trouble, Write};

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Writes down what is being opened.
    pub(crate) async fn opening(&self, ids: &[DocId]) -> Result<(), Stop> {
        self.note(OPENING_KEY, to_cbor(&ids)).await
    }

    /// A note in `meta` that helps later and that nothing rests on: on a full phone it is left out, for one
    /// must still be able to read there, and to send what waits.
    pub(crate) async fn note(&self, key: &[u8], value: Vec<u8>) -> Result<(), Stop> {
        self.note_as(Durability::Relaxed, key, value).await
    }

    /// The same for one that must survive a battery that falls out.
    pub(crate) async fn note_as(&self, how: Durability, key: &[u8], value: Vec<u8>) -> Result<(), Stop> {
        match self.store.write(vec![Write::Put(Col::Meta, key.to_vec(), value)], how).await {
            Err(Trouble::Full) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Crosses it out: all of these opened.
    pub(crate) async fn opened(&self, ids: &[DocId]) -> Result<(), Stop> {
        self.mem.borrow_mut().meta.suspects.retain(|id| !ids.contains(id));
        Ok(self.store.write(vec![crossed_out()], Durability::Relaxed).await?)
    }

    /// What the last worker left written down: suspects, or, for one that was tried alone, proof.
    pub(crate) async fn heed_marker(&self, ids: Vec<DocId>) -> Result<(), Stop> {
        let mut txn = Txn { extra: vec![crossed_out()], ..Txn::default() };
        match ids.as_slice() {
            [one] if self.mem.borrow().meta.suspects.contains(one) => {
                self.quarantine(&mut txn, *one);
                self.meta(&mut txn).suspects.remove(one);
            }
            several => self.meta(&mut txn).suspects.extend(several),
        }
        self.keep(txn).await
    }

    /// Puts a document aside: not opened until a fresh copy comes, listed in "needs attention", what waits
    /// for it still goes up.
    pub(crate) fn quarantine(&self, txn: &mut Txn, id: DocId) {
        let Some(mut row) = self.row(txn, id) else { return };
        if row.broken {
            return;
        }
        (row.broken, row.lacking) = (true, true);
        let att = AttRec {
            doc: id,
            kind: row.row.kind.clone(),
            title: row.row.title.clone(),
            what: "打不开，联网后自动重新下载".into(),
            words: vec![],
            refusal: Refusal::Unreadable("quarantine".into()),
            at_ms: self.host.now_ms(),
            items: vec![],
        };
        let place = self.place(txn);
        txn.att.insert(place, Some(att));
        txn.rows.insert(id, Some(row));
    }
}

/// The write that says nothing is being opened.
pub(crate) fn crossed_out() -> Write {
    Write::Del(Col::Meta, OPENING_KEY.to_vec())
}
