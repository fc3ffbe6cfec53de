//! 我的: who I am here, my posts, my matters, complaint one tap away, settings, sign-out.

use crate::client::client;
use crate::i18n::{either, t, tn};
use crate::page::{Page, bracketed, sync_now};
use crate::shell::gate;
use crate::ui::{ActionItem, ActionSheet, Cell, CellGroup, Glyph, Text};
use domain::{Who, Word};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn Me() -> impl IntoView {
    let client = client();
    let content = move || client.me.get().map(|who| card(&who));
    let (out, lock) = (RwSignal::new(false), gate());
    view! {
        <Page title=t("nav.me")>
            {content}
            <CellGroup>
                <Cell title=t("core.complain") note=t("core.complain-note") glyph=Glyph::MESSAGE href="/rights/new" />
                <Cell title=t("core.my-matters") glyph=Glyph::FLAG href="/rights?mine" />
            </CellGroup>
            <CellGroup>
                <Cell title=t("core.sync") glyph=Glyph::CLOUD_OK href="/sync" />
                <Cell title=t("devices.mine") glyph=Glyph::DEVICE href="/me/devices" />
                <Cell title=t("core.settings") glyph=Glyph::SETTINGS href="/settings" />
                <Cell title=t("core.install") glyph=Glyph::DEVICE href="/install" />
                <Cell title=t("core.about") glyph=Glyph::INFO href="/about" />
            </CellGroup>
            <CellGroup>
                <Cell title=t("core.lock-now") note=t("core.lock-now-note") glyph=Glyph::LOCK on_press=move || lock.lock() />
                <Cell title=t("core.sign-out") glyph=Glyph::LOGOUT on_press=move || out.set(true) />
            </CellGroup>
            <SignOut open=out />
        </Page>
    }
}

fn card(who: &Who) -> AnyView {
    let posts = who.posts.iter().map(|post| bracketed(either(post.role.zh(), post.role.en()), &post.at));
    let posts: Vec<String> = posts.collect();
    let member = t(if who.member { "core.member" } else { "core.staff" });
    let note = if posts.is_empty() { member.to_string() } else { posts.join(" · ") };
    let (name, no) = (who.name.clone(), who.no.clone());
    view! {
        <CellGroup>
            <Cell title=name note=Text::from(note) value=no glyph=Glyph::USER />
        </CellGroup>
    }
    .into_any()
}

/// Signing out counts what has not been sent, and keeps it on this phone.
#[component]
fn SignOut(open: RwSignal<bool>) -> impl IntoView {
    let (client, gate) = (client(), gate());
    let waiting = move || client.sync.with(|sync| sync.waiting as usize + sync.attention as usize);
    let title = move || match waiting() {
        0 => t("core.sign-out-clean").to_string(),
        n => tn("core.sign-out-waiting", n),
    };
    let go = move || {
        open.set(false);
        spawn_local(gate.leave());
    };
    let export = move || spawn_local(super::storage::export(client));
    let first = move || {
        open.set(false);
        sync_now();
    };
    let actions = move || {
        let stay = ActionItem::new(t("core.sign-out-keep"), Glyph::LOGOUT, go);
        if waiting() == 0 {
            return vec![stay];
        }
        vec![
            ActionItem::new(t("core.sync-first"), Glyph::REFRESH, first),
            ActionItem::new(t("core.export-pack"), Glyph::DOWNLOAD, export),
            stay.dangerous(),
        ]
    };
    move || view! { <ActionSheet open title=title actions=actions() /> }
}
