//! Envelopes: how a change of a sealed document, and a key to it, travel. In front lies what the server must
//! know to keep order; behind it what only the readers' devices open. An envelope is one push and one stored
//! change like any other; its first bytes tell it from an Automerge change.

use domain::{Card, DocId, Hash, Meta, OrgCode};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};
use sha2::{Digest, Sha256};

/// First bytes of an envelope. Automerge changes begin with 85 6f 4a 83.
const MAGIC: &[u8; 4] = b"LXS1";
/// Bytes of an envelope, at most: the longest answer people write is a fifth of it.
pub const ENVELOPE_BYTES: usize = 256 * 1024;
/// Keys in one envelope, at most.
pub const ENVELOPE_WRAPS: usize = 128;
/// Files that an envelope may name.
pub const ENVELOPE_FILES: usize = 64;
/// Predecessors that an envelope may name.
const DEPS: usize = 65;
/// Bytes of a wrapped key: an uncompressed point, 32 bytes, a tag.
pub const WRAPPED_BYTES: usize = 65 + 32 + 16;
/// Bytes of a public key: an uncompressed point of P-256.
pub const POINT_BYTES: usize = 65;

/// Name of one generation of a document's key; random.
pub type Kid = ByteArray<16>;

/// Where a wrapped key belongs: follows from document and public key, so that a device finds its own.
pub type Tag = ByteArray<16>;

/// The tag of a public key in a document. In another document it is another one.
pub fn tag_of(doc: DocId, key: &[u8]) -> Tag {
    let full =
        Sha256::new().chain_update(b"lianxin wrap tag 1").chain_update(doc.0).chain_update(key).finalize();
    let mut tag = [0; 16];
    tag.copy_from_slice(&full[..16]);
    ByteArray::new(tag)
}

/// A key of a document for one public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrap {
    /// Whose.
    pub to: Tag,
    /// [`WRAPPED_BYTES`].
    pub key: ByteBuf,
}

/// What a wrapped key of a document is bound to: taken to another document or generation it opens nothing.
pub fn wrap_info(doc: DocId, kid: &Kid) -> Vec<u8> {
    [&b"lianxin wrap 1"[..], &doc.0, &kid[..]].concat()
}

/// The same for the owner's secret.
pub fn own_info(doc: DocId) -> Vec<u8> {
    [&b"lianxin own 1"[..], &doc.0].concat()
}

/// A pair of P-256.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The secret half.
    pub secret: ByteArray<32>,
    /// The public half: an uncompressed point, 65 bytes.
    pub public: ByteBuf,
}

/// What an envelope is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The first change of a document. Its key is the first generation.
    Born {
        /// Name of the kind.
        kind: String,
        /// Unit it belongs to.
        unit: OrgCode,
        /// Device time of birth, UTC ms; a claim.
        born_ms: i64,
        /// Public key of who begins it, of this document only: devices of the owner are not named by wraps.
        owner_key: ByteBuf,
    },
    /// A later change.
    Change,
    /// Keys: no change of the body.
    Keys {
        /// The key of this generation, for these.
        wraps: Vec<Wrap>,
        /// The same for the union's recovery key, once for each generation.
        recovery: Option<ByteBuf>,
        /// The owner's secret of this document for the owner's own other devices: nobody can tell whose.
        own: Vec<ByteBuf>,
    },
}

/// What stands in front, in the clear; it is authenticated with the ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The document.
    pub doc: DocId,
    /// Person or alias who wrote it; the server holds everybody to it.
    pub by: DocId,
    /// Actor of the change, or of the keys.
    pub actor: ByteArray<16>,
    /// The how-manieth of this actor, from 1.
    pub seq: u64,
    /// Name of the change inside. It has a secret message in it, so the name tells nothing. For keys: zeros.
    pub name: Hash,
    /// Names of the changes it follows.
    pub deps: Vec<Hash>,
    /// Generation of the key.
    pub kid: Kid,
    /// Nonce of the cipher.
    pub nonce: ByteArray<12>,
    /// Files that the body names, so that its readers get them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Hash>,
    /// What it is.
    pub what: What,
}

impl Header {
    /// Meta of a birth.
    pub fn meta(&self) -> Option<Meta> {
        let What::Born { kind, unit, born_ms, .. } = &self.what else { return None };
        let (kind, unit) = (kind.clone(), unit.clone());
        Some(Meta { id: self.doc, kind, owner: self.by, unit, born_ms: *born_ms })
    }
    /// Does it carry keys instead of a change?
    pub fn is_keys(&self) -> bool {
        matches!(self.what, What::Keys { .. })
    }
    /// The bytes in front of the ciphertext; additional data of the cipher.
    pub fn bytes(&self) -> Vec<u8> {
        let header = domain::to_cbor(self);
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&(header.len() as u32).to_be_bytes());
        out.extend_from_slice(&header);
        out
    }
    /// The whole envelope.
    pub fn close(&self, cipher: &[u8]) -> Vec<u8> {
        let mut out = self.bytes();
        out.extend_from_slice(cipher);
        out
    }
    fn is_sound(&self) -> bool {
        let plain = match &self.what {
            What::Born { kind, unit, born_ms, owner_key } => {
                let sizes = kind.len() <= 64 && unit.as_str().len() <= 64 && owner_key.len() == POINT_BYTES;
                sizes && self.seq == 1 && self.deps.is_empty() && (0..1 << 53).contains(born_ms)
            }
            What::Change => !self.deps.is_empty(),
            What::Keys { wraps, recovery, own } => {
                let right = |key: &ByteBuf| key.len() == WRAPPED_BYTES;
                let count = wraps.len() + own.len() <= ENVELOPE_WRAPS;
                let sizes =
                    wraps.iter().all(|wrap| right(&wrap.key)) && own.iter().chain(recovery).all(right);
                count && sizes && self.deps.is_empty() && self.name == Hash([0; 32]) && self.files.is_empty()
            }
        };
        plain && self.seq > 0 && self.deps.len() <= DEPS && self.files.len() <= ENVELOPE_FILES
    }
}

