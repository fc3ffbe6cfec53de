//! The devices on which people decide, and the signature each act carries (电子签名法 13: signing data that
//! only the signer controls; later changes of signature and content can be detected).
//!
//! An act is signed over [`act_bytes`]: everything it says but the receipt, which is the server's. The
//! signature is ECDSA over P-256 with SHA-256, 64 bytes `r ‖ s`, as WebCrypto makes it. In a confidential
//! matter its owner's acts carry none: a key that signs under two names tells the handler that they are one
//! person (docs/decisions/devices.md).

use crate::{DocId, Entry, Hash, Reader};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// A signature by a device's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Document of the device; see [`device_id`].
    pub device: DocId,
    /// 64 bytes, `r ‖ s`.
    pub bytes: ByteBuf,
}

/// Id of the document of a person's device. It follows from the key, so a key is enrolled for one person
/// under one name, and a new key is another device.
pub fn device_id(person: DocId, key: &[u8]) -> DocId {
    DocId::derive(&[b"org.device", &person.0, key])
}

/// The server as somebody who acts: it founds what nobody else may (rosters, devices).
pub fn office() -> DocId {
    DocId::derive(&[b"lianxin.server"])
}

/// What is signed of an act: each part behind its length, so that no two acts share their bytes. The id of
/// the document is in it, so the signature is worth nothing on another one.
pub fn act_bytes(entry: &Entry) -> Vec<u8> {
    let mut out = b"lianxin act 1\0".to_vec();
    out.extend_from_slice(&entry.id.0);
    out.extend_from_slice(&entry.doc.0);
    out.extend_from_slice(&entry.by.0);
    part(&mut out, entry.device.as_bytes());
    out.extend_from_slice(&entry.at_ms.to_be_bytes());
    out.extend_from_slice(&(entry.about.len() as u32).to_be_bytes());
    entry.about.iter().for_each(|head| out.extend_from_slice(&head.0));
    part(&mut out, &entry.act);
    out
}

fn part(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// What the signing key signs of the key to which others wrap secrets for this device: so nobody, the server
/// included, can slip another one in under a device that is known.
pub fn wrap_bytes(person: DocId, device: DocId, wrap_key: &[u8]) -> Vec<u8> {
    let mut out = b"lianxin wrap 1\0".to_vec();
    out.extend_from_slice(&person.0);
    out.extend_from_slice(&device.0);
    part(&mut out, wrap_key);
    out
}

/// What others must know of an enrolled device to wrap secrets for it. It names no words of anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Document of the device.
    pub device: DocId,
    /// Whose it is.
    pub person: DocId,
    /// Its signing key, 65 bytes.
    pub sign_key: ByteBuf,
    /// P-256 for ECDH, 65 bytes.
    pub wrap_key: ByteBuf,
    /// The signing key's signature over [`wrap_bytes`], 64 bytes.
    pub wrap_proof: ByteBuf,
}

impl Card {
    /// What `wrap_proof` must be a signature of. `None`: the device's id does not follow from person and
    /// key, so the card is not one.
    pub fn said(&self) -> Option<Vec<u8>> {
        let is_its = device_id(self.person, &self.sign_key) == self.device;
        is_its.then(|| wrap_bytes(self.person, self.device, &self.wrap_key))
    }
}

/// How an act was signed, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signed {
    /// Nothing to sign: the server's own acts, and those under an alias.
    #[default]
    Never,
    /// Not signed: older than signatures, or a phone without a key where the server allows it.
    Not,
    /// Signed here; the server has not looked yet.
    Waits,
    /// Signed, and checked by the server: name of the device.
    By(String),
}

impl Signed {
    /// As the entry says.
    pub fn of(entry: &Entry) -> Self {
        match (&entry.receipt, &entry.signature) {
            _ if entry.device.is_empty() => Self::Never,
            (Some(receipt), _) => receipt.signed.clone().map_or(Self::Not, Self::By),
            (None, Some(_)) => Self::Waits,
            (None, None) => Self::Not,
        }
    }
}

/// Does a device's key count?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Validity {
    /// Nobody has vouched for it yet.
    Requested,
    /// Its signatures count.
    Enrolled,
    /// Its signatures count no more; what it still sends is put aside.
    Revoked,
}

