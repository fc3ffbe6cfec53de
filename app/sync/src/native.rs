//! The cipher outside of browsers: the harness, tests, and opening with the recovery key. Plain AES-256-GCM,
//! ECDH over P-256 and HKDF-SHA256, which WebCrypto has too; nothing of it is in what phones carry.

use crate::{
    FILE_NONCE, Kid, POINT_BYTES, Pair, WRAPPED_BYTES, What, file_cipher, file_front, read_envelope, unpad,
    wrap_info,
};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use domain::DocId;
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use serde_bytes::{ByteArray, ByteBuf};
use sha2::Sha256;
use std::collections::BTreeMap;

/// The pair of a secret; `None` for the few numbers that are none.
pub fn pair_of(secret: [u8; 32]) -> Option<Pair> {
    let own = SecretKey::from_slice(&secret).ok()?;
    let public = ByteBuf::from(point(&own.public_key()));
    Some(Pair { secret: ByteArray::new(secret), public })
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_sec1_point(false).as_bytes().to_vec()
}

/// AES-256-GCM.
pub fn encrypt(key: &[u8; 32], nonce: &[u8; 12], front: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let cipher = Aes256Gcm::new_from_slice(key).ok()?;
    cipher.encrypt(&Nonce::from(*nonce), Payload { msg: plain, aad: front }).ok()
}

/// The other way.
pub fn decrypt(key: &[u8; 32], nonce: &[u8; 12], front: &[u8], cipher: &[u8]) -> Option<Vec<u8>> {
    let aes = Aes256Gcm::new_from_slice(key).ok()?;
    aes.decrypt(&Nonce::from(*nonce), Payload { msg: cipher, aad: front }).ok()
}

/// A key for a public key; `seed` is the secret of this once.
pub fn wrap(seed: [u8; 32], to: &[u8], info: &[u8], key: &[u8; 32]) -> Option<Vec<u8>> {
    let once = SecretKey::from_slice(&seed).ok()?;
    let mut out = point(&once.public_key());
    let shared = shared(&once, to, &[&out[..], to].concat(), info)?;
    out.extend(encrypt(&shared, &[0; 12], b"", key)?);
    Some(out)
}

/// The other way.
pub fn unwrap(own: &Pair, info: &[u8], wrapped: &[u8]) -> Option<[u8; 32]> {
    if wrapped.len() != WRAPPED_BYTES {
        return None;
    }
    let (once, cipher) = wrapped.split_at(POINT_BYTES);
    let secret = SecretKey::from_slice(&own.secret[..]).ok()?;
    let shared = shared(&secret, once, &[once, &own.public].concat(), info)?;
    decrypt(&shared, &[0; 12], b"", cipher)?.try_into().ok()
}

/// The bytes of a sealed file.
pub fn open_file(key: &[u8; 32], file: &[u8]) -> Option<Vec<u8>> {
    let plain = decrypt(key, &FILE_NONCE, file_front(), file_cipher(file)?)?;
    unpad(&plain).map(<[u8]>::to_vec)
}

fn shared(own: &SecretKey, other: &[u8], salt: &[u8], info: &[u8]) -> Option<[u8; 32]> {
    let other = PublicKey::from_sec1_bytes(other).ok()?;
    let point = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), other.as_affine());
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(Some(salt), point.raw_secret_bytes()).expand(info, &mut out).ok()?;
    Some(out)
}

/// The changes in a sealed document's envelopes, opened with the union's recovery key, in their order.
/// `None` when one of them does not open.
pub fn recover(doc: DocId, recovery: &Pair, envelopes: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let mut keys: BTreeMap<Kid, [u8; 32]> = BTreeMap::new();
    let mut changes = vec![];
    let read: Option<Vec<_>> = envelopes.iter().map(|raw| read_envelope(raw)).collect();
    let read = read?;
    for envelope in &read {
        let What::Keys { recovery: Some(wrapped), .. } = &envelope.header.what else { continue };
        let kid = envelope.header.kid;
        if let Some(key) = unwrap(recovery, &wrap_info(doc, &kid), wrapped) {
            keys.insert(kid, key);
        }
    }
    for envelope in read.iter().filter(|envelope| !envelope.header.is_keys()) {
        let header = &envelope.header;
        let padded = decrypt(keys.get(&header.kid)?, &header.nonce, envelope.front, envelope.cipher)?;
        changes.push(unpad(&padded)?.to_vec());
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_for_its_own_pair_document_and_nothing_else() {
        let [own, other] = [[1; 32], [2; 32]].map(|secret| pair_of(secret).expect("a secret"));
        let wrapped = wrap([3; 32], &own.public, b"here", &[7; 32]).expect("wraps");
        assert_eq!(wrapped.len(), WRAPPED_BYTES);
        assert_eq!(unwrap(&own, b"here", &wrapped), Some([7; 32]));
        assert_eq!(unwrap(&other, b"here", &wrapped), None);
        assert_eq!(unwrap(&own, b"there", &wrapped), None);
        for at in [0, 1, 64, 65, 112] {
            let mut spoilt = wrapped.clone();
            spoilt[at] ^= 1;
            assert_eq!(unwrap(&own, b"here", &spoilt), None, "byte {at}");
        }
    }

    #[test]
    fn a_letter_opens_only_as_it_was_closed() {
        let closed = encrypt(&[1; 32], &[2; 12], b"front", b"words").expect("encrypts");
        assert_eq!(decrypt(&[1; 32], &[2; 12], b"front", &closed).as_deref(), Some(&b"words"[..]));
        assert_eq!(decrypt(&[1; 32], &[2; 12], b"other", &closed), None);
        assert_eq!(decrypt(&[9; 32], &[2; 12], b"front", &closed), None);
    }
}
