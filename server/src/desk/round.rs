//! One attempt at a request's pushes: everything is judged on the desk, then appended in one go. If
//! something moved meanwhile the log turns the batch down and a new round judges afresh, so that of two
//! decisions that exclude each other exactly one stands.

use super::files::Named;
use super::push::{Pushed, refused};
use super::settle::settle;
use super::slot::{Open, Slot};
use super::{Desk, Trouble};
use crate::audit::DECIDED;
use crate::log::{Batch, Item, Log, NotPlaced, Placed, Sender};
use domain::{DocId, Hash, Refusal, Scope, Who, scopes_held};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Fate, Push};

/// What becomes of a push, as far as the desk knows before the commit.
pub(super) enum Outcome {
    /// Settled already.
    Fate(Fate),
    /// Stands if this item does.
    Item(usize),
}

/// Audit code of a push onto a document that is not here or that the caller may not read.
pub(super) const HIDDEN: &str = "hidden";

/// A push that was refused, for the audit.
pub(super) struct Turned {
    pub doc: DocId,
    pub code: String,
}

/// One attempt.
pub(super) struct Round<'d, L> {
    pub desk: &'d Desk<L>,
    /// The caller, with names registered in this round.
    pub who: Who,
    pub held: BTreeSet<Scope>,
    pub device: String,
    pub now_ms: i64,
    pub slots: BTreeMap<DocId, Slot>,
    pub items: Vec<Item>,
    pub aliases: Vec<DocId>,
    /// A revoked device whose signatures count in this round: an officer adopts what it sent.
    pub pardoned: Option<DocId>,
    /// By place in the request.
    pub outcomes: BTreeMap<usize, (u64, Outcome)>,
    pub turned: Vec<Turned>,
    /// Changes of this request that are in (or were already).
    pub hashes: BTreeSet<Hash>,
    /// Documents whose first change is among them.
    pub begun: BTreeSet<DocId>,
}

/// A push with its place in the request.
pub(super) type Placing<'p> = (usize, &'p Push);

impl<'d, L: Log> Round<'d, L> {
    pub fn new(desk: &'d Desk<L>, who: Who, device: &str, now_ms: i64) -> Self {
        Self {
            desk,
            held: scopes_held(&who),
            who,
            device: device.into(),
            now_ms,
            slots: BTreeMap::new(),
            items: vec![],
            aliases: vec![],
            pardoned: None,
            outcomes: BTreeMap::new(),
            turned: vec![],
            hashes: BTreeSet::new(),
            begun: BTreeSet::new(),
        }
    }

    /// The document's slot, read from the log when it is first named.
    pub async fn slot(&mut self, doc: DocId) -> Result<&mut Slot, Trouble> {
        if !self.slots.contains_key(&doc) {
            let stored = self.desk.log.load(doc).await?;
            let seen = stored.as_ref().map(|stored| stored.n);
            // A kind that this program no longer knows: nobody can do anything with it.
            let open = stored.and_then(|stored| {
                let kind = self.desk.kind(&stored.meta.kind)?;
                Some(Open::stored(stored, kind))
            });
            self.slots.insert(doc, Slot { seen, open, ..Slot::default() });
        }
        Ok(self.slots.entry(doc).or_default())
    }

    /// True when the caller may read the document; he may always read what he began in this request.
    pub fn may_read(&self, doc: DocId) -> bool {
        let slot = self.slots.get(&doc);
        let readable = |open: &Open| !open.scopes.is_disjoint(&self.held);
        slot.is_some_and(|slot| slot.open.as_ref().is_some_and(|open| slot.is_begun || readable(open)))
    }

