//! Tells the boot file when what the person waits for has come, so that the rest of the build may be fetched for
//! use without a network. Until then it would share a weak line with the first news.

use crate::client::Client;
use leptos::prelude::*;

/// Says `lianxin-calm` at the end of the first round of sync, however it went.
pub fn say_when_calm(client: Client) {
    Effect::new(move |before: Option<(bool, bool)>| {
        let (was_running, said) = before.unwrap_or_default();
        let running = client.sync.with(|sync| sync.running.is_some());
        let calm = was_running && !running && !said;
        if calm && let Ok(event) = web_sys::Event::new("lianxin-calm") {
            let _ = window().dispatch_event(&event);
        }
        (running, said || calm)
    });
}
