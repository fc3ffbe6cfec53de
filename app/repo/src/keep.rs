//! One store write for everything that belongs together. A method collects what it changes in a [`Txn`];
//! [`Repo::keep`] writes it all or nothing, and only then does memory follow and do screens hear of it.

use crate::doc_rec::*;
use crate::mem::Mem;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo};
use domain::bridge::Event;
use domain::{DocId, Hash, Who, to_cbor};
use serde::Serialize;
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};
use store::{Col, Durability, Store, Trouble, Write};

/// What one method changes: `None` removes.
#[derive(Default)]
pub(crate) struct Txn {
    pub docs: BTreeMap<DocId, Option<DocRec>>,
    pub rows: BTreeMap<DocId, Option<RowRec>>,
    pub out: BTreeMap<u64, Option<OutItem>>,
    pub att: BTreeMap<u64, Option<AttRec>>,
    pub blobs: BTreeMap<Hash, BlobRec>,
    pub meta: Option<MetaRec>,
    /// Writes that memory does not mirror.
    pub extra: Vec<Write>,
    /// Keys that go up once they lie here.
    pub key_pushes: Vec<(DocId, ByteBuf)>,
    /// Working documents as they are after this.
    pub works: Vec<(DocId, Work)>,
}

impl Txn {
    fn docs_touched(&self, mem: &Mem) -> BTreeSet<DocId> {
        let of_out = |(place, item): (&u64, &Option<OutItem>)| match item {
            Some(item) => Some(item.doc),
            None => mem.out.get(place).map(|item| item.doc),
        };
        let of_att = |(place, rec): (&u64, &Option<AttRec>)| match rec {
            Some(rec) => Some(rec.doc),
            None => mem.att.get(place).map(|rec| rec.doc),
        };
        let mut touched: BTreeSet<DocId> = self.docs.keys().chain(self.rows.keys()).copied().collect();
        touched.extend(self.out.iter().filter_map(of_out));
        touched.extend(self.att.iter().filter_map(of_att));
        touched
    }

    fn writes(&self) -> Vec<Write> {
        let mut batch = Vec::new();
        let id = |id: &DocId| id.0.to_vec();
        let place = |place: &u64| place_key(*place);
        put_all(&mut batch, Col::Docs, &self.docs, id);
        put_all(&mut batch, Col::Rows, &self.rows, id);
        put_all(&mut batch, Col::Outbox, &self.out, place);
        put_all(&mut batch, Col::Attention, &self.att, place);
        batch
            .extend(self.blobs.iter().map(|(h, rec)| Write::Put(Col::BlobState, h.0.to_vec(), to_cbor(rec))));
        batch.extend(self.meta.iter().map(|meta| Write::Put(Col::Meta, STATE_KEY.to_vec(), to_cbor(meta))));
        batch.extend(self.extra.iter().cloned());
        batch
    }

    fn settle_into(self, mem: &mut Mem, touched: &BTreeSet<DocId>) {
        for id in touched {
            mem.open.take(*id);
        }
        for (id, row) in self.rows {
            match row {
                Some(row) => mem.rows.put(id, row),
                None => mem.rows.remove(id),
            }
        }
        follow(&mut mem.out, self.out);
        follow(&mut mem.att, self.att);
        mem.blobs.extend(self.blobs);
        if let Some(meta) = self.meta {
            mem.meta = meta;
        }
        mem.key_pushes.extend(self.key_pushes);
        self.works.into_iter().for_each(|(id, work)| mem.open.put(id, work));
    }
}

/// The server is backed up every day; after two a picture lies in a backup too.
const BACKED_UP_MS: i64 = 2 * domain::DAY_MS;

fn put_all<K, V: Serialize>(
    batch: &mut Vec<Write>,
    col: Col,
    all: &BTreeMap<K, Option<V>>,
    key: impl Fn(&K) -> Vec<u8>,
) {
    batch.extend(all.iter().map(|(k, value)| match value {
        Some(value) => Write::Put(col, key(k), to_cbor(value)),
        None => Write::Del(col, key(k)),
    }));
}

