//! Beginning many documents at once, as the server itself: the roster and the demonstration. The bodies pass
//! the gate like everybody's, the acts pass the rulebook, in the name of an office that holds every role.

use super::files::Named;
use super::settle::settle;
use super::slot::{Open, PENDING};
use super::{Desk, Trouble};
use crate::gate::{self, Permit, Shape, StoredDoc};
use crate::log::{Batch, Item, Log, NotPlaced, Sender};
use domain::{
    ActId, AnyKind, DocId, Entry, Facts, Meta, OrgCode, Post, Receipt, Refusal, Role, Values, Who, Word,
    crdt, office, scopes_of,
};
use serde_bytes::ByteBuf;
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The name on receipts of what the server decides by itself.
pub const SOURCE: &str = "名册导入";
/// Documents in one transaction.
const BATCH: usize = 1_000;
/// Batches judged at once, while the one before them is written.
const AT_ONCE: usize = 2;

/// A document to begin.
#[derive(Clone, Debug)]
pub struct Founding {
    /// What never changes; `id` is derived by whoever asks, so that asking twice begins it once.
    pub meta: Meta,
    /// Body at birth.
    pub values: Values,
    /// First acts, as CBOR of the kind's act.
    pub acts: Vec<Vec<u8>>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Founded {
    /// Documents begun.
    pub made: usize,
    /// Documents that were there already and are untouched.
    pub there: Vec<DocId>,
    /// Documents that break a rule, with the rule.
    pub refused: Vec<(DocId, Refusal)>,
}

/// Foundings being judged.
enum Making {
    Here(Made),
    Elsewhere(tokio::task::JoinHandle<Made>),
}

impl Making {
    async fn done(self) -> Made {
        match self {
            Self::Here(made) => made,
            Self::Elsewhere(task) => task.await.expect("the gate and the rulebook catch their panics"),
        }
    }
}

/// A founding that passed gate and rulebook.
struct Ready {
    open: Open,
    permit: Permit,
    acts: Vec<(Entry, Option<domain::Series>, Option<BTreeSet<domain::Scope>>)>,
}

/// What became of some foundings, in order.
type Made = Vec<(DocId, Result<Ready, Refusal>)>;

impl<L: Log> Desk<L> {
    /// Begins these documents. Those that are there already are left alone, so it can be repeated.
    ///
    /// # Errors
    /// What the log says; earlier batches stand then.
    pub async fn found_many(&self, foundings: Vec<Founding>, now_ms: i64) -> Result<Founded, Trouble> {
        let mut founded = Founded::default();
        let mut fresh = self.fresh_of(foundings, &mut founded).await?;
        let mut making: VecDeque<Making> = VecDeque::new();
        while !fresh.is_empty() || !making.is_empty() {
            while !fresh.is_empty() && making.len() < AT_ONCE {
                let later = fresh.split_off(fresh.len().min(BATCH));
                making.push_back(self.make_ready(std::mem::replace(&mut fresh, later), now_ms));
            }
            if let Some(next) = making.pop_front() {
                self.take_in(next.done().await, now_ms, &mut founded).await?;
            }
        }
        Ok(founded)
    }

    /// Those that are not there yet; one that is named twice is one.
    async fn fresh_of(&self, all: Vec<Founding>, founded: &mut Founded) -> Result<Vec<Founding>, Trouble> {
        let ids: Vec<DocId> = all.iter().map(|founding| founding.meta.id).collect();
        let mut there = self.log.known(&ids).await?;
        founded.there.extend(&there);
        Ok(all.into_iter().filter(|founding| there.insert(founding.meta.id)).collect())
    }

    fn make_ready(&self, fresh: Vec<Founding>, now_ms: i64) -> Making {
        let (epoch, kinds) = (self.epoch.clone(), self.kinds);
        let work = move || {
            let one = |founding: Founding| {
                let kind = kinds().iter().copied().find(|kind| kind.name() == founding.meta.kind);
                let doc = founding.meta.id;
                (doc, kind.ok_or(Refusal::Unknown).and_then(|kind| make(kind, founding, &epoch, now_ms)))
            };
            fresh.into_iter().map(one).collect()
        };
        // Under tokio it must not hold up those who serve phones; the harness has no runtime.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => Making::Elsewhere(runtime.spawn_blocking(work)),
            Err(_) => Making::Here(work()),
        }
    }

    async fn take_in(&self, made: Made, now_ms: i64, founded: &mut Founded) -> Result<(), Trouble> {
        let mut ready = Vec::new();
        for (doc, made) in made {
            match made.and_then(|one| self.check_names(one)) {
                Ok(one) => ready.push(one),
                Err(refusal) => founded.refused.push((doc, refusal)),
            }
        }
        founded.made += ready.len();
        if ready.is_empty() { Ok(()) } else { self.append_all(ready, now_ms).await }
    }

    fn check_names(&self, ready: Ready) -> Result<Ready, Refusal> {
        let Some(who) = ready.open.kind.who(&ready.open.raw()) else { return Ok(ready) };
        self.shared.people(|people| {
            if people.is_alias(who.person) {
                return Err(Refusal::NotOwner);
            }
            if people.is_taken(&who.no, who.person) {
                return Err(Refusal::invalid(
                    "no",
                    "这个工号已有人使用",
                    "Somebody else has this staff number",
                ));
            }
            Ok(ready)
        })
    }

