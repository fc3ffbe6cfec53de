//! What goes up: changes of sealed documents are put into envelopes right before they leave, and the
//! envelope is kept, so that every try sends the same bytes.

use crate::doc_rec::{DocRec, Intent, OutItem, SealRec};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, body};
use automerge::Change;
use domain::{DocId, Hash, Meta, Refusal, blobs_named, crdt};
use serde_bytes::{ByteArray, ByteBuf};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{ENVELOPE_FILES, Header, Item, Kid, Push, What, is_sealed, pad, read_envelope};

fn lost() -> Refusal {
    let zh = "系统恢复之前的密钥已经没有了，这一段无法再打开。请重新填写";
    let en = "The key from before the system was restored is gone; this part can't be opened. Please write it again";
    Refusal::rule(zh, en)
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Puts changes of sealed documents into envelopes. One whose key is not here stays behind, with
    /// everything of mine that follows on that document.
    pub(crate) async fn seal_pushes(&self, pushes: &mut Vec<Push>) -> Result<(), Stop> {
        let mut recs: BTreeMap<DocId, Option<DocRec>> = BTreeMap::new();
        let mut txn = Txn::default();
        let mut ready = vec![];
        for mut push in std::mem::take(pushes) {
            let rec = match recs.entry(push.doc) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.sealed_rec(push.doc).await?),
            };
            if let Some(rec) = rec.as_ref() {
                self.reopen(&mut txn, &mut push, rec).await;
                if self.is_lost(&push, rec) {
                    self.refuse(&mut txn, BTreeMap::from([(push.seq, lost())])).await?;
                    ready.push((push.doc, None));
                    continue;
                }
            }
            if let (Some(rec), Item::Change(raw)) = (rec.as_ref(), &push.item)
                && !is_sealed(raw)
            {
                let envelope = match self.envelope_of(&mut txn, &push, rec, raw).await {
                    // One that cannot be sealed must not hold up all the others.
                    Err(Stop::Refused(refusal)) => {
                        let item = self.mem.borrow().out.get(&push.seq).cloned();
                        let items = item.into_iter().map(|item| (push.seq, item)).collect();
                        self.to_attention(&mut txn, push.doc, items, refusal);
                        None
                    }
                    other => other?,
                };
                let Some(envelope) = envelope else {
                    recs.insert(push.doc, None);
                    ready.push((push.doc, None));
                    continue;
                };
                push.item = Item::Change(envelope);
            }
            ready.push((push.doc, Some(push)));
        }
        let stuck: Vec<DocId> =
            ready.iter().filter(|(_, push)| push.is_none()).map(|(doc, _)| *doc).collect();
        pushes.extend(ready.into_iter().filter(|(doc, _)| !stuck.contains(doc)).filter_map(|(_, push)| push));
        if !txn.out.is_empty() || !txn.att.is_empty() {
            self.keep(txn).await?;
        }
        Ok(())
    }

    /// What was put aside as an envelope, and can be read here again, goes up under the key of today.
    async fn reopen(&self, txn: &mut Txn, push: &mut Push, rec: &DocRec) {
        let (Item::Change(closed), Some(seal)) = (&push.item, &rec.seal) else { return };
        let Some(envelope) = read_envelope(closed).filter(|one| one.header.kid != seal.kid) else { return };
        let Some(key) = seal.keys.get(&envelope.header.kid) else { return };
        let Some(raw) = self.change_in(key, &envelope).await else { return };
        push.item = Item::Change(raw);
        let item = self.mem.borrow().out.get(&push.seq).cloned();
        if let Some(item) = item {
            txn.out.insert(push.seq, Some(OutItem { item: push.item.clone(), ..item }));
        }
    }

    /// An envelope put aside whose key went with the history that a restored server forgot: nobody can open it any
    /// more, and under that key the server takes it no more.
    fn is_lost(&self, push: &Push, rec: &DocRec) -> bool {
        let (Item::Change(closed), Some(seal)) = (&push.item, &rec.seal) else { return false };
        let is_old = read_envelope(closed).is_some_and(|one| one.header.kid != seal.kid);
        is_old && seal.key().is_some() && !self.is_patient()
    }

    pub(super) async fn sealed_rec(&self, doc: DocId) -> Result<Option<DocRec>, Stop> {
        let Some(row) = self.row(&Txn::default(), doc) else { return Ok(None) };
        let rec = self.rec(&Txn::default(), doc, &row.row.kind).await?;
        Ok(rec.seal.is_some().then_some(rec))
    }

    /// The envelope of a waiting change; `None` when the key is not here.
    async fn envelope_of(
        &self,
        txn: &mut Txn,
        push: &Push,
        rec: &DocRec,
        raw: &ByteBuf,
    ) -> Result<Option<ByteBuf>, Stop> {
        let Some(seal) = rec.seal.as_ref() else { return Ok(None) };
        let Some(kid) = self.generation_for(push.doc, seal) else { return Ok(None) };
        let item =
            txn.out.remove(&push.seq).flatten().or_else(|| self.mem.borrow().out.get(&push.seq).cloned());
        let kept = item.as_ref().and_then(|item| item.envelope.clone());
        let is_current = |bytes: &ByteBuf| read_envelope(bytes).is_some_and(|e| e.header.kid == kid);
        if let Some(kept) = kept.filter(is_current) {
            return Ok(Some(kept));
        }
        let intent = item.as_ref().map(|item| &item.intent);
        let envelope = ByteBuf::from(self.seal((push.doc, kid), rec, seal, raw, intent).await?);
        if let Some(item) = item {
            txn.out.insert(push.seq, Some(OutItem { envelope: Some(envelope.clone()), ..item }));
        }
        Ok(Some(envelope))
    }

    /// With which key my words go up: the present one. Who may not read the document any more never gets that
    /// one; then the last that is here, so that the server refuses them and they come back to the person.
    fn generation_for(&self, doc: DocId, seal: &SealRec) -> Option<Kid> {
        let is_leaving = || self.row(&Txn::default(), doc).is_some_and(|row| row.leaving);
        match seal.key() {
            Some(_) => Some(seal.kid),
            None if is_leaving() => seal.newest_here(),
            None => None,
        }
    }

    pub(crate) async fn seal(
        &self,
        (doc, kid): (DocId, Kid),
        rec: &DocRec,
        seal: &SealRec,
        raw: &[u8],
        intent: Option<&Intent>,
    ) -> Result<Vec<u8>, Stop> {
        let unreadable = || Stop::from(Refusal::Unreadable("seal".into()));
        let change = Change::from_bytes(raw.to_vec()).map_err(|_| unreadable())?;
        let actor: [u8; 16] = change.actor_id().to_bytes().try_into().map_err(|_| unreadable())?;
        let what = match change.deps().is_empty() {
            true => born(doc, raw, seal).ok_or_else(unreadable)?,
            false => What::Change,
        };
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.host.random16()[..12]);
        let header = Header {
            doc,
            by: self.own_name(doc),
            actor: ByteArray::new(actor),
            seq: change.seq(),
            name: Hash(change.hash().0),
            deps: change.deps().iter().map(|dep| Hash(dep.0)).collect(),
            kid,
            nonce: ByteArray::new(nonce),
            files: files_of(rec, intent),
            what,
        };
        let key = seal.keys.get(&kid).ok_or_else(unreadable)?;
        let cipher = self.host.encrypt(key, &nonce, &header.bytes(), &pad(raw)).await;
        Ok(header.close(&cipher.ok_or_else(unreadable)?))
    }

    /// The name under which I write on a document.
    pub(crate) fn own_name(&self, doc: DocId) -> DocId {
        let who = self.who();
        let owner = self.row(&Txn::default(), doc).map(|row| row.row.owner);
        owner.filter(|owner| who.aliases.contains(owner)).unwrap_or(who.person)
    }
}

