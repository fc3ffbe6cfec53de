//! NoticeBar: a message for the whole page with one action (open in a browser, storage not permitted, demo).

use super::chip::Tone;
use super::glyph::{Glyph, icon};
use super::text::Text;
use leptos::prelude::*;

/// A line or a few under the bars, in the wash of its tone.
#[component]
pub fn NoticeBar(
    /// How much it matters.
    tone: Tone,
    /// What, and what to do.
    #[prop(into)]
    text: Text,
    /// The tone's icon unless said otherwise.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// The one action.
    #[prop(optional)]
    action: Option<(Text, Callback<()>)>,
) -> impl IntoView {
    let button = action.map(|(label, cb)| {
        view! { <button type="button" class="notice-action" on:click=move |_| cb.run(())>{label.view()}</button> }
    });
    view! {
        <div class="notice" data-tone=tone.name() role="note">
            {icon(glyph.unwrap_or(tone.glyph()))}
            <p class="notice-text">{text.view()}</p>
            {button}
        </div>
    }
    .into_any()
}
