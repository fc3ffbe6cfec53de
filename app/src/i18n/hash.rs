//! The name of a text as 32 bits: FNV-1a. Shared by `build.rs`, which refuses two keys with one hash,
//! and by the screens, so that the wasm carries no key names besides the ones written at the call.

/// Hash of a text key.
pub const fn key_hash(key: &str) -> u32 {
    let bytes = key.as_bytes();
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}
