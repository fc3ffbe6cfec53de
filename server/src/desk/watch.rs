//! Who was handed what is sensitive: noted once per person and day, before the answer ends. Own records are not
//! noted: a line about one's own confidential matter would tell whose it is.

use super::{Desk, Trouble};
use crate::audit::VIEWED;
use crate::log::{AuditLine, Body, Copy, Log};
use domain::{DAY_MS, DocId, Who};
use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

/// Views that are known to be noted today; spares the disk a question.
#[derive(Default)]
pub(super) struct Views(Mutex<(i64, HashSet<(DocId, DocId)>)>);

impl Views {
    /// Those that are new today.
    fn fresh(&self, person: DocId, docs: BTreeSet<DocId>, now_ms: i64) -> Vec<DocId> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let day = now_ms.div_euclid(DAY_MS);
        if known.0 != day {
            *known = (day, HashSet::new());
        }
        docs.into_iter().filter(|doc| known.1.insert((person, *doc))).collect()
    }
}

impl<L: Log> Desk<L> {
    /// Is this copy something to be noted?
    pub(super) fn is_watched(&self, who: &Who, copy: &Copy) -> bool {
        let shows = copy.body != Body::None || !copy.acts.is_empty();
        shows && !who.is(copy.row.owner) && self.kind(&copy.kind).is_some_and(|kind| kind.watched())
    }

    /// Notes what was handed out.
    pub(super) async fn note_views(
        &self,
        person: DocId,
        device: &str,
        now_ms: i64,
        docs: BTreeSet<DocId>,
    ) -> Result<(), Trouble> {
        let line = |doc| AuditLine { at_ms: now_ms, person, device: device.into(), doc, code: VIEWED.into() };
        let lines: Vec<AuditLine> = self.views.fresh(person, docs, now_ms).into_iter().map(line).collect();
        if !lines.is_empty() {
            self.log.audit_once(lines, now_ms.div_euclid(DAY_MS) * DAY_MS).await?;
        }
        Ok(())
    }
}
