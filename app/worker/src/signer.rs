//! This device's key for one person: P-256, made by WebCrypto, never readable by any program; the browser
//! keeps the key object itself in a small database. Over plain http there is no WebCrypto: then there is no
//! key, and the server says whether that is let through.

use crate::browser::{member, object, scope};
use domain::{DocId, Signature, device_id};
use js_sys::{Array, Promise, Uint8Array};
use std::rc::Rc;
use store::IndexedDb;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

const DATABASE: &str = "lianxin.devices";

/// The key of this device in a person's hand. Copies are the same key.
#[derive(Clone)]
pub struct Signer(Rc<Inner>);

struct Inner {
    subtle: SubtleCrypto,
    private: CryptoKey,
    public: Vec<u8>,
    device: DocId,
}

impl Signer {
    /// The key of this person here, made when there is none yet; `None` where the browser cannot.
    pub async fn of(person: DocId) -> Option<Self> {
        let subtle: SubtleCrypto = member(&member(&scope(), "crypto")?, "subtle")?.unchecked_into();
        let store = IndexedDb::open(DATABASE).await.ok()?;
        let kept = match store.object(&person.0).await.ok()? {
            Some(kept) => kept,
            None => {
                let made = make(&subtle).await.ok()?;
                store.keep_object(&person.0, &made).await.ok()?;
                made
            }
        };
        store.close();
        let private = member(&kept, "private")?.unchecked_into();
        let public = Uint8Array::new(&member(&kept, "public")?).to_vec();
        let device = device_id(person, &public);
        Some(Self(Rc::new(Inner { subtle, private, public, device })))
    }

    /// The public key: an uncompressed point.
    pub fn public(&self) -> &[u8] {
        &self.0.public
    }
    /// Document of this device.
    pub fn device(&self) -> DocId {
        self.0.device
    }
    /// Signs.
    pub async fn sign(&self, bytes: &[u8]) -> Option<Signature> {
        let how = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
        let promise = self.0.subtle.sign_with_object_and_u8_array(&how, &self.0.private, bytes);
        let signed = done(promise).await.ok()?;
        Some(Signature { device: self.0.device, bytes: Uint8Array::new(&signed).to_vec().into() })
    }
}

/// A new key as it is kept: the private half as an object, the public half as bytes.
async fn make(subtle: &SubtleCrypto) -> Result<JsValue, JsValue> {
    let what = object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
    let pair = done(subtle.generate_key_with_object(&what, false, &Array::of1(&"sign".into()))).await?;
    let half = |name| member(&pair, name).ok_or(JsValue::NULL);
    let public = done(subtle.export_key("raw", half("publicKey")?.unchecked_ref())).await?;
    Ok(object(&[("private", half("privateKey")?), ("public", Uint8Array::new(&public).into())]).into())
}

async fn done(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

/// Removes a person's key; what it signed stands.
pub async fn forget(person: DocId) {
    if let Ok(store) = IndexedDb::open(DATABASE).await {
        let gone = vec![store::Write::Del(store::Col::Meta, person.0.to_vec())];
        let _ = store::Store::write(&store, gone, store::Durability::Strict).await;
        store.close();
    }
}
