//! Writing to the union: five kinds, with my name or confidential to the handler. Saved as it is typed,
//! also underground; handing it in starts the clock once it reaches the server.

use crate::client::client;
use crate::i18n::{Lang, lang, t};
use crate::page::{Form, Page, Pictures, act, sentence, step_of, tell_created, with_doc};
use crate::router::go;
use crate::ui::{
    Button, ButtonKind, CellGroup, Choice, Field, FieldKind, Glyph, NoticeBar, PrimaryBar, RadioCells,
    Switch, Text, Tone,
};
use domain::bridge::{Ask, Opened};
use domain::modules::appeal::{MatterAct, MatterBody, Topic};
use domain::{Body, DocId, Seal, Word};
use leptos::prelude::*;

/// A new matter, or going on with a draft.
pub fn page(draft: Option<DocId>) -> AnyView {
    match draft {
        None => begin(),
        Some(id) => {
            let content = with_doc(id, move |opened| form(id, opened));
            view! { <Page title=t("appeal.new") back="/rights">{content}</Page> }.into_any()
        }
    }
}

fn topics() -> Vec<Choice> {
    let words = |topic: &Topic| if lang() == Lang::Zh { topic.zh() } else { topic.en() };
    Topic::ALL
        .iter()
        .map(|topic| Choice::new(topic.code(), words(topic)).note(t(topic_note(*topic))))
        .collect()
}

fn topic_note(topic: Topic) -> &'static str {
    match topic {
        Topic::Opinion => "appeal.note-opinion",
        Topic::Claim => "appeal.note-claim",
        Topic::Complaint => "appeal.note-complaint",
        Topic::Question => "appeal.note-question",
        Topic::Voice => "appeal.note-voice",
    }
}

/// First page: what kind, and whether my name stands on it. Both must be known before a record exists,
/// because a confidential one is begun under another name.
fn begin() -> AnyView {
    let kind = RwSignal::new(Topic::Claim.code().to_string());
    let secret = RwSignal::new("named".to_string());
    let next = move || {
        let Some(who) = client().me.get_untracked() else { return };
        let alias = secret.get_untracked() == "secret";
        let body =
            MatterBody { kind: kind.get_untracked(), named: !alias, openly: true, ..MatterBody::default() };
        let ask = Ask::Create {
            kind: "appeal.matter".into(),
            unit: who.unit.at_level(2),
            values: body.write(),
            alias,
        };
        tell_created(ask, move |doc| go(&format!("/rights/edit/{doc}")));
    };
    let names = vec![
        Choice::new("named", t("appeal.named")).note(t("appeal.named-note")),
        Choice::new("secret", t("appeal.secret")).note(t("appeal.secret-note")),
    ];
    view! {
        <Page title=t("appeal.new") back="/rights">
            <NoticeBar tone=Tone::Info text=t("appeal.promise") glyph=Glyph::SHIELD />
            <RadioCells label=t("appeal.kind") choices=topics() chosen=kind />
            <RadioCells label=t("appeal.name") choices=names chosen=secret />
            <PrimaryBar><Button label=t("appeal.next") kind=ButtonKind::Primary on_press=next /></PrimaryBar>
        </Page>
    }
    .into_any()
}

fn form(id: DocId, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let form = Form::new(id, opened);
    let (urgent, openly, kind) = (form.yes("urgent"), form.yes("openly"), form.line("kind"));
    let submit = move || {
        form.then(move || act(id, &MatterAct::Submit, move || go(&format!("/rights/{id}"))));
    };
    let why = move || {
        opened.with(|opened| {
            step_of(opened, "submit").and_then(|view| view.refusal).map(|r| sentence(&r)).unwrap_or_default()
        })
    };
    let sealed = opened.with_untracked(|opened| Seal::of(&opened.values) == Seal::Open);
    let seal = sealed
        .then(|| view! { <NoticeBar tone=Tone::Info text=t("appeal.sealed-form") glyph=Glyph::LOCK /> });
    view! {
        {seal}
        <div class="form">
            <RadioCells label=t("appeal.kind") choices=topics() chosen=kind />
            <Field label=t("appeal.f-title") value=form.line("title") max=60 />
            <Field label=t("appeal.f-text") value=form.text("text") kind=FieldKind::Long max=10_000 help=t("appeal.f-text-help") />
            <Field label=t("appeal.f-place") value=form.line("place") max=80 optional=true />
            <Field label=t("appeal.f-involved") value=form.line("involved") max=60 optional=true />
            <Pictures form opened field="pics" label=t("appeal.f-pics") />
            <CellGroup>
                <Switch label=t("appeal.f-urgent") note=t("appeal.f-urgent-note") on=urgent on_change=move |on| urgent.set(on) />
                <Switch label=t("appeal.f-openly") note=t("appeal.f-openly-note") on=openly on_change=move |on| openly.set(on) />
            </CellGroup>
            {form.state_line()}
        </div>
        <PrimaryBar><Button label=t("appeal.submit") kind=ButtonKind::Primary why_not=Text::from(why) on_press=submit /></PrimaryBar>
    }
    .into_any()
}
