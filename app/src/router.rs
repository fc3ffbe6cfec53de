//! Addresses of the app: a link inside it changes the page without loading, Back goes back, a reload comes
//! to the same page. Modules choose their page from the segments of the path, so no table of routes is
//! needed, and none of a routing library (docs/decisions/dependencies.md).

use crate::ui::overlay::after_closed;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::JsValue;
use web_sys::{Element, Event, MouseEvent};

/// Where one is.
#[derive(Clone, Copy)]
pub struct Location {
    /// `/news/…`
    pub pathname: Signal<String>,
    /// `?box=todo`, or "".
    pub search: Signal<String>,
}

#[derive(Clone, Copy)]
struct Here {
    pathname: RwSignal<String>,
    search: RwSignal<String>,
}

thread_local! {
    static HERE: Cell<Option<Here>> = const { Cell::new(None) };
}

fn here() -> Here {
    HERE.get().expect("the shell starts the router before anything else")
}

/// Starts looking after addresses; once, by the shell.
pub fn provide() {
    let now = Here { pathname: RwSignal::new(read().0), search: RwSignal::new(read().1) };
    HERE.set(Some(now));
    let on_pop = Closure::<dyn Fn()>::new(follow);
    let _ = window().add_event_listener_with_callback("popstate", on_pop.as_ref().unchecked_ref());
    on_pop.forget();
    let on_click = Closure::<dyn Fn(Event)>::new(|event: Event| clicked(&event));
    let _ = document().add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
    on_click.forget();
}

/// Where one is; follow the signals.
pub fn use_location() -> Location {
    let here = here();
    Location { pathname: here.pathname.into(), search: here.search.into() }
}

/// Goes to an address inside the app.
pub fn go(to: &str) {
    let to = to.to_string();
    // A sheet that is just closing steps back in the history first.
    after_closed(Box::new(move || {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&to));
        }
        follow();
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }));
}

/// Goes on to another address without leaving this one behind for Back.
pub fn replace(to: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(to));
    }
    // After the view that asked for it is built.
    queue_microtask(follow);
}

fn read() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

fn follow() {
    let (path, search) = read();
    let here = here();
    if here.search.get_untracked() != search {
        here.search.set(search);
    }
    if here.pathname.get_untracked() != path {
        here.pathname.set(path);
    }
}

/// A plain press on a link of this app goes there without loading; everything else is the browser's.
fn clicked(event: &Event) {
    let Some(press) = event.dyn_ref::<MouseEvent>() else { return };
    let changed = press.ctrl_key() || press.meta_key() || press.shift_key() || press.alt_key();
    if event.default_prevented() || press.button() != 0 || changed {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|target| target.closest("a[href]").ok().flatten()) else { return };
    let href = link.get_attribute("href").unwrap_or_default();
    if href.starts_with('/')
        && !href.starts_with("//")
        && !link.has_attribute("target")
        && !link.has_attribute("download")
    {
        event.prevent_default();
        go(&href);
    }
}
