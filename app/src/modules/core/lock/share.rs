//! A PIN with the server's half of the key: handy while there is a link, worth nothing to a thief, because
//! the server destroys its half after ten wrong tries.

use super::{failed, wrong};
use crate::i18n::{t, t1};
use crate::shell::{ask_lock, chance};
use api::{CallError, ShareAnswer};
use domain::DocId;
use domain::lock::{LockAnswer, LockAsk, Secret};
use serde_bytes::ByteBuf;

/// What shows the server that the PIN is right.
async fn proof(door: DocId, pin: &str) -> Result<ByteBuf, String> {
    match ask_lock(LockAsk::Proof { door, pin: pin.into() }).await {
        Ok(LockAnswer::Proof(proof)) => Ok(proof),
        Ok(_) => Err(wrong(0)),
        Err(answer) => Err(failed(answer)),
    }
}

fn call_failed(error: CallError) -> String {
    t(match error {
        CallError::SignedOut => "core.lock-sign-in-once",
        CallError::Device => "core.lock-share-device",
        _ => "core.lock-share-needs-net",
    })
    .into()
}

/// The PIN made whole with the server's half, or why not.
pub async fn whole(door: DocId, pin: String) -> Result<Secret, String> {
    let proof = proof(door, &pin).await?;
    match api::ask_share(door, proof).await {
        Ok(ShareAnswer::Share(share)) => Ok(Secret::Shared { pin, share }),
        Ok(ShareAnswer::Wrong(left)) => Err(t1("core.lock-share-left", left)),
        Ok(ShareAnswer::Gone) => Err(t("core.lock-share-gone").into()),
        Err(error) => Err(call_failed(error)),
    }
}

/// A PIN and a new half.
pub fn begin(pin: String) -> Secret {
    Secret::Shared { pin, share: ByteBuf::from(chance(32)) }
}

/// Leaves the half at the server, once the lock knows it.
pub async fn leave(door: DocId, secret: Secret) -> Result<(), String> {
    let Secret::Shared { pin, share } = secret else { return Ok(()) };
    let proof = proof(door, &pin).await?;
    api::keep_share(door, proof, share).await.map_err(call_failed)
}
