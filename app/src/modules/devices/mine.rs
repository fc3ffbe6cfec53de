//! 我的设备: which devices sign for me, this one marked, and a code for the next one.

use super::code::CodeSheet;
use crate::client::client;
use crate::i18n::{t, t1, t2};
use crate::page::{Page, Records, chips};
use crate::ui::{Cell, CellGroup, Glyph};
use domain::bridge::{Line, Query};
use domain::{DocId, Row, date_text};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let seen = RwSignal::new(Vec::<(DocId, i64)>::new());
    spawn_local(async move {
        if let Ok(days) = api::devices_seen().await {
            seen.try_set(days);
        }
    });
    let query = move || Query {
        kinds: vec!["org.device".into()],
        owner: client.me.with(|me| me.as_ref().map(|who| who.person)),
        ..Query::default()
    };
    let whose = RwSignal::new(None);
    let give = move || whose.set(Some(None));
    let row = move |line: Line| row(line, seen);
    view! {
        <Page title=t("devices.mine") back="/me">
            <CellGroup note=t("devices.add-note")>
                <Cell title=t("devices.add") glyph=Glyph::DEVICE on_press=give />
            </CellGroup>
            <Records query row empty=t("devices.none") empty_why=t("devices.none-why") keep="my-devices" />
            <CodeSheet whose />
        </Page>
    }
    .into_any()
}

fn row(line: Line, seen: RwSignal<Vec<(DocId, i64)>>) -> AnyView {
    let (client, id, row) = (client(), line.row.id, line.row.clone());
    let title = {
        let name = row.title.clone();
        move || match client.sync.with(|sync| sync.device == Some(id)) {
            true => t1("devices.this", &name),
            false => name.clone(),
        }
    };
    let last = move || seen.with(|seen| seen.iter().find(|(doc, _)| *doc == id).map(|(_, day)| *day));
    let note = move || match last() {
        Some(day) => format!("{} · {}", since(&row), t1("devices.seen", date_text(day))),
        None => since(&row),
    };
    view! { <Cell title=title note=note href=format!("/me/devices/{id}")>{chips(&line)}</Cell> }.into_any()
}

/// Since when, and who stood for it.
pub fn since(row: &Row) -> String {
    match (row.fact("since"), row.fact("by")) {
        ("", _) => t("devices.not-yet").into(),
        (since, "") => t1("devices.since", since),
        (since, by) => t2("devices.since-by", since, by),
    }
}
