//! What the server says about itself: name, version, and whether it is the demo. Asked once; without a
//! network the last word on "demo" (kept beside the looks, nothing personal) counts.

use api::About;
use leptos::prelude::*;
use leptos::task::spawn_local;

const KEY: &str = "lianxin.demo";

fn kept() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Provides what the server says about itself, as it comes.
pub fn about() -> RwSignal<Option<About>> {
    let was = kept().and_then(|store| store.get_item(KEY).ok().flatten()).is_some();
    let about = RwSignal::new(was.then(|| About { demo: Some(vec![]), ..About::default() }));
    provide_context(about);
    spawn_local(async move {
        let Ok(said) = api::about().await else { return };
        if let Some(store) = kept() {
            let _ = if said.demo.is_some() { store.set_item(KEY, "1") } else { store.remove_item(KEY) };
        }
        about.set(Some(said));
    });
    about
}

/// What the server said about itself; `None` until it was reached.
pub fn use_about() -> RwSignal<Option<About>> {
    expect_context()
}

/// True in the demo.
pub fn is_demo() -> bool {
    use_about().with(|about| about.as_ref().is_some_and(|about| about.demo.is_some()))
}
