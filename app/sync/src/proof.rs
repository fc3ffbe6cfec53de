//! Proof that the server's history only ever grows. All accepted changes and acts are the leaves of one
//! Merkle tree, in the one order `n` (RFC 6962); a [`Checkpoint`] is the server's signed word about its size
//! and root, as text a signed note of C2SP. A phone keeps the last one and asks of each newer one a proof
//! that it continues it: so phones are the witnesses, and nobody can quietly rewrite what they have seen.

use domain::Hash;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What a phone has seen of the server's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Size of its last checkpoint; 0 for none yet.
    pub size: u64,
    /// Root of that.
    pub root: Hash,
    /// Long since the last proof: send one even when nothing is new.
    #[serde(default, skip_serializing_if = "is_unset")]
    pub due: bool,
}

fn is_unset(due: &bool) -> bool {
    !due
}

/// The way from a checkpoint that the phone named to a newer one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The size that the phone named; 0 when its word means nothing here (first contact, other history).
    pub from: u64,
    /// The newer one.
    pub checkpoint: Checkpoint,
    /// Consistency proof of RFC 6962, at most some forty hashes.
    pub path: Vec<Hash>,
}

/// The server's word about all of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Name of this log, the same for ever, also after a restore.
    pub origin: String,
    /// Changes and acts in it.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// Lines of the audit.
    pub audit: u64,
    /// End of the hash chain over those.
    pub audit_end: Hash,
    /// Name of the history; another one after a restore.
    pub epoch: String,
    /// Official time of the last write, UTC ms.
    pub at_ms: i64,
    /// Public Ed25519 key; empty where nothing is signed (tests).
    pub key: ByteBuf,
    /// Signature of [`Checkpoint::text`].
    pub sig: ByteBuf,
}

impl Checkpoint {
    /// What is signed: origin, size, root, then what is ours.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\naudit {} {}\nepoch {}\ntime {}\nkey {}\n",
            self.origin,
            self.size,
            base64(&self.root.0),
            self.audit,
            base64(&self.audit_end.0),
            self.epoch,
            self.at_ms,
            base64(&self.key)
        )
    }

    /// Text and signature as a signed note: a file to keep as evidence.
    pub fn note(&self) -> String {
        let signed = [&self.key_id()[..], &self.sig].concat();
        format!("{}\n— {} {}\n", self.text(), self.origin, base64(&signed))
    }

    /// Short name of the key, as signed notes have it: for people to compare.
    pub fn key_id(&self) -> [u8; 4] {
        const ED25519: u8 = 1;
        let named = [self.origin.as_bytes(), &[b'\n', ED25519], &self.key[..]].concat();
        let hash = Hash::of(&named).0;
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Reads a note; `None` for anything that is not exactly one of ours. Says nothing about the signature.
    pub fn parse(note: &str) -> Option<Self> {
        let (text, signed) = note.split_once("\n\n— ")?;
        let mut lines = text.split('\n');
        let origin = lines.next()?.to_string();
        let size = lines.next()?.parse().ok()?;
        let root = hash(lines.next()?)?;
        let (audit, audit_end) = lines.next()?.strip_prefix("audit ")?.split_once(' ')?;
        let epoch = lines.next()?.strip_prefix("epoch ")?.to_string();
        let at_ms = lines.next()?.strip_prefix("time ")?.parse().ok()?;
        let key = unbase64(lines.next()?.strip_prefix("key ")?)?;
        let signed = unbase64(signed.strip_prefix(&origin)?.trim())?;
        let sig = ByteBuf::from(signed.get(4..)?.to_vec());
        let (audit, audit_end, key) = (audit.parse().ok()?, hash(audit_end)?, ByteBuf::from(key));
        let read = Self { origin, size, root, audit, audit_end, epoch, at_ms, key, sig };
        (lines.next().is_none() && read.note() == note).then_some(read)
    }
}

fn hash(text: &str) -> Option<Hash> {
    unbase64(text)?.try_into().ok().map(Hash)
}

/// Root of the empty tree.
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// Hash of a leaf.
pub fn leaf_hash(record: &[u8]) -> Hash {
    Hash::of(&[&[0], record].concat())
}

/// Hash of two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut both = [1; 65];
    both[1..33].copy_from_slice(&left.0);
    both[33..].copy_from_slice(&right.0);
    Hash::of(&both)
}

