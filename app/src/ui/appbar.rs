//! AppBar: the title of the page, the way back, at most two actions. Union red on home, surface elsewhere.
//! Under it, the line of the SyncBar.

use super::button::IconButton;
use super::glyph::Glyph;
use super::syncbar::sync_line;
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// The top bar. Its title is the page's `h1`.
#[component]
pub fn AppBar(
    /// At most 8 Han characters.
    #[prop(into)]
    title: Text,
    /// Shows the back arrow and says what it does; leave out on tab pages.
    #[prop(optional, into)]
    on_back: Option<Callback<()>>,
    /// Union red with the gold accent: home only.
    #[prop(optional)]
    brand: bool,
    /// At most two [`IconButton`]s.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let back = on_back.map(|cb| {
        view! { <IconButton glyph=Glyph::BACK label=t("ui.back") on_press=move || cb.run(()) /> }
    });
    view! {
        <div class="top">
            <header class="appbar" class:is-brand=brand>
                {back}
                <h1 class="appbar-title" tabindex="-1">{title.view()}</h1>
                <div class="appbar-actions">{children.map(|c| c())}</div>
            </header>
            {sync_line()}
        </div>
    }
    .into_any()
}
