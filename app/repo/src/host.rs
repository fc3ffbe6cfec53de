//! What a phone takes from the world around it: time, chance, its key, and what this version of the app knows.
//! Tests bring their own.

use crate::Sealer;
use domain::{AnyKind, DocId, Signature};

/// Clock, dice and key of the device, and its cipher.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Host: Sealer {
    /// Device time, UTC ms; a claim, it may be wrong by years.
    fn now_ms(&self) -> i64;
    /// 16 bytes nobody can guess.
    fn random16(&self) -> [u8; 16];
    /// The kinds of this version of the app.
    fn kinds(&self) -> &'static [&'static dyn AnyKind] {
        domain::modules::kinds()
    }
    /// Name of their rules: another one for another version.
    fn rules(&self) -> String {
        domain::RULES.into()
    }
    /// Document of this device, whether or not anybody has vouched for it; `None` where there is no key.
    fn device(&self) -> Option<DocId> {
        None
    }
    /// This device's signature; `None` where there is no key: then acts go unsigned, and the server says
    /// whether they stand.
    async fn sign(&self, _bytes: &[u8]) -> Option<Signature> {
        None
    }
}
