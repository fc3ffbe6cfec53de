//! 办事 and 工作台: every way in; 投诉建议 is one of them for everybody.

use super::home::tiles;
use crate::client::client;
use crate::i18n::t;
use crate::page::Page;
use crate::ui::TileGrid;
use leptos::prelude::*;

/// Services of a member, work of an officer.
#[component]
pub fn Services() -> impl IntoView {
    let client = client();
    let officer = Memo::new(move |_| client.me.with(|who| who.as_ref().is_some_and(|who| who.is_officer())));
    let title = move || t(if officer.get() { "nav.work" } else { "nav.services" });
    let grid =
        move || client.me.get().map(|who| view! { <TileGrid items=tiles(&who) label=t("core.services") /> });
    view! {
        <Page title=title>
            {grid}
        </Page>
    }
}
