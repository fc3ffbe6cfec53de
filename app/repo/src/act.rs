//! Deciding. The rulebook is asked before the act is kept; the documents that it brings into being are kept
//! in the same write.

use crate::doc_rec::Intent;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, words};
use domain::bridge::Answer;
use domain::{ActId, AnyKind, DocId, Entry, Facts, Hash, Meta, Offspring, Raw, Refusal, Who, act_bytes};
use serde_bytes::ByteBuf;
use store::Store;
use sync::Item;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Decides on a document.
    pub(crate) async fn act(&self, id: DocId, act: ByteBuf) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let mut txn = Txn::default();
        let seq = self.act_in(&mut txn, id, act).await?;
        self.keep(txn).await?;
        Ok(Answer::Kept { doc: id, seq: Some(seq) })
    }

    /// The same inside a transaction. For whoever holds the turn.
    pub(crate) async fn act_in(&self, txn: &mut Txn, id: DocId, act: ByteBuf) -> Result<u64, Stop> {
        let mut work = self.work_here(id).await?;
        let (kind, raw, who) = (work.kind()?, work.raw(id)?, self.who());
        let mut entry = self.entry(&raw.meta, &who, act, work.heads());
        if let Err(refusal) = self.ask_the_rulebook(kind, &raw, &entry, &who).await? {
            self.put_back(id, work);
            return Err(refusal.into());
        }
        let whole = entry.clone();
        let (first, said) = self.hush(txn, &mut work, kind, &mut entry)?;
        // What is signed is what goes up: without words, and about the body that has them.
        let entry = self.signed(entry).await;
        let what = words::moment(kind, &entry).map(|moment| moment.step.zh).unwrap_or_default();
        let offspring = kind.offspring(&raw, &whole.act);
        work.waiting.push(entry.clone());
        let group = self.enqueue(txn, first, id, Item::Act(entry), what.clone(), Intent::Act, false);
        let together = txn.out.values_mut().flatten().filter(|item| item.doc == id && item.group == group);
        together.for_each(|item| {
            item.what.clone_from(&what);
            item.said = said.clone().filter(|_| item.intent == Intent::Act);
        });
        self.show_own(txn, id, work);
        for child in offspring {
            self.bring_forth(txn, group, child, &raw.meta, &who).await?;
        }
        Ok(group)
    }

    /// An act as it travels, but for the signature. On a confidential matter its owner acts under the alias
    /// and names no device.
    fn entry(&self, meta: &Meta, who: &Who, act: ByteBuf, about: Vec<Hash>) -> Entry {
        let alias = who.aliases.contains(&meta.owner);
        Entry {
            id: ActId::from_random(self.host.random16()),
            doc: meta.id,
            by: if alias { meta.owner } else { who.person },
            device: if alias { String::new() } else { self.mem.borrow().meta.device.clone() },
            at_ms: self.host.now_ms(),
            about,
            act,
            signature: None,
            receipt: None,
        }
    }

    /// The entry with this device's signature over what it says now. Under an alias there is none: a key that
    /// signs under two names would say that they are one person.
    pub(crate) async fn signed(&self, entry: Entry) -> Entry {
        if entry.device.is_empty() {
            return entry;
        }
        let signature = self.host.sign(&act_bytes(&entry)).await;
        Entry { signature, ..entry }
    }

    /// The rulebook's word, as far as this phone can know. When a document that the rule wants to see is
    /// not here, only the table is asked; the rest the server decides.
    async fn ask_the_rulebook(
        &self,
        kind: &dyn AnyKind,
        raw: &Raw,
        entry: &Entry,
        who: &Who,
    ) -> Result<Result<(), Refusal>, Stop> {
        let mut facts = Facts { now_ms: self.official_now(), ..Facts::default() };
        let needs = kind.needs(raw, &entry.act);
        for need in &needs {
            if let Some(found) = self.glance(*need, raw).await? {
                facts.learn(domain::modules::kind(&found.meta.kind), found);
            }
        }
        let all_here = facts.docs.len() == needs.iter().collect::<std::collections::BTreeSet<_>>().len();
        Ok(match kind.judge(raw, &entry.act, who, &facts) {
            Ok(_) => Ok(()),
            Err(refusal) if all_here || matches!(refusal, Refusal::Unreadable(_)) => Err(refusal),
            Err(_) => by_the_table(kind, raw, entry, who),
        })
    }

    /// Another document as it stands here; `None` when it is not.
    async fn glance(&self, id: DocId, own: &Raw) -> Result<Option<Raw>, Stop> {
        if id == own.meta.id {
            return Ok(Some(own.clone()));
        }
        let work = match self.work(id).await {
            Ok(Some(work)) => work,
            Ok(None) | Err(Stop::Refused(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let raw = work.raw(id)?;
        self.put_back(id, work);
        Ok(Some(raw))
    }

    /// A document that an act brings into being. It can only exist once: when it is here already, it stays.
    async fn bring_forth(
        &self,
        txn: &mut Txn,
        group: u64,
        child: Offspring,
        parent: &Meta,
        who: &Who,
    ) -> Result<(), Stop> {
        if self.row(txn, child.id).is_some() {
            return Ok(());
        }
        let kind = self.kind(child.kind).ok_or(Refusal::Unknown)?;
        let owner = if who.aliases.contains(&parent.owner) { parent.owner } else { who.person };
        let meta = Meta {
            id: child.id,
            kind: child.kind.into(),
            owner,
            unit: child.unit,
            born_ms: self.host.now_ms(),
        };
        let raw = Raw { meta: meta.clone(), values: child.values, entries: vec![] };
        let (_, mut work) = self.bear(txn, Some(group), kind, raw, true, None)?;
        for act in child.acts {
            let entry = self.signed(self.entry(&meta, who, act.into(), work.heads())).await;
            let what = words::moment(kind, &entry).map(|moment| moment.step.zh).unwrap_or_default();
            work.waiting.push(entry.clone());
            self.enqueue(txn, Some(group), child.id, Item::Act(entry), what, Intent::Act, true);
        }
        self.show_own(txn, child.id, work);
        Ok(())
    }

    /// The best guess of official time: device time corrected by what the server last said.
    pub(crate) fn official_now(&self) -> i64 {
        self.official_in(&Txn::default())
    }

    /// The same as a transaction has it, which may know better what the server says.
    pub(crate) fn official_in(&self, txn: &Txn) -> i64 {
        let mem = self.mem.borrow();
        self.host.now_ms().saturating_add(txn.meta.as_ref().unwrap_or(&mem.meta).skew_ms)
    }
}

fn by_the_table(kind: &dyn AnyKind, raw: &Raw, entry: &Entry, who: &Who) -> Result<(), Refusal> {
    let step = words::moment(kind, entry).map(|moment| moment.step.code);
    let line = kind.steps(raw, who).into_iter().find(|view| Some(&view.step.code) == step.as_ref());
    line.and_then(|view: domain::StepView| view.refusal).map_or(Ok(()), Err)
}