    /// True when all of these are changes of this document: only who had it knows their names.
    pub async fn has_had(&self, doc: DocId, changes: &[Hash]) -> Result<bool, Trouble> {
        for hash in changes {
            if self.desk.log.find_change(*hash).await? != Some(doc) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn say(&mut self, (place, push): Placing<'_>, fate: Fate) {
        self.outcomes.insert(place, (push.seq, Outcome::Fate(fate)));
    }
    pub fn refuse(&mut self, placing: Placing<'_>, refusal: Refusal) {
        let code = refusal.code().to_string();
        self.refuse_as(placing, refusal, code);
    }
    /// Refuses under a finer code than the person sees.
    pub fn refuse_as(&mut self, placing: Placing<'_>, refusal: Refusal, code: String) {
        self.turned.push(Turned { doc: placing.1.doc, code });
        self.say(placing, refused(refusal));
    }
    /// Puts an item on the desk; the push stands if it does.
    pub fn stand(&mut self, (place, push): Placing<'_>, item: Item) {
        self.outcomes.insert(place, (push.seq, Outcome::Item(self.items.len())));
        self.items.push(item);
    }

    /// Appends what is on the desk. `None`: something moved, judge again.
    pub async fn close(mut self) -> Result<Option<Pushed>, Trouble> {
        if self.items.is_empty() {
            return Ok(Some(self.pushed(&Placed::default())));
        }
        let seen = self.slots.iter().map(|(doc, slot)| (*doc, slot.seen)).collect();
        let opens: Vec<Open> = self
            .slots
            .values_mut()
            .filter(|slot| slot.is_changed)
            .filter_map(|slot| slot.open.take())
            .collect();
        let decided = self.decided(&opens);
        let (shared, named) = (self.desk.shared.clone(), Named::of(&opens));
        let batch = Batch {
            sender: Sender { person: self.who.person, device: self.device.clone() },
            now_ms: self.now_ms,
            seen,
            items: std::mem::take(&mut self.items),
            aliases: std::mem::take(&mut self.aliases),
            settle: Box::new(move |receipts| settle(opens, receipts)),
            then: Box::new(move |placed| {
                shared.learn(placed);
                shared.name(named);
            }),
        };
        match self.desk.log.append(batch).await {
            Ok(placed) => {
                let mut pushed = self.pushed(&placed);
                pushed.decided = decided;
                Ok(Some(pushed))
            }
            Err(NotPlaced::Moved) => Ok(None),
            Err(NotPlaced::Panicked) => {
                tracing::error!("a module panicked while its rows were computed; the push was put off");
                Ok(Some(self.put_off()))
            }
            Err(NotPlaced::Trouble(trouble)) => Err(trouble.into()),
        }
    }

    /// Acts of this round that the audit lists.
    fn decided(&self, opens: &[Open]) -> Vec<Turned> {
        let audited = |doc: DocId| opens.iter().find(|open| open.meta.id == doc && open.kind.audited());
        let line = |item: &Item| match item {
            Item::Act { entry, .. } => {
                let kind = audited(entry.doc)?.kind;
                let code = format!("{DECIDED}{}/{}", kind.name(), kind.step(&entry.act)?);
                Some(Turned { doc: entry.doc, code })
            }
            Item::Change { .. } | Item::Renewal { .. } => None,
        };
        self.items.iter().filter_map(line).collect()
    }

    fn pushed(self, placed: &Placed) -> Pushed {
        let fate = |outcome: Outcome| match outcome {
            Outcome::Fate(fate) => fate,
            Outcome::Item(at) => Fate::Accepted(placed.receipts.get(at).cloned().flatten()),
        };
        let acks = self.outcomes.into_values().map(|(seq, outcome)| (seq, fate(outcome))).collect();
        let pushed = Pushed::of(acks, self.hashes, self.begun, self.turned);
        Pushed { devices: placed.devices.clone(), ..pushed }
    }

    fn put_off(self) -> Pushed {
        let acks = self.outcomes.into_values().map(|(seq, outcome)| match outcome {
            Outcome::Fate(fate) => (seq, fate),
            Outcome::Item(_) => (seq, Fate::Retry),
        });
        Pushed::of(acks.collect(), BTreeSet::new(), BTreeSet::new(), self.turned)
    }
}