/// An envelope, read and sound in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// What stands in front.
    pub header: Header,
    /// Additional data of the cipher.
    pub front: &'a [u8],
    /// The ciphertext; empty for keys.
    pub cipher: &'a [u8],
    /// Its name at the server: that of the change inside, or its own hash for keys.
    pub name: Hash,
}

/// Does it look like an envelope? Decides by the first bytes alone.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads an envelope; `None` for anything that this program would not have written.
pub fn read_envelope(bytes: &[u8]) -> Option<Envelope<'_>> {
    let len = bytes.strip_prefix(MAGIC)?.first_chunk::<4>().map(|len| u32::from_be_bytes(*len) as usize)?;
    let at = len.checked_add(8).filter(|at| *at <= bytes.len() && bytes.len() <= ENVELOPE_BYTES)?;
    let header: Header = domain::from_cbor(&bytes[8..at])?;
    let (front, cipher) = bytes.split_at(at);
    let one_form = header.bytes() == front;
    let has_cipher = if header.is_keys() { cipher.is_empty() } else { is_padded(cipher.len()) };
    let name = if header.is_keys() { Hash::of(bytes) } else { header.name };
    (one_form && has_cipher && header.is_sound()).then_some(Envelope { header, front, cipher, name })
}

/// Bytes to which plaintext is filled up, so that the length says little.
const STEP: usize = 256;
const TAG_BYTES: usize = 16;

pub(crate) fn is_padded(cipher: usize) -> bool {
    cipher > TAG_BYTES && (cipher - TAG_BYTES).is_multiple_of(STEP)
}

/// A change, filled up.
pub fn pad(raw: &[u8]) -> Vec<u8> {
    let mut out = (raw.len() as u32).to_be_bytes().to_vec();
    out.extend_from_slice(raw);
    let step = if out.len() > 16 * STEP { 8 * STEP } else { STEP };
    out.resize(out.len().next_multiple_of(step), 0);
    out
}

/// The change in what was filled up.
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let len = u32::from_be_bytes(*padded.first_chunk::<4>()?) as usize;
    padded.get(4..)?.get(..len)
}

/// A phone's question about a sealed document that it can open: what it knows, so that an answer comes only
/// when something is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyAsk(
    /// The document.
    pub DocId,
    /// The generation with which it would seal, shortened.
    pub u32,
    /// [`own_mark`] when its owner's phone last found nothing to give.
    pub u32,
);

/// The first bytes of a generation's name.
pub fn short(kid: &Kid) -> u32 {
    u32::from_be_bytes([kid[0], kid[1], kid[2], kid[3]])
}

/// Changes with the owner's devices and with what they were given.
pub fn own_mark(own: &[Card], given: u32) -> u32 {
    let mut hash = Sha256::new().chain_update(given.to_be_bytes());
    own.iter().for_each(|card| hash.update(card.device.0));
    let full = hash.finalize();
    u32::from_be_bytes([full[0], full[1], full[2], full[3]])
}

/// What the server says about who can open a sealed document, to a phone that asked and reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyNews {
    /// The document.
    pub doc: DocId,
    /// The generation with which things are sealed now.
    pub kid: Kid,
    /// Devices of readers that have no key of it; with `renew`, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lack: Vec<Card>,
    /// Older generations of which other devices of readers have no key, although they have the newest: whoever gave
    /// it to them did not have these. Said to who was given them, and to the owner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<(Kid, Vec<Card>)>,
    /// Somebody who has the key reads it no more: a new generation is due.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub renew: bool,
    /// The caller's own devices, if it is the caller's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Card>,
    /// How often the owner's secret was given to own devices.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub own_given: u32,
    /// The union's recovery key, while this generation is not wrapped for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<ByteBuf>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(what: What, deps: Vec<Hash>) -> Header {
        Header {
            doc: DocId([1; 16]),
            by: DocId([2; 16]),
            actor: ByteArray::new([3; 16]),
            seq: 1,
            name: Hash([4; 32]),
            deps,
            kid: ByteArray::new([5; 16]),
            nonce: ByteArray::new([6; 12]),
            files: vec![],
            what,
        }
    }

    #[test]
    fn an_envelope_reads_as_it_was_written_and_every_other_form_does_not() {
        let header = header(What::Change, vec![Hash([7; 32])]);
        let whole = header.close(&[8; 256 + 16]);
        let read = read_envelope(&whole).expect("reads");
        assert_eq!((read.header, read.cipher.len(), read.name), (header.clone(), 272, Hash([4; 32])));
        for cut in 0..whole.len() {
            assert_eq!(read_envelope(&whole[..cut]), None, "cut at {cut}");
        }
        assert!(read_envelope(&header.close(&[8; 257])).is_none(), "a length that tells");
        let bare = Header { deps: vec![], ..header };
        assert!(read_envelope(&bare.close(&[8; 272])).is_none(), "a change follows something");
    }

    #[test]
    fn what_is_filled_up_comes_back() {
        for len in [0, 1, 252, 253, 5_000, 70_000] {
            let raw = vec![9u8; len];
            let padded = pad(&raw);
            assert_eq!(unpad(&padded), Some(&raw[..]));
            assert!(padded.len().is_multiple_of(STEP) && padded.len() > len);
        }
        assert_eq!(unpad(&[255; 256]), None);
    }
}
