//! One device: what was decided about it, another name, its end.

use super::mine::since;
use crate::i18n::t;
use crate::page::{OpinionSheet, Page, act, allowed, status_chip, track, with_doc};
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Dialog, Field, Glyph, StateChip, Text};
use domain::bridge::Opened;
use domain::modules::org::DeviceAct;
use domain::{DocId, to_cbor};
use leptos::prelude::*;

/// The page of a device.
pub fn page(id: DocId, back: &'static str) -> AnyView {
    let content = with_doc(id, move |opened| (move || opened.with(|opened| shown(opened))).into_any());
    view! { <Page title=t("devices.one") back=back>{content}</Page> }.into_any()
}

fn shown(opened: &Opened) -> AnyView {
    let row = &opened.row;
    let (title, note, chip) =
        (row.title.clone(), format!("{} · {}", row.note, since(row)), status_chip(&row.status));
    view! {
        <CellGroup>
            <Cell title=title note=Text::from(note) glyph=Glyph::DEVICE><StateChip chip /></Cell>
        </CellGroup>
        {allowed(opened, "vouch").then(|| vouch(opened.meta.id))}
        {allowed(opened, "rename").then(|| rename(opened))}
        {allowed(opened, "revoke").then(|| revoke(opened))}
        {track(opened)}
    }
    .into_any()
}

fn rename(opened: &Opened) -> AnyView {
    let (doc, label) = (opened.meta.id, RwSignal::new(opened.row.title.clone()));
    let go = move || act(doc, &DeviceAct::Rename { label: label.get_untracked().trim().into() }, || ());
    view! {
        <div class="block">
            <Field label=t("devices.label") value=label />
            <Button label=t("devices.rename") on_press=go />
        </div>
    }
    .into_any()
}

fn vouch(doc: DocId) -> AnyView {
    let open = RwSignal::new(false);
    let vouched = |reason: String| to_cbor(&DeviceAct::Vouch { reason });
    view! {
        <div class="block">
            <Button label=t("devices.vouch") kind=ButtonKind::Primary on_press=move || open.set(true) />
        </div>
        <OpinionSheet open title=t("devices.vouch") ask=t("devices.vouch-ask") required=true
            common=vec![t("devices.vouch-1"), t("devices.vouch-2")] verb=t("devices.vouch") doc act=vouched />
    }
    .into_any()
}

fn revoke(opened: &Opened) -> AnyView {
    let (doc, open, reason) = (opened.meta.id, RwSignal::new(false), RwSignal::new(String::new()));
    let go = move || act(doc, &DeviceAct::Revoke { reason: reason.get_untracked() }, || ());
    let title = crate::i18n::t1("devices.revoke-title", &opened.row.title);
    view! {
        <div class="block">
            <Button label=t("devices.revoke") kind=ButtonKind::Danger on_press=move || open.set(true) />
        </div>
        <Dialog open title=title verb=t("devices.revoke") danger=true on_confirm=go>
            <p>{t("devices.revoke-what")}</p>
            <Field label=t("devices.reason") value=reason />
        </Dialog>
    }
    .into_any()
}
