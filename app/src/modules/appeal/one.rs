//! One matter: what was written, deadlines in law and in house, the track with both clocks, and below the
//! next step of whoever looks at it.

use super::{handle, public};
use crate::client::client;
use crate::i18n::{Lang, lang, t, t1, t2};
use crate::page::{Page, due, full, items, picture_view, status_chip, track, typed, unit_name, with_doc};
use crate::ui::{Cell, CellGroup, Chip, Glyph, NoticeBar, StateChip, Text, Tone};
use domain::bridge::Opened;
use domain::modules::appeal::{Deadline, Matter, MatterBody, MatterStep, Rank, Topic, charge, deadlines};
use domain::{Body, Doc, DocId, Seal, Word};
use leptos::prelude::*;

/// The page of a matter or of a public answer.
pub fn page(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        let is_answer = opened.with_untracked(|opened| opened.meta.kind == "appeal.answer");
        let shown =
            move || opened.with(|opened| if is_answer { public::shown(opened) } else { matter(opened) });
        let bar = if is_answer { public::bar(id, opened) } else { handle::bar(id, opened) };
        view! { {shown}{bar} }.into_any()
    });
    view! { <Page title=t("appeal.one") back="/rights">{content}</Page> }.into_any()
}

fn matter(opened: &Opened) -> AnyView {
    let doc = typed::<Matter>(opened);
    let steps = (!opened.timeline.is_empty()).then(|| track(opened));
    view! {
        {head(opened)}
        {words(opened)}
        {in_charge(&doc)}
        {clocks(&doc)}
        {steps.map(|steps| view! { <CellGroup title=t("appeal.track")><div class="block">{steps}</div></CellGroup> })}
    }
    .into_any()
}

fn head(opened: &Opened) -> AnyView {
    let number = opened.row.number.clone().unwrap_or_default();
    let waiting = (opened.waiting > 0)
        .then(|| view! { <NoticeBar tone=Tone::Info text=t1("page.waiting", opened.waiting) /> });
    let sealed = (Seal::of(&opened.values) == Seal::Open)
        .then(|| view! { <p class="group-note">{t("appeal.sealed")}</p> });
    view! {
        <div class="doc-head"><StateChip chip=status_chip(&opened.status) /><span class="doc-number">{number}</span></div>
        {sealed}
        {waiting}
    }
    .into_any()
}

fn words(opened: &Opened) -> AnyView {
    let body = MatterBody::read(&opened.values);
    let topic =
        Topic::parse(&body.kind).map_or("", |topic| if lang() == Lang::Zh { topic.zh() } else { topic.en() });
    let by = match (body.named, client().me.get().is_some_and(|me| me.is(opened.meta.owner))) {
        (_, true) if body.named => t("appeal.by-me"),
        (_, true) => t("appeal.by-me-secret"),
        (true, _) => t("appeal.by-named"),
        (false, _) => t("appeal.by-secret"),
    };
    let pics = items(opened, "pics")
        .into_iter()
        .map(|(hash, caption)| picture_view(hash, caption, "article-pic"))
        .collect_view();
    let cell = |key: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <Cell title=t(key) value=value /> })
    };
    let facts = (
        cell("appeal.f-place", body.place.clone()),
        cell("appeal.f-involved", body.involved.clone()),
        sent_times(opened),
    );
    view! {
        <article class="article">
            <p class="article-column">{topic}</p>
            <h2 class="article-title">{body.title.clone()}</h2>
            <p class="article-by">{by}</p>
            <div class="prose">{public::paragraphs(&body.text)}</div>
            {pics}
        </article>
        <CellGroup>
            {facts}
        </CellGroup>
    }
    .into_any()
}

/// 写于 6月3日 08:10，6月5日 17:40 送达: both clocks of the submission.
fn sent_times(opened: &Opened) -> Option<AnyView> {
    let submit = opened.timeline.iter().find(|moment| moment.step.code == "submit")?;
    let words = match submit.official_ms {
        Some(official) => t2("appeal.written-arrived", full(submit.at_ms), full(official)),
        None => t1("appeal.written", full(submit.at_ms)),
    };
    Some(view! { <p class="group-note">{words}</p> }.into_any())
}

fn in_charge(doc: &Doc<Matter>) -> Option<AnyView> {
    let charge = charge(doc)?;
    let co = charge.co.iter().map(|unit| view! { <Cell title=t("appeal.co") value=unit_name(unit) /> });
    let co = co.collect_view();
    Some(
        view! {
            <CellGroup title=t("appeal.in-charge")>
                <Cell title=charge.name.clone() note=unit_name(&charge.unit) glyph=Glyph::USER />
                {co}
            </CellGroup>
        }
        .into_any(),
    )
}

/// Every deadline with its source; met ones stay, with the day they were met.
fn clocks(doc: &Doc<Matter>) -> Option<AnyView> {
    let all = deadlines(doc);
    let submitted = doc.last(MatterStep::Submit).is_some();
    if all.is_empty() {
        return submitted
            .then(|| view! { <NoticeBar tone=Tone::Info text=t("appeal.clock-waits") /> }.into_any());
    }
    let cells = all.iter().map(clock).collect_view();
    Some(
        view! { <CellGroup title=t("appeal.clocks") note=t("appeal.clocks-note")>{cells}</CellGroup> }
            .into_any(),
    )
}

fn clock(deadline: &Deadline) -> AnyView {
    let what = if lang() == Lang::Zh { deadline.what.zh() } else { deadline.what.en() };
    let rank = t(if deadline.rank == Rank::Law { "appeal.by-law" } else { "appeal.in-house" });
    let note = format!("{rank} · {} · {}", deadline.source, full(deadline.due_ms));
    let chip = match deadline.met_ms {
        Some(met) if met <= deadline.due_ms => Chip::new(Tone::Ok, Glyph::OK, Text::from(t("appeal.met"))),
        Some(_) => Chip::new(Tone::Warn, Glyph::WARN, Text::from(t("appeal.met-late"))),
        None => {
            let (words, late) = due(deadline.due_ms);
            let (tone, glyph) = if late { (Tone::Warn, Glyph::WARN) } else { (Tone::Info, Glyph::CLOCK) };
            Chip::new(tone, glyph, Text::from(words))
        }
    };
    view! { <Cell title=what note=Text::from(note)><StateChip chip /></Cell> }.into_any()
}
