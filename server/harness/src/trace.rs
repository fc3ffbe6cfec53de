//! What happened, as one hash: two runs of a seed are the same run only if it is equal.

use sha2::{Digest, Sha256};

/// A running hash of everything that went over the wire and everything a phone answered.
#[derive(Clone, Default)]
pub(crate) struct Trace {
    hash: Sha256,
    notes: u64,
}

impl Trace {
    pub fn note(&mut self, what: &str, bytes: &[u8]) {
        self.notes += 1;
        self.hash.update((what.len() as u32).to_le_bytes());
        self.hash.update(what);
        self.hash.update((bytes.len() as u32).to_le_bytes());
        self.hash.update(bytes);
    }
    /// Number of notes and the hash so far.
    pub fn sum(&self) -> String {
        let hash: String =
            self.hash.clone().finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{hash}", self.notes)
    }
}
