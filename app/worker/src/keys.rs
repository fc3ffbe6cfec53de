//! Tabs of one phone open and close together: who unlocks hands the key to the others (an object that no
//! program can read out), who comes later asks for it, who locks tells all.

use crate::browser::{listen, object};
use crate::locks;
use js_sys::Reflect;
use std::cell::RefCell;
use store::vault::Handed;
use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

thread_local! {
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// Hears the other tabs from now on, and asks whether one of them is open.
pub fn start() {
    let Ok(channel) = BroadcastChannel::new("lianxin.keys") else { return };
    listen(&channel, "message", |event| {
        if let Ok(data) = Reflect::get(&event, &"data".into()) {
            hear(&data);
        }
    });
    CHANNEL.set(Some(channel));
    tell("ask", &JsValue::UNDEFINED);
}

fn tell(what: &str, place: &JsValue) {
    let message = object(&[("what", what.into()), ("place", place.clone())]);
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&message);
        }
    });
}

/// Tells the other tabs that this place is open. One that is in memory only is this tab's own.
pub fn tell_open(place: &Handed) {
    if place.key.is_some() {
        tell("open", &place.object());
    }
}

/// Tells them to lock.
pub fn tell_lock() {
    tell("lock", &JsValue::UNDEFINED);
}

fn hear(data: &JsValue) {
    let part = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    match part("what").as_string().as_deref() {
        Some("ask") => {
            if let Some(place) = locks::opened() {
                tell_open(&place);
            }
        }
        Some("lock") => locks::locked_elsewhere(),
        Some("open") => {
            if let Some(place) = Handed::of(&part("place")) {
                locks::opened_elsewhere(place);
            }
        }
        _ => {}
    }
}
