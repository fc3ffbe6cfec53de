//! 撤销: taking back what has not been sent. What may have reached the server stays: it would only come
//! back from there.

use crate::doc_rec::OutItem;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::bridge::Answer;
use domain::{DocId, Refusal};
use std::collections::BTreeSet;
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Takes back everything that was kept together with `seq`.
    pub(crate) async fn undo(&self, seq: u64) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let group = self.takeable(seq)?;
        let docs: BTreeSet<DocId> = group.iter().map(|(_, item)| item.doc).collect();
        let mut txn = Txn::default();
        txn.out.extend(group.iter().map(|(place, _)| (*place, None)));
        for doc in docs {
            self.bump(&mut txn, doc).await?;
            self.settle(&mut txn, doc, false).await?;
        }
        self.keep(txn).await?;
        Ok(Answer::Done)
    }

    /// The items of a group, if all of them are still only here and nothing was built on them.
    fn takeable(&self, seq: u64) -> Result<Vec<(u64, OutItem)>, Refusal> {
        let mem = self.mem.borrow();
        let sent = || {
            Refusal::rule(
                "已经发出，不能撤销。可以再次修改或办理",
                "It has been sent and cannot be taken back",
            )
        };
        let group = mem.out.get(&seq).ok_or_else(sent)?.group;
        let items: Vec<(u64, OutItem)> = mem
            .out
            .iter()
            .filter(|(_, item)| item.group == group)
            .map(|(p, item)| (*p, item.clone()))
            .collect();
        // What waits again after a restore of the server stood there long before.
        let was_sent =
            |(place, item): &(u64, OutItem)| item.again || *place <= mem.tried || mem.flying.contains(place);
        if items.iter().any(was_sent) {
            return Err(sent());
        }
        let built_on =
            |other: &OutItem| other.group > group && items.iter().any(|(_, item)| item.doc == other.doc);
        if mem.out.values().any(built_on) {
            let zh = "之后还有对同一份材料的修改或办理，请先撤销后面的";
            return Err(Refusal::rule(
                zh,
                "Later work on the same record builds on it; take that back first",
            ));
        }
        Ok(items)
    }

    /// From now on the document is written under another actor: numbers of taken-back changes are burnt.
    pub(crate) async fn bump(&self, txn: &mut Txn, id: DocId) -> Result<(), Stop> {
        let Some(row) = self.row(txn, id) else { return Ok(()) };
        let mut rec = self.rec(txn, id, &row.row.kind).await?;
        rec.bump += 1;
        txn.docs.insert(id, Some(rec));
        Ok(())
    }
}
