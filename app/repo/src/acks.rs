//! What became of the pushes: who stands, who is refused with what follows it, who is asked for more.

use crate::bring::waits_for_others;
use crate::doc_rec::OutItem;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{DocId, Receipt, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{Fate, Item};

/// Places from here on are not in the outbox: confirmed changes that the server asked for again.
pub(crate) const RESENT: u64 = 1 << 62;

/// Codes of the gate that mean "somebody else used this actor's numbers": the bytes are spoilt, not the words.
const SPOILT: [&str; 3] = ["equivocation", OUT_OF_ORDER, "actor"];
const OUT_OF_ORDER: &str = "out_of_order";
/// After so many times written anew, the words go to attention all the same.
const REPLAYS: u32 = 3;

/// Answers sorted by what is to be done.
#[derive(Default)]
pub(crate) struct Verdicts {
    /// Stands at the server, by document, in order.
    pub stands: BTreeMap<DocId, Vec<(u64, OutItem, Option<Receipt>)>>,
    /// Refused for good.
    pub refused: BTreeMap<u64, Refusal>,
    /// To be written anew.
    pub spoilt: BTreeSet<DocId>,
    /// The server lacks what these build on.
    pub unfounded: BTreeSet<DocId>,
    /// Not now: nothing more of these in this round.
    pub held: BTreeSet<DocId>,
    /// Not now, because it rests on what other phones have still to bring back.
    pub patient: BTreeSet<DocId>,
    /// How many were answered.
    pub answered: u32,
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Sorts the acks of an answer. Unknown places are those sent again; their fate needs no action.
    pub(crate) fn verdicts(&self, acks: Vec<(u64, Fate)>) -> Verdicts {
        let (is_patient, mem) = (self.is_patient(), self.mem.borrow());
        let mut out = Verdicts::default();
        for (place, fate) in acks {
            let Some(item) = mem.out.get(&place) else { continue };
            out.answered += 1;
            // The restored server did not hand the document out yet, or judges in another order than the first did.
            let is_unsure = item.again || mem.rows.get(item.doc).is_some_and(|row| row.unseen);
            // What an act is about may be somebody else's, who brings it later or writes it anew.
            let rests = item.again || matches!(item.item, Item::Act(_));
            let may_wait = |refusal: &Refusal| is_unsure && is_patient && waits_for_others(refusal);
            if is_unsure && is_patient && !matches!(fate, Fate::Accepted(_) | Fate::Duplicate(_)) {
                out.patient.insert(item.doc);
            }
            match fate {
                Fate::Accepted(receipt) | Fate::Duplicate(receipt) => {
                    out.stands.entry(item.doc).or_default().push((place, item.clone(), receipt));
                }
                Fate::Refused(Refusal::Waits) | Fate::Retry => {
                    out.held.insert(item.doc);
                }
                // Who wrote what it builds on brings that himself: sent by me it would pass for mine.
                Fate::MissingDeps(_) if is_patient && (rests || is_unsure) => {
                    out.patient.insert(item.doc);
                    out.held.insert(item.doc);
                }
                // The restored server does not know the document, and whoever began it did not bring it back.
                Fate::MissingDeps(_) if mem.rows.get(item.doc).is_none_or(|row| row.unseen) => {
                    out.refused.insert(place, Refusal::Unknown);
                }
                // Nobody brought it: written anew on what there is.
                Fate::MissingDeps(_) if rests => {
                    out.refused.insert(place, Refusal::Unreadable(OUT_OF_ORDER.into()));
                }
                Fate::MissingDeps(_) => {
                    out.held.insert(item.doc);
                    out.unfounded.insert(item.doc);
                }
                Fate::Refused(refusal) if may_wait(&refusal) => {
                    out.held.insert(item.doc);
                }
                Fate::Refused(refusal) => {
                    out.refused.insert(place, refusal);
                }
            }
        }
        out.spare_the_spoilt(&mem.out, &mem.replays);
        out
    }

    /// Refused things and what depends on them go to attention; the numbers of the changes are burnt.
    /// Returns the documents concerned.
    pub(crate) async fn refuse(
        &self,
        txn: &mut Txn,
        refused: BTreeMap<u64, Refusal>,
    ) -> Result<BTreeSet<DocId>, Stop> {
        let gone = self.with_dependants(txn, refused);
        let mut docs = BTreeSet::new();
        for (place, (item, refusal)) in gone {
            let doc = item.doc;
            if docs.insert(doc) {
                self.bump(txn, doc).await?;
            }
            self.unconfirm(txn, &item);
            match refusal {
                Some(refusal) => self.to_attention(txn, doc, vec![(place, item)], refusal),
                None => {
                    txn.out.insert(place, None);
                }
            }
        }
        Ok(docs)
    }

    /// Later changes of mine on the document and acts about them fall with a change; later acts fall with
    /// an act, unless they may have reached the server: then they wait for their own answer. What an act
    /// brought into being falls with it, silently: all its words are in its origin.
    fn with_dependants(
        &self,
        txn: &Txn,
        mut told: BTreeMap<u64, Refusal>,
    ) -> BTreeMap<u64, (OutItem, Option<Refusal>)> {
        let mem = self.mem.borrow();
        let mut gone = BTreeMap::new();
        let mut fallen: Fallen = Fallen::default();
        let mut waiting: Vec<_> = mem.out.iter().filter(|(place, _)| !txn.out.contains_key(place)).collect();
        // What stood before a restore comes before what was written on it.
        waiting.sort_by_key(|(_, item)| !item.again);
        for (place, item) in waiting {
            let root = fallen.under(item, *place > mem.tried);
            let own = told.remove(place).filter(|own| root.is_none() || !is_consequence(own));
            let silent = item.made && fallen.groups.contains(&item.group);
            let Some(refusal) = own.or(root) else { continue };
            fallen.add(item, &refusal);
            gone.insert(*place, (item.clone(), (!silent).then_some(refusal)));
        }
        gone
    }
}

impl Verdicts {
    /// Takes the refusals back that only say "spoilt bytes": their documents are written anew.
    fn spare_the_spoilt(&mut self, out: &BTreeMap<u64, OutItem>, replays: &BTreeMap<DocId, u32>) {
        let spoilt = |refusal: &Refusal| matches!(refusal, Refusal::Unreadable(code) if SPOILT.iter().any(|s| code.contains(s)));
        let docs =
            self.refused.iter().filter(|(_, refusal)| spoilt(refusal)).map(|(place, _)| out[place].doc);
        let docs: BTreeSet<DocId> =
            docs.filter(|doc| replays.get(doc).copied().unwrap_or(0) < REPLAYS).collect();
        self.refused.retain(|place, refusal| {
            !(docs.contains(&out[place].doc) && matches!(refusal, Refusal::Unreadable(_)))
        });
        self.unfounded.retain(|doc| !docs.contains(doc));
        self.held.extend(docs.iter().copied());
        self.spoilt = docs;
    }
}

/// What has fallen so far, in the order of the outbox.
#[derive(Default)]
struct Fallen {
    /// Documents whose changes fell: everything of mine on them falls.
    bodies: BTreeMap<DocId, Refusal>,
    /// Documents on which an act fell: later acts fall.
    acts: BTreeMap<DocId, Refusal>,
    /// Groups whose act fell.
    groups: BTreeSet<u64>,
    reasons: BTreeMap<u64, Refusal>,
}

impl Fallen {
    fn under(&self, item: &OutItem, only_here: bool) -> Option<Refusal> {
        let by_body = self.bodies.get(&item.doc);
        let by_act = self.acts.get(&item.doc).filter(|_| only_here && matches!(item.item, Item::Act(_)));
        let by_origin = self.reasons.get(&item.group).filter(|_| item.made);
        by_body.or(by_act).or(by_origin).cloned()
    }
    fn add(&mut self, item: &OutItem, refusal: &Refusal) {
        let refusal = refusal.clone();
        match item.item {
            Item::Change(_) => {
                self.bodies.entry(item.doc).or_insert(refusal);
            }
            Item::Act(_) => {
                self.acts.entry(item.doc).or_insert(refusal.clone());
                if !item.made {
                    self.groups.insert(item.group);
                    self.reasons.insert(item.group, refusal);
                }
            }
        }
    }
}

/// A refusal that only says "because of another refusal".
pub(crate) fn is_consequence(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Unreadable(code) if code.contains("depends"))
}
