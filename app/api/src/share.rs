//! The server's half of a phone's key: with a link, a PIN is enough even for a sensitive vault, because after
//! ten wrong tries the server destroys its half.

use crate::CallError;
use crate::wire::Cbor;
use domain::DocId;
use leptos::prelude::server;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Bytes of a share and of a proof.
pub const SHARE_BYTES: usize = 32;

/// What became of a request for a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShareAnswer {
    /// Here it is.
    Share(ByteBuf),
    /// Wrong PIN; so many tries are left.
    Wrong(u32),
    /// There is none, or no longer: the phone opens in another way.
    Gone,
}

/// Leaves a share for the lock `slot` of this device; it goes out for `proof`.
#[server(protocol = Cbor, endpoint = "keep_share")]
pub async fn keep_share(slot: DocId, proof: ByteBuf, share: ByteBuf) -> Result<(), CallError> {
    crate::backend::run(|backend, call| backend.keep_share(call, slot, proof, share)).await
}

/// Asks for it.
#[server(protocol = Cbor, endpoint = "ask_share")]
pub async fn ask_share(slot: DocId, proof: ByteBuf) -> Result<ShareAnswer, CallError> {
    crate::backend::run(|backend, call| backend.ask_share(call, slot, proof)).await
}
