//! Live hints: the server says "scope X stands at n" and the rounds begin a little earlier. A lost hint
//! costs time, never data; so there is no state here beyond the open stream.

use crate::browser::{listen, random16, sleep};
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventSource;

thread_local! {
    static OPEN: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    /// The stream has begun and not been heard to break.
    static HEARS: Cell<bool> = const { Cell::new(false) };
}

/// When a server comes back all phones hear it in the same second: each waits a little, another one each.
const SPREAD_MS: u16 = 1_000;

/// Opens the stream unless it is open; `run` is called at each hint; when the stream begins anew, because what was
/// hinted meanwhile nobody has heard; and once when it breaks, so that the screen says so at once.
pub fn open(run: fn()) {
    OPEN.with_borrow_mut(|open| {
        if open.as_ref().is_some_and(|source| source.ready_state() != EventSource::CLOSED) {
            return;
        }
        let Ok(source) = EventSource::new("/events") else { return };
        listen(&source, "message", move |_| run());
        listen(&source, "open", move |_| {
            HEARS.set(true);
            spawn_local(async move {
                let [low, high, ..] = random16();
                sleep(u32::from(u16::from_le_bytes([low, high]) % SPREAD_MS)).await;
                run();
            });
        });
        listen(&source, "error", move |_| {
            if HEARS.replace(false) {
                run();
            }
        });
        *open = Some(source);
    });
}

/// Closes it: signed out, or pretending to be offline.
pub fn close() {
    if let Some(source) = OPEN.take() {
        source.close();
    }
}
