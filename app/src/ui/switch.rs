//! Switch: acts at once, no save button. A row with the words at the left.

use super::glyph::{Glyph, icon};
use super::text::Text;
use leptos::prelude::*;

/// On or off.
#[component]
pub fn Switch(
    /// What is on or off.
    #[prop(into)]
    label: Text,
    /// Second line: what it changes.
    #[prop(optional, into)]
    note: Text,
    /// Before the words.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// The person switched it.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Cannot be switched now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let has_note = !note.is_none();
    view! {
        <label class="cell" class:is-disabled=move || disabled.get()>
            {glyph.map(|g| view! { <span class="cell-icon">{icon(g)}</span> })}
            <span class="cell-main">
                <span class="cell-title">{label.view()}</span>
                {has_note.then(|| view! { <span class="cell-note">{note.view()}</span> })}
            </span>
            <input class="switch" type="checkbox" role="switch" disabled=move || disabled.get()
                prop:checked=move || on.get() on:change=move |ev| on_change.run(event_target_checked(&ev)) />
        </label>
    }
    .into_any()
}
