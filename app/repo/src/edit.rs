//! Writing a body. The change and the row are on the disk before anybody hears "kept".

use crate::doc_rec::{Intent, OutItem};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo, body, split, words};
use domain::bridge::Answer;
use domain::{AnyKind, DocId, Edit};
use store::Store;
use sync::Item;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Writes the body; `seq: None` when nothing differs.
    pub(crate) async fn edit(&self, id: DocId, edits: Vec<Edit>) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let mut txn = Txn::default();
        let seq = self.edit_in(&mut txn, id, edits).await?;
        if seq.is_some() {
            self.keep(txn).await?;
        }
        Ok(Answer::Kept { doc: id, seq })
    }

    /// The same inside a transaction. For whoever holds the turn.
    pub(crate) async fn edit_in(
        &self,
        txn: &mut Txn,
        id: DocId,
        edits: Vec<Edit>,
    ) -> Result<Option<u64>, Stop> {
        let mut work = self.work_here(id).await?;
        let kind = work.kind()?;
        let fixed = edits.iter().map(domain::Edit::key).find(|key| kind.fixed().contains(key));
        let raw = work.raw(id)?;
        let allowed = match fixed {
            Some(key) => Err(domain::Refusal::fixed(key)),
            None => kind.may_edit(&raw, &self.who()),
        };
        let edits = match allowed.and_then(|()| self.with_file_keys(edits, &work, &raw.values)) {
            Ok(edits) => edits,
            Err(refusal) => {
                self.put_back(id, work);
                return Err(refusal.into());
            }
        };
        let group = self.write_parts(txn, id, &mut work, kind, edits)?;
        match group {
            Some(_) => self.show_own(txn, id, work),
            None => self.put_back(id, work),
        }
        Ok(group)
    }

    /// Writes edits as one or several changes into the outbox; the first place, if anything differs.
    /// On an error the work must be dropped.
    pub(crate) fn write_parts(
        &self,
        txn: &mut Txn,
        id: DocId,
        work: &mut Work,
        kind: &dyn AnyKind,
        edits: Vec<Edit>,
    ) -> Result<Option<u64>, Stop> {
        let actor = self.actor(txn, id, work.rec.bump);
        let what = words::of_edits(kind, &edits);
        let mut group = None;
        for part in split::edits(edits) {
            let message = self.secret_message(work.rec.seal.is_some());
            let Some(raw) = body::write(&mut work.doc, actor, kind.fields(), &part, message)? else {
                continue;
            };
            let item = Item::Change(raw.into());
            group = Some(self.enqueue(txn, group, id, item, what.clone(), Intent::Edits(part), false));
        }
        Ok(group)
    }

    /// Puts a thing into the outbox under the next place; returns its group.
    #[allow(clippy::too_many_arguments)] // the parts of an item, each once
    pub(crate) fn enqueue(
        &self,
        txn: &mut Txn,
        group: Option<u64>,
        doc: DocId,
        item: Item,
        what: String,
        intent: Intent,
        made: bool,
    ) -> u64 {
        let place = self.place(txn);
        let group = group.unwrap_or(place);
        let item = OutItem { group, made, ..OutItem::new(doc, item, what, intent, self.host.now_ms()) };
        txn.out.insert(place, Some(item));
        group
    }

    /// The row after a write of this phone's own.
    pub(crate) fn show_own(&self, txn: &mut Txn, id: DocId, work: Work) {
        if let Some(row) = self.row(txn, id) {
            self.shown(txn, id, row, work);
        }
    }
}
