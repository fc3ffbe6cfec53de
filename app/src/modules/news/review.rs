//! Drafts: what waits for my review, what is mine or my unit's, and the way to begin one.

use super::blocks::reviewable;
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, chips, note, tell_created};
use crate::router::{go, use_location};
use crate::ui::{Button, ButtonKind, Cell, Filter, Glyph, PrimaryBar, SearchBar, Text};
use domain::bridge::{Ask, Line, Query};
use domain::modules::news::NewsBody;
use domain::{Body, Who};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let asked = use_location().search.get_untracked().contains("box=review");
    let (text, chosen) =
        (RwSignal::new(String::new()), RwSignal::new(if asked { vec!["review"] } else { vec![] }));
    let query = move || {
        let (review, mine) = chosen.with(|c| (c.contains(&"review"), c.contains(&"mine")));
        let me = client.me.get();
        let statuses = if review { me.as_ref().map(reviewable).unwrap_or_default() } else { vec![] };
        let owner = me.filter(|_| mine).map(|who| who.person);
        Query { kinds: vec!["news.draft".into()], text: text.get(), statuses, owner, ..Query::default() }
    };
    let filters = vec![
        Filter { id: "review", label: Text::from(t("news.box-review")), count: None },
        Filter { id: "mine", label: Text::from(t("news.box-mine")), count: None },
    ];
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    let begin = move || {
        if let Some(who) = client.me.get_untracked() {
            tell_created(fresh(&who), move |doc| go(&format!("/edit/news/{doc}")));
        }
    };
    view! {
        <Page title=t("news.drafts") back="/work">
            <SearchBar label=t("news.search-drafts") query=text filters chosen offline />
            <Records query row=row empty=t("news.no-drafts") empty_why=t("news.no-drafts-why") keep="drafts" />
            <PrimaryBar>
                <Button label=t("news.begin") kind=ButtonKind::Primary glyph=Glyph::PLUS on_press=begin />
            </PrimaryBar>
        </Page>
    }
    .into_any()
}

fn row(line: Line) -> AnyView {
    let second = note(&line);
    view! { <Cell title=line.row.title.clone() note=second href=format!("/edit/news/{}", line.row.id)>{chips(&line)}</Cell> }
        .into_any()
}

/// A new draft, filled with what is known: who writes, for whom it most likely is. It belongs to the unit of
/// the author's first post, because there it is reviewed.
fn fresh(who: &Who) -> Ask {
    let unit = who.posts.first().map_or_else(|| who.unit.clone(), |post| post.at.clone());
    let audience = if unit.level() == 1 { "public".into() } else { format!("unit:{}", unit.at_level(2)) };
    let body = NewsBody { column: "news".into(), author: who.name.clone(), audience, ..NewsBody::default() };
    Ask::Create { kind: "news.draft".into(), unit, values: body.write(), alias: false }
}
