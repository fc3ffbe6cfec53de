//! Documents and lists for the screens.

use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo};
use domain::bridge::{Answer, Line, Opened, Query};
use domain::{DocId, Refusal, Row, crdt};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Opens a document. What is here is shown at once, also when the server has newer; what is not here
    /// is fetched.
    pub(crate) async fn open_doc(&self, id: DocId) -> Result<Answer, Stop> {
        let row = self.row(&Txn::default(), id);
        match &row {
            Some(row) if row.broken => {}
            Some(row) if row.whole => {
                if row.stale {
                    self.mem.borrow_mut().wants.insert(id);
                }
            }
            _ => self.fetch(id).await?,
        }
        let _turn = self.turn.lock().await;
        let work = self.work_here(id).await?;
        let opened = self.opened_view(id, &work);
        self.put_back(id, work);
        Ok(Answer::Opened(Box::new(opened?)))
    }

    fn opened_view(&self, id: DocId, work: &Work) -> Result<Opened, Refusal> {
        let (kind, raw, who) = (work.kind()?, work.raw(id)?, self.who());
        self.learn_file_keys(work, &raw.values);
        let row: Row = self.row(&Txn::default(), id).ok_or(Refusal::Unknown)?.row;
        Ok(Opened {
            row,
            status: kind.status(&raw),
            steps: kind.steps(&raw, &who),
            timeline: kind.timeline(&raw),
            may_edit: kind.may_edit(&raw, &who).is_ok(),
            conflicts: crdt::conflicts(&work.doc),
            sent: self.sent(id),
            waiting: self.pending(&Txn::default(), id).len(),
            meta: raw.meta,
            values: raw.values,
            entries: raw.entries,
        })
    }

    /// Lines of a list.
    pub(crate) fn list(&self, query: &Query) -> Answer {
        let (marks, who) = (self.marks(), self.who());
        let mem = self.mem.borrow();
        let (rows, total) = mem.rows.ask(query, &who);
        let line = |rec: &crate::RowRec| Line {
            sent: marks.of(rec.row.id),
            temporary: rec.temporary.clone().filter(|_| rec.row.number.is_none()),
            row: rec.row.clone(),
        };
        Answer::Lines { lines: rows.into_iter().map(line).collect(), total }
    }
}
