//! Sheet: a panel from below, at most 90 % high, with a handle and a close button. Back, Escape, a tap beside it
//! and a pull at its head close it. On pads and desks it is a box in the middle.

use super::button::IconButton;
use super::dom::uid;
use super::glyph::Glyph;
use super::overlay::Layer;
use super::text::Text;
use crate::i18n::t;
use leptos::html;
use leptos::prelude::*;
use web_sys::PointerEvent;

/// A pull further than this closes.
const CLOSE_PX: f64 = 96.0;

/// A panel from below. Its content is built when it opens and dropped when it closes.
#[component]
pub fn Sheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Text,
    /// Its content.
    children: ChildrenFn,
) -> impl IntoView {
    let id = uid("sheet");
    let heading = StoredValue::new((id.clone(), title));
    let children = StoredValue::new(children);
    view! {
        <Layer open class="sheet" labelled_by=id>
            <SheetHead open id=heading.with_value(|h| h.0.clone()) title=heading.with_value(|h| h.1.clone()) />
            <div class={"sheet-body"}>{children.with_value(|c| c())}</div>
        </Layer>
    }
    .into_any()
}

#[component]
fn SheetHead(open: RwSignal<bool>, id: String, title: Text) -> impl IntoView {
    let head = NodeRef::<html::Div>::new();
    let began = RwSignal::new(None::<f64>);
    let pulled = move |y: f64| began.get_untracked().map_or(0.0, |from| (y - from).max(0.0));
    let down = move |ev: PointerEvent| began.set(Some(ev.client_y() as f64));
    let follow = move |ev: PointerEvent| {
        if began.get_untracked().is_some() {
            shift_panel(head, pulled(ev.client_y() as f64));
        }
    };
    let up = move |ev: PointerEvent| {
        let far = pulled(ev.client_y() as f64) > CLOSE_PX;
        began.set(None);
        shift_panel(head, 0.0);
        if far {
            open.set(false);
        }
    };
    view! {
        <div class="sheet-head" node_ref=head on:pointerdown=down on:pointermove=follow on:pointerup=up
            on:pointercancel=move |_| { began.set(None); shift_panel(head, 0.0) }>
            <span class={"sheet-handle"} aria-hidden="true"></span>
            <h2 class="sheet-title" id=id>{title.view()}</h2>
            <IconButton glyph=Glyph::CLOSE label=t("ui.close") on_press=move || open.set(false) />
        </div>
    }
    .into_any()
}

/// Moves the panel with the finger; through CSSOM, which the page's policy allows.
fn shift_panel(head: NodeRef<html::Div>, px: f64) {
    let Some(panel) = head.get_untracked().and_then(|h| h.parent_element()) else { return };
    let panel: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(panel);
    let _ = panel.style().set_property("--pull", &format!("{px}px"));
}
