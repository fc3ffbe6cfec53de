//! AES-256-GCM and Argon2id as a trait: the browser's own in the worker, Rust in tests and tools. The same
//! bytes open with both.

use super::Cost;

/// 256 bits that open something. Never printed; whoever holds one drops it soon.
pub type Key = [u8; 32];

/// Bytes that this key does not open: tampered with, put in another's place, or another key's. It says
/// no more, for there is nothing more to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// What is authenticated beside a value, and the value: plain when it is to be sealed, nonce and sealed
/// bytes when it is to be opened.
pub type Piece = (Vec<u8>, Vec<u8>);

/// One key, ready to seal and open. Always many at once: a cipher that works elsewhere gets them all before it
/// is waited for.
#[allow(async_fn_in_trait)] // phones have one thread
pub trait Cipher: Sized {
    /// Takes a key in.
    async fn with_key(key: &Key) -> Result<Self, Unreadable>;
    /// Seals each with a nonce of its own, which stands in front of the sealed bytes.
    async fn seal_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable>;
    /// Opens what [`Cipher::seal_all`] made; all of it or nothing.
    async fn open_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable>;
    /// Argon2id: makes each guess at a secret cost something; `None` when the phone has not the memory for it.
    async fn argon2id(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Option<Key>;
}

/// Bytes nobody can guess.
///
/// # Panics
/// On a system without a source of chance; nothing could be kept secret there.
pub fn fresh<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has a source of chance");
    bytes
}

/// Seals one.
pub(super) async fn seal<C: Cipher>(cipher: &C, about: Vec<u8>, plain: &[u8]) -> Result<Vec<u8>, Unreadable> {
    cipher.seal_all(&[(about, plain.to_vec())]).await?.pop().ok_or(Unreadable)
}

/// Opens one.
pub(super) async fn open<C: Cipher>(cipher: &C, about: Vec<u8>, whole: &[u8]) -> Result<Vec<u8>, Unreadable> {
    cipher.open_all(&[(about, whole.to_vec())]).await?.pop().ok_or(Unreadable)
}
