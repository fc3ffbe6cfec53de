//! VirtualList: thousands of rows, of which only those near the screen are in the page. Rows may differ in
//! height (large letters wrap, nothing is cut). It works in whatever scrolls: the page or a pane of the desk
//! layout. With a `keep` name it returns to its place when the person comes back.

mod heights;

use super::dom::next_frame;
use heights::{BLOCK, Heights, Range, next_range};
use leptos::html;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{Element, HtmlElement};

/// Draws the row with this number.
pub type RowView = Arc<dyn Fn(usize) -> AnyView + Send + Sync>;

/// Drawn above and below the screen, so that a quick thumb sees no blank.
const OVERSCAN_PX: f64 = 600.0;

thread_local! {
    /// Where each named list was: block and px into it. Lives as long as the page, like the browser's own memory.
    static PLACES: RefCell<HashMap<String, (usize, f64)>> = RefCell::default();
}

#[derive(Clone, Copy)]
struct List {
    node: NodeRef<html::Div>,
    heights: StoredValue<Heights>,
    range: RwSignal<Range>,
    keep: StoredValue<String>,
    /// A look at the scroll position is already planned for the next frame.
    planned: StoredValue<bool>,
}

/// A long list.
#[component]
pub fn VirtualList(
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// Another number whenever the rows behind the numbers change (filter, sorting, news).
    #[prop(optional, into)]
    version: Signal<u64>,
    /// Draws one row.
    row: RowView,
    /// Name under which the place is kept; empty keeps none.
    #[prop(optional, into)]
    keep: String,
    /// About how high a row is, CSS px at letter size 1.
    #[prop(default = 72.0)]
    row_px: f64,
) -> impl IntoView {
    let list = List {
        node: NodeRef::new(),
        heights: StoredValue::new(Heights::new(count.get_untracked(), row_px)),
        range: RwSignal::new((0, count.get_untracked().div_ceil(BLOCK).min(2))),
        keep: StoredValue::new(keep),
        planned: StoredValue::new(false),
    };
    list.go_to_kept_place();
    Effect::new(move |before: Option<()>| {
        let rows = count.get();
        version.track();
        if before.is_some() {
            list.heights.set_value(Heights::new(rows, row_px));
            list.range.set((0, rows.div_ceil(BLOCK).min(2)));
        }
        list.plan();
    });
    watch_scrolling(list);
    let keys = move || {
        let ((a, b), version) = (list.range.get(), version.get());
        (a..b).map(|block| (block, version)).collect::<Vec<_>>()
    };
    let block = move |(block, _): (usize, u64)| block_view(list, block, count, row.clone());
    view! {
        <div class="vlist" role="list" node_ref=list.node>
            <div class="vlist-blank" aria-hidden="true" style:height=move || px(list.blank_before())></div>
            <For each=keys key=|k| *k children=block />
            <div class="vlist-blank" aria-hidden="true" style:height=move || px(list.blank_after())></div>
        </div>
    }
    .into_any()
}

fn block_view(list: List, block: usize, count: Signal<usize>, row: RowView) -> AnyView {
    let rows = list.heights.with_value(|h| h.rows_of(block));
    let size = count.get_untracked().to_string();
    let item = |i: usize| {
        view! { <div class="vlist-row" role="listitem" aria-posinset=(i + 1).to_string() aria-setsize=size.clone()>{row(i)}</div> }.into_any()
    };
    let items: Vec<AnyView> = rows.map(item).collect();
    view! { <div class="vlist-block" role="presentation">{items}</div> }.into_any()
}

fn px(height: f64) -> String {
    // Whole pixels: printing fractions would bring the whole machinery for floating point into the program.
    format!("{}px", height.round() as i64)
}

impl List {
    fn blank_before(self) -> f64 {
        let (first, _) = self.range.get();
        self.heights.with_value(|h| h.before(first))
    }

    fn blank_after(self) -> f64 {
        let (_, end) = self.range.get();
        self.heights.with_value(|h| h.after(end))
    }

