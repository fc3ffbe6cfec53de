//! 关于: what this is, who runs it, the version, what stays on the phone, licence.

use crate::i18n::t;
use crate::page::Page;
use crate::shell::use_about;
use crate::ui::{Cell, CellGroup, Glyph, Text};
use leptos::prelude::*;

/// The page.
#[component]
pub fn About() -> impl IntoView {
    let about = use_about();
    let name = move || about.with(|a| a.as_ref().map(|a| a.name.clone()).unwrap_or_default());
    let version = env!("CARGO_PKG_VERSION");
    view! {
        <Page title=t("core.about") back="/me">
            <CellGroup note=t("core.about-data")>
                <Cell title=t("app.name") note=move || name() value=Text::from(version) glyph=Glyph::INFO />
                <Cell title=t("core.licence") value="MIT / Apache-2.0" />
            </CellGroup>
        </Page>
    }
}
