//! The cipher of tests, the harness and tools.

use super::{Cipher, Key, Unreadable};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};

/// AES-256-GCM in Rust.
#[derive(Clone)]
pub struct Native(Aes256Gcm);

impl Cipher for Native {
    async fn with_key(key: &Key) -> Result<Self, Unreadable> {
        Aes256Gcm::new_from_slice(key).map(Self).map_err(|_| Unreadable)
    }
    async fn seal(&self, nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let payload = Payload { msg: plain, aad: about };
        self.0.encrypt(Nonce::from_slice(nonce), payload).map_err(|_| Unreadable)
    }
    async fn open(&self, nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let payload = Payload { msg: sealed, aad: about };
        self.0.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| Unreadable)
    }
}
