//! How a device becomes known to the server, `POST /device`: twice, because the key signs what the server
//! says. And the proof that a request with pushes carries: a stolen cookie alone pushes nothing.
//!
//! Whose device it is the session says. The answer binds the session to the device; from then on each request
//! that pushes carries [`PROOF`], the key's signature over the body. A request with nothing to push carries
//! none and stays small.

use domain::Hash;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Request header of a phone that has a key, with any value: the server then insists on a hello.
pub const KEY: &str = "lianxin-key";
/// Request header with the signature over [`push_bytes`], 128 hex digits.
pub const PROOF: &str = "lianxin-proof";

/// What a device says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Public key: an uncompressed point of P-256, 65 bytes.
    pub key: ByteBuf,
    /// Public key for ECDH on the same curve, 65 bytes: others wrap secrets to it.
    pub wrap_key: ByteBuf,
    /// `key`'s signature over `domain::wrap_bytes`.
    pub wrap_proof: ByteBuf,
    /// One-time code that the person typed, when they have one.
    pub code: Option<String>,
    /// Signature over [`hello_bytes`]; `None` the first time, to hear the challenge.
    pub proof: Option<ByteBuf>,
}

/// Scopes that one question for wrap keys (`POST /keys`) may name.
pub const KEY_SCOPES: usize = 64;

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Welcome {
    /// Sign this. It belongs to this session alone.
    Prove(Hash),
    /// The device counts and the session is bound to it.
    In,
    /// Nobody has vouched for it yet: a code, or an officer who confirms. The wish is noted.
    Stranger,
    /// The code is wrong, used or older than ten minutes.
    WrongCode,
    /// Too many tries; seconds to wait.
    Wait(u32),
    /// It was revoked.
    Revoked,
}

/// What the key signs to be bound to a session.
pub fn hello_bytes(challenge: &Hash) -> Vec<u8> {
    [b"lianxin hello 1\0".as_slice(), &challenge.0].concat()
}

/// What the key signs of a request with pushes: the hash of its body before compression.
pub fn push_bytes(body: &[u8]) -> Vec<u8> {
    [b"lianxin push 1\0".as_slice(), &Hash::of(body).0].concat()
}
