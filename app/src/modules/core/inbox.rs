//! 消息: notices of the union and answers to my own matters, newest first, from what is on this phone.

use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, chips, note};
use crate::ui::{Cell, Glyph};
use domain::bridge::{Line, Query};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Inbox() -> impl IntoView {
    let client = client();
    let query = move || Query {
        kinds: vec!["news.article".into(), "appeal.matter".into(), "appeal.answer".into()],
        ..Query::default()
    };
    // That something is published goes without saying here.
    let marks = |line: &Line| (line.row.kind == "appeal.matter").then(|| chips(line));
    let row = move |line: Line| {
        let me = client.me.with_untracked(|who| who.as_ref().map(|who| who.is(line.row.owner)));
        let glyph = match line.row.kind.as_str() {
            "news.article" => Glyph::BELL,
            "appeal.answer" => Glyph::MESSAGE,
            _ if me == Some(true) => Glyph::FLAG,
            _ => Glyph::WORK,
        };
        let href = crate::modules::address(&line.row.kind, line.row.id).unwrap_or_default();
        let second = note(&line);
        view! { <Cell title=line.row.title.clone() note=second href glyph>{marks(&line)}</Cell> }.into_any()
    };
    view! {
        <Page title=t("nav.inbox")>
            <Records query row empty=t("core.inbox-empty") empty_why=t("core.inbox-empty-why") keep="inbox" />
        </Page>
    }
}
