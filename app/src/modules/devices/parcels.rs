//! What revoked devices still sent: looked at and decided by an officer. The decision is an act on the
//! device's document; the server carries it out.

use crate::client::client;
use crate::i18n::{Lang, lang, t, t2};
use crate::page::{OpinionSheet, when};
use crate::ui::{Button, ButtonKind, Cell, CellGroup, NoticeBar, Text, Tone};
use api::{Parcel, Thing};
use domain::bridge::Ask;
use domain::modules::org::DeviceAct;
use domain::{DocId, to_cbor};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// All parcels that wait for this person; nothing when there is none.
pub fn list() -> AnyView {
    let parcels = RwSignal::new(Vec::<Parcel>::new());
    let client = client();
    // A decision changes the device's document, and that is when it may have been carried out.
    Effect::new(move |first: Option<()>| {
        let mine = client.changed.with(|changed| changed.kinds.iter().any(|kind| kind == "org.device"));
        if first.is_some() && !mine {
            return;
        }
        spawn_local(async move {
            if let Ok(found) = api::parcels().await {
                parcels.try_set(found);
            }
        });
    });
    // Asked again and the same: then an open sheet with words in it stays.
    let parcels = Memo::new(move |_| parcels.get());
    (move || parcels.get().into_iter().map(one).collect_view()).into_any()
}

fn one(parcel: Parcel) -> AnyView {
    let (doc, id) = (parcel.device, parcel.id);
    let (adopt, back) = (RwSignal::new(false), RwSignal::new(false));
    let adopted = move |reason: String| to_cbor(&DeviceAct::Adopt { parcel: id, reason });
    let returned = move |reason: String| to_cbor(&DeviceAct::SendBack { parcel: id, reason });
    let things = parcel.things.iter().map(thing).collect_view();
    let title = t2("devices.parcel", &parcel.name, &parcel.label);
    view! {
        <CellGroup title=title note=Text::from(when(parcel.at_ms))>{things}</CellGroup>
        <div class="block btn-row">
            <Button label=t("devices.adopt") kind=ButtonKind::Primary on_press=move || decide(doc, adopt) />
            <Button label=t("devices.send-back") on_press=move || decide(doc, back) />
        </div>
        <OpinionSheet open=adopt title=t("devices.adopt") ask=t("devices.reason") required=true
            common=vec![t("devices.adopt-1")] verb=t("devices.adopt") doc act=adopted />
        <OpinionSheet open=back title=t("devices.send-back") ask=t("devices.reason") required=true
            common=vec![t("devices.back-1")] verb=t("devices.send-back") doc act=returned />
    }
    .into_any()
}

fn thing(thing: &Thing) -> AnyView {
    let title = if thing.title.is_empty() { t("devices.untitled").to_string() } else { thing.title.clone() };
    let news = thing.news.iter().map(|(what, words)| match (spoken(what), spoken(words)) {
        (what, "") => what.to_string(),
        (what, words) => t2("devices.news", what, words),
    });
    let news = news.collect::<Vec<_>>().join(t("devices.and"));
    let refused = thing.refused.iter().map(|why| {
        view! { <NoticeBar tone=Tone::Warn text=spoken(why).to_string() /> }
    });
    let refused = refused.collect_view();
    view! { <Cell title=title note=Text::from(news) />{refused} }.into_any()
}

fn spoken((zh, en): &(String, String)) -> &str {
    if lang() == Lang::Zh { zh } else { en }
}

/// The device's document comes first: a phone decides only on what it has.
fn decide(doc: DocId, open: RwSignal<bool>) {
    let client = client();
    spawn_local(async move {
        client.ask(Ask::Open(doc)).await;
        open.try_set(true);
    });
}