/// A device as the receipts of its document say; the server keeps them at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its document.
    pub id: DocId,
    /// Whose it is.
    pub person: DocId,
    /// Public key: an uncompressed point, 65 bytes.
    pub key: ByteBuf,
    /// Key to which others wrap secrets for it, 65 bytes.
    pub wrap_key: ByteBuf,
    /// The signing key's word for that; see [`wrap_bytes`].
    pub wrap_proof: ByteBuf,
    /// Name for people: `Android · Chrome`, 我的旧手机.
    pub label: String,
    /// Does its key count?
    pub validity: Validity,
    /// Parcels decided about (see the server's desk): adopted or not.
    pub settled: BTreeMap<Hash, bool>,
    /// Who decides about what it sent after it was revoked.
    pub overseers: BTreeSet<Reader>,
}

impl Device {
    /// What others may know of it.
    pub fn card(&self) -> Card {
        Card {
            device: self.id,
            person: self.person,
            sign_key: self.key.clone(),
            wrap_key: self.wrap_key.clone(),
            wrap_proof: self.wrap_proof.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ActId;

    fn entry() -> Entry {
        Entry {
            id: ActId([1; 16]),
            doc: DocId([2; 16]),
            by: DocId([3; 16]),
            device: "d1".into(),
            at_ms: 0x0102_0304_0506_0708,
            about: vec![Hash([4; 32])],
            act: vec![0xa0, 0xff].into(),
            signature: None,
            receipt: None,
        }
    }

    #[test]
    fn the_bytes_of_an_act_are_these_for_ever() {
        let hex: String = act_bytes(&entry()).iter().map(|byte| format!("{byte:02x}")).collect();
        let want = [
            "6c69616e78696e2061637420310001010101010101010101010101010101",
            "0202020202020202020202020202020203030303030303030303030303030303",
            "0000000264310102030405060708",
            "00000001",
            "0404040404040404040404040404040404040404040404040404040404040404",
            "00000002a0ff",
        ];
        assert_eq!(hex, want.concat());
    }

    #[test]
    fn whatever_an_act_says_changes_its_bytes_and_the_server_s_word_does_not() {
        let base = act_bytes(&entry());
        let others = [
            Entry { id: ActId([9; 16]), ..entry() },
            Entry { doc: DocId([9; 16]), ..entry() },
            Entry { by: DocId([9; 16]), ..entry() },
            Entry { device: "d2".into(), ..entry() },
            Entry { at_ms: 1, ..entry() },
            Entry { about: vec![], ..entry() },
            Entry { act: vec![0xa0].into(), ..entry() },
        ];
        assert!(others.iter().all(|other| act_bytes(other) != base));
        let signature = Some(Signature { device: DocId([7; 16]), bytes: vec![1; 64].into() });
        assert_eq!(act_bytes(&Entry { signature, ..entry() }), base);
    }

    #[test]
    fn the_bytes_of_a_wrap_key_are_these_for_ever() {
        let hex: String = wrap_bytes(DocId([1; 16]), DocId([2; 16]), &[4, 5])
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let want = [
            "6c69616e78696e2077726170203100",
            "01010101010101010101010101010101",
            "02020202020202020202020202020202",
            "000000020405",
        ];
        assert_eq!(hex, want.concat());
    }

    #[test]
    fn a_card_is_of_the_person_and_key_it_names() {
        let (person, sign_key) = (DocId([1; 16]), ByteBuf::from(vec![4; 65]));
        let (wrap_key, wrap_proof) = (ByteBuf::from(vec![5; 65]), ByteBuf::from(vec![0; 64]));
        let device = device_id(person, &sign_key);
        let card = Card { device, person, sign_key, wrap_key, wrap_proof };
        assert_eq!(card.said(), Some(wrap_bytes(person, device, &[5; 65])));
        assert_eq!(Card { person: DocId([2; 16]), ..card.clone() }.said(), None);
        assert_eq!(Card { sign_key: vec![6; 65].into(), ..card }.said(), None);
    }

    #[test]
    fn entries_from_before_signatures_still_read() {
        #[derive(Serialize)]
        struct Old {
            id: ActId,
            doc: DocId,
            by: DocId,
            device: String,
            at_ms: i64,
            about: Vec<Hash>,
            act: ByteBuf,
            receipt: Option<crate::Receipt>,
        }
        let Entry { id, doc, by, device, at_ms, about, act, .. } = entry();
        let old = Old { id, doc, by, device, at_ms, about, act, receipt: None };
        assert_eq!(crate::from_cbor::<Entry>(&crate::to_cbor(&old)), Some(entry()));
        assert_eq!(
            crate::to_cbor(&entry()),
            crate::to_cbor(&old),
            "and an unsigned one is as small as before"
        );
        assert_eq!(Signed::of(&entry()), Signed::Not);
    }
}
