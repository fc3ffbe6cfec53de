//! Writing again what a person meant. When bytes of mine cannot join any more, because a clone of this
//! phone used their numbers or because the server knows another past, the intents that lie beside the
//! bytes are carried out anew. Nothing of it is on the server, so nothing doubles.
//!
//! Several clones may write the same thing anew before they hear of each other, and what was sent before may
//! arrive late. So its actor follows from the change that it was first ([`actor_again`]) and its number is always
//! 1: the server takes one of them, and to the others it says that theirs is used up.

use crate::body;
use crate::doc_rec::{Intent, OutItem};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo};
use automerge::{Automerge, Change};
use domain::{AnyKind, DocId, Edit, Entry, Field, Hash, Refusal, crdt};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::Store;
use sync::{Item, actor_again, is_sealed};

/// A document while waiting intents are carried out on it again.
struct Again {
    doc: Automerge,
    /// It has its first change.
    born: bool,
    is_sealed: bool,
    /// What stood before a restore and does not fit yet waits for what it rests on.
    is_patient: bool,
    /// Others may still bring what the server forgot.
    is_restoring: bool,
    /// Names of waiting changes that will not come under these names.
    over: BTreeSet<Hash>,
    kind: &'static dyn AnyKind,
}

impl Again {
    /// The item as it stands now; `None` when its effect is there already.
    fn carry_out(&mut self, item: &OutItem) -> Result<Option<OutItem>, Refusal> {
        match (&item.intent, &item.item) {
            // It is about something that its author has still to bring back.
            (Intent::Act, Item::Act(entry)) if item.again && self.awaits(&entry.about) => {
                Ok(Some(item.clone()))
            }
            (Intent::Act, Item::Act(entry)) => {
                let about = crdt::heads(&self.doc);
                let entry = Entry { about, ..entry.clone() };
                Ok(Some(OutItem { item: Item::Act(entry), ..item.clone() }))
            }
            (_, Item::Change(raw)) if is_sealed(raw) => Ok(Some(item.clone())),
            (Intent::Act, Item::Change(_)) | (_, Item::Act(_)) => Err(Refusal::Unreadable("intent".into())),
            (intent, Item::Change(raw)) => self.write(item, intent, raw),
        }
    }

    fn awaits(&self, about: &[Hash]) -> bool {
        let is_over = about.iter().any(|head| self.over.contains(head));
        self.is_restoring && !is_over && about.iter().any(|head| !body::has(&self.doc, *head, *head))
    }

    fn write(&mut self, item: &OutItem, intent: &Intent, raw: &[u8]) -> Result<Option<OutItem>, Refusal> {
        let name = body::name(raw).ok_or_else(|| Refusal::Unreadable("change".into()))?;
        let first = item.first.unwrap_or(name);
        // Confirmed in an earlier history, and its letters stand here: the server has still to take them.
        if item.again && body::knows(&self.doc, name) {
            return Ok(Some(item.clone()));
        }
        // Confirmed already, only its ack was lost, or a clone carried it out: it must not stand there twice.
        if body::has(&self.doc, name, first) {
            self.over.insert(name);
            return Ok(None);
        }
        if item.again && self.is_patient {
            return Ok(Some(item.clone()));
        }
        self.over.insert(name);
        let again = |raw: Vec<u8>| OutItem {
            item: Item::Change(raw.into()),
            first: Some(first),
            envelope: None,
            ..item.clone()
        };
        let message = message_again(first, raw, self.is_sealed);
        match intent {
            Intent::Born { .. } if self.born => Ok(None),
            Intent::Born { meta, values } => {
                let message = self.is_sealed.then_some(message);
                let (doc, raw) = body::birth(actor_again(first), meta, self.kind.fields(), values, message)?;
                (self.doc, self.born) = (doc, true);
                Ok(Some(again(raw)))
            }
            // What it meant could never be read: a person has to see it.
            Intent::Edits(none) if item.again && none.is_empty() => {
                Err(Refusal::Unreadable("meaning".into()))
            }
            Intent::Edits(edits) => {
                // Written on a copy: a document in which writing failed is not used again.
                let mut next = self.doc.clone();
                let change = write_again(&mut next, self.kind.fields(), edits, (first, message))?;
                self.doc = next;
                Ok(change.map(again))
            }
            Intent::Act => Ok(None),
        }
    }
}

