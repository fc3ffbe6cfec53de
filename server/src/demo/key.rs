//! A device's key in software, for the demo's invented phones, the harness and tests: what WebCrypto is on a
//! real phone.

use crate::desk::{Desk, Trouble};
use crate::log::Log;
use domain::modules::org::{DeviceAct, DeviceBody, Proof, key_text};
use domain::{Body, DocId, Signature, Who, device_id, to_cbor};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};

/// The key of one device.
#[derive(Clone, Debug)]
pub struct SoftKey(SigningKey);

impl SoftKey {
    /// The key that follows from this name: the same run has the same keys.
    pub fn named(name: &[u8]) -> Self {
        let mut seed: [u8; 32] = Sha256::new().chain_update(b"soft key").chain_update(name).finalize().into();
        loop {
            match SigningKey::from_slice(&seed) {
                Ok(key) => return Self(key),
                // One in 2^32 is no key.
                Err(_) => seed = Sha256::digest(seed).into(),
            }
        }
    }
    /// The public key, 65 bytes.
    pub fn public(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }
    /// Document of the device that has this key, in this person's hand.
    pub fn device(&self, person: DocId) -> DocId {
        device_id(person, &self.public())
    }
    /// Signs.
    pub fn sign(&self, person: DocId, bytes: &[u8]) -> Signature {
        let signed: p256::ecdsa::Signature = self.0.sign(bytes);
        Signature { device: self.device(person), bytes: signed.to_bytes().to_vec().into() }
    }
}

/// Enrols a key for somebody, without anybody's code.
///
/// # Errors
/// What the desk says.
pub async fn enrol<L: Log>(
    desk: &Desk<L>,
    who: &Who,
    key: &SoftKey,
    label: &str,
    at_ms: i64,
) -> Result<(), Trouble> {
    let (label, no, name) = (label.into(), who.no.clone(), who.name.clone());
    let values = DeviceBody { label, key: key_text(&key.public()), no, name }.write();
    desk.request_device(who, &key.public(), "org.device", values, at_ms).await?;
    let act = DeviceAct::Enrol { proof: Proof::Demo, by: who.person, by_name: who.name.clone() };
    desk.decide(key.device(who.person), who, to_cbor(&act), at_ms).await.map(drop)
}