fn follow<V>(kept: &mut BTreeMap<u64, V>, changes: BTreeMap<u64, Option<V>>) {
    for (place, change) in changes {
        match change {
            Some(value) => kept.insert(place, value),
            None => kept.remove(&place),
        };
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Writes all of it with strict durability, then lets memory follow and tells.
    pub(crate) async fn keep(&self, txn: Txn) -> Result<(), Stop> {
        if self.mem.borrow().closed {
            return Err(Stop::Closed);
        }
        loop {
            match self.store.write(txn.writes(), Durability::Strict).await {
                Err(Trouble::Full) if self.make_room().await? => {}
                done => break done?,
            }
        }
        let touched = {
            let mut mem = self.mem.borrow_mut();
            let touched = txn.docs_touched(&mem);
            txn.settle_into(&mut mem, &touched);
            touched
        };
        self.tell_changed(touched);
        Ok(())
    }

    /// Frees what the server can bring again: bytes of delivered pictures. Those that its backups have by now go
    /// first, the others only when there are none of these. `false` when there is nothing.
    async fn make_room(&self) -> Result<bool, Stop> {
        let safe_ms = self.host.now_ms() - BACKED_UP_MS;
        let mut spare: Vec<(Hash, BlobRec)> = {
            let mem = self.mem.borrow();
            let spare = mem.blobs.iter().filter(|(_, rec)| rec.delivered && rec.here);
            spare.map(|(hash, rec)| (*hash, BlobRec { here: false, ..rec.clone() })).collect()
        };
        if spare.iter().any(|(_, rec)| rec.at_ms < safe_ms) {
            spare.retain(|(_, rec)| rec.at_ms < safe_ms);
        }
        if spare.is_empty() {
            return Ok(false);
        }
        let mut batch = vec![];
        for (hash, rec) in &spare {
            batch.push(Write::Del(Col::Blobs, hash.0.to_vec()));
            batch.push(Write::Put(Col::BlobState, hash.0.to_vec(), to_cbor(rec)));
        }
        self.store.write(batch, Durability::Relaxed).await?;
        self.mem.borrow_mut().blobs.extend(spare);
        Ok(true)
    }

    fn tell_changed(&self, docs: BTreeSet<DocId>) {
        if !docs.is_empty() {
            let kinds: BTreeSet<String> = {
                let mem = self.mem.borrow();
                docs.iter().filter_map(|id| mem.rows.get(*id)).map(|rec| rec.row.kind.clone()).collect()
            };
            self.tell(Event::Changed {
                docs: docs.into_iter().collect(),
                kinds: kinds.into_iter().collect(),
            });
        }
        self.tell_state();
    }

    /// A row as this transaction has it.
    pub(crate) fn row(&self, txn: &Txn, id: DocId) -> Option<RowRec> {
        match txn.rows.get(&id) {
            Some(changed) => changed.clone(),
            None => self.mem.borrow().rows.get(id).cloned(),
        }
    }

    /// The next request asks for the whole document; nothing happens to one that is not here.
    pub(crate) fn ask_whole(&self, txn: &mut Txn, id: DocId) {
        if let Some(mut row) = self.row(txn, id) {
            row.lacking = true;
            txn.rows.insert(id, Some(row));
        }
    }

    /// A document's record as this transaction has it; an empty one of `kind` when there is none.
    pub(crate) async fn rec(&self, txn: &Txn, id: DocId, kind: &str) -> Result<DocRec, Stop> {
        let found = match txn.docs.get(&id) {
            Some(changed) => changed.clone(),
            None => self.store.get(Col::Docs, &id.0).await?.and_then(|bytes| domain::from_cbor(&bytes)),
        };
        Ok(found.unwrap_or_else(|| DocRec { kind: kind.into(), ..DocRec::default() }))
    }

    /// What waits for a document, in order, as this transaction has it.
    pub(crate) fn pending(&self, txn: &Txn, id: DocId) -> Vec<(u64, OutItem)> {
        let mem = self.mem.borrow();
        let kept = mem.out.iter().filter(|(place, item)| item.doc == id && !txn.out.contains_key(place));
        let mut all: BTreeMap<u64, OutItem> = kept.map(|(place, item)| (*place, item.clone())).collect();
        let changed = txn.out.iter().filter_map(|(place, item)| Some((*place, item.as_ref()?)));
        all.extend(changed.filter(|(_, item)| item.doc == id).map(|(place, item)| (place, item.clone())));
        // What stood before the server was restored comes before what was written on it.
        let mut all: Vec<(u64, OutItem)> = all.into_iter().collect();
        all.sort_by_key(|(_, item)| !item.again);
        all
    }

    /// The state record of this transaction, to change.
    pub(crate) fn meta<'t>(&self, txn: &'t mut Txn) -> &'t mut MetaRec {
        txn.meta.get_or_insert_with(|| self.mem.borrow().meta.clone())
    }

    /// The next place in the outbox.
    pub(crate) fn place(&self, txn: &mut Txn) -> u64 {
        let meta = self.meta(txn);
        meta.next += 1;
        meta.next - 1
    }

    /// Who acts at this moment (terms end by their date also without a network), with the fresh names of
    /// this phone that the server may not have repeated yet.
    pub(crate) fn who(&self) -> Who {
        let mem = self.mem.borrow();
        let mut who = mem.meta.who.clone();
        let new: Vec<DocId> =
            mem.meta.aliases.iter().filter(|alias| !who.aliases.contains(alias)).copied().collect();
        who.aliases.extend(new);
        drop(mem);
        who.at(self.official_now())
    }
}
