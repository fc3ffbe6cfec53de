//! What only a browser can tell: time, chance, storage space, locks. Calls that web-sys keeps behind
//! unstable flags go through plain property look-ups.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's global object.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Device time, UTC ms.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// 16 bytes nobody can guess.
pub fn random16() -> [u8; 16] {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).expect("browsers have crypto.getRandomValues");
    bytes
}

/// Waits.
pub async fn sleep(ms: u32) {
    gloo::timers::future::TimeoutFuture::new(ms).await;
}

/// A property that is there.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn number(object: &JsValue, name: &str) -> Option<u64> {
    member(object, name)?.as_f64().map(|number| number as u64)
}

async fn call0(object: &JsValue, name: &str) -> Option<JsValue> {
    let function: Function = member(object, name)?.dyn_into().ok()?;
    let promise: Promise = function.call0(object).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Bytes used and allowed, where the browser tells.
pub async fn storage_estimate() -> Option<(u64, u64)> {
    let storage = member(&scope().navigator(), "storage")?;
    let estimate = call0(&storage, "estimate").await?;
    Some((number(&estimate, "usage")?, number(&estimate, "quota")?))
}

/// 长期保存 granted.
pub async fn storage_persisted() -> bool {
    let Some(storage) = member(&scope().navigator(), "storage") else { return false };
    call0(&storage, "persisted").await.is_some_and(|yes| yes.is_truthy())
}

/// Waits for the lock of this name and holds it until the tab closes. A browser without Web Locks has
/// one tab at a time lead anyway (old engines): the call returns at once.
pub async fn hold_lock(name: &str) {
    let Some(locks) = member(&scope().navigator(), "locks") else { return };
    let Some(request) = member(&locks, "request").and_then(|f| f.dyn_into::<Function>().ok()) else { return };
    let name = name.to_string();
    let got = Promise::new(&mut |resolve, _| {
        // The promise that the callback returns never settles: the lock is ours while the tab lives.
        let hold = Closure::once_into_js(move |_lock: JsValue| {
            let _ = resolve.call0(&JsValue::NULL);
            Promise::new(&mut |_, _| {})
        });
        let _ = request.call2(&locks, &name.as_str().into(), &hold);
    });
    let _ = JsFuture::from(got).await;
}

/// Listens to an event of any target for as long as the worker lives.
pub fn listen(target: &JsValue, event: &str, run: impl Fn(JsValue) + 'static) {
    let closure = Closure::<dyn Fn(JsValue)>::new(run);
    if let Some(add) = member(target, "addEventListener").and_then(|f| f.dyn_into::<Function>().ok()) {
        let _ = add.call2(target, &event.into(), closure.as_ref());
    }
    closure.forget();
}

/// Bytes as a JS array whose memory moves along with a message.
pub fn transferable(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// A fresh plain object.
pub fn object(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}
