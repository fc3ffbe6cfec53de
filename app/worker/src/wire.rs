//! Messages between this worker and its tab: CBOR in a `Uint8Array` whose memory moves along.

use crate::browser::{scope, transferable};
use domain::bridge::{Answer, Event, FromWorker, ToWorker};
use domain::{from_cbor, to_cbor};
use js_sys::{Array, Uint8Array};
use serde_bytes::ByteBuf;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MessageEvent;

/// Tells the tab.
pub fn tell(message: &FromWorker) {
    let bytes = transferable(&to_cbor(message));
    let transfer = Array::of1(&bytes.buffer());
    let _ = scope().post_message_with_transfer(&bytes, &transfer);
}

/// Answers a question of the tab.
pub fn answer(id: u32, answer: &Answer) {
    pass_answer(id, ByteBuf::from(to_cbor(answer)));
}

/// Passes on another tab's answer.
pub fn pass_answer(id: u32, answer: ByteBuf) {
    tell(&FromWorker::Answer(id, answer));
}

/// Tells the tab something it did not ask.
pub fn event(event: &Event) {
    pass_event(ByteBuf::from(to_cbor(event)));
}

/// Passes on what another tab heard.
pub fn pass_event(event: ByteBuf) {
    tell(&FromWorker::Event(event));
}

/// Hears the tab's questions for as long as the worker lives.
pub fn hear(run: impl Fn(ToWorker) + 'static) {
    let closure = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = from_cbor(&Uint8Array::new(&event.data()).to_vec()) {
            run(message);
        }
    });
    scope().set_onmessage(Some(closure.as_ref().unchecked_ref()));
    closure.forget();
}
