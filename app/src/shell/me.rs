//! What the server says about itself: is this the demo? Asked once; without a network the last answer
//! (kept beside the looks, nothing personal) counts.

use leptos::prelude::*;
use leptos::task::spawn_local;

const KEY: &str = "lianxin.demo";

/// One demo account, shown on the sign-in page of the demo only.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Demo(pub bool);

fn kept() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Provides the flag.
pub fn demo() -> RwSignal<Demo> {
    let was = kept().and_then(|store| store.get_item(KEY).ok().flatten()).is_some();
    let flag = RwSignal::new(Demo(was));
    provide_context(flag);
    spawn_local(async move {
        let Ok(answer) = gloo::net::http::Request::get("/health").send().await else { return };
        let Ok(text) = answer.text().await else { return };
        let is = text.contains("\"demo\":true");
        if !text.contains("\"ok\"") && !is {
            return;
        }
        flag.set(Demo(is));
        if let Some(store) = kept() {
            let _ = if is { store.set_item(KEY, "1") } else { store.remove_item(KEY) };
        }
    });
    flag
}

/// True in the demo.
pub fn is_demo() -> bool {
    use_context::<RwSignal<Demo>>().is_some_and(|flag| flag.get().0)
}
