//! The cipher of sealed documents, by WebCrypto: AES-256-GCM, ECDH over P-256 and HKDF-SHA256, the same bytes
//! as `sync::native`, with which `end2end/journeys/confidential.spec.ts` opens what a browser sealed.

use crate::browser::{member, object};
use js_sys::{Array, Object, Promise, Uint8Array};
use serde_bytes::{ByteArray, ByteBuf};
use sync::{POINT_BYTES, Pair, WRAPPED_BYTES};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

type Made<T> = Result<T, JsValue>;

/// PKCS #8 around a secret of P-256 whose public half is known: what stands in front and between.
const FRONT: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01,
    0x04, 0x20,
];
const BETWEEN: [u8; 5] = [0xa1, 0x44, 0x03, 0x42, 0x00];

/// AES-256-GCM: ciphertext and tag.
pub async fn encrypt(
    subtle: &SubtleCrypto,
    key: &[u8; 32],
    nonce: &[u8; 12],
    front: &[u8],
    plain: &[u8],
) -> Made<Vec<u8>> {
    let key = aes(subtle, key, "encrypt").await?;
    let plain = Uint8Array::from(plain);
    bytes(subtle.encrypt_with_object_and_js_u8_array(&gcm(nonce, front), &key, &plain)).await
}

/// The other way; an error when it does not open.
pub async fn decrypt(
    subtle: &SubtleCrypto,
    key: &[u8; 32],
    nonce: &[u8; 12],
    front: &[u8],
    cipher: &[u8],
) -> Made<Vec<u8>> {
    let key = aes(subtle, key, "decrypt").await?;
    let cipher = Uint8Array::from(cipher);
    bytes(subtle.decrypt_with_object_and_js_u8_array(&gcm(nonce, front), &key, &cipher)).await
}

/// A new pair, whose secret can be given on.
pub async fn pair(subtle: &SubtleCrypto) -> Made<Pair> {
    let (private, public) = generate(subtle, true).await?;
    let packed = bytes(subtle.export_key("pkcs8", &private)).await?;
    let secret =
        packed.strip_prefix(&FRONT).and_then(|rest| rest.first_chunk::<32>()).ok_or(JsValue::NULL)?;
    Ok(Pair { secret: ByteArray::new(*secret), public: ByteBuf::from(public) })
}

/// The private half of such a pair, to unwrap with.
pub async fn private_of(subtle: &SubtleCrypto, own: &Pair) -> Made<CryptoKey> {
    let packed = [&FRONT[..], &own.secret[..], &BETWEEN, &own.public].concat();
    import(subtle, "pkcs8", &packed, &ecdh(), "deriveBits").await
}

/// A key for a public key: a pair of this once, then the key under what both have in common.
pub async fn wrap(subtle: &SubtleCrypto, to: &[u8], info: &[u8], key: &[u8; 32]) -> Made<Vec<u8>> {
    let (once, mut out) = generate(subtle, false).await?;
    let shared = shared(subtle, &once, to, &[&out[..], to].concat(), info).await?;
    out.extend(encrypt(subtle, &shared, &[0; 12], b"", key).await?);
    Ok(out)
}

/// The other way.
pub async fn unwrap(
    subtle: &SubtleCrypto,
    own: &CryptoKey,
    public: &[u8],
    info: &[u8],
    wrapped: &[u8],
) -> Made<[u8; 32]> {
    if wrapped.len() != WRAPPED_BYTES {
        return Err(JsValue::NULL);
    }
    let (once, cipher) = wrapped.split_at(POINT_BYTES);
    let shared = shared(subtle, own, once, &[once, public].concat(), info).await?;
    let key = decrypt(subtle, &shared, &[0; 12], b"", cipher).await?;
    key.try_into().map_err(|_| JsValue::NULL)
}

async fn shared(
    subtle: &SubtleCrypto,
    own: &CryptoKey,
    other: &[u8],
    salt: &[u8],
    info: &[u8],
) -> Made<[u8; 32]> {
    let other = import(subtle, "raw", other, &ecdh(), "").await?;
    let how = object(&[("name", "ECDH".into()), ("public", other.into())]);
    let point = bytes(subtle.derive_bits_with_object(&how, own, 256)).await?;
    let base = import(subtle, "raw", &point, &named("HKDF"), "deriveBits").await?;
    let how = object(&[
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("info", Uint8Array::from(info).into()),
    ]);
    bytes(subtle.derive_bits_with_object(&how, &base, 256)).await?.try_into().map_err(|_| JsValue::NULL)
}

async fn aes(subtle: &SubtleCrypto, key: &[u8; 32], usage: &str) -> Made<CryptoKey> {
    import(subtle, "raw", key, &named("AES-GCM"), usage).await
}

fn gcm(nonce: &[u8; 12], front: &[u8]) -> Object {
    let iv = Uint8Array::from(&nonce[..]).into();
    object(&[("name", "AES-GCM".into()), ("iv", iv), ("additionalData", Uint8Array::from(front).into())])
}

fn named(name: &str) -> Object {
    object(&[("name", name.into())])
}

fn ecdh() -> Object {
    object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())])
}

async fn generate(subtle: &SubtleCrypto, readable: bool) -> Made<(CryptoKey, Vec<u8>)> {
    let uses = Array::of1(&"deriveBits".into());
    let pair = done(subtle.generate_key_with_object(&ecdh(), readable, &uses)).await?;
    let half = |name| member(&pair, name).ok_or(JsValue::NULL);
    let public = bytes(subtle.export_key("raw", half("publicKey")?.unchecked_ref())).await?;
    Ok((half("privateKey")?.unchecked_into(), public))
}

async fn import(
    subtle: &SubtleCrypto,
    form: &str,
    raw: &[u8],
    what: &Object,
    usage: &str,
) -> Made<CryptoKey> {
    let uses = if usage.is_empty() { Array::new() } else { Array::of1(&usage.into()) };
    let made = subtle.import_key_with_object(form, &Uint8Array::from(raw), what, false, &uses);
    Ok(done(made).await?.unchecked_into())
}

async fn bytes(promise: Made<Promise>) -> Made<Vec<u8>> {
    Ok(Uint8Array::new(&done(promise).await?).to_vec())
}

async fn done(promise: Made<Promise>) -> Made<JsValue> {
    JsFuture::from(promise?).await
}
