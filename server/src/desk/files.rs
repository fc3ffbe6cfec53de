//! Files belong to the documents that name them: whoever reads such a document may have the file, nobody
//! else. The server looks for hashes in the values of any kind; it knows no module.

use super::slot::Open;
use super::{Desk, Trouble};
use crate::gate;
use crate::log::{Log, Trouble as LogTrouble};
use domain::{DocId, Hash, Values, Who, blobs_named, scopes_held};
use std::collections::{BTreeSet, HashMap};

/// Documents read at a time at the start.
const PAGE: usize = 1_000;

/// Which documents name which files. One that stopped naming a file stays in here: whoever asks looks again.
#[derive(Default)]
pub(super) struct Files(HashMap<Hash, BTreeSet<DocId>>);

impl Files {
    pub fn learn(&mut self, named: Named) {
        for (hash, doc) in named.0 {
            self.0.entry(hash).or_default().insert(doc);
        }
    }
    pub fn naming(&self, hash: Hash) -> Vec<DocId> {
        self.0.get(&hash).into_iter().flatten().copied().collect()
    }
}

/// Files that some documents name.
pub(super) struct Named(Vec<(Hash, DocId)>);

fn pairs(doc: DocId, values: &Values) -> impl Iterator<Item = (Hash, DocId)> + use<> {
    blobs_named(values).into_iter().map(move |hash| (hash, doc))
}

impl Named {
    pub fn of(opens: &[Open]) -> Self {
        Self(opens.iter().flat_map(|open| pairs(open.meta.id, &open.values)).collect())
    }
    /// Those of the whole log; asked once at the start.
    pub async fn read<L: Log>(log: &L) -> Result<Self, LogTrouble> {
        let (mut named, mut after) = (Vec::new(), None);
        loop {
            let page = log.bodies(after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(Self(named)) };
            after = Some(*last);
            named.extend(page.iter().flat_map(|(doc, values)| pairs(*doc, values)));
        }
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<L: Log> Desk<L> {
    /// True when this person may read a document that names the file. One in which nobody but they
    /// themselves ever wrote does not count: who remembers a name cannot get the file by writing it down.
    ///
    /// # Errors
    /// What the log says.
    pub async fn may_have(&self, who: &Who, hash: Hash) -> Result<bool, Trouble> {
        let held = scopes_held(who);
        for doc in self.shared.naming(hash) {
            let Some(stored) = self.log.load(doc).await? else { continue };
            let reads = !stored.scopes.is_disjoint(&held);
            if reads && blobs_named(&stored.values).contains(&hash) && self.others_wrote(doc, who).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn others_wrote(&self, doc: DocId, who: &Who) -> Result<bool, Trouble> {
        for change in self.log.changes_since(doc, 0).await? {
            let Some(actor) = gate::sealed::actor_of(&change.bytes) else { continue };
            if self.log.actor(doc, actor).await? != Some(who.person) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
