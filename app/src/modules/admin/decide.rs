//! The decisions about a unit, each in a sheet of its own. A sheet closes only once its act is kept.

use super::parts::{Day, Decision, NewCode, Unit, UnitPicker, code_of, next_code, today, typed, words};
use crate::i18n::{t, t2};
use crate::live::use_lines;
use crate::page::act;
use crate::ui::{Field, NoticeBar, Text, Tone};
use domain::bridge::Query;
use domain::modules::org::UnitAct;
use domain::{DocId, OrgCode};
use leptos::prelude::*;

/// 设立下级.
#[component]
pub fn Establish(id: DocId, open: RwSignal<bool>, above: OrgCode) -> impl IntoView {
    let (name, kind, on, reason) = (words(), words(), today(), words());
    let code = next_code(move || Some(above.clone()));
    let lacks = move || if name.with(|name| name.trim().is_empty()) { t("admin.give-name") } else { "" };
    let done = move || {
        let Some(code) = code.get_untracked() else { return };
        let (name, kind) = (typed(name), typed(kind));
        let establish = UnitAct::Establish { code, name, kind, on: typed(on), reason: typed(reason) };
        act(id, &establish, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.establish") reason lacks=Signal::derive(lacks) on_done=done>
            <Field label=t("admin.name") value=name max=60 />
            <NewCode code />
            <Field label=t("admin.kind") value=kind max=40 help=t("admin.kind-help") optional=true />
            <Day value=on />
        </Decision>
    }
}

/// 改名.
#[component]
pub fn Rename(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (name, on, reason) = (words(), today(), words());
    let lacks = move || if name.with(|name| name.trim().is_empty()) { t("admin.give-name") } else { "" };
    let done = move || {
        let rename = UnitAct::Rename { name: typed(name), on: typed(on), reason: typed(reason) };
        act(id, &rename, move || open.set(false));
    };
    view! {
        <Decision open title=t("admin.rename") reason lacks=Signal::derive(lacks) on_done=done>
            <Field label=t("admin.new-name") value=name max=60 />
            <Day value=on />
        </Decision>
    }
}

/// 划转: below which unit it goes on; it gets the next free code there.
#[component]
pub fn Move(id: DocId, open: RwSignal<bool>, code: OrgCode) -> impl IntoView {
    let (above, on, reason) = (Unit::new(None), today(), words());
    let new = next_code(move || code_of(above));
    let done = move || {
        let Some(to) = new.get_untracked() else { return };
        let shift = UnitAct::Move { to, on: typed(on), reason: typed(reason) };
        act(id, &shift, move || open.set(false));
    };
    let code = StoredValue::new(code);
    view! {
        <Decision open title=t("admin.move") reason lacks=unpicked(above) on_done=done>
            <Left code=code.get_value() />
            <UnitPicker label=t("admin.below") chosen=above />
            <NewCode code=new />
            <Day value=on />
        </Decision>
    }
}

/// 合并 into another unit.
#[component]
pub fn Merge(id: DocId, open: RwSignal<bool>, code: OrgCode) -> impl IntoView {
    let (into, on, reason) = (Unit::new(None), today(), words());
    let done = move || {
        let Some(into) = code_of(into) else { return };
        let merge = UnitAct::Merge { into, on: typed(on), reason: typed(reason) };
        act(id, &merge, move || open.set(false));
    };
    let code = StoredValue::new(code);
    view! {
        <Decision open title=t("admin.merge") reason lacks=unpicked(into) on_done=done>
            <Left code=code.get_value() />
            <UnitPicker label=t("admin.into") chosen=into />
            <Day value=on />
        </Decision>
    }
}

/// 撤销.
#[component]
pub fn Close(id: DocId, open: RwSignal<bool>, code: OrgCode) -> impl IntoView {
    let (on, reason) = (today(), words());
    let done =
        move || act(id, &UnitAct::Close { reason: typed(reason), on: typed(on) }, move || open.set(false));
    let code = StoredValue::new(code);
    view! {
        <Decision open title=t("admin.close") reason on_done=done>
            <Left code=code.get_value() />
            <Day value=on />
        </Decision>
    }
}

fn unpicked(unit: Unit) -> Signal<&'static str> {
    Signal::derive(move || if unit.with(Option::is_none) { t("ui.unit-choose") } else { "" })
}

/// Whom the decision leaves behind: units below and people, who are moved by decisions of their own.
#[component]
fn Left(code: OrgCode) -> impl IntoView {
    let (parent, within) = (code.0.clone(), code);
    let below = use_lines(move || Query {
        kinds: vec!["org.unit".into()],
        facts: vec![("parent".into(), parent.clone())],
        statuses: vec!["live".into()],
        ..Query::default()
    });
    let people = use_lines(move || Query {
        kinds: vec!["org.person".into()],
        unit: Some(within.clone()),
        ..Query::default()
    });
    let count =
        |lines: ReadSignal<Option<crate::live::Lines>>| lines.with(|l| l.as_ref().map_or(0, |l| l.total));
    move || match (count(below), count(people)) {
        (0, 0) => None,
        (units, people) => {
            let text = Text::from(t2("admin.left", units, people));
            Some(view! { <NoticeBar tone=Tone::Warn text /> })
        }
    }
}
