//! Whose signature counts. Devices are told by the log right after each commit, so that a revocation is in
//! force the moment it is durable, for requests and for open streams alike.

use domain::{Card, Device, DocId, Entry, Refusal, Validity, act_bytes};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use std::collections::HashMap;

/// May an act go without a signature?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// No. The only right choice with real data.
    Required,
    /// Yes: the demonstration, where phones on plain http have no key, and tests of other things. A signature
    /// that is there must be good all the same.
    Optional,
}

/// True for an uncompressed point of P-256.
pub fn is_key(key: &[u8]) -> bool {
    key.len() == 65 && key[0] == 4 && VerifyingKey::from_sec1_bytes(key).is_ok()
}

/// True when `bytes` is this key's signature over `said`. `key` is an uncompressed point.
pub fn is_signed(key: &[u8], said: &[u8], bytes: &[u8]) -> bool {
    // 65 bytes that begin with 4 and nothing else: one text form for one key, so one id for one device.
    if !is_key(key) {
        return false;
    }
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(key), Signature::from_slice(bytes)) else {
        return false;
    };
    key.verify(said, &signature).is_ok()
}

#[derive(Default)]
pub(super) struct Devices(HashMap<DocId, Device>);

impl Devices {
    pub fn learn(&mut self, devices: &[Device]) {
        self.0.extend(devices.iter().map(|device| (device.id, device.clone())));
    }
    pub fn get(&self, id: DocId) -> Option<&Device> {
        self.0.get(&id)
    }
    pub fn of(&self, person: DocId) -> impl Iterator<Item = &Device> {
        self.0.values().filter(move |device| device.person == person)
    }
    pub fn all(&self) -> impl Iterator<Item = &Device> {
        self.0.values()
    }

    /// What others may know of this person's enrolled devices.
    pub fn cards(&self, person: DocId) -> impl Iterator<Item = Card> {
        self.of(person).filter(|device| device.validity == Validity::Enrolled).map(Device::card)
    }

    /// The device that signed this act for this person. `pardoned`: one whose revocation does not count
    /// here, because an officer adopts what it sent.
    pub fn signer(
        &self,
        entry: &Entry,
        person: DocId,
        pardoned: Option<DocId>,
    ) -> Result<Option<&Device>, Refusal> {
        let Some(signature) = &entry.signature else { return Ok(None) };
        let device = self.get(signature.device).filter(|device| device.person == person);
        let device = device.ok_or(Refusal::Unsigned)?;
        if !is_signed(&device.key, &act_bytes(entry), &signature.bytes) {
            return Err(Refusal::Unsigned);
        }
        match device.validity {
            Validity::Enrolled => Ok(Some(device)),
            Validity::Revoked if pardoned == Some(device.id) => Ok(Some(device)),
            Validity::Requested | Validity::Revoked => Err(Refusal::Unsigned),
        }
    }
}
