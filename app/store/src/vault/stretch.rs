//! From what people remember to keys: Argon2id makes each guess at a PIN or passphrase cost time and
//! memory; HKDF makes keys for different uses that say nothing about each other. SHA-256 is the one the
//! phone has anyway for the names of its files.

use super::{Cipher, Key};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What one guess costs. Kept beside what it locks, so that later phones may ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// The cost of new locks: as much as unlocks within a second on a slow phone (measured, `docs/figures.md`).
pub const COST: Cost = Cost { kib: 32 * 1024, passes: 2 };

/// Argon2id; `None` when the phone has not the memory, or a damaged record asks for the absurd.
pub async fn stretch<C: Cipher>(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Option<Key> {
    if cost.kib > 256 * 1024 || cost.passes > 16 {
        return None;
    }
    C::argon2id(secret, salt, cost).await
}

/// A key for one use from another key: HKDF-SHA-256 without a salt, of which 32 bytes are the first block.
pub fn derive(from: &[u8], purpose: &str) -> Key {
    let inner = named(&[0; 32], &[from]);
    named(&inner, &[b"lianxin ", purpose.as_bytes(), &[1]])
}

/// A name that only the holder of `key` can make or recognize (HMAC-SHA-256).
pub fn named(key: &[u8], parts: &[&[u8]]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_keys_are_those_of_hkdf() {
        let mut theirs = Key::default();
        hkdf::Hkdf::<Sha256>::new(None, b"secret").expand(b"lianxin values", &mut theirs).unwrap();
        assert_eq!(derive(b"secret", "values"), theirs);
        assert_ne!(derive(b"secret", "names"), theirs);
    }
}
