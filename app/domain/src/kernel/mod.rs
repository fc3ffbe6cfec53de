//! The kernel: the words in which every module is written. It knows no module.

mod act;
mod apart;
mod body;
pub mod bridge;
#[cfg(feature = "crdt")]
pub mod crdt;
mod device;
mod erased;
mod id;
mod judge;
mod kind;
pub mod lock;
mod org;
mod reader;
mod row;
mod seal;
#[cfg(not(target_arch = "wasm32"))]
mod sheet;
mod term;
pub mod text;
mod time;
mod words;

pub use act::*;
pub use apart::*;
pub use body::*;
pub use device::*;
pub use erased::*;
pub use id::*;
pub use judge::*;
pub use kind::*;
pub use org::*;
pub use reader::*;
pub use row::*;
pub use seal::*;
#[cfg(not(target_arch = "wasm32"))]
pub use sheet::*;
pub use term::*;
pub use time::*;
pub use words::*;

/// CBOR is the only encoding on disk and wire. Encoding our own types cannot fail.
pub fn to_cbor<T: serde::Serialize>(value: &T) -> Vec<u8> {
    cbor4ii::serde::to_vec(Vec::new(), value).expect("own types encode")
}

/// Reads CBOR; `None` when the bytes are not a `T` (the caller says what that means to people).
pub fn from_cbor<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    cbor4ii::serde::from_slice(bytes).ok()
}
