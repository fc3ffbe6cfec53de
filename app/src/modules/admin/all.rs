//! 整体调动: everybody of a unit to another one, as after a 划转 or 合并. One act a person, because each has a
//! record and a day of their own; those that the rules refuse stay where they are and are told with the reason.

use super::parts::{Day, Decision, Unit, UnitPicker, code_of, today, typed, words};
use crate::client::client;
use crate::i18n::{either, t, t1};
use crate::page::{sentence, toasts};
use crate::ui::{Cell, CellGroup, Done, Progress, Text, Tone};
use domain::bridge::{Answer, Ask, Query, Sort};
use domain::modules::org::PersonAct;
use domain::{DocId, OrgCode, to_cbor};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;

/// So many people are asked for at a time.
const PAGE: usize = 500;

/// Those whom the rules refused: name and why.
type Refused = Vec<(String, String)>;

/// The sheet: where to, from which day, by which paper; then how far it is, and who stayed.
#[component]
pub fn TransferAll(open: RwSignal<bool>, code: OrgCode) -> impl IntoView {
    let (to, on, reason) = (Unit::new(None), today(), words());
    let (how_far, refused) = (RwSignal::new(None::<Done>), RwSignal::new(Refused::new()));
    let code = StoredValue::new(code);
    let lacks = move || match (how_far.with(Option::is_some), to.with(Option::is_none)) {
        (true, _) => t("admin.under-way"),
        (_, true) => t("ui.unit-choose"),
        _ => "",
    };
    let done = move || {
        let Some(to) = code_of(to) else { return };
        let act = PersonAct::Transfer { to, on: typed(on), reason: typed(reason) };
        spawn_local(async move {
            let moved = move_all(code.get_value(), act, how_far, refused).await;
            how_far.try_set(None);
            toasts().tell(Tone::Info, t1("admin.moved", moved));
            if refused.try_with_untracked(Vec::is_empty) == Some(true) {
                open.try_set(false);
            }
        });
    };
    view! {
        <Decision open title=t("admin.transfer-all") reason lacks=Signal::derive(lacks) on_done=done>
            <p class="group-note">{t("admin.transfer-all-why")}</p>
            <UnitPicker label=t("admin.new-unit") chosen=to />
            <Day value=on />
            {move || how_far.get().map(|far| view! { <Progress label=t("admin.transfer-all") done=Signal::stored(far) /> })}
            {move || stayed(refused.get())}
        </Decision>
    }
}

fn stayed(refused: Refused) -> Option<AnyView> {
    if refused.is_empty() {
        return None;
    }
    let cells = refused.into_iter().map(|(name, why)| view! { <Cell title=name note=Text::from(why) /> });
    Some(view! { <CellGroup title=t("admin.stayed")>{cells.collect_view()}</CellGroup> }.into_any())
}

/// How many were moved. Goes on while the sheet is closed; what was kept waits in the outbox like any act.
async fn move_all(
    code: OrgCode,
    act: PersonAct,
    how_far: RwSignal<Option<Done>>,
    refused: RwSignal<Refused>,
) -> usize {
    let people = everybody(code).await;
    let (total, mut moved) = (people.len() as u32, 0);
    refused.try_set(vec![]);
    for (at, (id, name)) in people.into_iter().enumerate() {
        how_far.try_set(Some(Done { done: at as u32, total, eta_s: None }));
        match client().ask(Ask::Act { doc: id, act: ByteBuf::from(to_cbor(&act)) }).await {
            Answer::Refused(why) => drop(refused.try_update(|all| all.push((name, sentence(&why))))),
            Answer::Failed(_, zh, en) => {
                let why = either(&zh, &en).to_string();
                refused.try_update(|all| all.push((name, why)));
            }
            _ => moved += 1,
        }
    }
    moved
}

/// Who belongs to this very unit; people of units below it have their own page.
async fn everybody(code: OrgCode) -> Vec<(DocId, String)> {
    let mut all = vec![];
    for page in 0.. {
        let query = Query {
            kinds: vec!["org.person".into()],
            unit: Some(code.clone()),
            sort: Sort::Title,
            offset: page * PAGE,
            limit: PAGE,
            ..Query::default()
        };
        let Answer::Lines { lines, total } = client().ask(Ask::List(query)).await else { break };
        let here = lines.into_iter().filter(|line| line.row.unit == code);
        all.extend(here.map(|line| (line.row.id, line.row.title)));
        if (page + 1) * PAGE >= total {
            break;
        }
    }
    all
}
