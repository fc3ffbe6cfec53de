//! From what people remember to keys: Argon2id makes each guess at a PIN or passphrase cost time and
//! memory; HKDF makes keys for different uses that say nothing about each other.

use super::Key;
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, KeyInit, Mac};
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
pub fn stretch(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Option<Key> {
    if cost.kib > 256 * 1024 || cost.passes > 16 {
        return None;
    }
    let params = Params::new(cost.kib, cost.passes, 1, Some(32)).ok()?;
    let mut key = Key::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, &mut key)
        .ok()?;
    Some(key)
}

/// A key for one use from another key (HKDF-SHA-256).
pub fn derive(from: &[u8], purpose: &str) -> Key {
    let mut key = Key::default();
    let info = ["lianxin ".as_bytes(), purpose.as_bytes()];
    Hkdf::<Sha256>::new(None, from).expand_multi_info(&info, &mut key).expect("32 bytes are one block");
    key
}

/// A name that only the holder of `key` can make or recognize (HMAC-SHA-256).
pub fn named(key: &[u8], parts: &[&[u8]]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
