//! Locks after a while without a touch. The tab that leads watches for all of them; a phone that slept is
//! caught by the clock at its first breath.

use crate::browser::{now_ms, sleep};
use crate::locks;
use std::cell::Cell;
use wasm_bindgen_futures::spawn_local;

thread_local! {
    static TOUCHED: Cell<i64> = const { Cell::new(0) };
    static MINUTES: Cell<u32> = const { Cell::new(0) };
}

/// Looks so often.
const LOOK_MS: u32 = 5_000;

/// Watches from now on, with this many minutes.
pub fn start(minutes: u32) {
    touched();
    if MINUTES.replace(minutes) == 0 {
        spawn_local(watch());
    }
}

/// Somebody is here.
pub fn touched() {
    TOUCHED.set(now_ms());
}

/// Is it time? A clock that was set back counts as a touch long ago.
pub fn is_over() -> bool {
    let passed = now_ms() - TOUCHED.get();
    MINUTES.get() > 0 && !(-60_000..=i64::from(MINUTES.get()) * 60_000).contains(&passed)
}

async fn watch() {
    loop {
        sleep(LOOK_MS).await;
        if locks::opened().is_none() {
            return MINUTES.set(0);
        }
        if crate::core::leads() && is_over() {
            return locks::idled().await;
        }
    }
}
