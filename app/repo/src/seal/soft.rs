//! The cipher in software, for the harness and for tests: what WebCrypto is on a real phone.

use super::{Sealer, Sealing};
use domain::Card;
use serde_bytes::ByteBuf;
use sync::{Pair, native};

/// What a device in software brings of its own.
pub trait SoftSealer {
    /// The pair to which others wrap; `None` where the device has none.
    fn wrap_pair(&self) -> Option<Pair>;
    /// A new secret.
    fn seed(&self) -> [u8; 32];
    /// See [`Sealer::vouches`].
    fn holds(&self, card: &Card) -> bool;
}

impl<T: SoftSealer> Sealer for T {
    fn sealing(&self) -> Sealing {
        Sealing::Ready
    }
    fn wrap_key(&self) -> Option<ByteBuf> {
        Some(self.wrap_pair()?.public)
    }
    async fn vouches(&self, card: &Card) -> bool {
        self.holds(card)
    }
    async fn pair(&self) -> Option<Pair> {
        native::pair_of(self.seed())
    }
    async fn encrypt(&self, key: &[u8; 32], nonce: &[u8; 12], front: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        native::encrypt(key, nonce, front, plain)
    }
    async fn decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        front: &[u8],
        cipher: &[u8],
    ) -> Option<Vec<u8>> {
        native::decrypt(key, nonce, front, cipher)
    }
    async fn wrap(&self, to: &[u8], info: &[u8], key: &[u8; 32]) -> Option<Vec<u8>> {
        native::wrap(self.seed(), to, info, key)
    }
    async fn unwrap_here(&self, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]> {
        native::unwrap(&self.wrap_pair()?, info, wrapped)
    }
    async fn unwrap(&self, own: &Pair, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]> {
        native::unwrap(own, info, wrapped)
    }
}
