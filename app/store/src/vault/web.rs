//! The cipher of a real phone: WebCrypto. Its key cannot be read out again, not even by us; it can be
//! handed to another tab, never to the disk. Argon2id is not in WebCrypto: a small program of its own, which
//! the worker's start file loads only while somebody unlocks.

use super::cipher::Piece;
use super::{Cipher, Cost, Key, OpenKey, SlotId, Strength, Unreadable, fresh};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// AES-256-GCM of the browser.
#[derive(Clone)]
pub struct Web {
    subtle: SubtleCrypto,
    key: CryptoKey,
}

impl Web {
    /// Is there WebCrypto? Browsers hide it from pages that came over plain HTTP from another machine.
    pub fn is_here() -> bool {
        subtle().is_some()
    }
    fn encrypt(&self, (about, plain): &Piece, nonce: &[u8]) -> Result<Promise, JsValue> {
        let plain = Uint8Array::from(&plain[..]);
        self.subtle.encrypt_with_object_and_buffer_source(&how(nonce, about), &self.key, &plain)
    }
    fn decrypt(&self, (about, whole): &Piece) -> Result<Promise, JsValue> {
        let (nonce, sealed) = whole.split_at_checked(12).ok_or(JsValue::NULL)?;
        let sealed = Uint8Array::from(sealed);
        self.subtle.decrypt_with_object_and_buffer_source(&how(nonce, about), &self.key, &sealed)
    }
}

/// A function or object of the page or worker this runs in.
fn global(name: &str) -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &name.into()).ok().filter(|value| !value.is_undefined())
}

/// `crypto.subtle`; missing where the page came over plain HTTP from another machine.
fn subtle() -> Option<SubtleCrypto> {
    let subtle = Reflect::get(&global("crypto")?, &"subtle".into()).ok()?;
    subtle.is_object().then(|| subtle.unchecked_into())
}

fn object(pairs: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn how(nonce: &[u8], about: &[u8]) -> Object {
    let bytes = |bytes: &[u8]| JsValue::from(Uint8Array::from(bytes));
    object(&[("name", &"AES-GCM".into()), ("iv", &bytes(nonce)), ("additionalData", &bytes(about))])
}

/// All begun before the first is waited for; one that fails fails all.
async fn all(promises: Vec<Result<Promise, JsValue>>) -> Result<Vec<Vec<u8>>, Unreadable> {
    let begun = promises.into_iter().collect::<Result<Array, _>>().map_err(|_| Unreadable)?;
    let done = JsFuture::from(Promise::all(&begun)).await.map_err(|_| Unreadable)?;
    Ok(Array::from(&done).iter().map(|bytes| Uint8Array::new(&bytes).to_vec()).collect())
}

impl Cipher for Web {
    async fn with_key(key: &Key) -> Result<Self, Unreadable> {
        let subtle = subtle().ok_or(Unreadable)?;
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let bytes = Uint8Array::from(&key[..]);
        let promise = subtle.import_key_with_str("raw", &bytes, "AES-GCM", false, &uses);
        let key = JsFuture::from(promise.map_err(|_| Unreadable)?).await.map_err(|_| Unreadable)?;
        Ok(Self { subtle, key: key.unchecked_into() })
    }

    async fn seal_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable> {
        let nonces: Vec<[u8; 12]> = many.iter().map(|_| fresh()).collect();
        let begun = many.iter().zip(&nonces).map(|(piece, nonce)| self.encrypt(piece, nonce)).collect();
        let sealed = all(begun).await?;
        Ok(nonces.iter().zip(sealed).map(|(nonce, sealed)| [&nonce[..], &sealed].concat()).collect())
    }

    async fn open_all(&self, many: &[Piece]) -> Result<Vec<Vec<u8>>, Unreadable> {
        all(many.iter().map(|piece| self.decrypt(piece)).collect()).await
    }

    async fn argon2id(secret: &[u8], salt: &[u8; 16], cost: Cost) -> Option<Key> {
        let run: Function = global("LIANXIN_STRETCH")?.dyn_into().ok()?;
        let (secret, salt) = (Uint8Array::from(secret), Uint8Array::from(&salt[..]));
        let (kib, passes) = (cost.kib.into(), cost.passes.into());
        let promise = run.call4(&JsValue::NULL, &secret, &salt, &kib, &passes).ok()?;
        let key = JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()?;
        Uint8Array::new(&key).to_vec().try_into().ok()
    }
}

/// An open place as the lock's program and the tabs of a phone hand it to each other: the key in it can be used
/// and passed on, and read out by nobody.
#[derive(Clone)]
pub struct Handed {
    /// Its lock.
    pub slot: SlotId,
    /// Name of its database.
    pub database: String,
    /// The key; `None` where nothing is kept.
    pub key: Option<OpenKey<Web>>,
    /// Whose it is, packed by whoever knows what a person is.
    pub who: Vec<u8>,
    /// Minutes without a touch until it locks.
    pub idle_min: u32,
}

impl Handed {
    /// As an object that `postMessage` carries.
    pub fn object(&self) -> Object {
        let bytes = |bytes: &[u8]| JsValue::from(Uint8Array::from(bytes));
        let place = object(&[
            ("slot", &bytes(&self.slot[..])),
            ("database", &self.database.as_str().into()),
            ("who", &bytes(&self.who)),
            ("idle", &self.idle_min.into()),
        ]);
        if let Some(key) = &self.key {
            let _ = Reflect::set(&place, &"names".into(), &bytes(&key.names));
            let _ = Reflect::set(&place, &"strong".into(), &(key.strength == Strength::Sensitive).into());
            let _ = Reflect::set(&place, &"key".into(), &key.cipher.key);
        }
        place
    }

    /// Out of such an object; `None` for anything else.
    pub fn of(place: &JsValue) -> Option<Self> {
        let part = |name: &str| Reflect::get(place, &name.into()).ok().filter(|part| !part.is_undefined());
        let bytes = |name: &str| Some(Uint8Array::new(&part(name)?).to_vec());
        let key = match part("key") {
            Some(key) => Some(OpenKey {
                cipher: Web { subtle: subtle()?, key: key.dyn_into().ok()? },
                names: bytes("names")?.try_into().ok()?,
                strength: if part("strong")?.is_truthy() { Strength::Sensitive } else { Strength::Ordinary },
            }),
            None => None,
        };
        Some(Self {
            slot: SlotId::new(bytes("slot")?.try_into().ok()?),
            database: part("database")?.as_string()?,
            key,
            who: bytes("who")?,
            idle_min: part("idle")?.as_f64()? as u32,
        })
    }
}