/// Does the tree of the second size and root begin with the whole tree of the first? RFC 9162 §2.1.4.2.
pub fn continues(first: (u64, Hash), second: (u64, Hash), path: &[Hash]) -> bool {
    let ((from, old), (to, new)) = (first, second);
    match from {
        0 => return path.is_empty(),
        _ if from > to => return false,
        _ if from == to => return path.is_empty() && old == new,
        _ => {}
    }
    // A complete first tree is a node of the second and not sent again.
    let known = from.is_power_of_two().then_some(old);
    let mut nodes = known.iter().chain(path);
    let Some(start) = nodes.next() else { return false };
    let (mut at, mut end) = (from - 1, to - 1);
    while at & 1 == 1 {
        (at, end) = (at >> 1, end >> 1);
    }
    let (mut was, mut is) = (*start, *start);
    for node in nodes {
        if end == 0 {
            return false;
        }
        if at & 1 == 1 || at == end {
            (was, is) = (node_hash(node, &was), node_hash(node, &is));
            while at & 1 == 0 && at != 0 {
                (at, end) = (at >> 1, end >> 1);
            }
        } else {
            is = node_hash(&is, node);
        }
        (at, end) = (at >> 1, end >> 1);
    }
    end == 0 && was == old && is == new
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The usual base64, with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for some in bytes.chunks(3) {
        let bits =
            some.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - some.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i)) as usize & 63] as char;
            out.push(if i <= some.len() { digit } else { '=' });
        }
    }
    out
}

/// Reads it back; `None` for anything that is not exactly its own form.
pub fn unbase64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let mut out = Vec::new();
    for some in digits.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in some {
            bits = bits << 6 | DIGITS.iter().position(|known| known == digit)? as u32;
        }
        bits <<= 6 * (4 - some.len());
        out.extend_from_slice(&bits.to_be_bytes()[1..some.len()]);
    }
    (base64(&out) == text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree hash straight from RFC 6962 §2.1, recursive and without any cleverness.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [one] => *one,
            _ => {
                let k = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(k);
                Hash::of(&[&[1][..], &root(left).0, &root(right).0].concat())
            }
        }
    }

    /// The proof straight from RFC 6962 §2.1.2.
    fn prove(m: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if is_whole { vec![] } else { vec![root(leaves)] };
        }
        let k = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(k);
        let (mut path, other) = match m <= k {
            true => (prove(m, left, is_whole), root(right)),
            false => (prove(m - k, right, false), root(left)),
        };
        path.push(other);
        path
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn every_honest_proof_up_to_seventy_leaves_holds_and_every_other_root_fails() {
        let all = leaves(70);
        for to in 0..=70usize {
            for from in 0..=to {
                let path = if from == 0 { vec![] } else { prove(from, &all[..to], true) };
                let (old, new) = ((from as u64, root(&all[..from])), (to as u64, root(&all[..to])));
                assert!(continues(old, new, &path), "{from} → {to}");
                if from > 0 {
                    assert!(!continues((old.0, Hash([7; 32])), new, &path), "{from} → {to}");
                    assert!(!continues(old, (new.0, Hash([7; 32])), &path), "{from} → {to}");
                    assert!(!continues((to as u64 + 1, old.1), new, &path), "{from} → {to}");
                }
            }
        }
    }

    #[test]
    fn a_bent_proof_fails() {
        let all = leaves(61);
        for from in 1..61usize {
            let path = prove(from, &all, true);
            let (old, new) = ((from as u64, root(&all[..from])), (61, root(&all)));
            for i in 0..path.len() {
                let mut bent = path.clone();
                bent[i].0[i % 32] ^= 1;
                assert!(!continues(old, new, &bent));
                let mut short = path.clone();
                short.remove(i);
                assert!(!continues(old, new, &short));
            }
            let mut long = path.clone();
            long.push(Hash([0; 32]));
            assert!(!continues(old, new, &long));
            let mut other = all.clone();
            other[from / 2] = Hash([9; 32]);
            assert!(!continues(old, (61, root(&other)), &prove(from, &other, true)), "a rewritten past");
        }
    }

    #[test]
    fn base64_is_the_usual_one() {
        let known = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, text) in known {
            assert_eq!(base64(plain.as_bytes()), text);
            assert_eq!(unbase64(text).as_deref(), Some(plain.as_bytes()));
        }
        for wrong in ["Zh==", "Zg=", "Z", "Zm 9", "Zg==="] {
            assert_eq!(unbase64(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_note_survives_its_text_and_nothing_else_reads() {
        let checkpoint = Checkpoint {
            origin: "lianxin/x".into(),
            size: 17,
            root: Hash([3; 32]),
            audit: 2,
            audit_end: Hash([4; 32]),
            epoch: "e".into(),
            at_ms: -5,
            key: ByteBuf::from(vec![5; 32]),
            sig: ByteBuf::from(vec![6; 64]),
        };
        let note = checkpoint.note();
        assert_eq!(note.lines().nth(1), Some("17"));
        assert_eq!(Checkpoint::parse(&note), Some(checkpoint));
        for wrong in [note.replace("17", "017"), format!("{note}x"), note.replace("— ", "- "), "".into()] {
            assert_eq!(Checkpoint::parse(&wrong), None);
        }
    }
}
