//! Pull to refresh: one finger, from the very top, downwards. Everything else is left to the browser, whose own
//! pull-to-reload is switched off in `style/_base.scss` because it would throw away what is open.

use super::dom::{listen_passive, set_var};
use super::overlay;
use leptos::html;
use leptos::prelude::*;
use web_sys::{Event, TouchEvent};

/// How far the head moves at most, CSS px; the finger goes twice as far.
const PULL_PX: i32 = 64;

/// The gesture in progress.
#[derive(Clone, Copy)]
struct Pull {
    node: NodeRef<html::Div>,
    from: StoredValue<Option<(i32, i32)>>,
    px: StoredValue<i32>,
    ask: Callback<()>,
}

/// Lets a list be refreshed by a pull at its upper end.
pub fn pull_to_refresh(node: NodeRef<html::Div>, ask: Callback<()>) {
    let pull = Pull { node, from: StoredValue::new(None), px: StoredValue::new(0), ask };
    Effect::new(move |_| {
        let Some(node) = node.get() else { return };
        // Passive, so that scrolling never waits for us.
        listen_passive(&node, "touchstart", Box::new(move |ev| pull.start(ev)));
        listen_passive(&node, "touchmove", Box::new(move |ev| pull.follow(ev)));
        listen_passive(&node, "touchend", Box::new(move |_| pull.end(true)));
        listen_passive(&node, "touchcancel", Box::new(move |_| pull.end(false)));
    });
}

impl Pull {
    fn start(self, ev: Event) {
        let at = finger(ev).filter(|_| at_top(self.node) && !overlay::any_open());
        self.from.set_value(at);
    }

    fn follow(self, ev: Event) {
        if let (Some((x0, y0)), Some((x, y))) = (self.from.get_value(), finger(ev)) {
            let (dx, dy) = ((x - x0).abs(), y - y0);
            self.show(if dy > dx { dy / 2 } else { 0 });
        }
    }

    fn end(self, done: bool) {
        if done && self.px.get_value() >= PULL_PX {
            self.ask.run(());
        }
        self.from.set_value(None);
        self.show(0);
    }

    fn show(self, px: i32) {
        let px = px.clamp(0, PULL_PX);
        if px != self.px.get_value() {
            self.px.set_value(px);
            if let Some(node) = self.node.get_untracked() {
                set_var(&node, "--pull", &format!("{px}px"));
            }
        }
    }
}

/// Where the finger is, when there is exactly one.
fn finger(ev: Event) -> Option<(i32, i32)> {
    let ev: TouchEvent = wasm_bindgen::JsCast::dyn_into(ev).ok()?;
    let touches = ev.touches();
    let touch = touches.item(0).filter(|_| touches.length() == 1)?;
    Some((touch.client_x(), touch.client_y()))
}

/// Whether nothing around the list is scrolled down.
fn at_top(node: NodeRef<html::Div>) -> bool {
    let mut around = node.get_untracked().and_then(|n| n.parent_element());
    while let Some(element) = around {
        if element.scroll_top() > 0 {
            return false;
        }
        around = element.parent_element();
    }
    true
}
