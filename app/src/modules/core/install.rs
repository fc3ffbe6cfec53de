//! Putting the app on the home screen: without that an iPhone forgets its data after a week.

use crate::i18n::t;
use crate::page::Page;
use crate::ui::{Cell, CellGroup, Glyph, InstallGuide, NoticeBar, Platform, Tone};
use leptos::prelude::*;

fn agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

fn installed() -> bool {
    let standalone =
        window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|m| m.matches());
    let apple =
        js_sys::Reflect::get(&window().navigator(), &"standalone".into()).is_ok_and(|flag| flag.is_truthy());
    standalone || apple
}

/// The page.
#[component]
pub fn Install() -> impl IntoView {
    view! {
        <Page title=t("core.install") back="/me">
            {installed().then(|| view! { <NoticeBar tone=Tone::Ok text=t("core.installed") /> })}
            <InstallGuide platform=Platform::of(&agent()) />
        </Page>
    }
}

/// On home, while the app is not installed on a phone that forgets: one calm card.
pub fn first_steps() -> Option<AnyView> {
    let apple = Platform::of(&agent()) == Platform::Apple;
    (!installed() && apple).then(|| {
        view! {
            <CellGroup>
                <Cell title=t("core.install") note=t("core.install-why") glyph=Glyph::DEVICE href="/install" />
            </CellGroup>
        }
        .into_any()
    })
}
