//! The list of people: search, union members only or all, one row a person.

use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records};
use crate::ui::{Cell, Filter, SearchBar, Text};
use domain::bridge::{Line, Query, Sort};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let (text, chosen) = (RwSignal::new(String::new()), RwSignal::new(Vec::<&'static str>::new()));
    let query = move || {
        let only = |id: &'static str| chosen.with(|chosen| chosen.contains(&id));
        let mut facts = vec![];
        if only("member") {
            facts.push(("member".into(), "1".into()));
        }
        if only("staff") {
            facts.push(("member".into(), "0".into()));
        }
        Query {
            kinds: vec!["org.person".into()],
            text: text.get(),
            facts,
            sort: Sort::Title,
            ..Query::default()
        }
    };
    let filters = vec![
        Filter { id: "member", label: Text::from(t("people.members")), count: None },
        Filter { id: "staff", label: Text::from(t("people.not-members")), count: None },
    ];
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("people.title") back="/work">
            <SearchBar label=t("people.search") query=text filters chosen offline />
            {move || crate::modules::core::first_sync(&client.sync.get())}
            <Records query row=row empty=t("people.none") empty_why=t("people.none-why") keep="people" />
        </Page>
    }
    .into_any()
}

fn row(line: Line) -> AnyView {
    let no = line.row.fact("no").to_string();
    let post = line.row.fact("post").to_string();
    let note = if post.is_empty() { line.row.note.clone() } else { format!("{post} · {}", line.row.note) };
    view! { <Cell title=line.row.title.clone() note=Text::from(note) value=no href=format!("/members/{}", line.row.id) /> }
        .into_any()
}
