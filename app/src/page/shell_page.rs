//! A page: its own title in the tab, the bar with the way back, the content, and what is fixed below.

use crate::i18n::t;
use crate::router::go;
use crate::ui::{AppBar, Empty, Glyph, Text};
use leptos::prelude::*;

/// A page under the tabs. `back` names where the arrow leads when there is no page before this one.
#[component]
pub fn Page(
    /// At most 8 Han characters.
    #[prop(into)]
    title: Text,
    /// Address of the page above; without it there is no arrow (tab pages).
    #[prop(optional)]
    back: Option<&'static str>,
    /// Union red: home only.
    #[prop(optional)]
    brand: bool,
    /// Icon buttons at the right of the bar.
    #[prop(optional, into)]
    actions: ViewFn,
    /// Content.
    children: Children,
) -> impl IntoView {
    set_title(title.clone());
    let on_back = back.map(|above| Callback::new(move |()| go(above)));
    view! {
        <div class="page">
            {match on_back {
                Some(cb) => view! { <AppBar title on_back=cb brand>{actions.run()}</AppBar> }.into_any(),
                None => view! { <AppBar title brand>{actions.run()}</AppBar> }.into_any(),
            }}
            <main class="page-main" id="main">{children()}</main>
        </div>
    }
    .into_any()
}

/// Only our own fixed words: browsers write titles into their history, outside of any vault.
fn set_title(title: Text) {
    match title {
        Text::Fixed(Oco::Borrowed(words)) => document().set_title(&format!("{words} · {}", t("app.name"))),
        _ => document().set_title(t("app.name")),
    }
}

/// An address that leads nowhere.
#[component]
pub fn Missing() -> impl IntoView {
    let home = Callback::new(move |()| go("/"));
    view! {
        <Page title=t("page.missing") back="/">
            <Empty what=t("page.missing-what") why=t("page.missing-why") glyph=Glyph::HELP
                next=(Text::from(t("nav.home")), home) />
        </Page>
    }
}
