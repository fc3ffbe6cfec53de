//! What lies over the page (sheets, dialogs, action lists) as one stack, so that Back and Escape close the
//! topmost first, focus returns to where it was, and the page behind is out of reach.
//!
//! Each opened layer adds one history entry with the same address. Going back closes the layer; closing it
//! otherwise goes back by itself. `history.back()` answers later, therefore whatever a layer leads to
//! (another layer, another page) is started through [`after_closed`].

use super::dom::next_frame;
use leptos::ev;
use leptos::portal::Portal;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{HtmlElement, KeyboardEvent};

/// Property of `history.state` that counts the open layers at that entry.
const DEPTH: &str = "overlay";

struct Open {
    id: u32,
    close: Box<dyn Fn()>,
    came_from: Option<HtmlElement>,
    made_inert: Vec<web_sys::Element>,
    address: String,
}

#[derive(Default)]
struct Stack {
    open: Vec<Open>,
    /// We asked the browser to go back and wait for its answer.
    going_back: bool,
    waiting: Vec<Box<dyn FnOnce()>>,
    next_id: u32,
    listening: bool,
}

thread_local! {
    static STACK: RefCell<Stack> = RefCell::default();
}

/// Runs when no layer is on its way out: at once, or after the browser has answered our going back.
/// Use it for what a layer's button does when that opens another layer or another page.
pub fn after_closed(then: Box<dyn FnOnce()>) {
    let now = STACK.with_borrow_mut(|s| {
        if s.going_back {
            s.waiting.push(then);
            None
        } else {
            Some(then)
        }
    });
    if let Some(then) = now {
        then();
    }
}

/// Installs the listener for Back. Called by the first layer; the shell calls it before the router starts,
/// so that the router is not woken for a closed sheet.
pub fn listen() {
    if STACK.with_borrow_mut(|s| std::mem::replace(&mut s.listening, true)) {
        return;
    }
    let on_pop = Closure::<dyn Fn(web_sys::Event)>::new(|ev: web_sys::Event| went_back(&ev));
    let _ =
        window().add_event_listener_with_callback_and_bool("popstate", on_pop.as_ref().unchecked_ref(), true);
    on_pop.forget();
    if depth_of_history() > 0 {
        // The page was reloaded with a sheet open: leave the entry that stood for it.
        step_back(depth_of_history());
    }
}

/// Whether any layer is open; pull-to-refresh and page shortcuts keep still then.
pub fn any_open() -> bool {
    STACK.with_borrow(|s| !s.open.is_empty())
}

fn push(close: Box<dyn Fn()>) -> u32 {
    listen();
    let came_from = document().active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok());
    let (id, depth) = STACK.with_borrow_mut(|s| {
        s.next_id += 1;
        let id = s.next_id;
        s.open.push(Open { id, close, came_from, made_inert: Vec::new(), address: address() });
        (id, s.open.len())
    });
    after_closed(Box::new(move || {
        let state = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&state, &DEPTH.into(), &JsValue::from_f64(depth as f64));
        if let Ok(history) = window().history() {
            let _ = history.push_state(&state, "");
        }
    }));
    id
}

/// Makes the page behind the topmost layer unreachable for keyboard and screen reader.
fn cover(id: u32, layer: &web_sys::Element) {
    let Some(body) = document().body() else { return };
    let mut covered = Vec::new();
    let children = body.children();
    for element in (0..children.length()).filter_map(|i| children.item(i)) {
        let stays = element.contains(Some(layer)) || element.class_list().contains("toasts");
        if !stays && !element.has_attribute("inert") && element.set_attribute("inert", "").is_ok() {
            covered.push(element);
        }
    }
    STACK.with_borrow_mut(|s| {
        if let Some(open) = s.open.iter_mut().find(|o| o.id == id) {
            open.made_inert = covered;
        }
    });
}

/// A layer was closed by its own buttons (or its page went away): tidy up and leave its history entry.
fn remove(id: u32) {
    let (gone, before) = STACK.with_borrow_mut(|s| {
        let at = s.open.iter().position(|o| o.id == id).unwrap_or(s.open.len());
        (s.open.split_off(at), at)
    });
    let above = depth_of_history().saturating_sub(before);
    let here = gone.first().is_some_and(|o| o.address == address());
    for open in gone.into_iter().rev() {
        uncover(open);
    }
    if here && above > 0 {
        step_back(above);
    }
}

fn uncover(open: Open) {
    for element in &open.made_inert {
        let _ = element.remove_attribute("inert");
    }
    if let Some(element) = open.came_from.filter(|e| e.is_connected()) {
        let _ = element.focus();
    }
}

