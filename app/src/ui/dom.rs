//! The few things all components need of the page: ids, timers, the next frame, empty decoration.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// A new id for `for`, `aria-describedby` and the like, unique in this page.
pub fn uid(what: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{what}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An empty element for the eye only. A variable class keeps `view!` from writing it as an HTML string,
/// which the page's `trusted-types 'none'` would forbid.
pub fn deco(class: &'static str) -> AnyView {
    view! { <span class=class aria-hidden="true"></span> }.into_any()
}

/// Runs later; one monomorphic copy for all callers. Does nothing when the page has no timers.
pub fn after_ms(ms: u64, then: Box<dyn FnOnce()>) -> Option<TimeoutHandle> {
    set_timeout_with_handle(then, Duration::from_millis(ms)).ok()
}

/// Runs before the next paint, when what has just been built stands in the document.
pub fn next_frame(then: Box<dyn FnOnce()>) {
    request_animation_frame(then);
}

/// Listens without being able to hold up scrolling; ends when the element is gone.
pub fn listen_passive(element: &web_sys::Element, event: &str, then: Box<dyn Fn(web_sys::Event)>) {
    let options = web_sys::AddEventListenerOptions::new();
    options.set_passive(true);
    let listener = Closure::wrap(then).into_js_value();
    let _ = element.add_event_listener_with_callback_and_add_event_listener_options(
        event,
        listener.unchecked_ref(),
        &options,
    );
}

/// Sets a custom property of one element through CSSOM, which the page's policy allows where `style` attributes are not.
pub fn set_var(element: &web_sys::HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Size of a file for people: `860 KB`, `1.2 MB`.
pub fn bytes(n: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if n >= MB {
        let tenths = n * 10 / MB;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else {
        format!("{} KB", n.div_ceil(1024))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_never_zero_for_something() {
        assert_eq!([0, 1, 2048, 1_258_291].map(bytes), ["0 KB", "1 KB", "2 KB", "1.1 MB"]);
    }

    #[test]
    fn ids_differ() {
        assert_ne!(uid("f"), uid("f"));
    }
}
