//! "Needs attention": what the server refused, with the person's own words, until the person settles it.

use crate::body;
use crate::doc_rec::{AttRec, DocRec, Intent, OutItem};
use crate::keep::Txn;
use crate::replay::{message_again, write_again};
use crate::stop::Stop;
use crate::{Host, Link, Repo, words};
use automerge::Automerge;
use domain::bridge::{Answer, Attention, Resolve};
use domain::{DocId, Edit, Refusal};
use store::Store;
use sync::Item;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Moves waiting items of one document from the outbox to attention. Edits that were refused together
    /// make one entry; every act has its own.
    pub(crate) fn to_attention(
        &self,
        txn: &mut Txn,
        id: DocId,
        items: Vec<(u64, OutItem)>,
        refusal: Refusal,
    ) {
        for (place, item) in items {
            txn.out.insert(place, None);
            let same = txn.att.iter_mut().filter_map(|(_, rec)| rec.as_mut()).find(|rec| {
                rec.doc == id && is_edit(&item) && rec.items.first().is_some_and(|(_, first)| is_edit(first))
            });
            match same {
                Some(rec) => rec.items.push((place, item)),
                None => {
                    let rec = self.new_attention(txn, id, place, item, refusal.clone());
                    txn.att.insert(place, Some(rec));
                }
            }
        }
        txn.att.values_mut().flatten().filter(|rec| rec.doc == id).for_each(say);
    }

    fn new_attention(&self, txn: &Txn, id: DocId, place: u64, item: OutItem, refusal: Refusal) -> AttRec {
        let row = self.row(txn, id).or_else(|| self.mem.borrow().rows.get(id).cloned());
        let parked =
            || self.mem.borrow().meta.parked.get(&id).map(|rec| (rec.kind.clone(), rec.title.clone()));
        let (kind, title) = row.map(|rec| (rec.row.kind, rec.row.title)).or_else(parked).unwrap_or_default();
        let (what, at_ms) = (item.what.clone(), self.host.now_ms());
        AttRec { doc: id, kind, title, what, words: vec![], refusal, at_ms, items: vec![(place, item)] }
    }

    /// What stands after all needs nobody's attention: a clone of this phone had the same work and sent it
    /// when it was still allowed.
    pub(crate) fn clear_attention(&self, txn: &mut Txn, id: DocId, rec: &mut DocRec) {
        let about: Vec<(u64, AttRec)> = {
            let mem = self.mem.borrow();
            let of_doc = mem.att.iter().filter(|(_, att)| att.doc == id && !att.items.is_empty());
            of_doc.map(|(place, att)| (*place, att.clone())).collect()
        };
        if about.is_empty() {
            return;
        }
        let body = rec.body.as_ref().and_then(|bytes| body::load(bytes).ok());
        for (place, mut att) in about {
            let stand = |(_, item): &mut (u64, OutItem)| stands(item, rec, body.as_ref());
            let found: Vec<(u64, OutItem)> = att.items.extract_if(.., stand).collect();
            if let Some(body) = &body {
                found.iter().for_each(|(_, item)| rec.note_standing(item, body));
            }
            say(&mut att);
            txn.att.insert(place, (!att.items.is_empty()).then_some(att));
        }
    }

    /// What needs the person, newest first.
    pub(crate) fn attention(&self) -> Vec<Attention> {
        let mem = self.mem.borrow();
        let show = |(id, rec): (&u64, &AttRec)| Attention {
            id: *id,
            doc: rec.doc,
            title: rec.title.clone(),
            what: rec.what.clone(),
            words: rec.words.clone(),
            refusal: rec.refusal.clone(),
            at_ms: rec.at_ms,
        };
        mem.att.iter().rev().map(show).collect()
    }

    /// The person throws an entry away, or uses its words again.
    pub(crate) async fn settle_attention(&self, id: u64, how: Resolve) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let rec = self.mem.borrow().att.get(&id).cloned().ok_or(Refusal::Unknown)?;
        let mut txn = Txn::default();
        txn.att.insert(id, None);
        let answer = match how {
            Resolve::Discard => Answer::Done,
            Resolve::Reuse => self.reuse(&mut txn, &rec).await?,
        };
        self.keep(txn).await?;
        Ok(answer)
    }

    async fn reuse(&self, txn: &mut Txn, rec: &AttRec) -> Result<Answer, Stop> {
        if let Some((_, OutItem { item: Item::Act(entry), said, .. })) = rec.items.first() {
            let seq = self.act_in(txn, rec.doc, item_act(entry, said)).await?;
            return Ok(Answer::Kept { doc: rec.doc, seq: Some(seq) });
        }
        if let Some((_, OutItem { intent: Intent::Born { meta, values }, .. })) = rec.items.first() {
            let mut values = values.clone();
            all_edits(rec).into_iter().for_each(|edit| as_value(&mut values, edit));
            let alias = self.who().aliases.contains(&meta.owner);
            let (doc, seq) = self.create_in(txn, &meta.kind, meta.unit.clone(), values, alias).await?;
            return Ok(Answer::Kept { doc, seq: Some(seq) });
        }
        if rec.items.is_empty() {
            return Err(Refusal::rule("这一条没有可再用的内容", "There is nothing in it to use again").into());
        }
        let seq = self.write_anew(txn, rec).await?;
        Ok(Answer::Kept { doc: rec.doc, seq })
    }

    /// Each edit under the name that it had: used again on two clones of a phone, it stands once.
    async fn write_anew(&self, txn: &mut Txn, rec: &AttRec) -> Result<Option<u64>, Stop> {
        let mut work = self.work_here(rec.doc).await?;
        let kind = work.kind()?;
        if let Err(refusal) = kind.may_edit(&work.raw(rec.doc)?, &self.who()) {
            self.put_back(rec.doc, work);
            return Err(refusal.into());
        }
        let mut group = None;
        for (_, item) in &rec.items {
            let (Intent::Edits(edits), Item::Change(raw)) = (&item.intent, &item.item) else { continue };
            let Some(name) = body::name(raw) else { continue };
            let first = item.first.unwrap_or(name);
            if body::has(&work.doc, name, first) {
                continue;
            }
            let again = (first, message_again(first, raw, work.rec.seal.is_some()));
            let Some(raw) = write_again(&mut work.doc, kind.fields(), edits, again)? else { continue };
            let place = self.place(txn);
            let anew = OutItem {
                item: Item::Change(raw.into()),
                group: *group.get_or_insert(place),
                at_ms: self.host.now_ms(),
                made: false,
                first: Some(first),
                again: false,
                envelope: None,
                ..item.clone()
            };
            txn.out.insert(place, Some(anew));
        }
        self.show_own(txn, rec.doc, work);
        Ok(group)
    }
}