fn went_back(ev: &web_sys::Event) {
    let (ours, waiting) = STACK.with_borrow_mut(|s| {
        let ours = std::mem::take(&mut s.going_back);
        (ours, if ours { std::mem::take(&mut s.waiting) } else { Vec::new() })
    });
    if ours {
        ev.stop_immediate_propagation();
        waiting.into_iter().for_each(|then| then());
        return;
    }
    let depth = depth_of_history();
    let leaving = STACK.with_borrow_mut(|s| {
        let at = depth.min(s.open.len());
        s.open.split_off(at)
    });
    if leaving.last().is_some_and(|o| o.address == address()) {
        ev.stop_immediate_propagation();
    }
    let none_left = leaving.is_empty();
    for open in leaving.into_iter().rev() {
        (open.close)();
        uncover(open);
    }
    // Forward onto the entry of a sheet that is long closed: there is nothing to show, so return.
    if none_left && depth > STACK.with_borrow(|s| s.open.len()) {
        step_back(1);
    }
}

fn step_back(steps: usize) {
    STACK.with_borrow_mut(|s| s.going_back = true);
    if let Ok(history) = window().history() {
        let _ = history.go_with_delta(-(steps as i32));
    }
}

fn depth_of_history() -> usize {
    let state = window().history().and_then(|h| h.state()).unwrap_or(JsValue::NULL);
    if !state.is_object() {
        return 0;
    }
    js_sys::Reflect::get(&state, &DEPTH.into()).ok().and_then(|v| v.as_f64()).map_or(0, |d| d as usize)
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}

fn is_top(id: u32) -> bool {
    STACK.with_borrow(|s| s.open.last().is_some_and(|o| o.id == id))
}

/// The common part of Sheet, Dialog and ActionSheet: backdrop, focus trap, Escape, Back, focus return.
#[component]
pub(super) fn Layer(
    /// Whether it is shown; set to `false` by Back, Escape and a tap beside it.
    open: RwSignal<bool>,
    /// Class of the panel: `sheet`, `dialog`, `actions`.
    class: &'static str,
    /// `dialog`, or `alertdialog` for what cannot be undone.
    #[prop(default = "dialog")]
    role: &'static str,
    /// Id of the element that names it.
    labelled_by: String,
    /// Whether a tap beside the panel closes it.
    #[prop(default = true)]
    light: bool,
    /// The panel's content.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    let labelled_by = StoredValue::new(labelled_by);
    move || {
        open.get().then(|| {
            view! {
                <Portal>
                    <LayerPanel open class role labelled_by=labelled_by.get_value() light>
                        {children.with_value(|c| c())}
                    </LayerPanel>
                </Portal>
            }
            .into_any()
        })
    }
}

#[component]
fn LayerPanel(
    open: RwSignal<bool>,
    class: &'static str,
    role: &'static str,
    labelled_by: String,
    light: bool,
    children: Children,
) -> impl IntoView {
    let panel = NodeRef::<leptos::html::Div>::new();
    let id = push(Box::new(move || open.set(false)));
    on_cleanup(move || remove(id));
    next_frame(Box::new(move || {
        if let Some(panel) = panel.get_untracked() {
            cover(id, &panel);
            focus_first(&panel);
        }
    }));
    let on_key = move |ev: KeyboardEvent| {
        if !is_top(id) {
            return;
        }
        if ev.key() == "Escape" {
            ev.stop_propagation();
            open.set(false);
        } else if let (Some(panel), "Tab") = (panel.get_untracked(), ev.key().as_str()) {
            keep_focus_inside(&panel, &ev);
        }
    };
    let beside = move |_: ev::MouseEvent| {
        if light {
            open.set(false)
        }
    };
    view! {
        <div class=format!("layer layer-{class}") on:keydown=on_key>
            <div class={"layer-back"} on:click=beside></div>
            <div class=class role=role aria-modal="true" aria-labelledby=labelled_by tabindex="-1" node_ref=panel>
                {children()}
            </div>
        </div>
    }
    .into_any()
}

const FOCUSABLE: &str = "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),\
                         textarea:not([disabled]),[tabindex]:not([tabindex='-1'])";

/// Focus goes to what asks for it (`data-first`), else to the panel itself, so that its title is read out.
fn focus_first(panel: &web_sys::Element) {
    let first = panel.query_selector("[data-first]").ok().flatten();
    if let Some(element) =
        first.or_else(|| Some(panel.clone())).and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

fn keep_focus_inside(panel: &web_sys::Element, ev: &KeyboardEvent) {
    let Ok(all) = panel.query_selector_all(FOCUSABLE) else { return };
    let at = |i: u32| all.item(i).and_then(|n| n.dyn_into::<HtmlElement>().ok());
    let (Some(first), Some(last)) = (at(0), at(all.length().saturating_sub(1))) else { return };
    let active = document().active_element();
    let on = |e: &HtmlElement| active.as_ref() == Some(e.as_ref());
    let target = match ev.shift_key() {
        true if on(&first) || active.as_ref() == Some(panel) => last,
        false if on(&last) => first,
        _ => return,
    };
    ev.prevent_default();
    let _ = target.focus();
}
