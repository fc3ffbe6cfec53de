//! After a restore the server may have forgotten what it once acknowledged. When a phone hears of another
//! history, everything of its person that lies here as confirmed waits again, in an order in which the rulebook
//! saw it: each act behind the changes it was about. What the server still has it answers with "was here
//! already". What it cannot take yet, because it rests on things that other phones have still to bring, is held
//! and tried again for two weeks, instead of going to attention at once.

use crate::acks::is_consequence;
use crate::body;
use crate::doc_rec::{BlobRec, DocRec, Intent, OutItem, RowRec};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, words};
use automerge::Automerge;
use domain::{AnyKind, DAY_MS, DocId, Entry, Hash, Refusal};
use std::collections::BTreeSet;
use store::Store;
use sync::Item;

/// How long something that was confirmed once is tried again, official time: people turn the clocks of their phones.
const PATIENCE_MS: i64 = 14 * DAY_MS;

/// When it was, the next end of an answer says: the clock of this phone may have been turned since the last one.
const NOT_YET_SAID: i64 = i64::MAX;

/// What something of mine that stood meant. `doc` has it; without, what a change meant stays open.
fn meant(kind: &dyn AnyKind, id: DocId, item: &Item, doc: Option<&Automerge>) -> (String, Intent) {
    match item {
        Item::Change(raw) => match doc.and_then(|doc| body::meant(doc, id, raw)) {
            Some((Some((meta, values)), _)) => (words::of_birth(kind), Intent::Born { meta, values }),
            Some((None, edits)) if !edits.is_empty() => (words::of_edits(kind, &edits), Intent::Edits(edits)),
            _ => ("恢复后补传".to_string(), Intent::Edits(vec![])),
        },
        Item::Act(entry) => {
            let moment = words::moment(kind, entry);
            (moment.map(|moment| moment.step.zh).unwrap_or_default(), Intent::Act)
        }
    }
}

impl OutItem {
    /// Something of mine that stood and is to wait again; `doc` as in [`meant`].
    pub(crate) fn again(kind: &dyn AnyKind, id: DocId, item: Item, doc: Option<&Automerge>) -> Self {
        let (what, intent) = meant(kind, id, &item, doc);
        let first = if let Item::Change(raw) = &item { body::first_of(raw) } else { None };
        Self { again: true, first, ..Self::new(id, item, what, intent, 0) }
    }
}

/// May this refusal become another when other phones have brought what they have? Bytes that do not fit never do, but
/// what rests on something else falls or stands with that.
pub(crate) fn waits_for_others(refusal: &Refusal) -> bool {
    !matches!(refusal, Refusal::Unreadable(_)) || is_consequence(refusal)
}

