//! What is in a backup: the first entry of the archive, so that a restore knows what to expect.

use domain::Hash;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};

/// Name of the manifest in the archive.
pub const MANIFEST: &str = "manifest.json";

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `lianxin.backup`.
    pub format: String,
    /// 1 (2026-11): first.
    pub version: u16,
    /// Program that made it.
    pub program: String,
    /// Official time, UTC ms.
    pub made_ms: i64,
    /// Name of the history.
    pub epoch: String,
    /// Last place in it.
    pub last: u64,
    /// The log's signed word, as a note.
    pub checkpoint: String,
    /// Files that follow, in order.
    pub parts: Vec<Part>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Path inside the data folder, with `/`.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// SHA-256 and length of what is read.
pub(super) fn digest(mut from: impl Read) -> io::Result<(u64, String)> {
    use sha2::{Digest, Sha256};
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 128 * 1024]);
    loop {
        let some = from.read(&mut piece)?;
        if some == 0 {
            return Ok((bytes, Hash(hash.finalize().into()).to_string()));
        }
        hash.update(&piece[..some]);
        bytes += some as u64;
    }
}
