//! Badge: a count on a tab or a row, at most `99+`. Never alone: the label beside it says what is counted.

use crate::i18n::t1;
use leptos::prelude::*;

/// A count; nothing at zero.
#[component]
pub fn Badge(
    /// How many.
    #[prop(into)]
    count: Signal<u32>,
) -> impl IntoView {
    move || {
        let n = count.get();
        (n > 0).then(|| {
            let shown = if n > 99 { "99+".to_string() } else { n.to_string() };
            view! {
                <span class="badge"><span aria-hidden="true">{shown}</span><span class={"sr"}>{t1("ui.badge", n)}</span></span>
            }
            .into_any()
        })
    }
}
