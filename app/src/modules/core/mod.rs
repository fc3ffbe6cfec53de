//! What belongs to no module: sign-in, home, to-do, services, inbox, me, settings, sync centre.

mod about;
mod attention;
mod home;
mod inbox;
mod install;
mod lock;
mod login;
mod me;
mod services;
mod settings;
mod storage;
mod sync;
mod todo;

pub use lock::page as lock_page;
pub use sync::first as first_sync;

use super::Module;
use leptos::prelude::*;

/// The core's pages; it has no menu entry of its own.
pub const MODULE: Module = Module { menu: |_| vec![], page, todo: |_| None, home: |_| None };

fn page(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        [] => view! { <home::Home /> }.into_any(),
        ["todo"] => view! { <todo::Todo /> }.into_any(),
        ["services" | "work"] => view! { <services::Services /> }.into_any(),
        ["inbox"] => view! { <inbox::Inbox /> }.into_any(),
        ["me"] => view! { <me::Me /> }.into_any(),
        ["sync"] => view! { <sync::SyncCentre /> }.into_any(),
        ["sync", "attention", id] => attention::page(id),
        ["settings"] => view! { <settings::Settings /> }.into_any(),
        ["settings", "lock"] => view! { <lock::LockSettings /> }.into_any(),
        ["settings", "storage"] => view! { <storage::StoragePage /> }.into_any(),
        ["login"] => view! { <login::Login again=true /> }.into_any(),
        other => return public(other),
    })
}

fn public(path: &[&str]) -> Option<AnyView> {
    match path {
        ["install"] => Some(view! { <install::Install /> }.into_any()),
        ["about"] => Some(view! { <about::About /> }.into_any()),
        _ => None,
    }
}

/// Pages for whoever is not signed in; every other address leads to sign-in and comes back afterwards.
pub fn public_page(path: &[&str]) -> AnyView {
    public(path).unwrap_or_else(|| view! { <login::Login again=false /> }.into_any())
}
