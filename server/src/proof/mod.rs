//! Who vouches for the history: the server's signing key. What is signed is a [`sync::Checkpoint`]; the tree
//! behind it is the log's.

mod signer;

pub use signer::{KeyTrouble, Signer, is_signed};
