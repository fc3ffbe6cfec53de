//! Sheets of the steps that ask for more than one line. Each closes only once the act is kept; what was
//! typed stays when it is refused.

use crate::client::client;
use crate::i18n::{Lang, lang, t};
use crate::page::{act, search_people};
use crate::ui::{
    Button, ButtonKind, Choice, Field, FieldKind, Person, PersonPicker, RadioCells, Sheet, Text,
};
use domain::bridge::{Answer, Ask, Query, Sort};
use domain::modules::appeal::{Grade, MatterAct};
use domain::{DocId, OrgCode, Word};
use leptos::prelude::*;
use leptos::task::spawn_local;

fn empty(words: RwSignal<String>) -> bool {
    words.with(|words| words.trim().is_empty())
}

/// What a sheet does once its step is kept: its words have done their work, and it closes.
fn kept(words: Vec<RwSignal<String>>, open: RwSignal<bool>) -> impl FnOnce() {
    move || {
        words.into_iter().for_each(|words| words.set(String::new()));
        open.set(false);
    }
}

/// 不予受理: why, and where the person can go instead (the law asks for it).
#[component]
pub fn DeclineSheet(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (reason, where_to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let why = move || if empty(reason) || empty(where_to) { t("appeal.fill-both") } else { "" };
    let send = move || {
        let decline =
            MatterAct::Decline { reason: reason.get_untracked(), where_to: where_to.get_untracked() };
        act(id, &decline, kept(vec![reason, where_to], open));
    };
    view! {
        <Sheet open title=t("appeal.s-decline")>
            <Field label=t("appeal.reason") value=reason kind=FieldKind::Long max=500 />
            <Field label=t("appeal.where-to") value=where_to max=100 help=t("appeal.where-to-help") />
            <Button label=t("appeal.s-decline") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// Units to choose from: the company and its mines, from the rows of this phone.
fn units(company: OrgCode) -> RwSignal<Vec<Choice>> {
    let (out, client) = (RwSignal::new(vec![]), client());
    spawn_local(async move {
        let facts = |level: &str| vec![("level".to_string(), level.to_string())];
        let mut all = vec![];
        for level in ["1", "2"] {
            let query = Query {
                kinds: vec!["org.unit".into()],
                facts: facts(level),
                unit: Some(company.clone()),
                sort: Sort::Title,
                limit: 200,
                ..Query::default()
            };
            if let Answer::Lines { lines, .. } = client.ask(Ask::List(query)).await {
                all.extend(
                    lines.into_iter().map(|line| Choice::new(line.row.fact("code"), line.row.title.clone())),
                );
            }
        }
        out.try_set(all);
    });
    out
}

/// 转交 to the unit whose matter it is.
#[component]
pub fn ForwardSheet(id: DocId, open: RwSignal<bool>, unit: OrgCode) -> impl IntoView {
    let (to, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let options = units(unit.company());
    let why = move || if empty(to) || empty(reason) { t("appeal.fill-both") } else { "" };
    let send = move || {
        let forward = MatterAct::Forward { to: OrgCode(to.get_untracked()), reason: reason.get_untracked() };
        act(id, &forward, kept(vec![to, reason], open));
    };
    view! {
        <Sheet open title=t("appeal.s-forward")>
            {move || view! { <RadioCells label=t("appeal.to-unit") choices=options.get() chosen=to /> }}
            <Field label=t("appeal.reason") value=reason kind=FieldKind::Long max=500 />
            <Button label=t("appeal.s-forward") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// 交办: who handles it. Searched among the people of this phone.
#[component]
pub fn AssignSheet(id: DocId, open: RwSignal<bool>, unit: OrgCode) -> impl IntoView {
    let (chosen, search) = (RwSignal::new(None::<Person>), search_people());
    let why = move || if chosen.with(Option::is_none) { t("appeal.choose-handler") } else { "" };
    let unit = StoredValue::new(unit.at_level(2));
    let send = move || {
        let Some(person) = chosen.get_untracked() else { return };
        let Some(handler) = DocId::parse(&person.id) else { return };
        let assign =
            MatterAct::Assign { unit: unit.get_value(), handler, handler_name: person.name, co: vec![] };
        act(id, &assign, kept(vec![], open));
    };
    view! {
        <Sheet open title=t("appeal.s-assign")>
            <PersonPicker label=t("appeal.handler") chosen on_query=search.ask found=search.found help=t("appeal.handler-help") />
            <Button label=t("appeal.s-assign") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// 答复: the written answer to the person.
#[component]
pub fn AnswerSheet(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let why = move || if empty(text) { t("page.write-first") } else { "" };
    let send = move || act(id, &MatterAct::Answer { text: text.get_untracked() }, kept(vec![text], open));
    view! {
        <Sheet open title=t("appeal.s-answer")>
            <Field label=t("appeal.a-answer") value=text kind=FieldKind::Long max=5_000 />
            <Button label=t("appeal.s-answer") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// 申请延期: why and how long; the chair allows it, the person is told.
#[component]
pub fn ExtendSheet(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (reason, days) = (RwSignal::new(String::new()), RwSignal::new("30".to_string()));
    let why = move || if empty(reason) { t("page.write-first") } else { "" };
    let send = move || {
        let days = days.get_untracked().trim().parse().unwrap_or(0);
        act(id, &MatterAct::ProposeExtend { reason: reason.get_untracked(), days }, kept(vec![reason], open));
    };
    view! {
        <Sheet open title=t("appeal.s-extend")>
            <Field label=t("appeal.reason") value=reason kind=FieldKind::Long max=500 />
            <Field label=t("appeal.days") value=days kind=FieldKind::Number help=t("appeal.days-help") />
            <Button label=t("appeal.s-extend") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// 评价: four grades; whoever is not satisfied says why, and it is handled a second time, once.
#[component]
pub fn RateSheet(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (chosen, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let words = |grade: &Grade| if lang() == Lang::Zh { grade.zh() } else { grade.en() };
    let options: Vec<Choice> =
        Grade::ALL.iter().map(|grade| Choice::new(grade.code(), words(grade))).collect();
    let bad = move || chosen.with(|code| code == Grade::Dissatisfied.code());
    let why = move || match Grade::parse(&chosen.get()) {
        None => t("appeal.choose-grade"),
        Some(_) if bad() && empty(text) => t("appeal.say-why"),
        Some(_) => "",
    };
    let send = move || {
        let Some(grade) = Grade::parse(&chosen.get_untracked()) else { return };
        act(id, &MatterAct::Rate { grade, words: text.get_untracked() }, kept(vec![chosen, text], open));
    };
    let help = move || if bad() { t("appeal.second-once") } else { "" };
    view! {
        <Sheet open title=t("appeal.s-rate")>
            <RadioCells label=t("appeal.grade") choices=options.clone() chosen />
            <Field label=t("appeal.rate-words") value=text kind=FieldKind::Long max=500 help=Text::from(help) />
            <Button label=t("appeal.s-rate") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}

/// 公开答复: for all staff, naming nobody; the rulebook looks for names and numbers.
#[component]
pub fn OpenSheet(id: DocId, open: RwSignal<bool>) -> impl IntoView {
    let (title, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let why = move || if empty(title) || empty(text) { t("appeal.fill-both") } else { "" };
    let send = move || {
        let answer = MatterAct::OpenAnswer { title: title.get_untracked(), text: text.get_untracked() };
        act(id, &answer, kept(vec![title, text], open));
    };
    view! {
        <Sheet open title=t("appeal.s-open")>
            <Field label=t("appeal.open-title") value=title max=60 />
            <Field label=t("appeal.open-text") value=text kind=FieldKind::Long max=5_000 help=t("appeal.open-help") />
            <Button label=t("appeal.s-open") kind=ButtonKind::Primary why_not=why on_press=send />
        </Sheet>
    }
}
