//! A public answer: what was asked and what was done, naming nobody.

use crate::i18n::{Lang, lang, t};
use crate::page::{OpinionSheet, allowed, by_steps, full};
use crate::ui::{Button, PrimaryBar};
use domain::bridge::Opened;
use domain::modules::appeal::{AnswerAct, AnswerBody, Topic};
use domain::{Body, DocId, Word, to_cbor};
use leptos::prelude::*;

/// Its content.
pub fn shown(opened: &Opened) -> AnyView {
    let body = AnswerBody::read(&opened.values);
    let topic =
        Topic::parse(&body.kind).map_or("", |topic| if lang() == Lang::Zh { topic.zh() } else { topic.en() });
    let foot = format!("{} · {}", body.answered_by, full(opened.row.at_ms));
    view! {
        <article class="article">
            <p class="article-column">{topic}</p>
            <h2 class="article-title">{body.title.clone()}</h2>
            <p class="article-by">{foot}</p>
            <div class="prose">{paragraphs(&body.text)}</div>
            <p class="article-foot">{t("appeal.public-note")}</p>
        </article>
    }
    .into_any()
}

/// Plain text as paragraphs.
pub fn paragraphs(text: &str) -> AnyView {
    let lines: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(Into::into).collect();
    lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view().into_any()
}

/// What the rights officer may do with it.
pub fn bar(id: DocId, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let open = RwSignal::new(false);
    let withdraw = move |opened: &Opened| {
        let press = move || open.set(true);
        allowed(opened, "withdraw").then(|| {
            view! { <PrimaryBar><Button label=t("appeal.withdraw") on_press=press /></PrimaryBar> }.into_any()
        })
    };
    view! {
        {by_steps(opened, Box::new(withdraw))}
        <OpinionSheet open title=t("appeal.withdraw") ask=t("appeal.reason") required=true verb=t("appeal.withdraw")
            doc=id act=move |reason: String| to_cbor(&AnswerAct::Withdraw { reason }) />
    }
    .into_any()
}
