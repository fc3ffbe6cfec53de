//! The outermost bytes: magic, chunk type, length, checksum. Only plain change chunks pass: documents
//! and bundles smuggle history, deflated changes are bombs (260 KB became 1 GB).

use super::leb::Bytes;
use super::limits::MAX_CHANGE_BYTES;
use super::refused::{Refused, Size, Step};
use domain::Hash;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
/// Magic and checksum; the hash covers everything behind them.
const UNHASHED: usize = 8;

/// A chunk whose length and checksum are right.
#[derive(Debug)]
pub struct Header<'a> {
    /// Name of the change for ever.
    pub hash: Hash,
    /// What lies behind the header.
    pub body: &'a [u8],
}

/// Reads the header of one raw change that fills `raw` exactly.
pub fn read(raw: &[u8]) -> Result<Header<'_>, Refused> {
    if raw.len() > MAX_CHANGE_BYTES {
        return Err(Refused::TooBig(Size::Change));
    }
    let mut bytes = Bytes::new(raw);
    if bytes.take(4).map_err(|_| Step::Magic)? != MAGIC {
        return Err(Step::Magic.into());
    }
    let claimed = bytes.take(4).map_err(|_| Step::Checksum)?;
    if bytes.byte().map_err(|_| Step::ChunkType)? != CHANGE {
        return Err(Step::ChunkType.into());
    }
    let length = bytes.uleb()?;
    let body = bytes.rest();
    if length != body.len() as u64 {
        return Err(Step::ChunkLength.into());
    }
    let hash: [u8; 32] = Sha256::digest(&raw[UNHASHED..]).into();
    if claimed != &hash[..4] {
        return Err(Step::Checksum.into());
    }
    Ok(Header { hash: Hash(hash), body })
}
