//! What the tree commits to: everything an auditor relies on about one change or act, in one fixed form. Who
//! pushed it from which device goes in blinded, with a secret that lies beside the log: a proof may
//! carry a leaf's hash to any phone, and nobody must find the person behind an alias by trying all names.

use super::AuditLine;
use domain::{DocId, Hash, Scope};
use std::collections::BTreeSet;
use sync::leaf_hash;

/// One change, act or renewal as the log keeps it.
pub(crate) struct Leaf<'a> {
    /// Place.
    pub n: u64,
    /// Place of the first thing that was written in the same go; 0 when that is not known any more.
    pub first: u64,
    /// The document.
    pub doc: DocId,
    /// Who really pushed it.
    pub person: DocId,
    /// From which device.
    pub device: &'a str,
    /// Official time, UTC ms.
    pub received_ms: i64,
    /// What it is.
    pub what: What<'a>,
}

/// A change, an act or a renewal.
pub(crate) enum What<'a> {
    /// The raw bytes.
    Change(&'a [u8]),
    /// A decision.
    Act {
        /// The receipted entry as it is kept.
        entry: &'a [u8],
        /// The scopes it goes to, if they are fewer than the document's.
        narrow: Option<&'a BTreeSet<Scope>>,
        /// Key of the series its number is from.
        series: Option<&'a str>,
    },
    /// The document was computed anew by other rules.
    Renewal,
}

const MAGIC: &[u8] = b"lianxin leaf 1\n";

impl Leaf<'_> {
    /// Hash of the leaf. `secret` blinds who pushed it.
    pub fn hash(&self, secret: &[u8; 32]) -> Hash {
        let mut record = Vec::with_capacity(160);
        record.extend_from_slice(MAGIC);
        record.extend_from_slice(&self.n.to_be_bytes());
        record.extend_from_slice(&self.first.to_be_bytes());
        record.extend_from_slice(&self.doc.0);
        record.extend_from_slice(&self.received_ms.to_be_bytes());
        record.extend_from_slice(&self.sender(secret).0);
        match &self.what {
            What::Change(raw) => {
                record.push(1);
                record.extend_from_slice(&Hash::of(raw).0);
            }
            What::Act { entry, narrow, series } => {
                record.push(if narrow.is_some() { 3 } else { 2 });
                record.extend_from_slice(&Hash::of(entry).0);
                put_text(&mut record, series.unwrap_or_default());
                narrow.iter().copied().flatten().for_each(|scope| put_text(&mut record, &scope.0));
            }
            What::Renewal => record.push(4),
        }
        leaf_hash(&record)
    }

    fn sender(&self, secret: &[u8; 32]) -> Hash {
        let blind = Hash::of(&[&b"lianxin blind 1\n"[..], secret, &self.n.to_be_bytes()].concat());
        Hash::of(&[&blind.0[..], &self.person.0, self.device.as_bytes()].concat())
    }
}

/// The hash chain over the audit: each line's link holds all lines before it.
pub(crate) fn link(before: &Hash, line: &AuditLine) -> Hash {
    let mut record = b"lianxin audit 1\n".to_vec();
    record.extend_from_slice(&before.0);
    record.extend_from_slice(&line.at_ms.to_be_bytes());
    record.extend_from_slice(&line.person.0);
    record.extend_from_slice(&line.doc.0);
    put_text(&mut record, &line.device);
    put_text(&mut record, &line.code);
    Hash::of(&record)
}

fn put_text(record: &mut Vec<u8>, text: &str) {
    record.extend_from_slice(&(text.len() as u32).to_be_bytes());
    record.extend_from_slice(text.as_bytes());
}

/// What stands before the first line.
pub(crate) const CHAIN_START: Hash = Hash([0; 32]);
