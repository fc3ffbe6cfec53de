//! After something of a document came or went: does what waits still go with what is confirmed, and what
//! does its row say now?

use crate::body::Clash;
use crate::doc_rec::RowRec;
use crate::guard::crossed_out;
use crate::keep::Txn;
use crate::mem::KEPT_OPEN;
use crate::stop::Stop;
use crate::work::{Work, build};
use crate::{Host, Link, Repo};
use domain::{DocId, Entry, Row, Who};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Puts a document together as the transaction leaves it, and computes its row. `fresh`: the whole
    /// document has just come, so what does not fit it now never will and is written anew.
    pub(crate) async fn settle(&self, txn: &mut Txn, id: DocId, fresh: bool) -> Result<(), Stop> {
        let Some(mut row) = self.row(txn, id) else { return Ok(()) };
        if row.broken {
            return Ok(());
        }
        let rec = self.rec(txn, id, &row.row.kind).await?;
        let pending = self.pending(txn, id);
        if rec.body.is_none() && pending.is_empty() {
            if row.scopes.is_empty() {
                self.forget(txn, id);
            }
            return Ok(());
        }
        // The server's row is of a later state than what is here; that something of mine waits again is no news.
        if row.stale && pending.iter().all(|(_, item)| item.again) {
            return Ok(());
        }
        match build(id, self.kind(&rec.kind), rec, &pending) {
            Ok(Some(work)) => self.shown(txn, id, row, work),
            Ok(None) => {}
            Err(Clash::Broken) => self.quarantine(txn, id),
            Err(Clash::Missing) if !fresh => {
                row.lacking = true;
                txn.rows.insert(id, Some(row));
            }
            Err(Clash::Missing | Clash::Sequence) => self.replay(txn, id, self.is_patient()).await?,
        }
        Ok(())
    }

    /// The row of a document as this phone sees it, and the document kept open.
    pub(crate) fn shown(&self, txn: &mut Txn, id: DocId, mut row: RowRec, work: Work) {
        match row_of(id, &work) {
            Some(line) => {
                let before = std::mem::replace(&mut row.row, line);
                if row.heard.is_none() && row.sealed.is_none() && !row.scopes.is_empty() {
                    row.heard = Some(before.into());
                }
                row.whole = true;
                row.done = work
                    .raw(id)
                    .map(|raw| done_by(&raw.meta.kind, &raw.entries, &self.who()))
                    .unwrap_or_default();
                txn.rows.insert(id, Some(row));
                txn.works.push((id, work));
            }
            None => {
                txn.rows.insert(id, Some(row));
                self.quarantine(txn, id);
            }
        }
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// The server's lines in the place of this phone's own, where nothing waits any more. For the end of an answer:
    /// nothing is under way then that would make them older than what stands here.
    pub(crate) fn show_heard(&self, txn: &mut Txn) {
        let own = self.mem.borrow().rows.ids(|row| row.heard.is_some());
        for id in own {
            let Some(mut row) = self.row(txn, id).filter(|_| self.pending(txn, id).is_empty()) else {
                continue;
            };
            if let Some(heard) = row.heard.take() {
                row.row = *heard;
                txn.rows.insert(id, Some(row));
            }
        }
    }

    /// The lines that an earlier version of the app computed, computed anew, once. What killed a worker before is
    /// tried alone.
    pub(crate) async fn renew(&self) -> Result<(), Stop> {
        let rules = self.host.rules();
        let (alone, together): (Vec<DocId>, Vec<DocId>) = {
            let mem = self.mem.borrow();
            if mem.meta.rules == rules {
                return Ok(());
            }
            let waits: BTreeSet<DocId> = mem.out.values().map(|item| item.doc).collect();
            let own = mem.rows.iter().filter(|(id, row)| row.sealed.is_some() || waits.contains(id));
            let own: BTreeSet<DocId> = own.map(|(id, _)| id).collect();
            own.into_iter().partition(|id| mem.meta.suspects.contains(id))
        };
        for some in together.chunks(KEPT_OPEN).chain(alone.chunks(1)) {
            self.opening(some).await?;
            let mut txn = Txn { extra: vec![crossed_out()], ..Txn::default() };
            for id in some {
                self.settle(&mut txn, *id, false).await?;
            }
            if some.iter().any(|id| alone.contains(id)) {
                self.meta(&mut txn).suspects.retain(|id| !some.contains(id));
            }
            if let Err(stop) = self.keep(txn).await {
                // A full phone is no proof against a document.
                self.opened(some).await?;
                return Err(stop);
            }
        }
        let mut txn = Txn::default();
        self.ask_for_left_out(&mut txn).await?;
        self.meta(&mut txn).rules = rules;
        self.keep(txn).await
    }

    /// Of a sealed document the earlier version may have left out what it did not know, and what rests on that: the
    /// whole is asked for, and judged by the rules of today. Until then it is open as it was.
    async fn ask_for_left_out(&self, txn: &mut Txn) -> Result<(), Stop> {
        let seals = |name: &str| self.kind(name).is_some_and(|kind| kind.seals(true));
        let rows: Vec<DocId> = {
            let mem = self.mem.borrow();
            mem.rows.iter().filter(|(_, row)| seals(&row.row.kind)).map(|(id, _)| id).collect()
        };
        for id in rows {
            let Some(mut row) = self.row(txn, id) else { continue };
            let seal = self.rec(txn, id, &row.row.kind).await?.seal;
            if seal.is_some_and(|seal| !(seal.refused.is_empty() && seal.shut.is_empty())) {
                row.lacking = true;
                txn.rows.insert(id, Some(row));
            }
        }
        Ok(())
    }
}

/// Codes of the steps that this person did.
pub(crate) fn done_by(kind: &str, entries: &[Entry], who: &Who) -> BTreeSet<String> {
    let Some(kind) = domain::modules::kind(kind) else { return BTreeSet::new() };
    let mine = entries.iter().filter(|entry| who.is(entry.by));
    mine.filter_map(|entry| kind.step(&entry.act)).map(Into::into).collect()
}

/// The row by the kind's own rule; `None` when the document makes the rule fall over.
pub(crate) fn row_of(id: DocId, work: &Work) -> Option<Row> {
    let compute = || Some(work.kind().ok()?.row(&work.raw(id).ok()?));
    catch_unwind(AssertUnwindSafe(compute)).ok().flatten()
}
