//! Passkeys. The browser's calls live in `public/boot.js`; here they get a Rust face. A passkey answers
//! without a network, after a finger, a face or the phone's own code.

use domain::lock::{Door, Secret};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn call_now(name: &str, arguments: &Array) -> Option<JsValue> {
    let passkey = Reflect::get(&window(), &"LIANXIN_PASSKEY".into()).ok()?;
    let function: Function = Reflect::get(&passkey, &name.into()).ok()?.dyn_into().ok()?;
    function.apply(&passkey, arguments).ok()
}

async fn call(name: &str, arguments: &Array) -> Option<JsValue> {
    let promise: Promise = call_now(name, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok().filter(|value| value.is_truthy())
}

fn js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn bytes(value: &JsValue) -> ByteBuf {
    ByteBuf::from(Uint8Array::new(value).to_vec())
}

/// Bytes nobody can guess.
pub fn chance(count: u32) -> Vec<u8> {
    let bytes = call_now("chance", &Array::of1(&count.into()));
    bytes.map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default()
}

/// Has this phone a finger, a face or a code to ask for?
pub async fn has_passkeys() -> bool {
    call("usable", &Array::new()).await.is_some()
}

/// Makes a passkey and asks it once; `None` when the person or the phone would not.
pub async fn make_passkey() -> Option<Secret> {
    let made: Array = call("make", &Array::new()).await?.dyn_into().ok()?;
    let (credential, input, secret) = (bytes(&made.get(0)), bytes(&made.get(1)), bytes(&made.get(2)));
    Some(Secret::Passkey { credential, input, secret })
}

/// Asks the passkey of this place.
pub async fn ask_passkey(door: &Door) -> Option<Secret> {
    let (credential, input) = door.passkey.clone()?;
    let answer = call("ask", &Array::of2(&js(&credential), &js(&input))).await?;
    Some(Secret::Passkey { credential, input, secret: bytes(&answer) })
}
