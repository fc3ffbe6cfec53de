//! A new version never takes over by itself: it waits until the person says so, and the page is not
//! reloaded while a form is open (the boot file tells us through an event on the window).

use leptos::ev::Custom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// True once a new version waits.
pub fn offer_update() -> Signal<bool> {
    let waiting = RwSignal::new(waits());
    let event: Custom<web_sys::CustomEvent> = Custom::new("lianxin-update");
    window_event_listener(event, move |_| waiting.set(true));
    waiting.into()
}

/// True when a new version waits or another page has taken it in.
pub fn waits() -> bool {
    js_sys::Reflect::get(&window(), &"LIANXIN_UPDATE".into()).is_ok_and(|flag| flag.is_truthy())
}

/// Lets the waiting version take over; the boot file reloads once it does.
pub fn activate() {
    let call = js_sys::Reflect::get(&window(), &"LIANXIN_ACTIVATE".into()).ok();
    if let Some(call) = call.and_then(|call| call.dyn_into::<js_sys::Function>().ok()) {
        let _ = call.call0(&window());
    }
}
