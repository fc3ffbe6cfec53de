//! 同步中心: is there a link, what waits, what needs me, how the first sync goes.

use crate::client::client;
use crate::i18n::{t, t1, t2};
use crate::page::{Page, failure, sentence, sync_now, when};
use crate::router::go;
use crate::ui::{
    Button, ButtonKind, Cell, CellGroup, Chip, Done, Empty, Glyph, NoticeBar, Progress, StateChip, Text, Tone,
};
use domain::bridge::{Answer, Ask, Attention, SyncState, Waiting};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn SyncCentre() -> impl IntoView {
    let client = client();
    let (outbox, needs) = (RwSignal::new(vec![]), RwSignal::new(vec![]));
    Effect::new(move |_| {
        client.sync.with(|sync| (sync.waiting, sync.attention));
        client.changed.track();
        spawn_local(async move {
            if let Answer::Outbox(list) = client.ask(Ask::Outbox).await {
                outbox.try_set(list);
            }
            if let Answer::Attention(list) = client.ask(Ask::NeedsMe).await {
                needs.try_set(list);
            }
        });
    });
    // Whoever looks here wants to know now, not when the next try is due.
    sync_now();
    let busy = Signal::derive(move || client.sync.with(|sync| sync.running.is_some()));
    view! {
        <Page title=t("core.sync") back="/me">
            {move || client.sync.with(state)}
            {move || first(&client.sync.get())}
            <div class="block">
                <Button label=t("core.sync-now") kind=ButtonKind::Primary glyph=Glyph::REFRESH loading=busy
                    loading_label=t("core.syncing") on_press=sync_now />
            </div>
            {move || attention_list(needs.get())}
            {move || outbox_list(outbox.get())}
        </Page>
    }
}

fn state(sync: &SyncState) -> AnyView {
    let link = if sync.online { t("core.link-on") } else { t("core.link-off") };
    let glyph = if sync.online { Glyph::CLOUD_OK } else { Glyph::CLOUD_OFF };
    let synced = sync
        .synced_ms
        .map_or_else(|| t("core.never-synced").to_string(), |at| t1("core.synced-at", when(at)));
    let trouble = sync.trouble.as_ref().map(|(code, zh, en)| {
        view! { <NoticeBar tone=Tone::Warn text=failure(code, zh, en) /> }
    });
    let ended = sync.session_ended.then(|| {
        let action = (Text::from(t("core.sign-in")), Callback::new(move |()| go("/login")));
        view! { <NoticeBar tone=Tone::Warn text=t("core.session-ended") action /> }
    });
    let stranger = sync.stranger.then(|| {
        let action = (Text::from(t("devices.enrol-go")), Callback::new(move |()| go("/enrol")));
        view! { <NoticeBar tone=Tone::Warn text=t("devices.stranger") action /> }
    });
    let skew = (sync.skew_ms.abs() > 120_000).then(|| {
        view! { <NoticeBar tone=Tone::Warn text=t1("core.clock-wrong", sync.skew_ms.abs() / 60_000) /> }
    });
    let follower = sync
        .follower
        .then(|| view! { <Cell title=t("core.follower") note=t("core.follower-note") glyph=Glyph::COPY /> });
    view! {
        {ended}{stranger}{trouble}{skew}
        <CellGroup>
            <Cell title=link note=Text::from(synced) glyph=glyph />
            {follower}
        </CellGroup>
    }
    .into_any()
}

/// The first sync: how much, how far; it may be left and goes on by itself.
pub fn first(sync: &SyncState) -> Option<AnyView> {
    let (here, all, bytes) = sync.first?;
    let done = Done { done: here as u32, total: all.max(here) as u32, eta_s: None };
    Some(
        view! {
            <CellGroup title=t("core.first-sync") note=t2("core.first-sync-note", super::storage::size(bytes), all)>
                <div class="block"><Progress label=t("core.first-sync") done=Signal::stored(done) /></div>
            </CellGroup>
        }
        .into_any(),
    )
}

fn attention_list(list: Vec<Attention>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let cell = |one: Attention| {
        let note = sentence(&one.refusal);
        view! {
            <Cell title=format!("{} · {}", one.title, one.what) note=Text::from(note) href=format!("/sync/attention/{}", one.id)>
                <StateChip chip=Chip::new(Tone::Warn, Glyph::WARN, t("state.not-sent")) />
            </Cell>
        }
    };
    Some(
        view! { <CellGroup title=t("core.needs-me")>{list.into_iter().map(cell).collect_view()}</CellGroup> }
            .into_any(),
    )
}

fn outbox_list(list: Vec<Waiting>) -> AnyView {
    if list.is_empty() {
        return view! { <Empty what=t("core.outbox-empty") why=t("core.outbox-empty-why") glyph=Glyph::CLOUD_OK /> }.into_any();
    }
    let cell = |one: Waiting| {
        let note = format!("{} · {}", when(one.at_ms), super::storage::size(one.bytes as u64));
        view! {
            <Cell title=format!("{} · {}", one.title, one.what) note=Text::from(note)>
                <StateChip chip=Chip::new(Tone::Info, Glyph::CLOUD_UP, t("state.waiting")) />
            </Cell>
        }
    };
    view! {
        <CellGroup title=t("core.outbox") note=t("core.outbox-note")>{list.into_iter().map(cell).collect_view()}</CellGroup>
    }
    .into_any()
}
