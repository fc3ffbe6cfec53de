//! The few operations that sealing needs, as a trait: WebCrypto on phones, [`native`](super::native) in
//! tests, the harness and the recovery. Nothing here decides anything.

use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};

/// Can this phone seal?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// This version does not seal: confidential documents go as they used to.
    NotYet,
    /// It should, but the browser has no cipher: nothing confidential is begun here.
    Missing,
    /// Yes.
    Ready,
}

/// A pair of P-256.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The secret half.
    pub secret: ByteArray<32>,
    /// The public half: an uncompressed point, 65 bytes.
    pub public: ByteBuf,
}

/// A cipher. `None` means that it does not open, or that there is none.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Sealer {
    /// Is there one?
    fn sealing(&self) -> Sealing {
        Sealing::NotYet
    }
    /// A new pair.
    async fn pair(&self) -> Option<Pair> {
        None
    }
    /// AES-256-GCM: ciphertext and tag.
    async fn encrypt(&self, _key: &[u8; 32], _nonce: &[u8; 12], _front: &[u8], _plain: &[u8]) -> Option<Vec<u8>> {
        None
    }
    /// The other way.
    async fn decrypt(&self, _key: &[u8; 32], _nonce: &[u8; 12], _front: &[u8], _cipher: &[u8]) -> Option<Vec<u8>> {
        None
    }
    /// A key for a public key: ephemeral ECDH, HKDF-SHA256 over `info`, AES-256-GCM;
    /// [`sync::WRAPPED_BYTES`] bytes.
    async fn wrap(&self, _to: &[u8], _info: &[u8], _key: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }
    /// The other way.
    async fn unwrap(&self, _own: &Pair, _info: &[u8], _wrapped: &[u8]) -> Option<[u8; 32]> {
        None
    }
}

/// What a wrapped key of a document is bound to: a wrap taken to another document or generation opens nothing.
pub(crate) fn info(doc: domain::DocId, kid: &sync::Kid) -> Vec<u8> {
    [&b"lianxin wrap 1"[..], &doc.0, &kid[..]].concat()
}

/// The same for the owner's secret.
pub(crate) fn own_info(doc: domain::DocId) -> Vec<u8> {
    [&b"lianxin own 1"[..], &doc.0].concat()
}
