//! locks.wasm: locking and unlocking this phone, apart from the program that holds what lies behind the lock.
#![cfg(target_arch = "wasm32")]

mod asks;
mod enter;
mod slots;

use domain::lock::LockAsk;
use domain::{from_cbor, to_cbor};
use js_sys::{Object, Reflect, Uint8Array};
use store::Trouble;
use store::vault::Handed;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What happens here may fail as a store does.
type Done<T> = Result<T, Trouble>;

/// Device time, UTC ms.
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Called by the worker: `what` is `ask` with a packed [`LockAsk`], or `out` or `erase` for the place that is open.
/// The object that comes back has `answer` (a packed answer), `opened` (a place), or `trouble` (its name).
#[wasm_bindgen]
pub async fn serve(what: String, ask: Vec<u8>, opened: JsValue) -> JsValue {
    let place = Handed::of(&opened);
    let said = Object::new();
    let tell = |name: &str, value: &JsValue| drop(Reflect::set(&said, &name.into(), value));
    let done = match (what.as_str(), place, from_cbor::<LockAsk>(&ask)) {
        ("out", Some(place), _) => slots::sign_out(place.slot).await,
        ("erase", Some(place), _) => slots::erase(place.slot).await,
        ("ask", place, Some(ask)) => asks::answer(ask, place).await.map(|(answer, opened)| {
            tell("answer", &Uint8Array::from(to_cbor(&answer).as_slice()));
            if let Some(opened) = opened {
                tell("opened", &opened.object());
            }
        }),
        _ => Ok(()),
    };
    if let Err(trouble) = done {
        let name = match &trouble {
            Trouble::Full => "Full",
            Trouble::Lost => "Lost",
            Trouble::Blocked => "Blocked",
            Trouble::Unreadable => "Unreadable",
            Trouble::Other(name) => name,
        };
        tell("trouble", &name.into());
    }
    said.into()
}
