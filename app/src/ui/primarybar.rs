//! PrimaryBar: the main button of the screen in reach of the thumb, at most two others, the rest behind ⋯.

use super::actionsheet::{ActionItem, ActionSheet};
use super::button::IconButton;
use super::glyph::Glyph;
use crate::i18n::t;
use leptos::prelude::*;

/// Sticks to the bottom of its page.
#[component]
pub fn PrimaryBar(
    /// Further actions behind ⋯.
    #[prop(optional)]
    more: Vec<ActionItem>,
    /// One primary [`super::Button`] and at most two others, the primary one last.
    children: Children,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let dots = (!more.is_empty()).then(|| {
        view! {
            <IconButton glyph=Glyph::MORE label=t("ui.more") expanded=open on_press=move || open.set(true) />
            <ActionSheet open title=t("ui.more") actions=more />
        }
        .into_any()
    });
    view! { <div class="primarybar">{dots}<div class={"primarybar-buttons"}>{children()}</div></div> }
        .into_any()
}
