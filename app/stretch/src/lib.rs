//! Argon2id, and nothing else: for tests and tools as a function, for phones as a program of its own that is
//! loaded while somebody unlocks and dropped afterwards, with its memory.

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// The key that a secret makes with this salt, at this price; `None` when there is not so much memory, or the
/// price is none that Argon2id knows.
pub fn argon2id(secret: &[u8], salt: &[u8; 16], kib: u32, passes: u32) -> Option<[u8; 32]> {
    let params = Params::new(kib, passes, 1, Some(32)).ok()?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).ok()?;
    memory.resize(params.block_count(), Block::default());
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(secret, salt, &mut key, &mut memory)
        .ok()?;
    Some(key)
}

/// What `public/worker.js` calls: the salt's 16 bytes and the secret's go in one by one, the key comes out so.
#[cfg(target_arch = "wasm32")]
mod page {
    use std::cell::RefCell;

    thread_local! {
        static GIVEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        static KEY: RefCell<[u8; 32]> = const { RefCell::new([0; 32]) };
    }

    /// One more byte.
    #[allow(unsafe_code)] // its name is its own
    #[unsafe(no_mangle)]
    extern "C" fn put(byte: u8) {
        GIVEN.with_borrow_mut(|given| given.push(byte));
    }

    /// Makes the key; 0 when it cannot.
    #[allow(unsafe_code)] // its name is its own
    #[unsafe(no_mangle)]
    extern "C" fn run(kib: u32, passes: u32) -> u32 {
        let key = GIVEN.with_borrow(|given| {
            let (salt, secret) = given.split_first_chunk()?;
            super::argon2id(secret, salt, kib, passes)
        });
        key.map_or(0, |key| {
            KEY.set(key);
            1
        })
    }

    /// One byte of the key.
    #[allow(unsafe_code)] // its name is its own
    #[unsafe(no_mangle)]
    extern "C" fn key(at: usize) -> u8 {
        KEY.with_borrow(|key| key.get(at).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_any_argon2id() {
        let mut theirs = [0; 32];
        let argon =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 2, 1, Some(32)).unwrap());
        argon.hash_password_into(b"password", b"somesaltsomesalt", &mut theirs).unwrap();
        assert_eq!(argon2id(b"password", b"somesaltsomesalt", 64, 2), Some(theirs));
        assert_ne!(argon2id(b"passwore", b"somesaltsomesalt", 64, 2), Some(theirs));
    }

    #[test]
    fn an_absurd_price_is_refused() {
        assert_eq!(argon2id(b"1", &[0; 16], 0, 0), None);
        assert_eq!(argon2id(b"1", &[0; 16], 8, 0), None);
    }
}
