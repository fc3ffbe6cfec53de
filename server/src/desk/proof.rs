//! The phone as a witness: does it know the same history, and the proof that what it is told continues what
//! it has seen. Cheap where nothing happened: roots of the last commits are in memory.

use super::history::History;
use super::{Desk, Trouble};
use crate::log::Log;
use sync::{Proof, Request, Seen};

impl<L: Log> Desk<L> {
    /// True when the phone has seen another history of this size, or a longer one: somebody copied an old file
    /// back, and others have written since.
    pub(super) async fn is_forked(&self, seen: &Seen) -> Result<bool, Trouble> {
        if seen.size == 0 {
            return Ok(false);
        }
        if let Some(root) = self.shared.root_at(seen.size) {
            return Ok(root != seen.root);
        }
        Ok(self.log.prove(seen.size).await?.is_none_or(|proven| proven.root_then != seen.root))
    }

    /// What the end of an answer carries. `told`: documents, receipts or cursors were handed out.
    pub(super) async fn proof(
        &self,
        request: &Request,
        history: &History,
        told: bool,
    ) -> Result<Option<Box<Proof>>, Trouble> {
        let Some(seen) = &request.seen else { return Ok(None) };
        let from = if history.is_other { 0 } else { seen.size };
        if from > 0 && !told && !seen.due {
            return Ok(None);
        }
        let proof = self.log.prove(from).await?.map(|proven| proven.proof);
        Ok(proof.filter(|proof| from == 0 || proof.checkpoint.size > from).map(Box::new))
    }
}
