//! What comes down joins what is confirmed: accepted pushes of this phone and what others did.

use crate::body::{self, Clash};
use crate::doc_rec::{DocRec, OutItem, RowRec, SealRec};
use crate::keep::Txn;
use crate::settle::done_by;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use automerge::Automerge;
use domain::{Carry, DocId, Entry, Receipt, Who};
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;
use store::Store;
use sync::{BodyFrame, DocFrame, Item, is_sealed};

/// What one answer brings for one document.
#[derive(Default)]
pub(crate) struct News {
    /// My pushes that stand now, in order.
    pub stands: Vec<(u64, OutItem, Option<Receipt>)>,
    /// What the server sent.
    pub frame: Option<DocFrame>,
    /// What was in its envelopes, in place of them.
    pub opened: Option<BodyFrame>,
    /// The request asked for it whole.
    pub wanted: bool,
    /// All of the document that this person may see is in the frame.
    pub whole: bool,
    /// The request asked for it because the server does not take what is confirmed here: what comes is the truth.
    pub spoilt: bool,
}

impl News {
    /// What comes of its body.
    pub fn body(&self) -> &BodyFrame {
        let came = self.frame.as_ref().map(|frame| &frame.body);
        self.opened.as_ref().or(came).unwrap_or(&BodyFrame::None)
    }
    /// Must bytes be opened for this? A whole document that is new here is put away as it came.
    pub fn opens_bytes(&self, here: bool) -> bool {
        let brings = !matches!(self.body(), BodyFrame::None);
        self.stands.iter().any(|(_, item, _)| matches!(item.item, Item::Change(_))) || (brings && here)
    }
    /// The whole document came.
    pub fn is_fresh(&self) -> bool {
        matches!(self.body(), BodyFrame::Snapshot(_))
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Joins news of a document to what is confirmed of it. The row is the server's; `settle` replaces it
    /// where something of mine waits.
    pub(crate) async fn merge(&self, txn: &mut Txn, id: DocId, news: &News) -> Result<(), Stop> {
        let known = self.row(txn, id);
        let Some(mut row) = known.or_else(|| news.frame.as_ref().map(|frame| RowRec::new(frame.row.clone())))
        else {
            txn.out.extend(news.stands.iter().map(|(place, ..)| (*place, None)));
            return Ok(());
        };
        let mut rec = self.rec(txn, id, &row.row.kind).await?;
        if row.unseen {
            // It may go before the restored server hands it out.
            let again = |item: &OutItem| OutItem { again: true, envelope: None, ..item.clone() };
            let stood = news.stands.iter().map(|(_, item, _)| again(item)).collect();
            self.put_aside(txn, id, (&row, &rec), stood).await?;
        }
        let mut accepted = vec![];
        for (place, item, receipt) in &news.stands {
            txn.out.insert(*place, None);
            match &item.item {
                Item::Change(raw) if is_sealed(raw) => {}
                Item::Change(raw) => {
                    rec.note_own(raw);
                    accepted.push(raw.clone());
                }
                Item::Act(entry) => stand_act(&mut rec, Entry { receipt: receipt.clone(), ..entry.clone() }),
            }
        }
        let before = rec.body.clone().filter(|_| news.is_fresh());
        join(&mut row, &mut rec, &accepted, news.body());
        if let (Some(before), Some(after)) = (&before, &rec.body) {
            self.recall(txn, id, before, Some(after));
        }
        let me = self.who();
        if let Some(frame) = &news.frame {
            take_over(&mut row, &mut rec, (frame, news), &me);
        }
        row.sealed = rec.seal.as_ref().and_then(SealRec::stand);
        if !(row.broken || row.lacking || row.unseen) {
            self.clear_attention(txn, id, &mut rec);
        }
        row.done = done_by(&row.row.kind, &rec.acts, &me);
        if rec.body.is_some() || !rec.acts.is_empty() || !rec.tail.is_empty() {
            txn.docs.insert(id, Some(rec));
        }
        txn.rows.insert(id, Some(row));
        Ok(())
    }
}

/// Everything of a frame but the body.
fn take_over(row: &mut RowRec, rec: &mut DocRec, (frame, news): (&DocFrame, &News), me: &Who) {
    (row.row, row.heard) = (frame.row.clone(), None);
    row.scopes = frame.scopes.clone();
    let is_first = std::mem::take(&mut row.unseen);
    row.leaving = false;
    let on_ask = domain::modules::kind(&frame.kind).is_some_and(|kind| kind.carry() == Carry::OnAsk);
    if on_ask && !news.wanted && *news.body() == BodyFrame::None {
        // Only the row came: what is here of the rest may be older than that.
        row.stale = row.whole;
        return;
    }
    if news.wanted {
        row.lacking &= row.broken;
    }
    // The restored server tells a part of it; what of the rest still stands, only the whole says.
    row.lacking |= is_first && !news.whole && !news.wanted;
    if news.wanted || (is_first && news.whole) {
        // All that I may see came; what others did and is not among it, I may see no more.
        rec.acts.retain(|known| me.is(known.by) || frame.acts.iter().any(|act| act.id == known.id));
    }
    row.stale = false;
    row.whole |= rec.body.is_some();
    frame.acts.iter().for_each(|act| add_act(rec, act.clone()));
}

/// An act of mine that stands. A clone may have brought it first, about another version: then it stands as the server
/// told it, with the same receipt.
fn stand_act(rec: &mut DocRec, act: Entry) {
    let is_told = |known: &Entry| known.id == act.id && known.receipt == act.receipt;
    if !rec.acts.iter().any(is_told) {
        add_act(rec, act);
    }
}

/// An act once; the one with a receipt wins.
fn add_act(rec: &mut DocRec, act: Entry) {
    match rec.acts.iter_mut().find(|known| known.id == act.id) {
        Some(known) if act.receipt.is_some() => *known = act,
        Some(_) => {}
        None => rec.acts.push(act),
    }
}

/// Accepted changes and the server's body join the confirmed body.
fn join(row: &mut RowRec, rec: &mut DocRec, accepted: &[ByteBuf], body: &BodyFrame) {
    match (body, &rec.body) {
        // The server's word is the truth about what is confirmed: after a restore it may be less than what is here.
        (BodyFrame::Snapshot(whole), _) if accepted.is_empty() || row.broken => {
            rec.tail.extend(accepted.iter().cloned());
            replace(row, rec, whole);
        }
        (BodyFrame::None, _) if accepted.is_empty() => {}
        // A sealed document has no snapshots: the first delta is the whole of it.
        (BodyFrame::Delta(_), None) if accepted.is_empty() && rec.seal.is_none() => row.lacking = true,
        _ if row.broken => {
            // It cannot be opened; what the server took of mine is put beside it until a fresh copy comes.
            rec.tail.extend(accepted.iter().cloned());
            row.lacking = true;
        }
        _ => grow(row, rec, accepted, body),
    }
}

fn replace(row: &mut RowRec, rec: &mut DocRec, whole: &ByteBuf) {
    rec.body = Some(whole.clone());
    if rec.seal.is_none() {
        rec.tail.clear();
    } else if !rec.tail.is_empty() {
        // What is sealed may lack something that its key is not here for, and what follows that.
        let here = body::load(whole).ok();
        let is_here =
            |raw: &[u8]| here.as_ref().zip(body::name(raw)).is_some_and(|(doc, name)| body::knows(doc, name));
        rec.tail.retain(|raw| !is_here(raw));
    }
    (row.broken, row.lacking, row.whole) = (false, false, true);
}

fn grow(row: &mut RowRec, rec: &mut DocRec, accepted: &[ByteBuf], body: &BodyFrame) {
    match grown(rec, accepted, body) {
        Ok((bytes, early)) => {
            rec.body = Some(bytes.into());
            row.whole = true;
            row.lacking = !early.is_empty() || (row.lacking && !matches!(body, BodyFrame::Snapshot(_)));
            // The server has them, so nobody else will bring them if it forgets.
            let own = |raw: &ByteBuf| rec.tail.contains(raw) || accepted.contains(raw);
            let own: BTreeSet<ByteBuf> = early.into_iter().filter(own).collect();
            rec.tail = own.into_iter().collect();
        }
        Err(_) => match body {
            BodyFrame::Snapshot(whole) => replace(row, rec, whole),
            _ => {
                rec.tail.extend(accepted.iter().cloned());
                (row.broken, row.lacking) = (true, true);
            }
        },
    }
}

/// The grown body, and what found no place in it.
fn grown(rec: &DocRec, accepted: &[ByteBuf], body: &BodyFrame) -> Result<(Vec<u8>, Vec<ByteBuf>), Clash> {
    let mut doc = match (body, &rec.body) {
        (BodyFrame::Snapshot(bytes), _) | (_, Some(bytes)) => body::load(bytes)?,
        _ => body::empty(),
    };
    let delta = if let BodyFrame::Delta(changes) = body { changes.as_slice() } else { &[] };
    let mut early: Vec<ByteBuf> = rec.tail.iter().chain(accepted).chain(delta).cloned().collect();
    loop {
        let tried = early.len();
        early = joined(&mut doc, early)?;
        if early.is_empty() || early.len() == tried {
            return Ok((body::save(&doc), early));
        }
    }
}

/// Those that came too early: what waited again after a restore may follow what comes in the same answer.
fn joined(doc: &mut Automerge, changes: Vec<ByteBuf>) -> Result<Vec<ByteBuf>, Clash> {
    let mut early = vec![];
    for raw in changes {
        match body::apply(doc, &raw) {
            Ok(()) => {}
            Err(Clash::Missing) => early.push(raw),
            Err(clash) => return Err(clash),
        }
    }
    Ok(early)
}

#[cfg(test)]
mod tests {
    use super::{DocRec, stand_act};
    use domain::{ActId, DocId, Entry, Hash, Receipt};

    /// An act with these heads and the receipt of this place.
    fn act(about: u8, n: u64) -> Entry {
        let receipt =
            Receipt { n, at_ms: 0, to: "closed".into(), stamped: None, by_name: "".into(), signed: None };
        Entry {
            id: ActId([1; 16]),
            doc: DocId([2; 16]),
            by: DocId([3; 16]),
            device: String::new(),
            at_ms: 0,
            about: vec![Hash([about; 32])],
            act: Default::default(),
            signature: None,
            receipt: Some(receipt),
        }
    }

    #[test]
    fn an_act_that_a_clone_brought_first_stands_as_the_server_has_it() {
        let mut rec = DocRec { acts: vec![act(1, 7)], ..DocRec::default() };
        stand_act(&mut rec, act(2, 7));
        assert_eq!(rec.acts, [act(1, 7)], "about what it is about there");
        stand_act(&mut rec, act(2, 9));
        assert_eq!(rec.acts, [act(2, 9)], "of another history");
    }
}
