//! All components in all their states. `?page=` chooses: `parts` (default), `form`, `list`, `desk`, `article`.
//! The words here are examples and not in the locale files.

mod article;
mod desk;
mod form;
mod list;
mod overlays;
mod parts;
mod people;

use super::*;
use crate::i18n::{Lang, Localized};
use leptos::prelude::*;

/// Whether the address is the gallery's, `/ui-gallery`.
pub fn asked() -> bool {
    window().location().pathname().is_ok_and(|path| path == "/ui-gallery")
}

/// Shows the gallery in place of the app.
pub fn start() {
    prefs::provide();
    mount_to_body(Gallery);
}

/// The gallery's app: preferences at the top, then the page of `?page=`.
#[component]
pub fn Gallery() -> impl IntoView {
    overlay::listen();
    let query = window().location().search().unwrap_or_default();
    let page = query.split("page=").nth(1).and_then(|p| p.split('&').next()).unwrap_or("parts").to_string();
    let page = StoredValue::new(page);
    view! {
        <Localized>
            <Toasts>{page_of(&page.get_value())}</Toasts>
        </Localized>
    }
}

fn page_of(page: &str) -> AnyView {
    match page {
        "form" => form::page(),
        "list" => list::page(),
        "desk" => desk::page(),
        "article" => article::page(),
        _ => parts::page(),
    }
}

/// The tabs of a member.
fn tabs() -> Vec<NavItem> {
    vec![
        NavItem::new("/", Glyph::HOME, "首页"),
        NavItem::new("/todo", Glyph::TODO, "待办").with_badge(Signal::stored(3)),
        NavItem::new("/services", Glyph::GRID, "办事"),
        NavItem::new("/inbox", Glyph::MESSAGE, "消息").with_badge(Signal::stored(128)),
        NavItem::new("/me", Glyph::USER, "我的"),
    ]
}

/// A page of the gallery in the frame of the app.
fn framed(title: &'static str, main: AnyView) -> AnyView {
    view! {
        <div class="app">
            <TabBar items=tabs() path=Signal::stored("/".to_string()) />
            <div class="app-main">
                <div class="page">
                    <AppBar title on_back=|| ()><IconButton glyph=Glyph::SEARCH label="搜索" on_press=|| () /></AppBar>
                    <main class="page-main">{main}</main>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Theme, contrast, letters, care and language, as the settings page will have them.
fn settings() -> AnyView {
    let now = prefs::prefs();
    let themes = [("auto", "跟随系统"), ("light", "浅色"), ("dark", "深色")];
    let themes: Vec<Choice> = themes.into_iter().map(|(value, words)| Choice::new(value, words)).collect();
    let (theme, font) = (RwSignal::new(now.theme.name().to_string()), RwSignal::new(now.font.to_string()));
    Effect::new(move |_| {
        let theme = prefs::Theme::from_name(&theme.get());
        let font = font.get().parse().unwrap_or(0);
        prefs::change(|p| (p.theme, p.font) = (theme, font));
    });
    let fonts: Vec<Choice> = (0..)
        .zip(["标准", "较大", "大", "特大", "最大"])
        .map(|(i, f)| Choice::new(i.to_string(), f))
        .collect();
    let speak = |on| {
        let lang = if on { Lang::En } else { Lang::Zh };
        leptos::task::spawn_local(async move { drop(prefs::speak(lang).await) });
    };
    let english = move || prefs::prefs().lang == Lang::En;
    view! {
        <RadioCells label="主题" choices=themes chosen=theme />
        <RadioCells label="字号" choices=fonts chosen=font />
        <CellGroup title="显示">
            <Switch label="关怀模式" note="字更大，按钮更大，内容更简" glyph=Glyph::CARE on=move || prefs::prefs().care on_change=|on| prefs::change(|p| p.care = on) />
            <Switch label="高对比度" glyph=Glyph::CONTRAST on=move || prefs::prefs().contrast on_change=|on| prefs::change(|p| p.contrast = on) />
            <Switch label="English" glyph=Glyph::GLOBE on=english on_change=speak />
        </CellGroup>
    }
    .into_any()
}
