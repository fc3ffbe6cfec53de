//! The decisions about a person's posts and place, each in a sheet of its own.

use super::parts::{Day, Decision, Unit, UnitPicker, code_of, today, typed, words};
use crate::i18n::t;
use crate::page::{act, role_words, term_words, unit_name};
use crate::ui::{Cell, Choice, DateField, RadioCells};
use domain::modules::org::PersonAct;
use domain::{DocId, Post, Role, Word};
use leptos::prelude::*;

/// 任命: which post, where, for which term.
#[component]
pub fn Appoint(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (chosen, at, reason) = (words(), Unit::new(None), words());
    let (from, until) = (today(), words());
    let lacks = move || match (chosen.with(String::is_empty), at.with(Option::is_none)) {
        (true, _) => t("admin.choose-role"),
        (_, true) => t("ui.unit-choose"),
        _ => "",
    };
    let done = move || {
        let (Some(role), Some(at)) = (Role::parse(&typed(chosen)), code_of(at)) else { return };
        let (from, until) = (typed(from), typed(until));
        act(id, &PersonAct::Appoint { role, at, from, until, reason: typed(reason) }, move || {
            open.set(false)
        });
    };
    let roles = || Role::ALL.iter().map(|one| Choice::new(one.code(), role_words(*one))).collect::<Vec<_>>();
    view! {
        <Decision open title=t("admin.appoint") reason lacks=Signal::derive(lacks) on_done=done>
            <RadioCells label=t("admin.role") choices=roles() chosen />
            <UnitPicker label=t("admin.at") chosen=at />
            <DateField label=t("admin.from") value=from />
            <DateField label=t("admin.last-day") value=until optional=true />
        </Decision>
    }
}

/// 免去 of the post that was pressed.
#[component]
pub fn Dismiss(id: DocId, open: RwSignal<bool>, post: RwSignal<Option<Post>>) -> impl IntoView {
    let reason = words();
    let done = move || {
        let Some(post) = post.get_untracked() else { return };
        act(id, &PersonAct::dismiss(post.role, post.at, &typed(reason)), move || open.set(false));
    };
    let which = move || {
        post.get().map(|post| {
            let (title, ends) = (role_words(post.role), term_words(post.term));
            view! { <Cell title note=unit_name(&post.at) value=ends /> }
        })
    };
    view! { <Decision open title=t("admin.dismiss") reason on_done=done>{which}</Decision> }
}

/// 调动 to another unit.
#[component]
pub fn Transfer(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (to, on, reason) = (Unit::new(None), today(), words());
    let lacks = move || if to.with(Option::is_none) { t("ui.unit-choose") } else { "" };
    let done = move || {
        let Some(to) = code_of(to) else { return };
        let transfer = PersonAct::Transfer { to, on: typed(on), reason: typed(reason) };
        act(id, &transfer, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.transfer") reason lacks=Signal::derive(lacks) on_done=done>
            <UnitPicker label=t("admin.new-unit") chosen=to />
            <Day value=on />
        </Decision>
    }
}
