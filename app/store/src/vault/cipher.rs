//! AES-256-GCM as a trait: WebCrypto in the worker, a Rust implementation in tests and tools. The same
//! bytes open with both.

/// 256 bits that open something. Never printed; whoever holds one drops it soon.
pub type Key = [u8; 32];

/// Bytes that this key does not open: tampered with, put in another's place, or another key's. It says
/// no more, for there is nothing more to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// One key, ready to seal and open.
#[allow(async_fn_in_trait)] // phones have one thread
pub trait Cipher: Sized {
    /// Takes a key in.
    async fn with_key(key: &Key) -> Result<Self, Unreadable>;
    /// Seals `plain`; `about` is authenticated and not kept. A nonce is used once.
    async fn seal(&self, nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unreadable>;
    /// Opens what [`Cipher::seal`] made with the same nonce and `about`.
    async fn open(&self, nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unreadable>;
    /// Opens many, each with what is authenticated and its whole (nonce and sealed bytes). A cipher that
    /// works elsewhere gets them all at once: thousands of rows take a fraction of a second that way.
    async fn open_all(&self, many: &[(Vec<u8>, &[u8])]) -> Result<Vec<Vec<u8>>, Unreadable> {
        let mut opened = Vec::with_capacity(many.len());
        for (about, whole) in many {
            opened.push(open_whole(self, about, whole).await?);
        }
        Ok(opened)
    }
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

/// Nonce and sealed bytes in one piece.
pub(super) async fn seal_whole<C: Cipher>(
    cipher: &C,
    about: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, Unreadable> {
    let nonce = fresh();
    let sealed = cipher.seal(&nonce, about, plain).await?;
    Ok([&nonce[..], &sealed].concat())
}

/// Opens what [`seal_whole`] made.
pub(super) async fn open_whole<C: Cipher>(
    cipher: &C,
    about: &[u8],
    whole: &[u8],
) -> Result<Vec<u8>, Unreadable> {
    let (nonce, sealed) = whole.split_first_chunk().ok_or(Unreadable)?;
    cipher.open(nonce, about, sealed).await
}
