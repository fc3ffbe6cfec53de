//! Clock, dice, key and cipher of this device.

use crate::signer::Signer;
use crate::{browser, sealer};
use domain::{Card, DocId, Signature};
use repo::Sealing;
use serde_bytes::ByteBuf;
use sync::Pair;

/// The browser as the repo's host.
pub struct Browser(pub Option<Signer>);

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

impl repo::Sealer for Browser {
    fn sealing(&self) -> Sealing {
        if self.0.is_some() { Sealing::Ready } else { Sealing::Missing }
    }
    fn wrap_key(&self) -> Option<ByteBuf> {
        self.0.as_ref().map(|signer| ByteBuf::from(signer.wrap_public()))
    }
    async fn vouches(&self, card: &Card) -> bool {
        match &self.0 {
            Some(signer) => signer.vouches(card).await,
            None => false,
        }
    }
    async fn pair(&self) -> Option<Pair> {
        sealer::pair(self.0.as_ref()?.subtle()).await.ok()
    }
    async fn encrypt(&self, key: &[u8; 32], nonce: &[u8; 12], front: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        sealer::encrypt(self.0.as_ref()?.subtle(), key, nonce, front, plain).await.ok()
    }
    async fn decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        front: &[u8],
        cipher: &[u8],
    ) -> Option<Vec<u8>> {
        sealer::decrypt(self.0.as_ref()?.subtle(), key, nonce, front, cipher).await.ok()
    }
    async fn wrap(&self, to: &[u8], info: &[u8], key: &[u8; 32]) -> Option<Vec<u8>> {
        sealer::wrap(self.0.as_ref()?.subtle(), to, info, key).await.ok()
    }
    async fn unwrap_here(&self, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]> {
        let signer = self.0.as_ref()?;
        let (subtle, own) = (signer.subtle(), signer.wrap_private());
        sealer::unwrap(subtle, own, signer.wrap_public(), info, wrapped).await.ok()
    }
    async fn unwrap(&self, own: &Pair, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]> {
        let subtle = self.0.as_ref()?.subtle();
        let private = sealer::private_of(subtle, own).await.ok()?;
        sealer::unwrap(subtle, &private, &own.public, info, wrapped).await.ok()
    }
}