    /// Looks at the scroll position once before the next paint, however many events ask for it.
    fn plan(self) {
        if self.planned.try_get_value() == Some(false) {
            self.planned.set_value(true);
            next_frame(Box::new(move || self.look()));
        }
    }

    fn look(self) {
        // The list may be gone by the time the frame comes.
        if self.planned.try_set_value(false).is_some() {
            return;
        }
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        self.measure(&node);
        let top = -node.get_bounding_client_rect().top();
        let screen = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(800.0);
        let (seen, wanted) = self.heights.with_value(|h| {
            (h.within(top, top + screen), h.within(top - OVERSCAN_PX, top + screen + OVERSCAN_PX))
        });
        self.remember(top);
        let drawn = self.range.get_untracked();
        let next = next_range(drawn, seen, wanted);
        if next != drawn {
            self.range.set(next);
            // More may be wanted, and what is drawn now may be higher than estimated: look again when it stands.
            self.plan();
        }
    }

    fn measure(self, node: &Element) {
        let (first, end) = self.range.get_untracked();
        let children = node.children();
        for (block, i) in (first..end).zip(1..) {
            if let Some(element) = children.item(i).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                self.heights.update_value(|h| h.measure(block, element.offset_height() as f64));
            }
        }
    }

    fn remember(self, top: f64) {
        let name = self.keep.get_value();
        if !name.is_empty() {
            let place = self.heights.with_value(|h| {
                let (block, _) = h.within(top, top + 1.0);
                (block, top - h.before(block))
            });
            PLACES.with_borrow_mut(|p| p.insert(name, place));
        }
    }

    /// Draws the block where the person was and scrolls to it as soon as it stands.
    fn go_to_kept_place(self) {
        let Some((block, into)) = PLACES.with_borrow(|p| p.get(&self.keep.get_value()).copied()) else {
            return;
        };
        let blocks = self.heights.with_value(Heights::blocks);
        if block >= blocks || (block == 0 && into <= 0.0) {
            return;
        }
        self.range.set((block, (block + 3).min(blocks)));
        self.planned.set_value(true);
        next_frame(Box::new(move || {
            if let Some(node) = self.node.try_get_untracked().flatten() {
                self.measure(&node);
                let wanted = self.heights.with_value(|h| h.before(block)) + into;
                scroll_by(&node, node.get_bounding_client_rect().top() + wanted);
            }
            let _ = self.planned.try_set_value(false);
            self.plan();
        }));
    }
}

fn scroll_by(node: &Element, px: f64) {
    let mut parent = node.parent_element();
    while let Some(element) = parent {
        let overflow = window()
            .get_computed_style(&element)
            .ok()
            .flatten()
            .and_then(|style| style.get_property_value("overflow-y").ok())
            .unwrap_or_default();
        if matches!(overflow.as_str(), "auto" | "scroll")
            && element.tag_name() != "BODY"
            && element.tag_name() != "HTML"
        {
            element.set_scroll_top(element.scroll_top() + px as i32);
            return;
        }
        parent = element.parent_element();
    }
    window().scroll_by_with_x_and_y(0.0, px);
}

/// Scroll events do not bubble, but they can be caught on their way down: one listener for page and panes.
fn watch_scrolling(list: List) {
    let on_scroll = Closure::<dyn Fn()>::new(move || list.plan());
    let on_resize = Closure::<dyn Fn()>::new(move || {
        let _ = list.heights.try_update_value(Heights::forget);
        list.plan();
    });
    let (scroll, resize): (JsValue, JsValue) = (on_scroll.into_js_value(), on_resize.into_js_value());
    for (name, f) in [("scroll", &scroll), ("resize", &resize)] {
        let _ = window().add_event_listener_with_callback_and_bool(name, f.unchecked_ref(), true);
    }
    let kept = StoredValue::new_local((scroll, resize));
    on_cleanup(move || {
        if let Some((scroll, resize)) = kept.try_get_value() {
            for (name, f) in [("scroll", &scroll), ("resize", &resize)] {
                let _ = window().remove_event_listener_with_callback_and_bool(name, f.unchecked_ref(), true);
            }
        }
    });
}
