//! After a restore the server may have forgotten what it once acknowledged. When a phone hears of another
//! history, everything of its person that lies here as confirmed waits again, in an order in which the rulebook
//! saw it: each act behind the changes it was about. What the server still has it answers with "was here
//! already". What it cannot take yet, because it rests on things that other phones have still to bring, is held
//! and tried again for two weeks, instead of going to attention at once.

use crate::body;
use crate::doc_rec::{BlobRec, DocRec, Intent, OutItem};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, words};
use domain::{DAY_MS, DocId, Entry, Hash, Refusal};
use std::collections::BTreeSet;
use store::Store;
use sync::Item;

/// How long something that was confirmed once is tried again, device time.
const PATIENCE_MS: i64 = 14 * DAY_MS;

impl OutItem {
    /// Should a refusal of this wait for what other phones bring? The restored server judges in another order
    /// than the first one did.
    pub(crate) fn is_patient(&self, refusal: &Refusal, now_ms: i64) -> bool {
        let is_young = (0..PATIENCE_MS).contains(&now_ms.saturating_sub(self.at_ms));
        self.again && is_young && !matches!(refusal, Refusal::Unreadable(_))
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Lets everything of mine that is confirmed wait again. Harmless when it is done twice.
    pub(crate) async fn bring_back(&self) -> Result<(), Stop> {
        let _turn = self.turn.lock().await;
        let mut txn = Txn::default();
        // In an order that repeats itself.
        let ids: BTreeSet<DocId> = {
            let mem = self.mem.borrow();
            mem.rows.iter().filter(|(_, row)| row.whole || !row.done.is_empty()).map(|(id, _)| id).collect()
        };
        let waiting: BTreeSet<Vec<u8>> = self.mem.borrow().out.values().map(|item| item.item.key()).collect();
        for id in ids {
            self.bring_doc(&mut txn, id, &waiting).await?;
        }
        self.ask_about_pictures(&mut txn);
        if !txn.out.is_empty() || !txn.blobs.is_empty() {
            self.keep(txn).await?;
        }
        Ok(())
    }

    /// Pictures and files of this phone: the server says which it still has, the others go up again.
    fn ask_about_pictures(&self, txn: &mut Txn) {
        let mem = self.mem.borrow();
        let own = mem.blobs.iter().filter(|(_, rec)| rec.here && !rec.refused && !rec.mime.is_empty());
        txn.blobs.extend(own.map(|(h, rec)| (*h, BlobRec { delivered: false, sent: 0, ..rec.clone() })));
    }

    async fn bring_doc(&self, txn: &mut Txn, id: DocId, waiting: &BTreeSet<Vec<u8>>) -> Result<(), Stop> {
        let Some(row) = self.row(txn, id) else { return Ok(()) };
        let mut rec = self.rec(txn, id, &row.row.kind).await?;
        let Some(kind) = domain::modules::kind(&rec.kind) else { return Ok(()) };
        let mut items = self.mine(txn, id, &rec);
        items.retain(|item| !waiting.contains(&item.key()));
        // An act waits or stands, never both.
        let again =
            |entry: &Entry| items.iter().any(|item| matches!(item, Item::Act(act) if act.id == entry.id));
        let before = rec.acts.len();
        rec.acts.retain(|entry| !again(entry));
        if rec.acts.len() < before {
            txn.docs.insert(id, Some(rec));
        }
        let mut group = None;
        for item in items {
            let (what, intent) = match &item {
                Item::Change(_) => ("恢复后补传".to_string(), Intent::Edits(vec![])),
                Item::Act(entry) => {
                    let moment = words::moment(kind, entry);
                    (moment.map(|moment| moment.step.zh).unwrap_or_default(), Intent::Act)
                }
            };
            group = Some(self.enqueue(txn, group, id, item, what, intent, false));
            let last = txn.out.values_mut().next_back();
            last.into_iter().flatten().for_each(|item| item.again = true);
        }
        Ok(())
    }

    /// My changes and acts of a document, each act behind what it was about.
    fn mine(&self, txn: &Txn, id: DocId, rec: &DocRec) -> Vec<Item> {
        let who = self.who();
        let history = match rec.body.as_ref().map(|bytes| body::load(bytes)) {
            Some(Ok(doc)) => body::signed_history(&doc),
            _ => vec![],
        };
        let own: BTreeSet<[u8; 16]> = (0..=rec.bump).map(|bump| self.actor(txn, id, bump)).collect();
        let is_mine = |actor: &[u8]| own.iter().any(|mine| mine == actor);
        // The first change is the owner's, whatever actor it had before a clone was noticed.
        let owns = self.row(txn, id).is_some_and(|row| who.is(row.row.owner));
        let mut changes = history
            .iter()
            .enumerate()
            .filter(|(i, (_, actor, _))| is_mine(actor) || (*i == 0 && owns))
            .map(|(i, (_, _, raw))| (i, raw.clone()))
            .peekable();
        let mut acts: Vec<&Entry> =
            rec.acts.iter().filter(|entry| who.is(entry.by) && entry.receipt.is_some()).collect();
        acts.sort_by_key(|entry| entry.receipt.as_ref().map(|receipt| receipt.n));
        let place = |head: &Hash| history.iter().position(|(hash, ..)| hash == head);
        let mut items = vec![];
        for entry in acts {
            let about = entry.about.iter().filter_map(place).max();
            while changes.peek().is_some_and(|(i, _)| about.is_some_and(|about| *i <= about)) {
                items.extend(changes.next().map(|(_, raw)| Item::Change(raw.into())));
            }
            items.push(Item::Act(Entry { receipt: None, ..entry.clone() }));
        }
        items.extend(changes.map(|(_, raw)| Item::Change(raw.into())));
        items
    }
}
