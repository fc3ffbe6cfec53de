//! List beside detail: on a desk both stand side by side, on a phone the detail covers the list. The list
//! stays in the page while one reads, so that it keeps its place.

use crate::i18n::t;
use crate::router::use_location;
use crate::ui::{Empty, Glyph};
use leptos::prelude::*;

/// Second segment of the address (`/news/<this>`), without the pages that a module names itself.
pub fn second_segment() -> Memo<Option<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|p| p.split('/').filter(|s| !s.is_empty()).nth(1).map(Into::into)))
}

/// List and detail.
#[component]
pub fn Split(
    /// The list.
    list: AnyView,
    /// What is open beside it; `None` shows a hint on a desk and the list on a phone.
    #[prop(into)]
    open: Signal<Option<String>>,
    /// The detail of this segment.
    #[prop(into)]
    detail: Callback<String, AnyView>,
) -> impl IntoView {
    let key = Memo::new(move |_| open.get());
    let side = move || match key.get() {
        Some(segment) => detail.run(segment),
        None => view! { <div class="split-hint"><Empty what=t("page.choose") glyph=Glyph::FILE /></div> }
            .into_any(),
    };
    view! {
        <div class="split" class:has-detail=move || key.with(Option::is_some)>
            <div class="split-list">{list}</div>
            <div class="split-detail">{side}</div>
        </div>
    }
    .into_any()
}
