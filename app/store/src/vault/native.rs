//! The cipher of tests, the harness and tools.

use super::cipher::Piece;
use super::{Cipher, Cost, Key, Unreadable, fresh};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};

/// AES-256-GCM in Rust.
#[derive(Clone)]
pub struct Native(Aes256Gcm);

impl Native {
    fn seal(&self, (about, plain): &Piece) -> Result<Vec<u8>, Unreadable> {
        let nonce: [u8; 12] = fresh();
        let payload = Payload { msg: plain, aad: about };
        let sealed = self.0.encrypt((&nonce).into(), payload).map_err(|_| Unreadable)?;
        Ok([&nonce[..], &sealed].concat())
    }
    fn open(&self, (about, whole): &Piece) -> Result<Vec<u8>, Unreadable> {
        let (nonce, sealed) = whole.split_first_chunk::<12>().ok_or(Unreadable)?;
        let payload = Payload { msg: sealed, aad: about };
        self.0.decrypt(nonce.into(), payload).map_err(|_| Unreadable)
    }
}

impl Cipher for Native {
    async fn with_key(key: &Key) -> Result<Self, Unreadable> {
        Aes256Gcm::new_from_slice(key).map(Self).map_err(|_| Unreadable)
    }
    async fn seal_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable> {
        many.iter().map(|piece| self.seal(piece)).collect()
    }
    async fn open_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable> {
        many.iter().map(|piece| self.open(piece)).collect()
    }
    async fn argon2id(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Option<Key> {
        stretch::argon2id(secret, salt, cost.kib, cost.passes)
    }
}