fn stands(item: &OutItem, rec: &DocRec, body: Option<&Automerge>) -> bool {
    match &item.item {
        Item::Act(entry) => rec.acts.iter().any(|act| act.id == entry.id && act.receipt.is_some()),
        Item::Change(raw) => {
            let name = body::name(raw);
            body.zip(name).is_some_and(|(body, name)| body::has(body, name, item.first.unwrap_or(name)))
        }
    }
}

/// The act as the person meant it, words included.
fn item_act(entry: &domain::Entry, said: &Option<serde_bytes::ByteBuf>) -> serde_bytes::ByteBuf {
    said.clone().unwrap_or_else(|| entry.act.clone())
}

fn is_edit(item: &OutItem) -> bool {
    !matches!(item.intent, Intent::Act)
}

fn all_edits(rec: &AttRec) -> Vec<Edit> {
    let edits = |(_, item): &(u64, OutItem)| match &item.intent {
        Intent::Edits(edits) => edits.clone(),
        _ => vec![],
    };
    rec.items.iter().flat_map(edits).collect()
}

fn as_value(values: &mut domain::Values, edit: Edit) {
    match edit {
        Edit::Set { key, value } => values.insert(key, value),
        Edit::Clear { key } => values.remove(&key),
        Edit::Text { key, text, .. } => values.insert(key, text.into()),
    };
}

/// Fills in what was done and the words, from all items of the entry.
fn say(rec: &mut AttRec) {
    let Some(kind) = domain::modules::kind(&rec.kind) else { return };
    rec.words = words::kept(kind, &rec.items);
    if rec.items.len() > 1 && matches!(rec.items[0].1.intent, Intent::Edits(_)) {
        rec.what = words::of_edits(kind, &all_edits(rec));
    }
}
