//! An article: text and pictures, the confirmation it asks for, and for officers what they may do with it.

use super::words::{audience_words, column_words};
use crate::client::client;
use crate::i18n::{t, t1};
use crate::page::{
    OpinionSheet, Page, act, allowed, by_steps, full, items, picture, picture_view, typed, with_doc,
};
use crate::router::go;
use crate::ui::{
    ActionItem, Button, ButtonKind, CellGroup, Glyph, Markdown, NoticeBar, PictureOf, PrimaryBar, Tone,
};
use domain::bridge::Opened;
use domain::modules::news::{Article, ArticleAct, NewsBody, has_confirmed, published_ms, reading_posts};
use domain::{Body, Doc, DocId, Hash, to_cbor};
use leptos::prelude::*;
use std::sync::Arc;

/// The page of an article.
pub fn page(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        view! {
            {move || opened.with(|opened| shown(opened))}
            {bar(id, opened)}
        }
        .into_any()
    });
    view! { <Page title=t("news.one") back="/news">{content}</Page> }.into_any()
}

fn shown(opened: &Opened) -> AnyView {
    let doc = typed::<Article>(opened);
    let at = published_ms(&doc).unwrap_or(opened.row.at_ms);
    view! { {paper(opened, at)}{confirmation(&doc)} }.into_any()
}

/// A draft as its readers would see it.
pub fn preview(opened: &Opened) -> AnyView {
    paper(opened, opened.row.at_ms)
}

fn paper(opened: &Opened, at: i64) -> AnyView {
    let body = NewsBody::read(&opened.values);
    let by = [body.source.clone(), body.author.clone(), full(at)];
    let by = by.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let finder: PictureOf = Arc::new(|id: &str| match Hash::parse(id) {
        Some(hash) => {
            let url = picture(hash);
            Signal::derive(move || url.get())
        }
        None => Signal::stored(None),
    });
    view! {
        <article class="article">
            <p class="article-column">{column_words(&body.column)}</p>
            <h2 class="article-title">{body.title.clone()}</h2>
            {(!body.subtitle.is_empty()).then(|| view! { <p class="article-sub">{body.subtitle.clone()}</p> })}
            <p class="article-by">{by}</p>
            {honour(&body)}
            {Hash::parse(&body.cover).map(|hash| picture_view(hash, String::new(), "article-pic"))}
            <Markdown source=body.text.clone() picture=finder under=2 />
            {gallery(opened, &body)}
            <p class="article-foot">{audience_words(&body.audience)}</p>
        </article>
    }
    .into_any()
}

/// Pictures that the text does not show itself.
fn gallery(opened: &Opened, body: &NewsBody) -> Vec<AnyView> {
    let rest = items(opened, "pics").into_iter().filter(|(hash, _)| {
        let hash = hash.to_string();
        body.cover != hash && !body.text.contains(&hash)
    });
    rest.map(|(hash, caption)| {
        view! { <figure class="article-fig">{picture_view(hash, caption.clone(), "article-pic")}<figcaption>{caption}</figcaption></figure> }
            .into_any()
    })
    .collect()
}

/// The honour roll shows who gave what, and never loses the document number.
fn honour(body: &NewsBody) -> Option<AnyView> {
    let lines = [
        ("news.honour-name", &body.honour_name),
        ("news.honour-by", &body.honour_by),
        ("news.honour-doc", &body.honour_doc_no),
        ("news.honour-date", &body.honour_date),
        ("news.honour-who", &body.honour_who),
    ];
    let lines: Vec<_> = lines.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    (!lines.is_empty()).then(|| {
        let cells = lines
            .into_iter()
            .map(|(key, value)| view! { <crate::ui::Cell title=t(key) value=value.clone() /> });
        let cells = cells.collect_view();
        view! { <CellGroup>{cells}</CellGroup> }.into_any()
    })
}

/// What I confirmed, with both clocks.
fn confirmation(doc: &Doc<Article>) -> Option<AnyView> {
    let me = client().me.get()?;
    if !doc.body.confirm {
        return None;
    }
    let mine = doc.steps(domain::modules::news::ArticleStep::Confirm).find(|done| me.is(done.by));
    Some(match mine {
        Some(done) => {
            let words = match &done.receipt {
                Some(receipt) => {
                    crate::i18n::t2("news.confirmed-both", full(done.at_ms), full(receipt.at_ms))
                }
                None => t1("news.confirmed-here", full(done.at_ms)),
            };
            view! { <NoticeBar tone=Tone::Ok text=words /> }.into_any()
        }
        None => {
            let words = if doc.body.confirm_by.is_empty() {
                t("news.please").into()
            } else {
                t1("news.please-by", &doc.body.confirm_by)
            };
            view! { <NoticeBar tone=Tone::Warn text=words glyph=Glyph::BELL /> }.into_any()
        }
    })
}

/// Below: confirming for readers; counting, pinning, withdrawing for officers.
fn bar(id: DocId, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let withdraw = RwSignal::new(false);
    view! {
        {by_steps(opened, Box::new(move |opened| buttons(id, opened, withdraw)))}
        <OpinionSheet open=withdraw title=t("news.withdraw") ask=t("news.withdraw-why") required=true
            verb=t("news.withdraw") doc=id act=move |reason: String| to_cbor(&ArticleAct::Withdraw { reason }) />
    }
    .into_any()
}

fn buttons(id: DocId, opened: &Opened, withdraw: RwSignal<bool>) -> Option<AnyView> {
    let me = client().me.get()?;
    let doc = typed::<Article>(opened);
    let asks = doc.body.confirm && !has_confirmed(&doc, &me) && allowed(opened, "confirm");
    let counts = doc.body.confirm && !reading_posts(&me).is_empty();
    let more = officer_actions(id, opened, withdraw);
    if !asks && !counts && more.is_empty() {
        return None;
    }
    let unit = me.unit.clone();
    let confirm = move || act(id, &ArticleAct::Confirm { unit: unit.clone() }, || ());
    let count = move || go(&format!("/reading/{id}"));
    Some(
        view! {
            <PrimaryBar more=more>
                {counts.then(|| view! { <Button label=t("news.reading") on_press=count /> })}
                {asks.then(|| view! { <Button label=t("news.confirm") kind=ButtonKind::Primary on_press=confirm /> })}
            </PrimaryBar>
        }
        .into_any(),
    )
}

fn officer_actions(id: DocId, opened: &Opened, withdraw: RwSignal<bool>) -> Vec<ActionItem> {
    let pinned = opened.row.fact("pinned") == "1";
    let mut out = Vec::new();
    if allowed(opened, "pin") {
        let words = t(if pinned { "news.unpin" } else { "news.pin" });
        out.push(ActionItem::new(words, Glyph::PIN, move || {
            act(id, &ArticleAct::Pin { on: !pinned }, || ())
        }));
    }
    if allowed(opened, "archive") {
        out.push(ActionItem::new(t("news.archive"), Glyph::ARCHIVE, move || {
            act(id, &ArticleAct::Archive, || ())
        }));
    }
    if allowed(opened, "withdraw") {
        out.push(ActionItem::new(t("news.withdraw"), Glyph::UNDO, move || withdraw.set(true)).dangerous());
    }
    out
}