    async fn append_all(&self, ready: Vec<Ready>, now_ms: i64) -> Result<(), Trouble> {
        let seen = ready.iter().map(|one| (one.open.meta.id, None)).collect();
        let (mut items, mut opens) = (Vec::new(), Vec::new());
        for one in ready {
            put_on(&mut items, &mut opens, one);
        }
        let (shared, named) = (self.shared.clone(), Named::of(&opens));
        let batch = Batch {
            sender: Sender { person: office(), device: String::new() },
            now_ms,
            seen,
            items,
            aliases: vec![],
            settle: Box::new(move |receipts| settle(opens, receipts)),
            then: Box::new(move |placed| {
                shared.learn(placed);
                shared.name(named);
            }),
        };
        match self.log.append(batch).await {
            Ok(_) => Ok(()),
            Err(NotPlaced::Trouble(trouble)) => Err(trouble.into()),
            // Somebody else began one of them this very moment, or two share a staff number.
            Err(NotPlaced::Moved) => Err(Trouble::Conflict),
            Err(NotPlaced::Panicked) => Err(Trouble::Module),
        }
    }
}

/// Puts a document's items in line: its receipts, counted from its first act, are now counted from the
/// first item of the batch.
fn put_on(items: &mut Vec<Item>, opens: &mut Vec<Open>, one: Ready) {
    let Ready { mut open, permit, acts } = one;
    items.push(Item::Change { doc: open.meta.id, permit });
    let before = items.len() as u64;
    let shift = |entry: &mut Entry| entry.receipt.iter_mut().for_each(|receipt| receipt.n += before);
    open.entries.iter_mut().for_each(shift);
    for (mut entry, series, narrow) in acts {
        shift(&mut entry);
        items.push(Item::Act { entry, series, narrow });
    }
    opens.push(open);
}

/// The office holds every role of the company to which a unit belongs.
pub(super) fn office_of(unit: &OrgCode) -> Who {
    let at = unit.company();
    let posts = Role::ALL.iter().map(|role| Post::new(*role, at.clone())).collect();
    let (no, name) = (String::new(), SOURCE.into());
    Who { person: office(), no, name, unit: at, member: false, posts, aliases: vec![] }
}

fn make(kind: &'static dyn AnyKind, founding: Founding, epoch: &str, now_ms: i64) -> Result<Ready, Refusal> {
    let Founding { meta, values, acts } = founding;
    let raw = birth(kind, &meta, &values, epoch)?;
    let shape = Shape::of(kind.fields());
    let gate::Batch { mut verdicts, after } = gate::admit_all(&StoredDoc::default(), &shape, &[&raw]);
    let verdict = verdicts.pop().ok_or(Refusal::Unknown)?;
    let permit = verdict.map_err(|why| Refusal::Unreadable(why.code().into()))?;
    let after = after.ok_or(Refusal::Unknown)?;
    let mut ready = Ready { open: Open::begun(kind, meta, values, after), permit, acts: vec![] };
    for act in acts {
        ready.decide(act, now_ms)?;
    }
    Ok(ready)
}

/// The first change of the document. Its actor is the server's own for this document and this history of
/// the log: after a restore the same roster must not write other changes under the same name.
fn birth(kind: &dyn AnyKind, meta: &Meta, values: &Values, epoch: &str) -> Result<Vec<u8>, Refusal> {
    let actor = DocId::derive(&[b"lianxin.server", epoch.as_bytes(), &meta.id.0]).0;
    let born = || {
        let doc = crdt::birth(actor, meta, kind.fields(), values)?;
        let change = doc.get_changes(&[]).into_iter().next();
        change.map(|change| change.raw_bytes().to_vec()).ok_or_else(|| Refusal::Unreadable("birth".into()))
    };
    catch_unwind(AssertUnwindSafe(born)).unwrap_or_else(|_| Err(Refusal::Unreadable("birth".into())))
}

impl Ready {
    /// One act of the office.
    fn decide(&mut self, act: Vec<u8>, now_ms: i64) -> Result<(), Refusal> {
        let (open, at) = (&mut self.open, self.acts.len());
        let who = office_of(&open.meta.unit);
        let raw = open.raw();
        if !open.kind.needs(&raw, &act).is_empty() {
            return Err(Refusal::Waits);
        }
        let judged = open.kind.judge(&raw, &act, &who, &Facts { now_ms, ..Facts::default() })?;
        let stamped = judged.series.is_some().then(|| "…".to_string());
        let receipt = Receipt {
            n: PENDING + at as u64,
            at_ms: now_ms,
            to: judged.to,
            stamped,
            by_name: SOURCE.into(),
            signed: None,
        };
        let entry = Entry {
            id: ActId::derive(&[&open.meta.id.0, &(at as u64).to_le_bytes(), &act]),
            doc: open.meta.id,
            by: who.person,
            device: String::new(),
            at_ms: now_ms,
            about: open.heads.clone(),
            act: ByteBuf::from(act),
            signature: None,
            receipt: Some(receipt),
        };
        let narrow = judged.narrow.as_ref().map(scopes_of);
        if narrow.is_none() {
            open.add(entry.clone());
        }
        self.acts.push((entry, judged.series, narrow));
        Ok(())
    }
}
