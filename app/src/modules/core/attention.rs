//! One thing that was not delivered: why, my own words, and what I can do with them. Nothing is thrown
//! away but by the person.

use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, bracketed, full, sentence, toasts};
use crate::router::go;
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Dialog, Empty, Glyph, NoticeBar, PrimaryBar, Tone};
use domain::bridge::{Answer, Ask, Attention, Resolve};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page of one of them.
pub fn page(id: &str) -> AnyView {
    let id: u64 = id.parse().unwrap_or(0);
    let client = client();
    let one = RwSignal::new(None::<Option<Attention>>);
    spawn_local(async move {
        if let Answer::Attention(list) = client.ask(Ask::NeedsMe).await {
            one.try_set(Some(list.into_iter().find(|one| one.id == id)));
        }
    });
    let content = move || match one.get() {
        None => crate::page::skeleton(3),
        Some(None) => view! { <Empty what=t("core.settled") glyph=Glyph::OK /> }.into_any(),
        Some(Some(one)) => shown(one),
    };
    view! { <Page title=t("core.needs-me") back="/sync">{content}</Page> }.into_any()
}

fn shown(one: Attention) -> AnyView {
    let words = one.words.iter().map(|(label, text)| {
        view! { <div class="kept"><h3 class="kept-label">{label.clone()}</h3><p class="kept-text">{text.clone()}</p></div> }
    });
    let words = words.collect_view();
    let why = bracketed(&sentence(&one.refusal), one.refusal.code());
    view! {
        <NoticeBar tone=Tone::Warn text=why />
        <CellGroup title=format!("{} · {}", one.title, one.what) note=full(one.at_ms)>{words}</CellGroup>
        <Choices one />
    }
    .into_any()
}

#[component]
fn Choices(one: Attention) -> impl IntoView {
    let (client, toasts) = (client(), toasts());
    let sure = RwSignal::new(false);
    let (id, doc) = (one.id, one.doc);
    let text =
        one.words.iter().map(|(label, text)| format!("{label}\n{text}")).collect::<Vec<_>>().join("\n\n");
    let settle = Callback::new(move |how: Resolve| {
        spawn_local(async move {
            match client.ask(Ask::Settle { id, how }).await {
                Answer::Refused(refusal) => toasts.fail(sentence(&refusal)),
                _ => go("/sync"),
            }
        });
    });
    let copy = move || {
        let promise = window().navigator().clipboard().write_text(&text);
        spawn_local(async move {
            let said = wasm_bindgen_futures::JsFuture::from(promise).await;
            toasts.tell(Tone::Ok, t(if said.is_ok() { "core.copied" } else { "core.copy-by-hand" }));
        });
    };
    // A step without words has nothing to copy and nothing to lose.
    let bare = one.words.is_empty();
    let away = if bare {
        let seen = move || settle.run(Resolve::Discard);
        view! { <Button label=t("core.seen") on_press=seen /> }.into_any()
    } else {
        let ask = move || sure.set(true);
        view! { <Button label=t("core.discard") kind=ButtonKind::Danger on_press=ask /> }.into_any()
    };
    view! {
        <CellGroup>
            <Cell title=t("core.see-record") href=format!("/open/{doc}") glyph=Glyph::FILE />
            {(!bare).then(|| view! { <Cell title=t("core.copy-words") on_press=copy glyph=Glyph::COPY /> })}
        </CellGroup>
        <PrimaryBar>
            {away}
            <Button label=t("core.reuse") kind=ButtonKind::Primary on_press=move || settle.run(Resolve::Reuse) />
        </PrimaryBar>
        <Dialog open=sure title=t("core.discard-sure") verb=t("core.discard") danger=true
            on_confirm=move || settle.run(Resolve::Discard)><p>{t("core.discard-what")}</p></Dialog>
    }
}
