//! Live hints: the server says "scope X stands at n" and the rounds begin a little earlier. A lost hint
//! costs time, never data; so there is no state here beyond the open stream.

use crate::browser::listen;
use std::cell::RefCell;
use web_sys::EventSource;

thread_local! {
    static OPEN: RefCell<Option<EventSource>> = const { RefCell::new(None) };
}

/// Opens the stream unless it is open; `run` is called at each hint.
pub fn open(run: impl Fn() + 'static) {
    OPEN.with_borrow_mut(|open| {
        if open.as_ref().is_some_and(|source| source.ready_state() != EventSource::CLOSED) {
            return;
        }
        let Ok(source) = EventSource::new("/events") else { return };
        listen(&source, "message", move |_| run());
        *open = Some(source);
    });
}

/// Closes it: signed out, or pretending to be offline.
pub fn close() {
    if let Some(source) = OPEN.take() {
        source.close();
    }
}
