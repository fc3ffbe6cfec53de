//! Folds the worker's news into the one line of the SyncBar, most urgent first (guide §6).

use crate::client::client;
use crate::ui::SyncState as Bar;
use domain::DAY_MS;
use domain::bridge::SyncState;
use leptos::prelude::*;

/// After this long unsent, a person must know.
const STALE_MS: i64 = 3 * DAY_MS;

/// How long ago "just" is.
const JUST_MS: i64 = 3_000;

/// What the SyncBar says now.
pub fn bar(update: Signal<bool>) -> Signal<Bar> {
    let sync = client().sync;
    Signal::derive(move || if update.get() { Bar::UpdateReady } else { sync.with(fold) })
}

fn fold(state: &SyncState) -> Bar {
    let now = js_sys::Date::now() as i64;
    if state.attention > 0 {
        return Bar::NotSent(state.attention);
    }
    if state.waiting > 0 && state.oldest_ms.is_some_and(|oldest| now - oldest > STALE_MS) {
        return Bar::Stale(state.waiting);
    }
    match state.running {
        Some((done, total)) if total > 0 => Bar::Syncing { done, total },
        _ if !state.online => Bar::Offline { waiting: state.waiting },
        _ => match state.synced_ms {
            // Only when it has just happened: a page opened later has nothing to tell.
            Some(at) if now - at < JUST_MS => Bar::Synced { at: clock(at) },
            _ => Bar::Quiet,
        },
    }
}

/// Time of day on this phone, `10:32`.
pub fn clock(at_ms: i64) -> String {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
