//! A working document: what the server confirmed plus what waits in the outbox, put together when it is
//! needed and never kept as a typed copy.

use crate::body::{self, Clash};
use crate::doc_rec::{DocRec, OutItem};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use automerge::Automerge;
use domain::{AnyKind, DocId, Entry, Hash, Raw, Refusal, Seal, Value, crdt, said_key, with_words};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::Store;
use sync::{Item, is_sealed};

/// An opened document. Whoever takes it out of memory puts it back, or drops it when writing failed.
pub(crate) struct Work {
    /// Its kind; `None` for one of a newer app.
    pub kind: Option<&'static dyn AnyKind>,
    /// What is confirmed.
    pub rec: DocRec,
    /// Confirmed and waiting changes.
    pub doc: Automerge,
    /// Acts that wait.
    pub waiting: Vec<Entry>,
}

impl Work {
    /// The document as the rulebook sees it.
    pub fn raw(&self, id: DocId) -> Result<Raw, Refusal> {
        let read = crdt::read(&self.doc, id).ok_or_else(|| Refusal::Unreadable("meta".into()));
        let (meta, mut values) = read?;
        let mut entries: Vec<Entry> = self.rec.acts.iter().chain(&self.waiting).cloned().collect();
        if self.rec.seal.is_some() {
            Seal::Open.mark(&mut values);
            entries.iter_mut().for_each(|entry| self.give_words(entry));
        }
        Ok(Raw { meta, values, entries })
    }
    /// Puts the words of an act on a sealed document into it: those that its author saw when deciding.
    fn give_words(&self, entry: &mut Entry) {
        let then = crdt::value_then(&self.doc, &said_key(entry.id), &entry.about);
        let (Some(kind), Some(Value::Str(text))) = (self.kind, then) else { return };
        if let Some(whole) = with_words(kind, entry, &text) {
            *entry = whole;
        }
    }
    /// Its kind; a document of a newer app's kind stays closed.
    pub fn kind(&self) -> Result<&'static dyn AnyKind, Refusal> {
        self.kind.ok_or(Refusal::Unknown)
    }
    /// What the next act is about.
    pub fn heads(&self) -> Vec<Hash> {
        crdt::heads(&self.doc)
    }
}

/// Puts a document together; `None` when nothing of its body is here.
pub(crate) fn build(
    id: DocId,
    kind: Option<&'static dyn AnyKind>,
    rec: DocRec,
    pending: &[(u64, OutItem)],
) -> Result<Option<Work>, Clash> {
    let mut doc = match &rec.body {
        Some(body) => body::load(body)?,
        None => body::empty(),
    };
    let mut any = rec.body.is_some();
    let mut waiting = Vec::new();
    for raw in &rec.tail {
        match body::apply(&mut doc, raw) {
            Err(Clash::Missing) => {}
            done => {
                done?;
                any = true;
            }
        }
    }
    for (_, item) in pending {
        match &item.item {
            // Parked once: it comes back down as a letter.
            Item::Change(raw) if is_sealed(raw) => {}
            Item::Change(raw) => match body::apply(&mut doc, raw) {
                // After a restore: what it rests on is still to come back.
                Err(Clash::Missing) if item.again => {}
                done => {
                    done?;
                    any = true;
                }
            },
            Item::Act(entry) => waiting.push(entry.clone()),
        }
    }
    if !any {
        return Ok(None);
    }
    let work = Work { kind, rec, doc, waiting };
    let readable = catch_unwind(AssertUnwindSafe(|| work.raw(id).is_ok())).unwrap_or(false);
    if readable { Ok(Some(work)) } else { Err(Clash::Broken) }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Takes a working document out of memory or puts it together; `None` when its body is not here.
    /// Only for whoever holds the turn.
    pub(crate) async fn work(&self, id: DocId) -> Result<Option<Work>, Stop> {
        if let Some(work) = self.mem.borrow_mut().open.take(id) {
            return Ok(Some(work));
        }
        let Some(row) = self.row(&Txn::default(), id) else { return Ok(None) };
        if row.broken {
            return Err(Refusal::Unreadable("quarantine".into()).into());
        }
        let txn = Txn::default();
        let rec = self.rec(&txn, id, &row.row.kind).await?;
        let pending = self.pending(&txn, id);
        if rec.body.is_none() && pending.is_empty() {
            return Ok(None);
        }
        self.opening(&[id]).await?;
        let built = build(id, self.kind(&rec.kind), rec, &pending);
        self.opened(&[id]).await?;
        match built {
            Ok(work) => Ok(work),
            Err(clash) => self.mend(id, clash).await,
        }
    }

    /// The kind of this name, as this version of the app knows it.
    pub(crate) fn kind(&self, name: &str) -> Option<&'static dyn AnyKind> {
        self.host.kinds().iter().copied().find(|kind| kind.name() == name)
    }

    /// The working document, or why there is none.
    pub(crate) async fn work_here(&self, id: DocId) -> Result<Work, Stop> {
        match self.work(id).await? {
            Some(work) => Ok(work),
            None => Err(self.why_not_here(id).await.into()),
        }
    }

    pub(crate) fn put_back(&self, id: DocId, work: Work) {
        self.mem.borrow_mut().open.put(id, work);
    }

    /// What waits does not go with what is confirmed: the waiting intents are written anew, or, when the
    /// document itself does not open, it is put aside and fetched again.
    async fn mend(&self, id: DocId, clash: Clash) -> Result<Option<Work>, Stop> {
        let mut txn = Txn::default();
        match clash {
            Clash::Broken => self.quarantine(&mut txn, id),
            Clash::Missing | Clash::Sequence => self.replay(&mut txn, id, self.is_patient()).await?,
        }
        self.keep(txn).await?;
        match self.mem.borrow_mut().open.take(id) {
            Some(work) => Ok(Some(work)),
            None => Err(Refusal::Unreadable("quarantine".into()).into()),
        }
    }
}
