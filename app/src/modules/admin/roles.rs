//! Posts: find a person, see the posts with their terms, appoint, dismiss, transfer.

use super::parts::{Day, Decision, UnitCode, today, typed, words};
use super::{role, until};
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, act, allowed, now_ms, track, typed as opened_as, with_doc};
use crate::ui::{
    ActionItem, Button, ButtonKind, Cell, CellGroup, Chip, Choice, DateField, Glyph, PrimaryBar, RadioCells,
    SearchBar, StateChip, Text, Tone,
};
use domain::bridge::{Line, Opened, Query, Sort};
use domain::modules::org::{Person, PersonAct, posts, stays};
use domain::{DocId, OrgCode, Post, Role, Word};
use leptos::prelude::*;

/// Everybody this phone may see, searched by name, initials or number.
pub fn list() -> AnyView {
    let (text, chosen, client) = (words(), RwSignal::new(vec![]), client());
    let query = move || Query {
        kinds: vec!["org.person".into()],
        text: text.get(),
        sort: Sort::Title,
        ..Query::default()
    };
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("admin.roles") back="/work">
            <SearchBar label=t("admin.search") query=text filters=vec![] chosen offline />
            <Records query row=row empty=t("admin.nobody") keep="roles" />
        </Page>
    }
    .into_any()
}

fn row(line: Line) -> AnyView {
    let (title, no) = (line.row.title.clone(), line.row.fact("no").to_string());
    let href = format!("/admin/roles/{}", line.row.id);
    view! { <Cell title note=Text::from(line.row.note.clone()) value=no href /> }.into_any()
}

/// One person.
pub fn person(id: DocId) -> AnyView {
    let content =
        with_doc(id, move |opened| view! { {move || opened.with(|opened| shown(id, opened))} }.into_any());
    view! { <Page title=t("admin.person") back="/admin/roles">{content}</Page> }.into_any()
}

fn shown(id: DocId, opened: &Opened) -> AnyView {
    let doc = opened_as::<Person>(opened);
    let may = allowed(opened, "dismiss");
    let held: Vec<AnyView> = posts(&doc).into_iter().map(|post| held(id, post, may)).collect();
    let places = stays(&doc).into_iter().rev().map(|stay| {
        let from = stay.term.from_ms.map(domain::date_text).unwrap_or_else(|| "…".into());
        view! { <Cell title=stay.unit.0.clone() value=Text::from(from) /> }
    });
    let none = held.is_empty().then(|| view! { <Cell title=t("admin.no-post") /> });
    view! {
        <CellGroup>
            <Cell title=opened.row.title.clone() note=Text::from(opened.row.note.clone()) value=doc.body.no.clone() glyph=Glyph::USER />
        </CellGroup>
        <CellGroup title=t("admin.posts")>{held}{none}</CellGroup>
        <CellGroup title=t("admin.places")>{places.collect_view()}</CellGroup>
        <CellGroup title=t("admin.track")>{track(opened)}</CellGroup>
        {bar(id, opened)}
    }
    .into_any()
}

/// A post; pressing it asks whether it is to end.
fn held(id: DocId, post: Post, may: bool) -> AnyView {
    let (open, reason, now) = (RwSignal::new(false), words(), now_ms());
    let chip = match post.term {
        term if term.is_over(now) => Some(Chip::new(Tone::Off, Glyph::CLOCK, t("admin.over"))),
        term if term.ends_soon(now) => Some(Chip::new(Tone::Warn, Glyph::CLOCK, t("admin.ends-soon"))),
        _ => None,
    };
    let chip = chip.map(|chip| view! { <StateChip chip /> });
    let note = [post.at.0.clone(), until(post.term)].into_iter().filter(|part| !part.is_empty());
    let note = note.collect::<Vec<_>>().join(" · ");
    let title = role(post.role);
    if !may || post.term.is_over(now) {
        return view! { <Cell title note=Text::from(note)>{chip}</Cell> }.into_any();
    }
    let done = move || {
        let dismiss = PersonAct::dismiss(post.role, post.at.clone(), &typed(reason));
        act(id, &dismiss, move || open.set(false));
    };
    view! {
        <Cell title note=Text::from(note) on_press=move || open.set(true)>{chip}</Cell>
        <Decision open title=t("admin.dismiss") reason on_done=done><Cell title /></Decision>
    }
    .into_any()
}

fn bar(id: DocId, opened: &Opened) -> Option<AnyView> {
    if !allowed(opened, "appoint") {
        return None;
    }
    let (appoint, transfer) = (RwSignal::new(false), RwSignal::new(false));
    let go = ActionItem::new(t("admin.transfer"), Glyph::SHARE, move || transfer.set(true));
    let more = if allowed(opened, "transfer") { vec![go] } else { vec![] };
    Some(
        view! {
            <PrimaryBar more=more>
                <Button label=t("admin.appoint") kind=ButtonKind::Primary on_press=move || appoint.set(true) />
            </PrimaryBar>
            <Appoint id open=appoint />
            <Transfer id open=transfer />
        }
        .into_any(),
    )
}

#[component]
fn Appoint(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (chosen, at, reason) = (words(), words(), words());
    let (from, until) = (today(), words());
    let done = move || {
        let Some(role) = Role::parse(&typed(chosen)) else { return };
        let (at, from, until) = (OrgCode(typed(at)), typed(from), typed(until));
        act(id, &PersonAct::Appoint { role, at, from, until, reason: typed(reason) }, move || {
            open.set(false)
        });
    };
    let roles = || Role::ALL.iter().map(|one| Choice::new(one.code(), role(*one))).collect::<Vec<_>>();
    view! {
        <Decision open title=t("admin.appoint") reason on_done=done>
            <RadioCells label=t("admin.role") choices=roles() chosen />
            <UnitCode label=t("admin.at") value=at />
            <DateField label=t("admin.from") value=from />
            <DateField label=t("admin.last-day") value=until optional=true />
        </Decision>
    }
}

#[component]
fn Transfer(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (to, on, reason) = (words(), today(), words());
    let done = move || {
        let transfer = PersonAct::Transfer { to: OrgCode(typed(to)), on: typed(on), reason: typed(reason) };
        act(id, &transfer, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.transfer") reason on_done=done>
            <UnitCode label=t("admin.new-unit") value=to />
            <Day value=on />
        </Decision>
    }
}
