//! Tells the worker that somebody is here, so that it does not lock in mid-sentence.

use crate::client::client;
use domain::bridge::Ask;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// It is told so often at most.
const OFTEN_MS: f64 = 15_000.0;

/// Watches touches and keys for as long as the page that calls it is shown.
pub fn tell_alive() {
    let last = StoredValue::new(js_sys::Date::now());
    let touched = move || {
        let now = js_sys::Date::now();
        if last.try_get_value().is_some_and(|last| (now - last).abs() > OFTEN_MS) {
            last.set_value(now);
            spawn_local(async { drop(client().ask(Ask::Alive).await) });
        }
    };
    let pressed = window_event_listener(leptos::ev::pointerdown, move |_| touched());
    let typed = window_event_listener(leptos::ev::keydown, move |_| touched());
    on_cleanup(move || {
        pressed.remove();
        typed.remove();
    });
}
