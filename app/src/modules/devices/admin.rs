//! 管理 · 设备: everybody's devices of the units I keep, codes, and what revoked devices still sent.

use super::code::CodeSheet;
use super::parcels;
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, chips};
use crate::ui::{Cell, CellGroup, Filter, Glyph, SearchBar, Text};
use domain::bridge::{Line, Query, Sort};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let (text, chosen) = (RwSignal::new(String::new()), RwSignal::new(Vec::<&'static str>::new()));
    let query = move || Query {
        kinds: vec!["org.device".into()],
        text: text.get(),
        statuses: chosen.with(|chosen| chosen.iter().map(|status| status.to_string()).collect()),
        ..Query::default()
    };
    let filter = |id, key| Filter { id, label: Text::from(t(key)), count: None };
    let filters = vec![
        filter("requested", "devices.requested"),
        filter("enrolled", "devices.in-use"),
        filter("revoked", "devices.revoked"),
    ];
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("devices.menu") back="/work">
            <CellGroup>
                <Cell title=t("devices.give-code") note=t("devices.give-note") glyph=Glyph::QR href="/admin/devices/code" />
            </CellGroup>
            {parcels::list()}
            <SearchBar label=t("devices.search") query=text filters chosen offline />
            <Records query row=device empty=t("devices.none") empty_why=t("devices.none-here") keep="devices" />
        </Page>
    }
    .into_any()
}

fn device(line: Line) -> AnyView {
    let (title, note) =
        (line.row.title.clone(), format!("{} · {}", line.row.note, super::mine::since(&line.row)));
    let href = format!("/admin/devices/{}", line.row.id);
    view! { <Cell title=title note=Text::from(note) href=href>{chips(&line)}</Cell> }.into_any()
}

/// Whose device? Then the code.
pub fn people() -> AnyView {
    let (client, text, whose) = (client(), RwSignal::new(String::new()), RwSignal::new(None));
    let query = move || Query {
        kinds: vec!["org.person".into()],
        text: text.get(),
        sort: Sort::Title,
        ..Query::default()
    };
    let row = move |line: Line| {
        let (id, no) = (line.row.id, line.row.fact("no").to_string());
        let give = move || whose.set(Some(Some(id)));
        view! { <Cell title=line.row.title.clone() note=Text::from(line.row.note.clone()) value=no on_press=give /> }
            .into_any()
    };
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("devices.give-code") back="/admin/devices">
            <SearchBar label=t("people.search") query=text offline />
            <Records query row empty=t("people.none") keep="device-people" />
            <CodeSheet whose />
        </Page>
    }
    .into_any()
}
