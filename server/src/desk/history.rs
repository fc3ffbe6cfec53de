//! Which history of the log a phone speaks of. A `restore` gives the log another name, and phones notice. When
//! somebody just copies an old file back, the name is the same, but some phone comes with cursors that this log
//! has not reached, or has seen another tree. That phone is told a name of its own, `{epoch}/{place}`: it then does what every phone
//! does after a restore, and nobody can trouble the others by making cursors up.

use super::{Desk, Trouble};
use crate::log::Log;
use sync::Request;

/// The history of one request.
pub(super) struct History {
    /// Not the one that the caller speaks of: cursors mean nothing, and pushes wait until he knows.
    pub is_other: bool,
    /// The name that he is told.
    pub epoch: String,
}

impl<L: Log> Desk<L> {
    pub(super) async fn history(&self, request: &Request) -> Result<History, Trouble> {
        if !request.epoch.is_empty() && !self.is_ours(&request.epoch) {
            return Ok(History { is_other: true, epoch: self.epoch.clone() });
        }
        if let Some(place) = self.went_back(request).await? {
            tracing::warn!(place, "a phone knows more than this log: was an old file copied back?");
            return Ok(self.another(request, place));
        }
        // The numbers have grown over what was lost, but the tree tells.
        if let Some(seen) = request.seen.as_ref().filter(|_| !request.epoch.is_empty())
            && self.is_forked(seen).await?
        {
            let place = self.shared.last();
            tracing::warn!(place, "a phone knows another past than this log: was an old file copied back?");
            return Ok(self.another(request, place));
        }
        let named = !request.epoch.is_empty();
        Ok(History { is_other: false, epoch: if named { request.epoch.clone() } else { self.epoch.clone() } })
    }

    /// A name that this phone has never heard, also when the same old file comes back twice.
    fn another(&self, request: &Request, place: u64) -> History {
        let before = if request.epoch.is_empty() { &self.epoch } else { &request.epoch };
        History { is_other: true, epoch: format!("{before}/{place}") }
    }

    fn is_ours(&self, epoch: &str) -> bool {
        epoch.strip_prefix(&self.epoch).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The log's last place, when the caller has been beyond it. What is in memory may lag behind a commit
    /// that a reader has just seen, so the log itself is asked before anybody is told.
    async fn went_back(&self, request: &Request) -> Result<Option<u64>, Trouble> {
        let furthest = request.cursors.values().copied().max().unwrap_or(0);
        if furthest <= self.shared.last() {
            return Ok(None);
        }
        let last = self.log.last().await?;
        Ok((furthest > last).then_some(last))
    }
}
