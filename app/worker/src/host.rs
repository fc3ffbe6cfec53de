//! Clock, dice and key of this device.

use crate::browser;
use crate::signer::Signer;
use domain::{DocId, Signature};

/// The browser as the repo's host.
pub struct Browser(pub Option<Signer>);

// WebCrypto is not wired up yet: docs/decisions/sealed.md.
impl repo::Sealer for Browser {}

impl repo::Host for Browser {
    fn now_ms(&self) -> i64 {
        browser::now_ms()
    }
    fn random16(&self) -> [u8; 16] {
        browser::random16()
    }
    fn device(&self) -> Option<DocId> {
        self.0.as_ref().map(Signer::device)
    }
    async fn sign(&self, bytes: &[u8]) -> Option<Signature> {
        self.0.as_ref()?.sign(bytes).await
    }
}
