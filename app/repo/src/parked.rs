//! What of mine goes with a document that I may no longer read. The server has it; but when the server is restored
//! from an older copy it may have forgotten it, and nobody else can bring it back. So my own words and steps, and
//! nothing of others, stay here by themselves for some weeks; those of a sealed document as envelopes that cannot be
//! opened here any more.

use crate::doc_rec::{DocRec, Intent, OutItem, ParkedRec, RowRec, SealRec};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, body};
use domain::{DAY_MS, DocId, from_cbor, to_cbor};
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;
use store::{Col, Store, Write};
use sync::{Item, is_sealed};

/// Longer than anybody goes back to a copy, official time: people turn the clocks of their phones.
const PARKED_MS: i64 = 35 * DAY_MS;

fn key(id: DocId) -> Vec<u8> {
    [b"parked/".as_slice(), &id.0].concat()
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Puts aside what is mine of a document that is about to go.
    pub(crate) async fn park(&self, txn: &mut Txn, id: DocId, row: &RowRec) -> Result<(), Stop> {
        let rec = self.rec(txn, id, &row.row.kind).await?;
        let doc = rec.body.as_ref().and_then(|bytes| body::load(bytes).ok());
        let (Some(doc), Some(kind)) = (doc, domain::modules::kind(&rec.kind)) else { return Ok(()) };
        let own = self.mine(txn, id, &rec).into_iter();
        let own = own.map(|item| OutItem::again(kind, id, item, Some(&doc))).collect();
        self.put_aside(txn, id, (row, &rec), own).await
    }

    /// Puts these aside, behind what lies there of the document.
    pub(crate) async fn put_aside(
        &self,
        txn: &mut Txn,
        id: DocId,
        (row, rec): (&RowRec, &DocRec),
        own: Vec<OutItem>,
    ) -> Result<(), Stop> {
        let mut items = vec![];
        for mut item in own {
            if let (Item::Change(raw), Some(seal)) = (&item.item, &rec.seal)
                && !is_sealed(raw)
            {
                let Some(envelope) = self.shut_again(id, rec, seal, raw).await else { continue };
                item = OutItem { item: Item::Change(envelope), intent: Intent::Edits(vec![]), ..item };
            }
            items.push(item);
        }
        if items.is_empty() {
            return Ok(());
        }
        let before = self.parked(txn, id).await?;
        let is_new = |old: &OutItem| items.iter().all(|item: &OutItem| item.item.key() != old.item.key());
        let before: Vec<OutItem> = before.into_iter().filter(is_new).collect();
        items.splice(0..0, before);
        txn.extra.push(Write::Put(Col::Meta, key(id), to_cbor(&items)));
        let title = if rec.seal.is_some() { String::new() } else { row.row.title.clone() };
        let parked = ParkedRec { kind: rec.kind.clone(), title, at_ms: self.official_in(txn) };
        self.meta(txn).parked.insert(id, parked);
        Ok(())
    }

    /// A change of a sealed document as it goes up: nobody can read it without the key, which goes.
    async fn shut_again(&self, id: DocId, rec: &DocRec, seal: &SealRec, raw: &[u8]) -> Option<ByteBuf> {
        let kid = seal.key().map(|_| seal.kid).or_else(|| seal.newest_here())?;
        self.seal((id, kid), rec, seal, raw, None).await.ok().map(ByteBuf::from)
    }

    async fn parked(&self, txn: &Txn, id: DocId) -> Result<Vec<OutItem>, Stop> {
        let is_it = |write: &&Write| matches!(write, Write::Put(Col::Meta, place, _) if *place == key(id));
        if let Some(Write::Put(_, _, bytes)) = txn.extra.iter().rev().find(is_it) {
            return Ok(from_cbor(bytes).unwrap_or_default());
        }
        if !self.mem.borrow().meta.parked.contains_key(&id) {
            return Ok(vec![]);
        }
        let found = self.store.get(Col::Meta, &key(id)).await?;
        Ok(found.and_then(|bytes| from_cbor(&bytes)).unwrap_or_default())
    }

    /// Lets go what was parked long ago. At the end of an answer, which says what time it is.
    pub(crate) fn unpark_old(&self, txn: &mut Txn) {
        let now = self.official_in(txn);
        let is_old = |at_ms: i64| now.saturating_sub(at_ms) > PARKED_MS;
        let mem = self.mem.borrow();
        let old: Vec<DocId> =
            mem.meta.parked.iter().filter(|(_, rec)| is_old(rec.at_ms)).map(|(id, _)| *id).collect();
        drop(mem);
        for id in old {
            self.meta(txn).parked.remove(&id);
            txn.extra.push(Write::Del(Col::Meta, key(id)));
        }
    }

    /// After a restore what was parked waits again, unless it does so already or needs the person.
    pub(crate) async fn bring_parked(&self, txn: &mut Txn) -> Result<(), Stop> {
        let parked: Vec<DocId> = self.mem.borrow().meta.parked.keys().copied().collect();
        for id in parked {
            let known: BTreeSet<Vec<u8>> = {
                let mem = self.mem.borrow();
                let waiting = mem.out.values().chain(txn.out.values().flatten());
                let noted = mem.att.values().flat_map(|rec| rec.items.iter().map(|(_, item)| item));
                waiting.chain(noted).filter(|item| item.doc == id).map(|item| item.item.key()).collect()
            };
            let parked = self.parked(txn, id).await?;
            self.wait_again(txn, parked.into_iter().filter(|item| !known.contains(&item.item.key())));
        }
        Ok(())
    }
}
