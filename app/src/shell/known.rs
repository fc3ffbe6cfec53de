//! A mark that somebody signed in on this phone, without saying who. With it the boot file starts the worker
//! before the screens, and the screens wait for what it says; without it the sign-in form stands at once.
//! What the worker says counts more: the mark only decides what is shown until then. It is never taken back.

use leptos::prelude::window;

/// Read by `public/boot.js` too.
const KEY: &str = "lianxin.known";

fn kept() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Did somebody sign in here?
pub fn is_known() -> bool {
    kept().and_then(|store| store.get_item(KEY).ok().flatten()).is_some()
}

/// Somebody did.
pub fn note_known() {
    if let Some(store) = kept() {
        let _ = store.set_item(KEY, "1");
    }
}
