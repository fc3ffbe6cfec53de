//! 存储: what this phone holds, whether the browser promised to keep it, export, and removal after one
//! typed 清除. Nothing is ever removed otherwise.

use crate::client::{Client, client};
use crate::i18n::{t, t1, t2};
use crate::page::{Page, skeleton};
use crate::shell::gate;
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Field, Glyph, NoticeBar, Sheet, Text, Tone};
use domain::bridge::{Answer, Ask};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

#[derive(Clone, PartialEq)]
struct Space {
    parts: Vec<(String, u64, u64)>,
    estimate: Option<(u64, u64)>,
    persisted: bool,
}

/// The page.
#[component]
pub fn StoragePage() -> impl IntoView {
    let client = client();
    let space = RwSignal::new(None::<Space>);
    let read = move || {
        spawn_local(async move {
            if let Answer::Storage { parts, estimate, persisted } = client.ask(Ask::Storage).await {
                space.set(Some(Space { parts, estimate, persisted }));
            }
        })
    };
    read();
    let clear = RwSignal::new(false);
    view! {
        <Page title=t("core.storage") back="/settings">
            {move || space.get().map_or_else(|| skeleton(4), |space| shown(&space, Callback::new(move |()| read())))}
            <CellGroup>
                <Cell title=t("core.export-pack") note=t("core.export-note") glyph=Glyph::DOWNLOAD
                    on_press=move || spawn_local(export(client)) />
                <Cell title=t("core.clear") note=t("core.clear-note") glyph=Glyph::TRASH on_press=move || clear.set(true) />
            </CellGroup>
            <Clear open=clear />
        </Page>
    }
}

fn shown(space: &Space, again: Callback<()>) -> AnyView {
    let part = |(name, count, bytes): &(String, u64, u64)| {
        let title = crate::i18n::find(&format!("core.part-{name}")).map_or_else(|| name.clone(), Into::into);
        view! { <Cell title=Text::from(title) note=t1("core.entries", *count) value=size(*bytes) /> }
    };
    let total = space.estimate.map(|(used, quota)| t2("core.used-of", size(used), size(quota)));
    let (tone, words) =
        if space.persisted { (Tone::Ok, "core.persisted") } else { (Tone::Warn, "core.not-persisted") };
    let ask = (!space.persisted).then(|| {
        let ask = move || {
            spawn_local(async move {
                persist().await;
                again.run(());
            })
        };
        view! { <div class="block"><Button label=t("core.persist") on_press=ask /></div> }
    });
    let parts = space.parts.iter().map(part).collect_view();
    view! {
        <NoticeBar tone text=t(words) />
        {ask}
        <CellGroup title=t("core.on-this-phone") note=Text::from(total.unwrap_or_default())>
            {parts}
        </CellGroup>
    }
    .into_any()
}

/// Asks the browser to keep the data for good; only a page may ask, not a worker.
pub async fn persist() -> bool {
    let Ok(promise) = window().navigator().storage().persist() else { return false };
    JsFuture::from(promise).await.is_ok_and(|yes| yes.is_truthy())
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

/// Hands everything unsent and my own documents to the person as one file (数据包).
pub async fn export(client: Client) {
    let Answer::Bytes(bytes) = client.ask(Ask::Export).await else { return };
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence(&parts) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute(
            "download",
            &format!("lianxin-{}.lxpack", domain::date_text(crate::page::now_ms())),
        );
        if let Some(link) = link.dyn_ref::<web_sys::HtmlElement>() {
            link.click();
        }
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// 清除本机数据, after typing the word.
#[component]
fn Clear(open: RwSignal<bool>) -> impl IntoView {
    let (client, gate) = (client(), gate());
    let typed = RwSignal::new(String::new());
    let word = t("core.clear-word");
    let why = move || if typed.with(|typed| typed.trim() == word) { "" } else { t("core.clear-type") };
    let unsent = move || client.sync.with(|sync| sync.waiting + sync.attention);
    let warning = move || match unsent() {
        0 => t("core.clear-clean").to_string(),
        n => t1("core.clear-unsent", n),
    };
    let wipe = move || {
        open.set(false);
        spawn_local(async move {
            let _ = api::sign_out().await;
            gate.out(Ask::Wipe).await;
        });
    };
    view! {
        <Sheet open title=t("core.clear")>
            <NoticeBar tone=Tone::Danger text=warning />
            <Field label=t("core.clear-type") value=typed />
            <Button label=t("core.clear") kind=ButtonKind::Danger why_not=why on_press=wipe />
        </Sheet>
    }
}
