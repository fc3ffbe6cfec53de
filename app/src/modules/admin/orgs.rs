//! Units: the tree one level at a time, and a unit's page with its history, its people and what can be decided.

use super::all::TransferAll;
use super::decide::{Close, Establish, Merge, Move, Rename};
use crate::client::client;
use crate::i18n::{t, t1};
use crate::live::use_lines;
use crate::page::{
    Page, Records, allowed, by_steps, now_ms, status_chip, track, typed as opened_as, with_doc,
};
use crate::ui::{
    ActionItem, Button, ButtonKind, Cell, CellGroup, Glyph, PrimaryBar, SearchBar, StateChip, Text,
};
use domain::bridge::{Line, Opened, Query, Sort};
use domain::modules::org::{Unit, edges};
use domain::{DocId, OrgCode, Role, Term, date_text};
use leptos::prelude::*;

/// The company's own units; each leads to its page with those below it. A search looks in all of them.
pub fn tree() -> AnyView {
    let client = client();
    let company =
        move || client.me.with(|who| who.as_ref().map(|who| who.unit.company()).unwrap_or_default());
    let text = RwSignal::new(String::new());
    let query = move || match text.get() {
        text if text.trim().is_empty() => below(&company()),
        text => Query { text, ..units() },
    };
    let top = move || Query { facts: vec![("level".into(), "1".into())], limit: 5, ..units() };
    let top = use_lines(top);
    let top = move || {
        let lines = top.with(|top| top.as_ref().map(|top| top.lines.clone()).unwrap_or_default());
        text.with(String::is_empty)
            .then(|| view! { <CellGroup>{lines.into_iter().map(row).collect_view()}</CellGroup> })
    };
    view! {
        <Page title=t("admin.orgs") back="/work">
            <SearchBar label=t("ui.unit-search") query=text />
            {top}
            <Records query row=row empty=t("admin.no-units") empty_why=t("ui.unit-none") keep="orgs" />
        </Page>
    }
    .into_any()
}

fn units() -> Query {
    Query { kinds: vec!["org.unit".into()], sort: Sort::Title, ..Query::default() }
}

fn below(code: &OrgCode) -> Query {
    Query { facts: vec![("parent".into(), code.0.clone())], ..units() }
}

fn row(line: Line) -> AnyView {
    let (title, code) = (line.row.title.clone(), line.row.fact("code").to_string());
    let href = format!("/admin/orgs/{}", line.row.id);
    let ended = line.row.status.code != "live";
    let chip = ended.then(|| view! { <StateChip chip=status_chip(&line.row.status) /> });
    view! { <Cell title note=Text::from(code) href>{chip}</Cell> }.into_any()
}

/// One unit. The sheets belong to the page and not to what is drawn anew when a receipt comes: whoever fills one in
/// keeps it.
pub fn unit(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        let open = Sheets::new();
        let code = opened.with_untracked(|opened| opened.meta.unit.clone());
        let (above, here, merged, ended, everybody) =
            (code.clone(), code.clone(), code.clone(), code.clone(), code.clone());
        view! {
            {move || opened.with(|opened| shown(opened))}
            {by_steps(opened, Box::new(move |opened| bar(opened, &code, open)))}
            <Establish id open=open.establish above />
            <Rename id open=open.rename />
            <Move id open=open.shift code=here />
            <Merge id open=open.merge code=merged />
            <Close id open=open.close code=ended />
            <TransferAll open=open.all code=everybody />
        }
        .into_any()
    });
    view! { <Page title=t("admin.unit") back="/admin/orgs">{content}</Page> }.into_any()
}

/// Which sheet is open.
#[derive(Clone, Copy)]
struct Sheets {
    establish: RwSignal<bool>,
    rename: RwSignal<bool>,
    shift: RwSignal<bool>,
    merge: RwSignal<bool>,
    close: RwSignal<bool>,
    all: RwSignal<bool>,
}

