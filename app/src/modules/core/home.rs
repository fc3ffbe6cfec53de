//! Home: what waits for me, the ways into everything, and the modules' own blocks.

use crate::client::client;
use crate::i18n::t;
use crate::page::Page;
use crate::router::go;
use crate::ui::{Glyph, IconButton, NavItem, Text, TileGrid};
use domain::Who;
use leptos::prelude::*;

/// Everything of this person's modules as tiles.
pub fn tiles(who: &Who) -> Vec<NavItem> {
    let entries = crate::modules::all().iter().flat_map(|module| (module.menu)(who));
    entries.map(|entry| NavItem::new(entry.href, entry.glyph, Text::from(t(entry.label)))).collect()
}

/// The home page.
#[component]
pub fn Home() -> impl IntoView {
    let client = client();
    let me = Memo::new(move |_| client.me.get());
    let settings = move || {
        let open = || go("/settings");
        view! { <IconButton glyph=Glyph::SETTINGS label=t("core.settings") on_press=open /> }
    };
    let content = move || me.get().map(|who| blocks(&who));
    view! { <Page title=t("app.name") brand=true actions=settings>{super::install::first_steps()}{content}</Page> }
}

fn blocks(who: &Who) -> AnyView {
    let modules = crate::modules::all();
    let waits = modules.iter().filter_map(|module| (module.todo)(who)).collect_view();
    let more = modules.iter().filter_map(|module| (module.home)(who)).collect_view();
    view! {
        <p class="hello">{crate::i18n::t1("core.hello", &who.name)}</p>
        {waits}
        <TileGrid items=tiles(who) label=t("core.services") />
        {more}
    }
    .into_any()
}
