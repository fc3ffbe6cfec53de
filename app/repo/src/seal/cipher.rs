//! The few operations that sealing needs, as a trait: WebCrypto on phones, [`sync::native`] in
//! tests, the harness and the recovery. Nothing here decides anything.

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
    /// The other way.
    async fn unwrap(&self, _own: &Pair, _info: &[u8], _wrapped: &[u8]) -> Option<[u8; 32]> {
        None
    }
}