/// Writes edits that were the change `first` before, with [`message_again`].
pub(crate) fn write_again(
    doc: &mut Automerge,
    fields: &[Field],
    edits: &[Edit],
    (first, message): (Hash, String),
) -> Result<Option<Vec<u8>>, Refusal> {
    body::write(doc, actor_again(first), fields, edits, Some(message))
}

/// The message by which others see what a change was first. The name of a sealed change goes up in the clear, and
/// nobody may find out by it what is inside: with it stands what only those know who have the first one's bytes.
pub(crate) fn message_again(first: Hash, raw: &[u8], is_sealed: bool) -> String {
    if !is_sealed {
        return first.to_string();
    }
    let kept = Change::from_bytes(raw.to_vec()).ok().and_then(|change| change.message().map(String::from));
    let kept = kept.filter(|words| body::was(words, first));
    kept.unwrap_or_else(|| format!("{first} {}", Hash::of(raw)))
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// The actor under which this phone writes a document: of this installation and this document alone,
    /// so that actors do not link documents.
    pub(crate) fn actor(&self, txn: &Txn, id: DocId, bump: u32) -> [u8; 16] {
        let mem = self.mem.borrow();
        let generation = txn.meta.as_ref().unwrap_or(&mem.meta).generation;
        let full = Sha256::new()
            .chain_update(*generation)
            .chain_update(id.0)
            .chain_update(bump.to_be_bytes())
            .finalize();
        let mut actor = [0; 16];
        actor.copy_from_slice(&full[..16]);
        actor
    }

    /// From now on this phone writes under other actors: somebody else has its secret.
    pub(crate) fn renew_generation(&self, txn: &mut Txn) {
        let fresh = self.host.random16();
        self.meta(txn).generation = fresh.into();
    }

    /// Carries out again, on what is confirmed, everything that waits for a document. `is_patient`: not what may fit
    /// by itself once others brought back what it rests on. Decisions are about it under the name that it has.
    pub(crate) async fn replay(&self, txn: &mut Txn, id: DocId, is_patient: bool) -> Result<(), Stop> {
        let Some(row) = self.row(txn, id) else { return Ok(()) };
        let mut rec = self.rec(txn, id, &row.row.kind).await?;
        let Some(kind) = self.kind(&rec.kind) else { return Ok(()) };
        if rec.is_shut() {
            // There is nothing here to write on until its key comes.
            return Ok(());
        }
        rec.bump += 1;
        let confirmed = match &rec.body {
            Some(body) => body::load(body),
            None => Ok(body::empty()),
        };
        let Ok(doc) = confirmed else {
            self.quarantine(txn, id);
            return Ok(());
        };
        let (born, is_sealed) = (rec.body.is_some(), rec.seal.is_some());
        let (is_restoring, over) = (self.is_patient(), BTreeSet::new());
        let mut again = Again { doc, born, is_sealed, is_patient, is_restoring, over, kind };
        let mut waiting = Vec::new();
        for (place, item) in self.pending(txn, id) {
            let mut carried = again.carry_out(&item);
            // What an act says includes which version it is about, so it is signed anew.
            if let Ok(Some(OutItem { item: Item::Act(entry), .. })) = &mut carried {
                *entry = self.signed(entry.clone()).await;
            }
            if let Ok(Some(OutItem { item: Item::Act(entry), .. })) = &carried {
                waiting.push(entry.clone());
            }
            if let Ok(None) = &carried {
                rec.note_standing(&item, &again.doc);
            }
            match carried {
                Ok(next) => {
                    txn.out.insert(place, next);
                }
                Err(refusal) => self.to_attention(txn, id, vec![(place, item)], refusal),
            }
        }
        txn.docs.insert(id, Some(rec.clone()));
        if again.born {
            self.shown(txn, id, row, Work { kind: Some(kind), rec, doc: again.doc, waiting });
        }
        Ok(())
    }
}
