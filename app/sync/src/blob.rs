//! Pictures and files travel beside sync, one address each: `/blobs/{sha256 in hex}`.
//!
//! - `HEAD` says in [`BLOB_RECEIVED`] how many bytes of it the server has from this person: `200` when it is
//!   whole, `404` while it is not.
//! - `PUT` sends one piece with `Content-Range: bytes first-last/size`; pieces come in order. `202` says how
//!   far the server is, `201` (or `200`) that it is whole and durable, `409` that the piece does not follow:
//!   go on at [`BLOB_RECEIVED`]. `422` refuses the file for good.
//! - `GET` gives it back, also in ranges.
//!
//! A phone that was cut off asks with `HEAD` and goes on there; sending a piece twice is harmless.

/// Pieces are this long; only the last one of a blob may be shorter.
pub const BLOB_CHUNK: usize = 256 * 1024;
/// No blob is longer.
pub const BLOB_BYTES: u64 = 8 * 1024 * 1024;
/// Response header: bytes that the server has.
pub const BLOB_RECEIVED: &str = "lianxin-received";
