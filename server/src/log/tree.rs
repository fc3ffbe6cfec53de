//! The Merkle tree over all changes and acts (RFC 6962), append-only: leaf `n - 1` is the thing at place `n`.
//! Every complete subtree is kept as one node, so that appending writes about two hashes, and any root or
//! consistency proof reads some forty. A node's key is its level and place in one number.

use domain::Hash;
use std::collections::BTreeMap;
use sync::{empty_root, node_hash};

/// Level of a complete subtree (0: a leaf) and its place among those of its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub level: u8,
    pub at: u64,
}

/// Bits for the place; levels above them. 2⁴⁸ writes never happen.
const AT_BITS: u32 = 48;

impl Place {
    /// The number under which a node is kept.
    pub fn key(self) -> i64 {
        (i64::from(self.level) << AT_BITS) | self.at as i64
    }
}

/// The tree's right edge: enough to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edge {
    size: u64,
    /// Roots of the complete subtrees, largest first.
    roots: Vec<Hash>,
}

impl Edge {
    /// From the nodes of [`edge_of`]; `None` when one is missing.
    pub fn of(size: u64, nodes: &BTreeMap<i64, Hash>) -> Option<Self> {
        let roots: Option<Vec<Hash>> =
            edge_of(size).iter().map(|place| nodes.get(&place.key()).copied()).collect();
        Some(Self { size, roots: roots? })
    }
    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }
    /// Takes the next leaf; hands over each node that is complete with it.
    pub fn append(&mut self, leaf: Hash, mut done: impl FnMut(Place, Hash)) {
        let (mut at, mut hash) = (self.size, leaf);
        done(Place { level: 0, at }, hash);
        for level in 1.. {
            if at & 1 == 0 {
                break;
            }
            let Some(left) = self.roots.pop() else { break };
            (at, hash) = (at >> 1, node_hash(&left, &hash));
            done(Place { level, at }, hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }
    /// The root now.
    pub fn root(&self) -> Hash {
        fold(self.roots.iter().copied())
    }
}

fn fold(roots: impl DoubleEndedIterator<Item = Hash>) -> Hash {
    roots.rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
}

/// The complete subtrees of a tree of this size, largest first.
pub(crate) fn edge_of(size: u64) -> Vec<Place> {
    parts(0, size)
}

/// The complete subtrees of a range that begins at a multiple of its largest one.
fn parts(mut start: u64, end: u64) -> Vec<Place> {
    let mut parts = Vec::new();
    while start < end {
        let level = (end - start).ilog2();
        parts.push(Place { level: level as u8, at: start >> level });
        start += 1 << level;
    }
    parts
}

/// What a consistency proof from one size to a larger one is made of: ranges, each a hash of the proof.
fn ranges(from: u64, to: u64) -> Vec<(u64, u64)> {
    fn walk(m: u64, start: u64, end: u64, is_whole: bool, out: &mut Vec<(u64, u64)>) {
        let size = end - start;
        if m == size {
            if !is_whole {
                out.push((start, end));
            }
            return;
        }
        let k = if size.is_power_of_two() { size / 2 } else { 1 << size.ilog2() };
        if m <= k {
            walk(m, start, start + k, is_whole, out);
            out.push((start + k, end));
        } else {
            walk(m - k, start + k, end, false, out);
            out.push((start, start + k));
        }
    }
    let mut out = Vec::new();
    if from > 0 && from < to {
        walk(from, 0, to, true, &mut out);
    }
    out
}

/// The nodes that [`prove`] reads.
pub(crate) fn nodes_for(from: u64, to: u64) -> Vec<Place> {
    let mut places = edge_of(from.min(to));
    places.extend(ranges(from, to).into_iter().flat_map(|(start, end)| parts(start, end)));
    places.sort();
    places.dedup();
    places
}

/// The root at the earlier size and the proof that the tree of the larger one continues it; `None` when a
/// node is missing.
pub(crate) fn prove(from: u64, to: u64, nodes: &BTreeMap<i64, Hash>) -> Option<(Hash, Vec<Hash>)> {
    let root = |places: Vec<Place>| {
        let hashes: Option<Vec<Hash>> = places.iter().map(|place| nodes.get(&place.key()).copied()).collect();
        hashes.map(|hashes| fold(hashes.into_iter()))
    };
    let path: Option<Vec<Hash>> =
        ranges(from, to).into_iter().map(|(start, end)| root(parts(start, end))).collect();
    Some((root(edge_of(from))?, path?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::{continues, leaf_hash};

    /// RFC 6962 §2.1, recursive.
    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                Hash::of(&[&[1][..], &naive(left).0, &naive(right).0].concat())
            }
        }
    }

    #[test]
    fn every_root_and_every_proof_up_to_130_is_that_of_the_standard() {
        let (mut edge, mut nodes, mut leaves) = (Edge::default(), BTreeMap::new(), Vec::new());
        let mut roots = vec![naive(&[])];
        for n in 0u64..130 {
            let leaf = leaf_hash(&n.to_be_bytes());
            leaves.push(leaf);
            edge.append(leaf, |place, hash| {
                nodes.insert(place.key(), hash);
            });
            assert_eq!(edge.root(), naive(&leaves), "{n}");
            assert_eq!(Edge::of(edge.size(), &nodes), Some(edge.clone()));
            roots.push(edge.root());
            for from in 0..=edge.size() {
                let wanted = nodes_for(from, edge.size());
                let some: BTreeMap<i64, Hash> =
                    wanted.iter().map(|place| (place.key(), nodes[&place.key()])).collect();
                let (old, path) = prove(from, edge.size(), &some).unwrap();
                assert_eq!(old, roots[from as usize]);
                assert!(
                    continues((from, old), (edge.size(), edge.root()), &path),
                    "{from} → {}",
                    edge.size()
                );
                assert!(wanted.len() <= 32);
            }
        }
        assert!(Place { level: 3, at: 77 }.key() > Place { level: 2, at: u64::from(u32::MAX) }.key());
    }
}
