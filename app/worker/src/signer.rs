//! This device's key for one person: P-256, made by WebCrypto, never readable by any program; the browser
//! keeps the key object itself in a small database. Over plain http there is no WebCrypto: then there is no
//! key, and the server says whether that is let through.

use crate::browser::{member, object, scope};
use domain::{Card, DocId, Signature, device_id, wrap_bytes};
use js_sys::{Array, Promise, Uint8Array};
use std::rc::Rc;
use store::IndexedDb;
use sync::Hello;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

const DATABASE: &str = "lianxin.devices";

/// The key of this device in a person's hand. Copies are the same key.
#[derive(Clone)]
pub struct Signer(Rc<Inner>);

struct Inner {
    subtle: SubtleCrypto,
    person: DocId,
    private: CryptoKey,
    public: Vec<u8>,
    wrap_private: CryptoKey,
    wrap_public: Vec<u8>,
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
        let wrap_private = member(&kept, "wrap_private")?.unchecked_into();
        let bytes = |name: &str| member(&kept, name).map(|bytes| Uint8Array::new(&bytes).to_vec());
        let (public, wrap_public) = (bytes("public")?, bytes("wrap_public")?);
        let device = device_id(person, &public);
        let inner = Inner { subtle, person, private, public, wrap_private, wrap_public, device };
        Some(Self(Rc::new(inner)))
    }

    /// The first words to the server: both public keys, and the signing key's word for the other.
    pub async fn hello(&self, code: Option<String>) -> Option<Hello> {
        let said = wrap_bytes(self.0.person, self.0.device, &self.0.wrap_public);
        let wrap_proof = self.sign(&said).await?.bytes;
        let (key, wrap_key) = (self.0.public.clone().into(), self.0.wrap_public.clone().into());
        Some(Hello { key, wrap_key, wrap_proof, code, proof: None })
    }
    /// Is this wrap key really the one of that device?
    pub async fn vouches(&self, card: &Card) -> bool {
        let Some(said) = card.said() else { return false };
        self.is_signed(card, &said).await.unwrap_or(false)
    }
    async fn is_signed(&self, card: &Card, said: &[u8]) -> Result<bool, JsValue> {
        let what = object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
        let how = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
        let (subtle, raw) = (&self.0.subtle, Uint8Array::from(&card.sign_key[..]));
        let uses = Array::of1(&"verify".into());
        let key: CryptoKey =
            done(subtle.import_key_with_object("raw", &raw, &what, false, &uses)).await?.unchecked_into();
        let proof = Uint8Array::from(&card.wrap_proof[..]);
        let said = Uint8Array::from(said);
        let good = subtle.verify_with_object_and_buffer_source_and_buffer_source(&how, &key, &proof, &said);
        Ok(done(good).await?.is_truthy())
    }

    /// The key to which others wrap secrets.
    pub fn wrap_public(&self) -> &[u8] {
        &self.0.wrap_public
    }
    /// What opens them.
    pub fn wrap_private(&self) -> &CryptoKey {
        &self.0.wrap_private
    }
    /// The browser's cryptography.
    pub fn subtle(&self) -> &SubtleCrypto {
        &self.0.subtle
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

/// New keys as they are kept: the private halves as objects, the public halves as bytes. Made together and
/// kept in one write, so that a device never has one without the other.
async fn make(subtle: &SubtleCrypto) -> Result<JsValue, JsValue> {
    let (private, public) = pair(subtle, "ECDSA", "sign").await?;
    let (wrap_private, wrap_public) = pair(subtle, "ECDH", "deriveBits").await?;
    let halves = [
        ("private", private),
        ("public", public),
        ("wrap_private", wrap_private),
        ("wrap_public", wrap_public),
    ];
    Ok(object(&halves).into())
}

async fn pair(subtle: &SubtleCrypto, name: &str, usage: &str) -> Result<(JsValue, JsValue), JsValue> {
    let what = object(&[("name", name.into()), ("namedCurve", "P-256".into())]);
    let pair = done(subtle.generate_key_with_object(&what, false, &Array::of1(&usage.into()))).await?;
    let half = |name| member(&pair, name).ok_or(JsValue::NULL);
    let public = done(subtle.export_key("raw", half("publicKey")?.unchecked_ref())).await?;
    Ok((half("privateKey")?, Uint8Array::new(&public).into()))
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
