//! What belongs to no module: sign-in, home, to-do, services, inbox, me, settings, sync centre.

mod about;
mod attention;
mod audit;
mod home;
mod inbox;
mod install;
mod lock;
mod login;
mod me;
mod open;
mod services;
mod settings;
mod storage;
mod sync;
mod todo;

pub use lock::page as lock_page;
pub use sync::first as first_sync;

use super::{Entry, Module};
use crate::page::{Pages, PartMissing, part};
use crate::ui::Glyph;
use leptos::prelude::*;

/// The core's pages; of them only the audit stands in the menu, for whoever may read it.
pub const MODULE: Module = Module {
    menu: |who| {
        let entry = Entry { href: "/admin/audit", glyph: Glyph::EYE, label: "core.audit" };
        if audit::may(who) { vec![entry] } else { vec![] }
    },
    page,
    todo: |_| None,
    home: |_| None,
};

fn page(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        [] => view! { <home::Home /> }.into_any(),
        ["todo"] => view! { <todo::Todo /> }.into_any(),
        ["services" | "work"] => view! { <services::Services /> }.into_any(),
        ["inbox"] => view! { <inbox::Inbox /> }.into_any(),
        ["me"] => view! { <me::Me /> }.into_any(),
        ["open", id] => open::page(id),
        ["login"] => view! { <login::Login again=true /> }.into_any(),
        ["sync" | "settings", ..] | ["admin", "audit"] => later(path),
        other => return public(other),
    })
}

fn public(path: &[&str]) -> Option<AnyView> {
    matches!(path, ["install" | "about"]).then(|| later(path))
}

fn later(path: &[&str]) -> AnyView {
    part("core", || Box::pin(load()), path)
}

/// Pages that nobody sees first are a part of their own.
#[leptos::wasm_split::wasm_split(core, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        ["sync"] => view! { <sync::SyncCentre /> }.into_any(),
        ["sync", "attention", id] => attention::page(id),
        ["admin", "audit"] => view! { <audit::Audit /> }.into_any(),
        ["settings"] => view! { <settings::Settings /> }.into_any(),
        ["settings", "lock"] => view! { <lock::LockSettings /> }.into_any(),
        ["settings", "storage"] => view! { <storage::StoragePage /> }.into_any(),
        ["install"] => view! { <install::Install /> }.into_any(),
        ["about"] => view! { <about::About /> }.into_any(),
        _ => return None,
    })
}

/// Pages for whoever is not signed in; every other address leads to sign-in and comes back afterwards.
pub fn public_page(path: &[&str]) -> AnyView {
    public(path).unwrap_or_else(|| view! { <login::Login again=false /> }.into_any())
}
