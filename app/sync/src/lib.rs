//! The words of sync: one request, streamed frames. No I/O, no clock. Both ends build on this crate,
//! so that one test covers both. Every type is CBOR on the wire; a response is a row of frames, each
//! behind its length as 4 bytes big-endian.

mod again;
mod blob;
mod file;
mod frame;
mod hello;
mod hint;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
mod proof;
mod request;
mod sealed;
mod trouble;

pub use again::*;
pub use blob::*;
pub use file::*;
pub use frame::*;
pub use hello::*;
pub use hint::*;
pub use proof::*;
pub use request::*;
pub use sealed::*;
pub use trouble::*;

/// Version of the protocol; a server answers `426` to one that it no longer speaks.
/// 1 (2026-11): first.
pub const PROTO: u16 = 1;
/// A page holds at most so many documents.
pub const PAGE_DOCS: usize = 300;
/// A page holds at most about so many bytes of documents.
pub const PAGE_BYTES: usize = 256 * 1024;
/// A request body (after decompression) holds at most so many bytes.
pub const REQUEST_BYTES: usize = 1024 * 1024;
/// A request holds at most so many pushes.
pub const REQUEST_PUSHES: usize = 256;
/// MIME type of request and response; anything else with status 200 is a captive portal, not us.
pub const MIME: &str = "application/vnd.lianxin.sync";
