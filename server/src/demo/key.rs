//! A device's key in software, for the demo's invented phones, the harness and tests: what WebCrypto is on a
//! real phone.

use crate::desk::{Desk, Trouble};
use crate::log::Log;
use domain::modules::org::{DeviceAct, DeviceBody, Proof, key_text};
use domain::{Body, DocId, Signature, Who, device_id, to_cbor, wrap_bytes};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use serde_bytes::ByteArray;
use sha2::{Digest, Sha256};
use sync::{Hello, Pair};

/// The key of one device.
#[derive(Clone, Debug)]
pub struct SoftKey {
    sign: SigningKey,
    wrap: SigningKey,
}

impl SoftKey {
    /// The key that follows from this name: the same run has the same keys.
    pub fn named(name: &[u8]) -> Self {
        let (sign, wrap) = (drawn(b"soft key", name), drawn(b"soft wrap key", name));
        Self { sign, wrap }
    }
    /// The public key, 65 bytes.
    pub fn public(&self) -> Vec<u8> {
        self.sign.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }
    /// The public key to which others wrap secrets, 65 bytes.
    pub fn wrap_public(&self) -> Vec<u8> {
        self.wrap.verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }
    /// Both halves of it.
    pub fn wrap_pair(&self) -> Pair {
        let secret = <[u8; 32]>::from(self.wrap.to_bytes());
        Pair { secret: ByteArray::new(secret), public: self.wrap_public().into() }
    }
    /// The signing key's word for the wrap key.
    pub fn wrap_proof(&self, person: DocId) -> Vec<u8> {
        self.sign(person, &wrap_bytes(person, self.device(person), &self.wrap_public())).bytes.into_vec()
    }
    /// What a phone says of itself at first.
    pub fn hello(&self, person: DocId, code: Option<String>) -> Hello {
        Hello {
            key: self.public().into(),
            wrap_key: self.wrap_public().into(),
            wrap_proof: self.wrap_proof(person).into(),
            code,
            proof: None,
        }
    }
    /// Document of the device that has this key, in this person's hand.
    pub fn device(&self, person: DocId) -> DocId {
        device_id(person, &self.public())
    }
    /// Signs.
    pub fn sign(&self, person: DocId, bytes: &[u8]) -> Signature {
        let signed: p256::ecdsa::Signature = self.sign.sign(bytes);
        Signature { device: self.device(person), bytes: signed.to_bytes().to_vec().into() }
    }
}

fn drawn(what: &[u8], name: &[u8]) -> SigningKey {
    let mut seed: [u8; 32] = Sha256::new().chain_update(what).chain_update(name).finalize().into();
    loop {
        match SigningKey::from_slice(&seed) {
            Ok(key) => return key,
            // One in 2^32 is no key.
            Err(_) => seed = Sha256::digest(seed).into(),
        }
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
    let (wrap_key, wrap_proof) = (key_text(&key.wrap_public()), key_text(&key.wrap_proof(who.person)));
    let values = DeviceBody { label, key: key_text(&key.public()), wrap_key, wrap_proof, no, name }.write();
    desk.request_device(who, &key.public(), "org.device", values, at_ms).await?;
    let act = DeviceAct::Enrol { proof: Proof::Demo, by: who.person, by_name: who.name.clone() };
    desk.decide(key.device(who.person), who, to_cbor(&act), at_ms).await.map(drop)
}
