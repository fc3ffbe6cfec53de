//! From bytes to operations, by Automerge's own parser under a catch. Only the one canonical spelling of
//! a change passes: another spelling would get another hash when Automerge rebuilds it from a snapshot.

use super::prescan::Claims;
use super::quiet::{Panicked, catch};
use super::refused::{Refused, Step};
use automerge::{Change, ExpandedChange};
use domain::Hash;

/// A change as Automerge reads it.
pub(super) struct Decoded {
    /// For applying.
    pub change: Change,
    /// For looking at: every operation, also those that leave no trace in the result.
    pub ops: ExpandedChange,
}

/// Parses, re-encodes, and compares both the bytes and what our own reader said.
pub(super) fn decode(raw: &[u8], hash: &Hash, claims: &Claims) -> Result<Decoded, Refused> {
    let parsed = catch(|| {
        let change = Change::try_from(raw).map_err(|_| Step::Decode)?;
        let ops = change.decode();
        let again = Change::from(ops.clone());
        if again.raw_bytes() == raw { Ok(Decoded { change, ops }) } else { Err(Step::Canonical) }
    });
    let decoded = parsed.map_err(|Panicked(at)| Refused::Poison { step: Step::Decode, at })??;
    if agrees(&decoded, hash, claims) { Ok(decoded) } else { Err(Step::Decode.into()) }
}

/// Two readers, one meaning: what the pre-scan let through is what Automerge will apply.
fn agrees(decoded: &Decoded, hash: &Hash, claims: &Claims) -> bool {
    let (change, ops) = (&decoded.change, &decoded.ops);
    change.hash().0 == hash.0
        && change.actor_id().to_bytes() == claims.actor
        && change.seq() == claims.seq
        && change.start_op().get() == claims.start_op
        && ops.operations.len() as u64 == claims.ops
        && change.timestamp() == claims.time
        && change.deps().iter().map(|dep| dep.0).eq(claims.deps.iter().map(|dep| dep.0))
        && change.other_actor_ids().iter().map(|id| id.to_bytes()).eq(claims.others.iter().map(|id| &id[..]))
        && change.author().is_none()
        && change.extra_bytes().is_empty()
}
