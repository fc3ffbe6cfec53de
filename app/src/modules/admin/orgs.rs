//! Units: the tree one level at a time, and a unit's page with its history and what can be decided.

use super::parts::{Day, Decision, UnitCode, Words, today, typed, words};
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, act, allowed, status_chip, track, typed as opened_as, with_doc};
use crate::ui::{ActionItem, Button, ButtonKind, Cell, CellGroup, Field, Glyph, PrimaryBar, StateChip, Text};
use domain::bridge::{Line, Opened, Query, Sort};
use domain::modules::org::{Unit, UnitAct, edges};
use domain::{DocId, OrgCode, Term, date_text};
use leptos::prelude::*;

/// The company's own units; each leads to its page with those below it.
pub fn tree() -> AnyView {
    let client = client();
    let company =
        move || client.me.with(|who| who.as_ref().map(|who| who.unit.company()).unwrap_or_default());
    let top = move || Query { facts: vec![("level".into(), "1".into())], ..units() };
    view! {
        <Page title=t("admin.orgs") back="/work">
            <CellGroup><Records query=top row=row empty=t("admin.no-units") /></CellGroup>
            <Records query=move || below(&company()) row=row empty=t("admin.no-units") keep="orgs" />
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

/// One unit.
pub fn unit(id: DocId) -> AnyView {
    let content =
        with_doc(id, move |opened| view! { {move || opened.with(|opened| shown(id, opened))} }.into_any());
    view! { <Page title=t("admin.unit") back="/admin/orgs">{content}</Page> }.into_any()
}

fn shown(id: DocId, opened: &Opened) -> AnyView {
    let doc = opened_as::<Unit>(opened);
    let code = doc.meta.unit.clone();
    let stood = edges(&doc).into_iter().rev().map(|edge| {
        view! { <Cell title=edge.name.clone() note=Text::from(span(edge.term)) glyph=Glyph::CLOCK /> }
    });
    let (title, children) = (opened.row.title.clone(), below(&code));
    view! {
        <CellGroup>
            <Cell title note=Text::from(doc.body.kind.clone()) value=code.0.clone()>
                <StateChip chip=status_chip(&opened.status) />
            </Cell>
        </CellGroup>
        <CellGroup title=t("admin.history")>{stood.collect_view()}</CellGroup>
        <CellGroup title=t("admin.track")>{track(opened)}</CellGroup>
        <Records query=move || children.clone() row=row empty=t("admin.nothing-below") />
        {bar(id, opened, code)}
    }
    .into_any()
}

/// `2026-01-01 – 2026-06-30`; what is open stays open.
fn span(term: Term) -> String {
    let from = term.from_ms.map(date_text).unwrap_or_else(|| "…".into());
    let until = term.until_ms.map(|end| date_text(end - 1)).unwrap_or_default();
    format!("{from} – {until}")
}

fn bar(id: DocId, opened: &Opened, code: OrgCode) -> Option<AnyView> {
    if !allowed(opened, "establish") {
        return None;
    }
    let [establish, rename, shift, merge, close] = [(); 5].map(|()| RwSignal::new(false));
    let item = |key: &'static str, glyph, open: RwSignal<bool>| {
        ActionItem::new(t(key), glyph, move || open.set(true))
    };
    let more = vec![
        item("admin.rename", Glyph::EDIT, rename),
        item("admin.move", Glyph::SHARE, shift),
        item("admin.merge", Glyph::RETURN, merge).dangerous(),
        item("admin.close", Glyph::ARCHIVE, close).dangerous(),
    ];
    let other = words();
    Some(
        view! {
            <PrimaryBar more=more>
                <Button label=t("admin.establish") kind=ButtonKind::Primary on_press=move || establish.set(true) />
            </PrimaryBar>
            <Establish id open=establish above=code />
            <Named id open=rename />
            <To id open=shift title="admin.move" label="admin.new-code" value=other make=|to, on, reason| UnitAct::Move { to, on, reason } />
            <To id open=merge title="admin.merge" label="admin.into" value=words() make=|into, on, reason| UnitAct::Merge { into, on, reason } />
            <Closed id open=close />
        }
        .into_any(),
    )
}

#[component]
fn Establish(id: DocId, open: RwSignal<bool>, above: OrgCode) -> impl IntoView {
    let (code, name, kind) = (RwSignal::new(format!("{above}.")), words(), words());
    let (on, reason) = (today(), words());
    let done = move || {
        let (code, name, kind) = (OrgCode(typed(code)), typed(name), typed(kind));
        let establish = UnitAct::Establish { code, name, kind, on: typed(on), reason: typed(reason) };
        act(id, &establish, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.establish") reason on_done=done>
            <Field label=t("admin.name") value=name max=60 />
            <UnitCode label=t("admin.code") value=code />
            <Field label=t("admin.kind") value=kind max=40 />
            <Day value=on />
        </Decision>
    }
}

#[component]
fn Named(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (name, on, reason) = (words(), today(), words());
    let done = move || {
        let rename = UnitAct::Rename { name: typed(name), on: typed(on), reason: typed(reason) };
        act(id, &rename, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.rename") reason on_done=done>
            <Field label=t("admin.new-name") value=name max=60 />
            <Day value=on />
        </Decision>
    }
}

/// 划转 and 合并: to a place in the tree.
#[component]
fn To(
    id: DocId,
    open: RwSignal<bool>,
    title: &'static str,
    label: &'static str,
    value: Words,
    make: fn(OrgCode, String, String) -> UnitAct,
) -> impl IntoView {
    let (on, reason) = (today(), words());
    let done = move || {
        let decision = make(OrgCode(typed(value)), typed(on), typed(reason));
        act(id, &decision, move || open.set(false));
    };
    view! {
        <Decision open title=t(title) reason on_done=done>
            <UnitCode label=t(label) value />
            <Day value=on />
        </Decision>
    }
}

#[component]
fn Closed(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (on, reason) = (today(), words());
    let done =
        move || act(id, &UnitAct::Close { reason: typed(reason), on: typed(on) }, move || open.set(false));
    view! {
        <Decision open title=t("admin.close") reason on_done=done>
            <Day value=on />
        </Decision>
    }
}
