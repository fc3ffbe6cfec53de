//! What waits: packed for the server, oldest first, and shown to the person.

use crate::acks::RESENT;
use crate::doc_rec::OutItem;
use crate::stop::Stop;
use crate::{Host, Link, Repo, body};
use domain::DocId;
use domain::bridge::{Sent, Waiting};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{Item, Push};

/// Bytes of pushes in one request; the rest is for cursors and envelopes.
const PUSH_BYTES: usize = sync::REQUEST_BYTES - 128 * 1024;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Pushes for one request, from a place on, without those of documents that are held back. What was
    /// kept together goes together, unless it alone is too much for one request. What an act brought into
    /// being goes in the request after the act's receipt: of two last approvals one is refused, and its
    /// article must not take the place of the other one's on the server. What waits again after a restore goes
    /// before what was written on it.
    pub(crate) fn pack(&self, from: u64, held: &BTreeSet<DocId>, most: usize) -> Vec<Push> {
        let mem = self.mem.borrow();
        let (mut out, mut bytes, mut whole, mut group) = (vec![], 0, 0, 0);
        let (unborn, is_due) = (unborn(&mem.out), due(&mem.out, held));
        for (place, item) in mem.out.range(from..).filter(|(_, item)| is_due(item)) {
            if unborn.contains(&item.doc) {
                if out.iter().any(|push: &Push| push.seq == item.group) {
                    break;
                }
                continue;
            }
            if item.group != group {
                (whole, group) = (out.len(), item.group);
            }
            bytes += item.item.size();
            if out.len() == most || (bytes > PUSH_BYTES && !out.is_empty()) {
                out.truncate(if whole > 0 { whole } else { out.len() });
                break;
            }
            out.push(Push { seq: *place, doc: item.doc, item: item.item.clone() });
        }
        out
    }

    /// Confirmed changes that the server said it lacks, in front of what builds on them.
    pub(crate) async fn pack_again(&self) -> Result<Vec<Push>, Stop> {
        let docs = std::mem::take(&mut self.mem.borrow_mut().resend);
        let mut out = vec![];
        for id in docs {
            let Some(row) = self.row(&Default::default(), id) else { continue };
            let rec = self.rec(&Default::default(), id, &row.row.kind).await?;
            // What is another's is not mine to seal.
            if rec.seal.is_some() {
                continue;
            }
            let Some(Ok(doc)) = rec.body.as_ref().map(|bytes| body::load(bytes)) else { continue };
            for raw in body::history(&doc) {
                out.push(Push { seq: RESENT + out.len() as u64, doc: id, item: Item::Change(raw.into()) });
            }
        }
        let mut bytes = 0;
        out.retain(|push| {
            bytes += push.item.size();
            bytes <= PUSH_BYTES / 2
        });
        out.truncate(sync::REQUEST_PUSHES / 2);
        Ok(out)
    }

    /// What waits, one line for what was kept together, then the files.
    pub(crate) fn waiting(&self) -> Vec<Waiting> {
        let mem = self.mem.borrow();
        let mut lines: BTreeMap<u64, Waiting> = BTreeMap::new();
        for item in mem.out.values() {
            let line = lines.entry(item.group).or_insert_with(|| Waiting {
                seq: item.group,
                doc: item.doc,
                title: mem.rows.get(item.doc).map(|rec| rec.row.title.clone()).unwrap_or_default(),
                what: item.what.clone(),
                at_ms: item.at_ms,
                bytes: 0,
            });
            line.bytes += item.item.size();
        }
        let files = mem.blobs_waiting().into_iter().map(|(_, rec)| Waiting {
            seq: 0,
            doc: DocId::default(),
            title: String::new(),
            what: "图片或文件".into(),
            at_ms: rec.at_ms,
            bytes: (rec.size - rec.sent.min(rec.size)) as usize,
        });
        lines.into_values().chain(files).collect()
    }

    /// Where my writes of a document are.
    pub(crate) fn sent(&self, id: DocId) -> Sent {
        self.marks().of(id)
    }

    /// The marks of all documents that have any.
    pub(crate) fn marks(&self) -> Marks {
        let mem = self.mem.borrow();
        let docs =
            |items: &mut dyn Iterator<Item = (&u64, &OutItem)>| items.map(|(_, item)| item.doc).collect();
        Marks {
            attention: mem.att.values().map(|rec| rec.doc).collect(),
            sending: docs(&mut mem.out.iter().filter(|(place, _)| mem.flying.contains(place))),
            waiting: docs(&mut mem.out.iter()),
        }
    }
}

/// Documents with writes of mine that are not delivered.
pub(crate) struct Marks {
    attention: BTreeSet<DocId>,
    sending: BTreeSet<DocId>,
    waiting: BTreeSet<DocId>,
}

impl Marks {
    pub fn of(&self, id: DocId) -> Sent {
        if self.attention.contains(&id) {
            Sent::Attention
        } else if self.sending.contains(&id) {
            Sent::Sending
        } else if self.waiting.contains(&id) {
            Sent::Waiting
        } else {
            Sent::Delivered
        }
    }
}

/// Documents that an act brought into being while the act itself still waits for its receipt.
pub(crate) fn unborn(out: &BTreeMap<u64, OutItem>) -> BTreeSet<DocId> {
    out.values().filter(|item| item.made && out.contains_key(&item.group)).map(|item| item.doc).collect()
}

/// Documents of which something that stood before waits again.
pub(crate) fn returning(out: &BTreeMap<u64, OutItem>) -> BTreeSet<DocId> {
    out.values().filter(|item| item.again).map(|item| item.doc).collect()
}

/// What may go up: nothing of documents that are held, and what was written on one behind what stood before.
pub(crate) fn due(out: &BTreeMap<u64, OutItem>, held: &BTreeSet<DocId>) -> impl Fn(&OutItem) -> bool {
    let again = returning(out);
    move |item| !held.contains(&item.doc) && (item.again || !again.contains(&item.doc))
}
