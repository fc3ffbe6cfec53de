//! The history of a document as a graph: which changes are in, who wrote them, what they follow.
//! Own bookkeeping, so that order is decided without trusting Automerge with anything new.

use super::prescan::{Actor, Claims};
use automerge::Automerge;
use domain::Hash;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use sync::actor_again;

/// All changes of one document.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    nodes: HashMap<Hash, Node>,
    last: BTreeMap<Actor, (u64, Hash)>,
    heads: BTreeSet<Hash>,
    ops: u64,
}

#[derive(Clone, Debug)]
struct Node {
    max_op: u64,
    deps: Vec<Hash>,
}

impl Past {
    /// Reads the graph of a loaded document; `None` when it is not one that passed the gate.
    pub fn of(doc: &Automerge) -> Option<Self> {
        let mut past = Self::default();
        for meta in doc.get_changes_meta(&[]) {
            let actor = meta.actor.to_bytes().try_into().ok()?;
            let deps = meta.deps.iter().map(|dep| Hash(dep.0)).collect();
            let ops = (meta.max_op + 1).checked_sub(meta.start_op)?;
            past.put(Hash(meta.hash.0), actor, meta.seq, meta.max_op, deps, ops);
        }
        past.heads = doc.get_heads().iter().map(|head| Hash(head.0)).collect();
        Some(past)
    }

    /// Adds a change that is now in the document.
    pub fn add(&mut self, hash: Hash, claims: &Claims) {
        self.put(hash, claims.actor, claims.seq, claims.max_op(), claims.deps.clone(), claims.ops);
    }

    fn put(&mut self, hash: Hash, actor: Actor, seq: u64, max_op: u64, deps: Vec<Hash>, ops: u64) {
        self.ops += ops;
        for dep in &deps {
            self.heads.remove(dep);
        }
        self.heads.insert(hash);
        let last = self.last.entry(actor).or_insert((seq, hash));
        if last.0 < seq {
            *last = (seq, hash);
        }
        self.nodes.insert(hash, Node { max_op, deps });
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    pub fn knows(&self, hash: &Hash) -> bool {
        self.nodes.contains_key(hash)
    }
    pub fn knows_actor(&self, actor: &Actor) -> bool {
        self.last.contains_key(actor)
    }
    /// Do the words of this change stand already, as they were first or written anew?
    pub fn has_words_of(&self, hash: Hash, claims: &Claims) -> bool {
        self.knows_actor(&actor_again(hash))
            || (claims.seq == 1 && self.nodes.keys().any(|first| actor_again(*first) == claims.actor))
    }
    /// Sequence number and hash of the actor's last change.
    pub fn last_of(&self, actor: &Actor) -> Option<(u64, Hash)> {
        self.last.get(actor).copied()
    }
    /// Highest operation number at or before these changes; 0 for none.
    pub fn max_op(&self, at: &[Hash]) -> u64 {
        at.iter().filter_map(|hash| self.nodes.get(hash)).map(|node| node.max_op).max().unwrap_or(0)
    }
    /// Sorted.
    pub fn heads(&self) -> Vec<Hash> {
        self.heads.iter().copied().collect()
    }
    /// Heads if a change with these predecessors came in.
    pub fn heads_after(&self, hash: Hash, deps: &[Hash]) -> BTreeSet<Hash> {
        let mut heads = self.heads.clone();
        deps.iter().for_each(|dep| {
            heads.remove(dep);
        });
        heads.insert(hash);
        heads
    }
    pub fn changes(&self) -> usize {
        self.nodes.len()
    }
    pub fn ops(&self) -> u64 {
        self.ops
    }
    /// Every actor with its last sequence number.
    pub fn actors(&self) -> Vec<(Actor, u64)> {
        self.last.iter().map(|(actor, (seq, _))| (*actor, *seq)).collect()
    }

    /// True when `target` is one of `from` or lies before one of them. Numbers only grow along a path,
    /// so the walk stops early.
    pub fn reaches(&self, from: &[Hash], target: &Hash) -> bool {
        let floor = self.max_op(&[*target]);
        let (mut open, mut seen) = (from.to_vec(), HashSet::new());
        while let Some(hash) = open.pop() {
            if hash == *target {
                return true;
            }
            let Some(node) = self.nodes.get(&hash) else { continue };
            if node.max_op > floor && seen.insert(hash) {
                open.extend(&node.deps);
            }
        }
        false
    }
}