fn born(doc: DocId, raw: &[u8], seal: &SealRec) -> Option<What> {
    let mut first = body::empty();
    body::apply(&mut first, raw).ok()?;
    let (Meta { kind, unit, born_ms, .. }, _) = crdt::read(&first, doc)?;
    Some(What::Born { kind, unit, born_ms, owner_key: seal.owner_key.clone() })
}

/// The files that readers need with this change.
fn files_of(rec: &DocRec, intent: Option<&Intent>) -> Vec<Hash> {
    let files: BTreeSet<Hash> = match intent {
        Some(Intent::Born { values, .. }) => blobs_named(values),
        Some(Intent::Edits(edits)) if !edits.is_empty() => {
            let item =
                |edit: &domain::Edit| edit.key().split_once('/').and_then(|(_, item)| Hash::parse(item));
            edits.iter().filter_map(item).collect()
        }
        // Brought back after a restore: whatever the document names.
        _ => {
            let doc = rec.body.as_ref().and_then(|bytes| body::load(bytes).ok());
            let values = doc.and_then(|doc| crdt::read(&doc, DocId::default())).map(|(_, values)| values);
            values.map(|values| blobs_named(&values)).unwrap_or_default()
        }
    };
    files.into_iter().take(ENVELOPE_FILES).collect()
}

/// Is this push an envelope or on its way to be one?
pub(super) fn is_plain_change(push: &Push) -> bool {
    matches!(&push.item, Item::Change(raw) if !is_sealed(raw))
}
