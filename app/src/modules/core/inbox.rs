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
    let row = move |line: Line| {
        let me = client.me.with_untracked(|who| who.as_ref().map(|who| who.is(line.row.owner)));
        let (href, glyph) = match line.row.kind.as_str() {
            "news.article" => (format!("/news/{}", line.row.id), Glyph::BELL),
            "appeal.answer" => (format!("/rights/{}", line.row.id), Glyph::MESSAGE),
            _ if me == Some(true) => (format!("/rights/{}", line.row.id), Glyph::FLAG),
            _ => (format!("/rights/{}", line.row.id), Glyph::WORK),
        };
        let second = note(&line);
        view! { <Cell title=line.row.title.clone() note=second href glyph>{chips(&line)}</Cell> }.into_any()
    };
    view! {
        <Page title=t("nav.inbox")>
            <Records query row empty=t("core.inbox-empty") empty_why=t("core.inbox-empty-why") keep="inbox" />
        </Page>
    }
}
