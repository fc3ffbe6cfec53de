//! Posts: find a person, see the posts with their terms and where the person belonged.

use super::posts::{Appoint, Dismiss, Transfer};
use crate::client::client;
use crate::i18n::t;
use crate::page::{
    Page, Records, allowed, by_steps, now_ms, role_words, term_words, track, typed as opened_as, unit_name,
    with_doc,
};
use crate::ui::{
    ActionItem, Button, ButtonKind, Cell, CellGroup, Chip, Glyph, PrimaryBar, SearchBar, StateChip, Text,
    Tone,
};
use domain::bridge::{Line, Opened, Query, Sort};
use domain::modules::org::{Person, Stay, posts, stays};
use domain::{DocId, Post, date_text};
use leptos::prelude::*;

/// Everybody this phone may see, searched by name, initials or number.
pub fn list() -> AnyView {
    let (text, client) = (RwSignal::new(String::new()), client());
    let query = move || Query {
        kinds: vec!["org.person".into()],
        text: text.get(),
        sort: Sort::Title,
        ..Query::default()
    };
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("admin.roles") back="/work">
            <SearchBar label=t("ui.person-search") query=text offline />
            <Records query row=row empty=t("admin.nobody") empty_why=t("ui.person-none") keep="roles" />
        </Page>
    }
    .into_any()
}

fn row(line: Line) -> AnyView {
    let (title, no) = (line.row.title.clone(), line.row.fact("no").to_string());
    let href = format!("/admin/roles/{}", line.row.id);
    view! { <Cell title note=Text::from(line.row.note.clone()) value=no href /> }.into_any()
}

/// One person. The sheets belong to the page and not to what is drawn anew when a receipt comes: whoever fills one
/// in keeps it.
pub fn person(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        let sheets = Sheets::new();
        view! {
            {move || opened.with(|opened| shown(opened, sheets))}
            {by_steps(opened, Box::new(move |opened| bar(opened, sheets)))}
            <Appoint id open=sheets.appoint />
            <Transfer id open=sheets.transfer />
            <Dismiss id open=sheets.dismiss post=sheets.post />
        }
        .into_any()
    });
    view! { <Page title=t("admin.person") back="/admin/roles">{content}</Page> }.into_any()
}

/// Which sheet is open, and about which post.
#[derive(Clone, Copy)]
struct Sheets {
    appoint: RwSignal<bool>,
    transfer: RwSignal<bool>,
    dismiss: RwSignal<bool>,
    post: RwSignal<Option<Post>>,
}

impl Sheets {
    fn new() -> Self {
        let [appoint, transfer, dismiss] = [(); 3].map(|()| RwSignal::new(false));
        Self { appoint, transfer, dismiss, post: RwSignal::new(None) }
    }
}

fn shown(opened: &Opened, sheets: Sheets) -> AnyView {
    let doc = opened_as::<Person>(opened);
    let may = allowed(opened, "dismiss");
    let held: Vec<AnyView> = posts(&doc).into_iter().map(|post| held(post, may, sheets)).collect();
    let places = stays(&doc).into_iter().rev().map(place).collect_view();
    let (title, note) = (opened.row.title.clone(), Text::from(opened.row.note.clone()));
    let track = track(opened);
    let hint = if may && !held.is_empty() { t("admin.posts-note") } else { "" };
    let none = held.is_empty().then(|| view! { <Cell title=t("admin.no-post") /> });
    view! {
        <CellGroup>
            <Cell title note value=doc.body.no.clone() glyph=Glyph::USER />
        </CellGroup>
        <CellGroup title=t("admin.posts") note=hint>{held}{none}</CellGroup>
        <CellGroup title=t("admin.places")>{places}</CellGroup>
        <CellGroup title=t("admin.track")>{track}</CellGroup>
    }
    .into_any()
}

/// Where somebody belonged, from when; the first stay begins before all records.
fn place(stay: Stay) -> AnyView {
    let from = stay.term.from_ms.map(date_text).unwrap_or_default();
    view! { <Cell title=unit_name(&stay.unit) value=from glyph=Glyph::ORG /> }.into_any()
}

/// A post; pressing it asks whether it is to end.
fn held(post: Post, may: bool, sheets: Sheets) -> AnyView {
    let now = now_ms();
    let chip = match post.term {
        term if term.is_over(now) => Some(Chip::new(Tone::Off, Glyph::CLOCK, t("admin.over"))),
        term if term.ends_soon(now) => Some(Chip::new(Tone::Warn, Glyph::CLOCK, t("admin.ends-soon"))),
        _ => None,
    };
    let chip = chip.map(|chip| view! { <StateChip chip /> });
    let (title, note, value) = (role_words(post.role), unit_name(&post.at), term_words(post.term));
    if !may || post.term.is_over(now) {
        return view! { <Cell title note value>{chip}</Cell> }.into_any();
    }
    let press = move || {
        sheets.post.set(Some(post.clone()));
        sheets.dismiss.set(true);
    };
    view! { <Cell title note value on_press=press>{chip}</Cell> }.into_any()
}

fn bar(opened: &Opened, sheets: Sheets) -> Option<AnyView> {
    if !allowed(opened, "appoint") {
        return None;
    }
    let go = ActionItem::new(t("admin.transfer"), Glyph::SHARE, move || sheets.transfer.set(true));
    let more = if allowed(opened, "transfer") { vec![go] } else { vec![] };
    Some(
        view! {
            <PrimaryBar more=more>
                <Button label=t("admin.appoint") kind=ButtonKind::Primary on_press=move || sheets.appoint.set(true) />
            </PrimaryBar>
        }
        .into_any(),
    )
}