impl Sheets {
    fn new() -> Self {
        let [establish, rename, shift, merge, close, all] = [(); 6].map(|()| RwSignal::new(false));
        Self { establish, rename, shift, merge, close, all }
    }
}

fn shown(opened: &Opened) -> AnyView {
    let doc = opened_as::<Unit>(opened);
    let code = doc.meta.unit.clone();
    let stood = edges(&doc).into_iter().rev().map(|edge| {
        view! { <Cell title=edge.name.clone() note=Text::from(span(edge.term)) glyph=Glyph::CLOCK /> }
    });
    let (title, children, chip) = (opened.row.title.clone(), below(&code), status_chip(&opened.status));
    let (people, track) = (people(&code), track(opened));
    view! {
        <CellGroup>
            <Cell title note=Text::from(doc.body.kind.clone()) value=code.0.clone()>
                <StateChip chip />
            </Cell>
            {people}
        </CellGroup>
        <CellGroup title=t("admin.history")>{stood.collect_view()}</CellGroup>
        <CellGroup title=t("admin.track")>{track}</CellGroup>
        <h2 class="group-title">{t("admin.units-below")}</h2>
        <Records query=move || children.clone() row=row empty=t("admin.nothing-below") />
    }
    .into_any()
}

/// How many people this phone knows here and below.
fn people(code: &OrgCode) -> AnyView {
    let code = code.clone();
    let found = use_lines(move || Query {
        kinds: vec!["org.person".into()],
        unit: Some(code.clone()),
        ..Query::default()
    });
    let count = move || found.with(|lines| t1("admin.people-count", lines.as_ref().map_or(0, |l| l.total)));
    view! { <Cell title=t("admin.people") value=Text::from(count) glyph=Glyph::USERS /> }.into_any()
}

/// `2026-01-01 – 2026-06-30`; open ends in words, one day once.
fn span(term: Term) -> String {
    let from = term.from_ms.map(date_text);
    let until = term.until_ms.map(|end| date_text((end - 1).max(term.from_ms.unwrap_or(i64::MIN))));
    match (from, until) {
        (None, None) => t("admin.always").into(),
        (Some(from), None) => t1("admin.since", from),
        (None, Some(until)) => t1("admin.till", until),
        (Some(from), Some(until)) if from == until => from,
        (Some(from), Some(until)) => format!("{from} – {until}"),
    }
}

fn bar(opened: &Opened, code: &OrgCode, open: Sheets) -> Option<AnyView> {
    if !allowed(opened, "establish") {
        return may_clear(opened, code).then(|| {
            let press = move || open.all.set(true);
            view! {
                <PrimaryBar><Button label=t("admin.transfer-all") kind=ButtonKind::Primary on_press=press /></PrimaryBar>
            }
            .into_any()
        });
    }
    let item = |key: &'static str, glyph, open: RwSignal<bool>| {
        ActionItem::new(t(key), glyph, move || open.set(true))
    };
    let mut more = vec![item("admin.rename", Glyph::EDIT, open.rename)];
    if code.level() > 1 {
        more.push(item("admin.transfer-all", Glyph::USERS, open.all));
        more.push(item("admin.move", Glyph::SHARE, open.shift));
        more.push(item("admin.merge", Glyph::RETURN, open.merge).dangerous());
        more.push(item("admin.close", Glyph::ARCHIVE, open.close).dangerous());
    }
    Some(
        view! {
            <PrimaryBar more=more>
                <Button label=t("admin.establish") kind=ButtonKind::Primary on_press=move || open.establish.set(true) />
            </PrimaryBar>
        }
        .into_any(),
    )
}

/// On the page of a unit that has ended: the people who are still written there can be moved.
fn may_clear(opened: &Opened, code: &OrgCode) -> bool {
    let me = client().me.get_untracked().map(|me| me.at(now_ms()));
    opened.status.code != "live" && me.is_some_and(|me| me.holds(Role::Organiser, &code.company()))
}
