//! The few operations that sealing needs, as a trait: WebCrypto on phones, [`sync::native`] in
//! tests, the harness and the recovery. Nothing here decides anything.

use domain::Card;
use serde_bytes::ByteBuf;
use sync::Pair;

/// Can this phone seal?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// The browser has no cipher (plain http): nothing confidential is begun here.
    Missing,
    /// Yes.
    Ready,
}

/// A cipher. `None` means that it does not open, or that there is none.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Sealer {
    /// Is there one?
    fn sealing(&self) -> Sealing;
    /// This device's public key, to which others wrap; its secret half nobody can read, this program included.
    fn wrap_key(&self) -> Option<ByteBuf>;
    /// Does the device of this card say itself that the key in it is its own? To other cards nothing is wrapped.
    async fn vouches(&self, card: &Card) -> bool;
    /// A new pair.
    async fn pair(&self) -> Option<Pair>;
    /// AES-256-GCM: ciphertext and tag.
    async fn encrypt(&self, key: &[u8; 32], nonce: &[u8; 12], front: &[u8], plain: &[u8]) -> Option<Vec<u8>>;
    /// The other way.
    async fn decrypt(&self, key: &[u8; 32], nonce: &[u8; 12], front: &[u8], cipher: &[u8])
    -> Option<Vec<u8>>;
    /// A key for a public key: ephemeral ECDH, HKDF-SHA256 over `info`, AES-256-GCM;
    /// [`sync::WRAPPED_BYTES`] bytes.
    async fn wrap(&self, to: &[u8], info: &[u8], key: &[u8; 32]) -> Option<Vec<u8>>;
    /// The other way, with this device's own key.
    async fn unwrap_here(&self, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]>;
    /// The other way, with the pair of a document's owner.
    async fn unwrap(&self, own: &Pair, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]>;
}
