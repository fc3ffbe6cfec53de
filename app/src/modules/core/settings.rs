//! 设置: letter size, 关怀模式, theme, contrast, language, storage; in the demo 模拟离线.

use crate::client::client;
use crate::i18n::{Lang, lang, t};
use crate::page::Page;
use crate::shell::is_demo;
use crate::ui::prefs::{FONT_STEPS, Theme, change, prefs, speak};
use crate::ui::{Cell, CellGroup, Choice, Glyph, RadioCells, Switch, toasts};
use domain::bridge::Ask;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Page title=t("core.settings") back="/me">
            {looks()}
            {language()}
            <CellGroup>
                <Cell title=t("core.lock-title") note=t("core.lock-note") glyph=Glyph::LOCK href="/settings/lock" />
                <Cell title=t("core.storage") note=t("core.storage-note") glyph=Glyph::DEVICE href="/settings/storage" />
            </CellGroup>
            {move || is_demo().then(pretend_offline)}
        </Page>
    }
}

/// A choice as a signal of its own: shows what is in force and changes it when it is set.
fn bound(now: impl Fn() -> String + Send + Sync + 'static, set: impl Fn(&str) + 'static) -> RwSignal<String> {
    let now = Memo::new(move |_| now());
    let chosen = RwSignal::new(now.get_untracked());
    Effect::new(move |_| chosen.set(now.get()));
    Effect::new(move |_| {
        let value = chosen.get();
        if value != now.get_untracked() {
            set(&value);
        }
    });
    chosen
}

fn looks() -> AnyView {
    let font = bound(|| prefs().font.to_string(), |step| change(|p| p.font = step.parse().unwrap_or(0)));
    let fonts: Vec<Choice> =
        (0..FONT_STEPS.len()).map(|i| Choice::new(i.to_string(), t(FONT_NAMES[i]))).collect();
    let theme =
        bound(|| prefs().theme.name().to_string(), |name| change(|p| p.theme = Theme::from_name(name)));
    let themes = [
        (Theme::Auto, "core.theme-auto"),
        (Theme::Light, "core.theme-light"),
        (Theme::Dark, "core.theme-dark"),
    ];
    let themes: Vec<Choice> = themes.iter().map(|(theme, key)| Choice::new(theme.name(), t(key))).collect();
    view! {
        <CellGroup>
            <Switch label=t("core.care") note=t("core.care-note") on=Signal::derive(|| prefs().care)
                on_change=|on| change(|p| p.care = on) />
            <Switch label=t("core.contrast") on=Signal::derive(|| prefs().contrast)
                on_change=|on| change(|p| p.contrast = on) />
        </CellGroup>
        <RadioCells label=t("core.font") choices=fonts chosen=font />
        <RadioCells label=t("core.theme") choices=themes chosen=theme />
    }
    .into_any()
}

const FONT_NAMES: [&str; 5] = ["core.font-1", "core.font-2", "core.font-3", "core.font-4", "core.font-5"];

fn language() -> AnyView {
    let (chosen, toasts) = (RwSignal::new(lang().tag().to_string()), toasts());
    Effect::new(move |_| {
        let wanted = Lang::from_tag(&chosen.get());
        if wanted == prefs().lang {
            return;
        }
        spawn_local(async move {
            if !speak(wanted).await {
                toasts.fail(t("core.language-missing"));
                chosen.set(lang().tag().to_string());
            }
        });
    });
    let choices = vec![Choice::new("zh-CN", "简体中文"), Choice::new("en", "English")];
    view! { <RadioCells label=t("core.language") choices=choices chosen /> }.into_any()
}

/// Shows people without a mine what the app does there.
fn pretend_offline() -> AnyView {
    let client = client();
    let set = move |on: bool| {
        client.pretend_offline.set(on);
        spawn_local(async move { drop(client.ask(Ask::PretendOffline(on)).await) });
    };
    view! {
        <CellGroup title=t("core.demo")>
            <Switch label=t("core.pretend-offline") note=t("core.pretend-offline-note") on=client.pretend_offline on_change=set />
        </CellGroup>
    }
    .into_any()
}
