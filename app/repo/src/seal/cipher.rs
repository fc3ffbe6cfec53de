//! The few operations that sealing needs, as a trait: WebCrypto on phones, [`sync::native`] in
//! tests, the harness and the recovery. Nothing here decides anything.

use domain::Card;
use serde_bytes::ByteBuf;
use sync::Pair;

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

/// A cipher. `None` means that it does not open, or that there is none.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Sealer {
    /// Is there one?
    fn sealing(&self) -> Sealing {
        Sealing::NotYet
    }
    /// This device's public key, to which others wrap; its secret half nobody can read, this program included.
    fn wrap_key(&self) -> Option<ByteBuf> {
        None
    }
    /// Does the device of this card say itself that the key in it is its own? To other cards nothing is wrapped.
    async fn vouches(&self, _card: &Card) -> bool {
        false
    }
    /// A new pair.
    async fn pair(&self) -> Option<Pair> {
        None
    }
    /// AES-256-GCM: ciphertext and tag.
    async fn encrypt(
        &self,
        _key: &[u8; 32],
        _nonce: &[u8; 12],
        _front: &[u8],
        _plain: &[u8],
    ) -> Option<Vec<u8>> {
        None
    }
    /// The other way.
    async fn decrypt(
        &self,
        _key: &[u8; 32],
        _nonce: &[u8; 12],
        _front: &[u8],
        _cipher: &[u8],
    ) -> Option<Vec<u8>> {
        None
    }
    /// A key for a public key: ephemeral ECDH, HKDF-SHA256 over `info`, AES-256-GCM;
    /// [`sync::WRAPPED_BYTES`] bytes.
    async fn wrap(&self, _to: &[u8], _info: &[u8], _key: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }
    /// The other way, with this device's own key.
    async fn unwrap_here(&self, _info: &[u8], _wrapped: &[u8]) -> Option<[u8; 32]> {
        None
    }
    /// The other way, with the pair of a document's owner.
    async fn unwrap(&self, _own: &Pair, _info: &[u8], _wrapped: &[u8]) -> Option<[u8; 32]> {
        None
    }
}
