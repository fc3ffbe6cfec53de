//! The cipher of a real phone: WebCrypto. Its key cannot be read out again, not even by us; it can be
//! handed to another tab, never to the disk.

use super::{Cipher, Key, Unreadable};
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
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
        subtle().is_ok()
    }
    /// The key as an object that `postMessage` carries to another tab.
    pub fn handle(&self) -> JsValue {
        self.key.clone().into()
    }
    /// A key that came from another tab.
    ///
    /// # Errors
    /// When this is no key, or the page is not served safely: browsers hide WebCrypto there.
    pub fn of_handle(handle: JsValue) -> Result<Self, Unreadable> {
        let key = handle.dyn_into().map_err(|_| Unreadable)?;
        Ok(Self { subtle: subtle()?, key })
    }
}

/// `crypto.subtle` of a page or a worker; missing where the page came over plain HTTP from another machine.
fn subtle() -> Result<SubtleCrypto, Unreadable> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).map_err(|_| Unreadable)?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).map_err(|_| Unreadable)?;
    if subtle.is_object() { Ok(subtle.unchecked_into()) } else { Err(Unreadable) }
}

fn object(pairs: [(&str, JsValue); 3]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

fn how(nonce: &[u8; 12], about: &[u8]) -> Object {
    let bytes = |bytes: &[u8]| Uint8Array::from(bytes).into();
    object([("name", "AES-GCM".into()), ("iv", bytes(nonce)), ("additionalData", bytes(about))])
}

async fn done(promise: Result<Promise, JsValue>) -> Result<Vec<u8>, Unreadable> {
    let bytes = JsFuture::from(promise.map_err(|_| Unreadable)?).await.map_err(|_| Unreadable)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

impl Cipher for Web {
    async fn with_key(key: &Key) -> Result<Self, Unreadable> {
        let subtle = subtle()?;
        let what = object([("name", "AES-GCM".into()), ("length", 256.into()), ("", JsValue::NULL)]);
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let bytes = Uint8Array::from(&key[..]);
        let promise = subtle.import_key_with_object("raw", &bytes, &what, false, &uses);
        let key = JsFuture::from(promise.map_err(|_| Unreadable)?).await.map_err(|_| Unreadable)?;
        Ok(Self { subtle, key: key.unchecked_into() })
    }
    async fn seal(&self, nonce: &[u8; 12], about: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let plain = Uint8Array::from(plain);
        done(self.subtle.encrypt_with_object_and_buffer_source(&how(nonce, about), &self.key, &plain)).await
    }
    async fn open(&self, nonce: &[u8; 12], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let sealed = Uint8Array::from(sealed);
        done(self.subtle.decrypt_with_object_and_buffer_source(&how(nonce, about), &self.key, &sealed)).await
    }
    async fn open_all(&self, many: &[(Vec<u8>, &[u8])]) -> Result<Vec<Vec<u8>>, Unreadable> {
        let promises = Array::new();
        for (about, whole) in many {
            let (nonce, sealed) = whole.split_first_chunk().ok_or(Unreadable)?;
            let (how, sealed) = (how(nonce, about), Uint8Array::from(sealed));
            let promise = self.subtle.decrypt_with_object_and_buffer_source(&how, &self.key, &sealed);
            promises.push(&promise.map_err(|_| Unreadable)?);
        }
        let opened = JsFuture::from(Promise::all(&promises)).await.map_err(|_| Unreadable)?;
        Ok(Array::from(&opened).iter().map(|bytes| Uint8Array::new(&bytes).to_vec()).collect())
    }
}
