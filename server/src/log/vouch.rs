//! What a home vouches for: the edge of its tree, the end of its audit's chain, its names and key. Held by
//! whoever writes, so that appending never reads the tree.

use super::leaf::{CHAIN_START, Leaf, What, link};
use super::place::Puts;
use super::tree::{Edge, Place};
use super::{AuditLine, Sender};
use crate::proof::Signer;
use domain::{DocId, Hash};
use serde_bytes::ByteBuf;
use sync::{Checkpoint, Proof};

/// The word that the next checkpoint will say.
#[derive(Clone)]
pub(crate) struct Vouch {
    /// Name of the log, for ever.
    pub origin: String,
    /// Name of the history.
    pub epoch: String,
    /// Blinds who pushed.
    pub secret: [u8; 32],
    pub edge: Edge,
    /// Audit lines so far.
    pub audit: u64,
    pub audit_end: Hash,
    /// Official time of the last write, UTC ms.
    pub at_ms: i64,
    /// `None`: checkpoints are not signed (tests, harness).
    pub signer: Option<Signer>,
}

impl Vouch {
    /// For an empty log.
    pub fn new(origin: &str, epoch: &str, secret: [u8; 32], signer: Option<Signer>) -> Self {
        Self {
            origin: origin.into(),
            epoch: epoch.into(),
            secret,
            edge: Edge::default(),
            audit: 0,
            audit_end: CHAIN_START,
            at_ms: 0,
            signer,
        }
    }

    /// The word about everything so far.
    pub fn checkpoint(&self) -> Checkpoint {
        let plain = Checkpoint {
            origin: self.origin.clone(),
            size: self.edge.size(),
            root: self.edge.root(),
            audit: self.audit,
            audit_end: self.audit_end,
            epoch: self.epoch.clone(),
            at_ms: self.at_ms,
            key: ByteBuf::new(),
            sig: ByteBuf::new(),
        };
        match &self.signer {
            Some(signer) => signer.sign(plain),
            None => plain,
        }
    }

    /// True when the other one says something else.
    pub fn differs(&self, other: &Self) -> bool {
        (self.edge.size(), self.audit, &self.epoch) != (other.edge.size(), other.audit, &other.epoch)
    }

    /// Takes one more leaf; returns the nodes that are complete with it.
    pub fn grow(&mut self, leaf: Hash, nodes: &mut Vec<(Place, Hash)>) {
        self.edge.append(leaf, |place, hash| nodes.push((place, hash)));
    }

    /// Takes the lines of a batch, in the order of their places.
    pub(super) fn grow_by(&mut self, puts: &mut Puts, sender: &Sender, first: u64) {
        let leaf = |n: u64, doc: DocId, what: What<'_>| {
            let (person, device) = (sender.person, sender.device.as_str());
            let leaf = Leaf { n, first, doc, person, device, received_ms: puts.received_ms, what };
            (n, leaf.hash(&self.secret))
        };
        let changes = puts.changes.iter().map(|put| leaf(put.n, put.doc, What::Change(put.permit.bytes())));
        let acts = puts.acts.iter().map(|put| {
            let (narrow, series) = (put.narrow.as_ref(), put.series.as_deref());
            leaf(put.n, put.entry.doc, What::Act { entry: &put.cbor, narrow, series })
        });
        let renewals = puts.renewals.iter().map(|(n, doc)| leaf(*n, *doc, What::Renewal));
        let mut leaves: Vec<(u64, Hash)> = changes.chain(acts).chain(renewals).collect();
        leaves.sort_unstable_by_key(|(n, _)| *n);
        let mut nodes = Vec::with_capacity(2 * leaves.len());
        leaves.into_iter().for_each(|(_, hash)| self.grow(hash, &mut nodes));
        puts.nodes = nodes;
        self.at_ms = self.at_ms.max(puts.received_ms);
    }

    /// Takes one more audit line; returns its link.
    pub fn note(&mut self, line: &AuditLine) -> Hash {
        self.audit_end = link(&self.audit_end, line);
        self.audit += 1;
        self.at_ms = self.at_ms.max(line.at_ms);
        self.audit_end
    }
}

/// The newest checkpoint with the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// The root at the size that was asked about.
    pub root_then: Hash,
    /// Checkpoint and proof.
    pub proof: Proof,
}
