//! 待办: what waits for me in every module, and what of mine was not delivered.

use crate::client::client;
use crate::i18n::t;
use crate::page::Page;
use crate::ui::{Cell, CellGroup, Empty, Glyph};
use leptos::prelude::*;

/// What waits for me.
#[component]
pub fn Todo() -> impl IntoView {
    let client = client();
    let content = move || {
        client.me.get().map(|who| {
            let blocks = crate::modules::all().iter().filter_map(|module| (module.todo)(&who)).collect_view();
            view! { {blocks} }
        })
    };
    let attention = move || {
        let n = client.sync.with(|sync| sync.attention);
        (n > 0).then(|| {
            view! {
                <CellGroup>
                    <Cell title=t("core.needs-me") value=n.to_string() glyph=Glyph::WARN href="/sync" />
                </CellGroup>
            }
        })
    };
    view! {
        <Page title=t("nav.todo")>
            {attention}
            <div class="todo">{content}</div>
            <div class="todo-none"><Empty what=t("core.todo-none") why=t("core.todo-none-why") glyph=Glyph::OK /></div>
            <p class="page-note">{t("core.todo-note")}</p>
        </Page>
    }
}