/// So often what waits again is tried at once; the next phone may have brought what it rests on.
const AT_ONCE: u32 = 8;
/// Then after ten minutes, and twice as long each time, up to six hours.
const PAUSE_MS: i64 = 10 * 60 * 1000;
const DOUBLINGS: u32 = 5;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// May others still bring what the restored server forgot?
    pub(crate) fn is_patient(&self) -> bool {
        let restored = self.mem.borrow().meta.restored_ms;
        restored.is_some_and(|at| self.official_now().saturating_sub(at) < PATIENCE_MS)
    }

    /// Documents that are not tried in this round.
    pub(crate) fn put_off(&self) -> BTreeSet<DocId> {
        let (mem, now) = (self.mem.borrow(), self.host.now_ms());
        let off =
            mem.put_off.iter().filter(|(_, (_, next))| now < *next && *next - now <= PAUSE_MS << DOUBLINGS);
        off.map(|(doc, _)| *doc).collect()
    }

    /// These were tried in vain once more; those that stand are tried at once again.
    pub(crate) fn put_off_more<'d>(&self, vain: &BTreeSet<DocId>, stands: impl Iterator<Item = &'d DocId>) {
        let (mut mem, now) = (self.mem.borrow_mut(), self.host.now_ms());
        for doc in stands {
            mem.put_off.remove(doc);
        }
        for doc in vain {
            let (tries, next) = mem.put_off.entry(*doc).or_default();
            *tries += 1;
            let pause = tries.checked_sub(AT_ONCE).map(|more| PAUSE_MS << more.min(DOUBLINGS));
            *next = now + pause.unwrap_or(0);
        }
    }

    /// Lets everything of mine that is confirmed wait again, and has everything come afresh. Harmless when it is done
    /// twice.
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
        self.bring_parked(&mut txn).await?;
        self.ask_about_pictures(&mut txn);
        // Those that were just leaving too: by what the restored server knows they may stay.
        let handed_out = self.mem.borrow().rows.ids(|row| !row.scopes.is_empty() || row.leaving);
        for id in handed_out {
            let row = self.row(&txn, id).map(|row| RowRec { unseen: true, heard: None, ..row });
            txn.rows.insert(id, row);
        }
        let meta = self.meta(&mut txn);
        meta.restored_ms = Some(NOT_YET_SAID);
        // Everything comes afresh, even if this answer breaks off and the first history is back before the next one.
        // Still named, so that the server says which of them are held no more.
        meta.cursors.values_mut().for_each(|cursor| *cursor = 0);
        meta.half = None;
        // The server may have forgotten fresh names of mine too, and work under them is mine all the same.
        let known: BTreeSet<DocId> = meta.aliases.iter().chain(&meta.who.aliases).copied().collect();
        meta.aliases = known.into_iter().collect();
        self.keep(txn).await
    }

    /// What a restored server has not handed out again goes, when nobody brought it back in all that time.
    pub(crate) fn let_go_unseen(&self, txn: &mut Txn) {
        if self.is_patient() {
            return;
        }
        let unseen = self.mem.borrow().rows.ids(|row| row.unseen);
        for id in unseen {
            let Some(row) = self.row(txn, id).filter(|row| row.unseen) else { continue };
            if self.pending(txn, id).is_empty() {
                txn.rows.insert(id, Some(RowRec { leaving: true, ..row }));
            }
        }
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
        // An act waits or stands, never both.
        let again =
            |entry: &Entry| items.iter().any(|item| matches!(item, Item::Act(act) if act.id == entry.id));
        let before = rec.acts.len() + rec.tail.len();
        rec.acts.retain(|entry| !again(entry));
        rec.tail.clear();
        if rec.acts.len() < before {
            txn.docs.insert(id, Some(rec));
        }
        // Of half an answer: it waits already.
        items.retain(|item| !waiting.contains(&item.key()));
        // What it meant is found out when it does not stand after all (`recall`).
        self.wait_again(txn, items.into_iter().map(|item| OutItem::again(kind, id, item, None)));
        Ok(())
    }

    /// Puts things that stood once into the outbox, as one group.
    pub(crate) fn wait_again(&self, txn: &mut Txn, items: impl Iterator<Item = OutItem>) {
        let (mut first, at_ms) = (None, self.host.now_ms());
        for item in items {
            let place = self.place(txn);
            let group = *first.get_or_insert(place);
            txn.out.insert(place, Some(OutItem { group, at_ms, ..item }));
        }
    }

    /// What changes that wait again meant: it is about to be needed, because they do not stand as they are. `body`
    /// is one that they are in; what is in `now` too is not looked at.
    pub(crate) fn recall(&self, txn: &mut Txn, id: DocId, body: &[u8], now: Option<&[u8]>) {
        let Some(kind) = self.row(txn, id).and_then(|row| self.kind(&row.row.kind)) else { return };
        let is_vague = |item: &OutItem| matches!(&item.intent, Intent::Edits(none) if none.is_empty());
        let vague: Vec<(u64, OutItem)> =
            self.pending(txn, id).into_iter().filter(|(_, item)| item.again && is_vague(item)).collect();
        if vague.is_empty() {
            return;
        }
        let Ok(doc) = body::load(body) else { return };
        let now = now.and_then(|bytes| body::load(bytes).ok());
        let stands =
            |raw: &[u8]| now.as_ref().zip(body::name(raw)).is_some_and(|(now, name)| body::knows(now, name));
        for (place, mut item) in vague {
            let Item::Change(raw) = &item.item else { continue };
            if stands(raw) {
                continue;
            }
            (item.what, item.intent) = meant(kind, id, &item.item, Some(&doc));
            txn.out.insert(place, Some(item));
        }
    }

    /// The same for all of these, on the disk.
    pub(crate) async fn recall_all(&self, docs: impl Iterator<Item = DocId>) -> Result<(), Stop> {
        let mut txn = Txn::default();
        for id in docs {
            let Some(row) = self.row(&txn, id) else { continue };
            if let Some(body) = self.rec(&txn, id, &row.row.kind).await?.body {
                self.recall(&mut txn, id, &body, None);
            }
        }
        if txn.out.is_empty() { Ok(()) } else { self.keep(txn).await }
    }

    /// What had been confirmed before the restore does not stand any more: with the beginning of a document the
    /// whole of it goes, with a later change what is confirmed of it is what the server has.
    pub(crate) fn unconfirm(&self, txn: &mut Txn, item: &OutItem) {
        if !item.again || matches!(item.item, Item::Act(_)) {
            return;
        }
        let Some(mut row) = self.row(txn, item.doc) else { return };
        if matches!(item.intent, Intent::Born { .. }) {
            row.scopes.clear();
            (row.leaving, row.unseen) = (true, true);
        } else {
            (row.broken, row.lacking) = (true, true);
        }
        txn.rows.insert(item.doc, Some(row));
    }

    /// My changes and acts of a document, each act behind what it was about.
    pub(crate) fn mine(&self, txn: &Txn, id: DocId, rec: &DocRec) -> Vec<Item> {
        let who = self.who();
        let mut history = match rec.body.as_ref().map(|bytes| body::load(bytes)) {
            Some(Ok(doc)) => body::signed_history(&doc),
            _ => vec![],
        };
        history.extend(rec.tail.iter().filter_map(|raw| body::signed(raw)));
        let is_mine = |actor: &[u8]| rec.own.iter().any(|mine| **mine == *actor);
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
